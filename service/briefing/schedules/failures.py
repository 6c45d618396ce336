"""Why something failed, as it may be shown."""

from __future__ import annotations

from service.errors import GroundwireError


def plain(error: Exception) -> str:
    """One line. Of what was not expected the class alone: its message may quote an article."""
    return str(error) if isinstance(error, GroundwireError) else f"unexpected {type(error).__name__}"
