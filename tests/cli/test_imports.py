"""A question starts fast because it imports little."""

from __future__ import annotations

import pytest

QUESTION = "How much did the bridge in Harlow cost?"
NOT_NEEDED = frozenset(
    "asyncio chromadb dateparser dotenv fastapi httpx onnxruntime openai psutil pydantic_settings sentence_transformers"
    " scipy sklearn tiktoken torch tqdm transformers uvicorn yaml".split()
)


@pytest.fixture
def library_of_the_default_model(run, articles, monkeypatch) -> None:
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "all-MiniLM-L6-v2")
    assert run("ingest", articles).code == 0


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_imports_only_what_it_needs(command, start, library_of_the_default_model):
    process = start(command, QUESTION, PYTHONPROFILEIMPORTTIME="1")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "48 million crowns" in out
    imported = {line.split("|")[-1].strip() for line in err.splitlines() if line.startswith("import time:")}
    assert {"openvino._pyopenvino", "chromadb_rust_bindings", "service.retrieval.retriever"} <= imported
    assert NOT_NEEDED.isdisjoint(name.split(".")[0] for name in imported)
    assert not any(name.startswith(("service.ingest", "service.grounding.grounder")) for name in imported)
    assert {"service.answering.generative", "service.models.openai_chat", "prompts"}.isdisjoint(imported)
