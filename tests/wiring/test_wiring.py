"""The facade over real parts: the shipped hashing embedder, a real library, an embedded Chroma."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from service.errors import IndexUnavailable, InputRejected, LibraryBusy, LibraryUnusable, ModelUnavailable, NotFound
from service.ingest.incoming import IncomingArticle
from service.library.library import Library
from service.models.scripted_chat import ScriptedChatModel
from service.settings import Settings
from service.types import Filters, Question
from service.wiring import CHROMA_FOLDER, LIBRARY_FILE, Groundwire, open_groundwire, open_verifier

ORCHARD = IncomingArticle(
    title="Storm fells orchard",
    text="The orchard at Velden lost 212 apple trees in the storm of 3 March 2024.",
    origin="orchard.md",
    id="orchard",
)
QUESTION = Question("How many apple trees did the orchard at Velden lose?")

Open = Callable[..., Groundwire]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens the facade on this test's folder; what is still open at the end is closed."""
    facades: list[Groundwire] = []

    def open_it(**fields: Any) -> Groundwire:
        facade = open_groundwire(
            Settings(**{"data_dir": tmp_path, "embedding_model": "hashing"} | fields), serving=False
        )
        facades.append(facade)
        return facade

    yield open_it
    for facade in facades:
        facade.close()


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def states(facade: Groundwire) -> dict[str, str]:
    return {part.name: part.state for part in facade.readiness()}


def test_what_one_command_ingests_the_next_one_answers_from(opened: Open) -> None:
    first = opened()
    assert first.ingest_articles([ORCHARD]).added == 1
    first.close()
    assert "212" in opened().ask(QUESTION).text


def test_closing_twice_is_harmless_and_gives_the_directory_back(opened: Open) -> None:
    facade = opened()
    facade.close()
    facade.close()
    opened()


def test_second_opener_is_refused(opened: Open) -> None:
    opened()
    with pytest.raises(LibraryBusy):
        opened()


def test_directory_is_given_back_when_the_library_cannot_be_opened(opened: Open, tmp_path: Path) -> None:
    (tmp_path / LIBRARY_FILE).write_bytes(b"this is not a database" * 100)
    for _ in range(2):
        with pytest.raises(LibraryUnusable):
            opened()


def test_listing_articles_needs_neither_model_nor_vector_store(opened: Open, tmp_path: Path) -> None:
    facade = opened(embedding_model="no-such-model")
    assert facade.articles(10, None).articles == ()
    assert facade.ask(QUESTION).abstention_reason == "empty_library"
    assert facade.search("trees", 5, Filters())[0].evidence == ()
    assert not (tmp_path / CHROMA_FOLDER).exists()


def test_library_of_another_model_is_refused_with_advice(opened: Open, tmp_path: Path) -> None:
    first = opened()
    first.ingest_articles([ORCHARD])
    first.close()
    library = Library(tmp_path / LIBRARY_FILE)
    library.set_model_key("another-384-fp32")
    library.close()
    facade = opened()
    with pytest.raises(
        ModelUnavailable, match=r"another-384-fp32.*set the model back, or ingest .* GROUNDWIRE_DATA_DIR"
    ):
        facade.ask(QUESTION)
    assert states(facade)["embedding model"] == "down"


def test_mode_llm_and_unknown_modes_are_refused(opened: Open) -> None:
    with pytest.raises(InputRejected, match="llm needs an LLM"):
        opened().ask(QUESTION, "llm")


def test_llm_that_cannot_be_reached_is_said_in_the_answer_and_in_the_state(opened: Open) -> None:
    facade = opened(llm_model="some-model", llm_base_url=closed_port())
    facade.ingest_articles([ORCHARD])
    answer = facade.ask(QUESTION)
    assert answer.degraded
    assert "cannot be reached" in (answer.degraded_reason or "")
    assert "212" in answer.text
    assert not facade.ask(QUESTION, "extractive").degraded
    assert states(facade)["llm"] == "degraded"


def test_llm_that_is_given_writes_the_answer(tmp_path: Path) -> None:
    chat = ScriptedChatModel("Storm fells orchard: it lost 212 apple trees. [1] It lost 999 pear trees. [1]")
    facade = open_groundwire(Settings(data_dir=tmp_path, embedding_model="hashing"), serving=False, chat=chat)
    try:
        facade.ingest_articles([ORCHARD])
        answer = facade.ask(QUESTION)
        assert (answer.generator, answer.degraded) == ("scripted", False)
        assert "999" not in answer.text
        receipt = facade.receipt(answer.receipt_id or "")
        assert receipt["model"] == "scripted"
        assert facade.replay(receipt["id"]).differences == ()
    finally:
        facade.close()


