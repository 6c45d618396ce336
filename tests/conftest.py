"""What all tests share: a cache of their own, never the user's, that outlives the run, and a scripted LLM."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from eval.llm_server import LlmServer

# An example that takes long on a busy machine is no fault: no test here is of time.
settings.register_profile("groundwire", deadline=None)
settings.load_profile("groundwire")

# Where the tests run in the background of a shell, Ctrl-C is ignored, and would be in every process that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def cache_home(pytestconfig: pytest.Config) -> Iterator[Path]:
    """The platform's user cache directory, also for processes that tests start: the model is compiled there once."""
    folder = pytestconfig.cache.mkdir("groundwire")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture
def llm_server() -> Iterator[LlmServer]:
    """An OpenAI-compatible service on loopback, scripted by `llm_server.reply_with(...)`; see eval/llm_replies.py."""
    with LlmServer() as server:
        yield server
