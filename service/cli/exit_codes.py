"""What a command's exit code says, and which error leads to which."""

from __future__ import annotations

from enum import IntEnum

from service.errors import GroundwireError, NotFound, UsageError


class ExitCode(IntEnum):
    DONE = 0
    """An abstention is done too."""
    FAILED = 1
    WRONG_USAGE = 2
    SOME_FAILED = 3
    """Done, but some items failed; they are listed."""
    INTERRUPTED = 130
    """Ctrl-C: 128 + SIGINT, as shells have it."""


def exit_code_of(error: GroundwireError) -> ExitCode:
    """The call is wrong: 2. The call is right and the world is not (no such article, busy, unreachable): 1."""
    if isinstance(error, UsageError) and not isinstance(error, NotFound):
        return ExitCode.WRONG_USAGE
    return ExitCode.FAILED
