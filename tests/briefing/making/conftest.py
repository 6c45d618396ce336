"""A desk that briefs from a library of its own, with the model of vectors that ships."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.briefing.briefing import Briefing
from service.briefing.request import BriefingRequest
from service.ingest.incoming import IncomingArticle
from service.settings import Settings
from service.wiring import Groundwire, open_groundwire

SEEDS = Path(__file__).parents[3] / "seeds"


@dataclass
class Desk:
    groundwire: Groundwire

    def take_in(self, article_id: str, title: str, text: str, **fields: Any) -> None:
        incoming = IncomingArticle(id=article_id, title=title, text=text, origin=f"{article_id}.md", **fields)
        assert not self.groundwire.ingest_articles([incoming]).failed

    def brief(self, topic: str, **fields: Any) -> Briefing:
        """Every briefing there is keeps what is promised of all of them."""
        briefing = self.groundwire.brief(BriefingRequest(topic, **fields))
        for citation in briefing.citations:
            article = self.groundwire.article(citation.article_id, citation.revision)
            citation.check(article)
        quotes = {c.marker: c.quote for c in briefing.citations}
        for section in briefing.sections:
            for sentence in section.sentences:
                assert sentence.markers
                if briefing.generator == "extractive":
                    assert any(sentence.text in quotes[marker] for marker in sentence.markers)
        for row in briefing.figures:
            assert all(value.value in quotes[value.marker] for value in row.values)
        texts = [s.text for section in briefing.sections for s in section.sentences]
        assert len(texts) == len(set(texts))
        return briefing


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(open_groundwire(Settings(data_dir=tmp_path), serving=False)) as groundwire:
        yield Desk(groundwire)


@pytest.fixture(scope="session")
def seeds_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The five seed articles; tests that share it may brief, which changes only what is compared with."""
    folder = tmp_path_factory.mktemp("seeds")
    with closing(open_groundwire(Settings(data_dir=folder), serving=False)) as groundwire:
        assert not groundwire.ingest_paths([str(SEEDS)]).failed
        yield Desk(groundwire)
