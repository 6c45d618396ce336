"""What can go wrong, named by what the caller can do next.

    GroundwireError
    ├── UsageError                 the call is wrong: change it
    │   ├── InputRejected          this file, line or field is unusable: fix it, the rest goes on
    │   ├── SettingsError          a setting is wrong: change it
    │   ├── NotFound               no such article, path or id
    │   └── ExtraMissing           an optional part is not installed: install it
    ├── LibraryError               the data directory is the problem
    │   ├── LibraryBusy            another process owns it: use that one, or stop it
    │   └── LibraryUnusable        not writable, or damaged: `groundwire doctor`
    ├── ModelUnavailable           weights missing, unknown or changed: install or name others
    ├── IndexUnavailable           the vector store does not answer: retry, `groundwire doctor`
    ├── ChatUnavailable            the LLM gave no usable reply in time: answer without it
    ├── ServiceUnreachable         the running service does not answer: restart it
    ├── AlreadyRunning             it is being done at this moment: wait for it
    ├── NotWritten                 a file could not be written, and what stood there before still does: make room
    ├── DeliveryFailed             a briefing did not reach its reader: it is kept and sent again
    └── CitationMismatch           a quote is not what the article says: never shipped

Every message is one line: what, where, what to do. `code` is the stable name that edges show.
"""

from __future__ import annotations

from typing import ClassVar


class GroundwireError(Exception):
    """Root of everything groundwire raises on purpose."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False


class UsageError(GroundwireError):
    code = "usage"


class InputRejected(UsageError):
    code = "input_rejected"


class SettingsError(UsageError):
    code = "settings"


class NotFound(UsageError):
    code = "not_found"


class ExtraMissing(UsageError):
    code = "extra_missing"


class LibraryError(GroundwireError):
    code = "library"


class LibraryBusy(LibraryError):
    code = "library_busy"
    retryable = True


class LibraryUnusable(LibraryError):
    code = "library_unusable"


class ModelUnavailable(GroundwireError):
    code = "model_unavailable"


class IndexUnavailable(GroundwireError):
    code = "index_unavailable"
    retryable = True


class ChatUnavailable(GroundwireError):
    code = "llm_unavailable"
    retryable = True


class ServiceUnreachable(GroundwireError):
    code = "service_unreachable"
    retryable = True


class AlreadyRunning(GroundwireError):
    code = "already_running"
    retryable = True


class NotWritten(GroundwireError):
    code = "not_written"
    retryable = True


class DeliveryFailed(GroundwireError):
    code = "delivery_failed"
    retryable = True


class CitationMismatch(GroundwireError):
    code = "citation_mismatch"
