"""Groundwire as a system under measurement: its public facade, in process, on a data directory of its own."""

from __future__ import annotations

import os
from pathlib import Path

from eval.bench.peers.ports import ARTICLES_FILE
from service.settings import load_settings
from service.types import Filters
from service.wiring import open_groundwire


class Ours:
    """Reads the articles themselves, not the chunks that were cut from them beforehand: cutting is part of its work."""

    packages = ("groundwire", "openvino", "sentence-transformers", "torch", "chromadb")

    def __init__(self, store: Path) -> None:
        self._groundwire = open_groundwire(load_settings(data_dir=store), serving=False)
        self.computes = ""

    def warm(self) -> None:
        parts = {part.name: part for part in self._groundwire.readiness()}
        down = [part for part in parts.values() if part.state == "down"]
        if down:
            raise ValueError(f"{down[0].name}: {down[0].detail}")
        self.computes = parts["embedding model"].detail.split(", kept in ")[0]  # a folder of this machine

    def ingest(self, corpus: Path) -> int:
        report = self._groundwire.ingest_paths([os.fspath(corpus / ARTICLES_FILE)])
        if report.failed:
            raise ValueError(f"{report.failed[0].origin}: {report.failed[0].error}")
        return sum(article.chunks for article in report.articles)

    def search(self, query: str, k: int) -> list[str]:
        result, _ = self._groundwire.search(query, k, Filters())
        return [f"{found.chunk.article_id}#{found.chunk.ordinal}" for found in result.evidence]

    def close(self) -> None:
        self._groundwire.close()