def test_prompt_and_reply_fit_the_models_window(tmp_path: Path) -> None:
    chat = ScriptedChatModel("It lost 212 apple trees. [1]")
    few = Settings(data_dir=tmp_path, embedding_model="hashing", llm_context_tokens=2048, llm_max_answer_tokens=200)
    facade = open_groundwire(few, serving=False, chat=chat)
    try:
        trees = (
            f"In year {year} the orchard at Velden lost {year + 3} apple trees to storms. " * 8 for year in range(40)
        )
        facade.ingest_articles(
            [IncomingArticle(title="Orchard", text=t, origin=f"{n}.md") for n, t in enumerate(trees)]
        )
        facade.ask(QUESTION)
    finally:
        facade.close()
    for request in chat.requests:
        assert request.max_tokens <= 200
        assert sum(len(message.content) for message in request.messages) < 4 * 2048


def test_threshold_of_confidence_is_a_setting(opened: Open) -> None:
    facade = opened(confidence_threshold=1.0)
    facade.ingest_articles([ORCHARD])
    assert facade.ask(QUESTION).status == "abstained"


def test_verifier_needs_no_data_directory(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    verifier = open_verifier(Settings(data_dir=nowhere, embedding_model="hashing"))
    assert verifier.verify("It lost 212 apple trees.", ["The orchard lost 212 apple trees."]).groundedness == 1.0
    assert not nowhere.exists()


def test_vector_store_whose_folder_was_removed_is_filled_again(opened: Open, tmp_path: Path) -> None:
    first = opened()
    first.ingest_articles([ORCHARD])
    first.close()
    shutil.rmtree(tmp_path / CHROMA_FOLDER)
    assert opened().search("apple trees", 5, Filters())[0].evidence[0].dense > 0


def test_damaged_vector_store_is_named_and_repaired_from_the_library(opened: Open, tmp_path: Path) -> None:
    first = opened()
    first.ingest_articles([ORCHARD])
    first.close()
    (tmp_path / CHROMA_FOLDER / "chroma.sqlite3").write_bytes(b"damaged" * 1000)
    facade = opened()
    with pytest.raises(IndexUnavailable, match="groundwire doctor"):
        facade.ask(QUESTION)
    assert states(facade)["vector store"] == "down"
    assert facade.repair() == ["vector store: filled anew from the library, 1 chunks"]
    assert set(states(facade).values()) <= {"ok", "degraded"}
    assert "212" in facade.ask(QUESTION).text


def test_repair_of_a_sound_library_does_nothing(opened: Open) -> None:
    facade = opened()
    facade.ingest_articles([ORCHARD])
    assert facade.repair() == []


def test_ingest_is_kept_while_the_vector_store_is_away_and_reaches_it_later(opened: Open) -> None:
    away = opened(chroma_url=closed_port())
    assert away.ingest_articles([ORCHARD]).added == 1
    with pytest.raises(IndexUnavailable):
        away.search("apple trees", 5, Filters())
    assert states(away)["vector store"] == "down"
    away.close()
    back = opened()
    assert back.search("apple trees", 5, Filters())[0].evidence[0].dense > 0
    assert states(back)["vector store"] == "ok"


def test_delete_works_while_the_vector_store_is_away(opened: Open) -> None:
    facade = opened(chroma_url=closed_port())
    facade.ingest_articles([ORCHARD])
    assert facade.delete_article("orchard").title == "Storm fells orchard"
    with pytest.raises(NotFound):
        facade.delete_article("orchard")


def test_missing_article_and_missing_revision_are_told_apart(opened: Open) -> None:
    facade = opened()
    facade.ingest_articles([ORCHARD])
    with pytest.raises(NotFound, match="no article with this id"):
        facade.article("missing")
    with pytest.raises(NotFound, match="no such revision"):
        facade.article("orchard", "sha256:0")


def test_one_missing_path_does_not_stop_the_rest(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "orchard.txt").write_text("The orchard lost 212 trees.")
    report = opened().ingest_paths([str(tmp_path / "missing.txt"), str(tmp_path / "orchard.txt")])
    assert (report.added, len(report.failed)) == (1, 1)


def test_states_of_an_empty_library_are_told_without_an_error(opened: Open) -> None:
    assert states(opened()) == {"library": "ok", "embedding model": "degraded", "vector store": "ok", "llm": "ok"}


def test_unknown_model_is_a_state_and_not_a_crash(opened: Open) -> None:
    facade = opened(embedding_model="no-such-model")
    assert states(facade)["embedding model"] == "down"
