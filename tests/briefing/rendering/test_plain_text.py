"""Plain text as mail has it."""

from __future__ import annotations

from service.briefing.briefing import Briefing
from service.briefing.rendering.formats import rendered
from service.briefing.rendering.plain_text import COLUMNS


def test_no_line_is_longer_than_mail_wants_it(briefing: Briefing) -> None:
    lines = rendered(briefing, "txt").decode().splitlines()
    assert max(map(len, lines)) <= COLUMNS


def test_what_is_unchanged_is_only_counted(briefing: Briefing) -> None:
    assert "Unchanged, and not repeated here: 1 sentence." in rendered(briefing, "txt").decode()
