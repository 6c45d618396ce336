"""The one seam of the command line: who does the work, this process or the service that runs on the data directory."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from service.api.requests import AskRequest, SearchRequest, VerifyRequest
from service.api.schemas import (
    AnswerSchema,
    ArticleSchema,
    ArticlesSchema,
    DeletedSchema,
    IngestSchema,
    PartSchema,
    SearchSchema,
)
from service.cli.progress import Progress
from service.library.owner import read_owner

if TYPE_CHECKING:
    from service.api.briefing_schemas import BriefRequest
    from service.api.receipts import ReceiptSchema, ReplaySchema
    from service.api.schedule_schemas import RemovedSchema, ScheduleRequest, ScheduleSchema, SchedulesSchema
    from service.api.verified import VerificationSchema
    from service.briefing.briefing import Briefing
    from service.settings import Settings


class Backend(Protocol):
    """Takes and returns what HTTP takes and returns, so that a command prints the same whoever did the work.

    Everything raises GroundwireError of service/errors.py; to be used in a `with`.
    """

    def ask(self, request: AskRequest) -> AnswerSchema: ...

    def search(self, request: SearchRequest) -> SearchSchema: ...

    def verify(self, request: VerifyRequest) -> VerificationSchema: ...

    def brief(self, request: BriefRequest) -> Briefing: ...

    def receipt(self, receipt_id: str) -> ReceiptSchema: ...

    def replay(self, receipt_id: str) -> ReplaySchema: ...

    def ingest(self, paths: Sequence[str], progress: Progress) -> IngestSchema: ...

    def articles(self, limit: int, cursor: str | None) -> ArticlesSchema: ...

    def article(self, article_id: str, revision: str | None) -> ArticleSchema: ...

    def delete(self, article_id: str) -> DeletedSchema: ...

    def schedules(self) -> SchedulesSchema: ...

    def add_schedule(self, request: ScheduleRequest) -> ScheduleSchema: ...

    def remove_schedule(self, name: str) -> RemovedSchema: ...

    def run_schedule(self, name: str) -> ScheduleSchema:
        """Returns when it has ended and its deliveries were tried."""

    def retry_deliveries(self, name: str) -> ScheduleSchema: ...

    def parts(self) -> list[PartSchema]: ...

    def repair(self) -> list[str]:
        """One line for each thing that was done."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_backend(settings: Settings, *, asking: bool = False) -> Backend:
    """The running service when there is one, else this process, which gets ready for one question with `asking`.

    Raises LibraryBusy when another command is at work.
    """
    owner = read_owner(settings.data_dir)
    if owner is not None and owner.address is not None:
        from service.cli.remote import RemoteBackend

        return RemoteBackend(owner.address, owner.token, llm_seconds=settings.llm_timeout_seconds)
    from service.cli.local import LocalBackend
    from service.wiring import open_groundwire

    return LocalBackend(open_groundwire(settings, serving=False, asking=asking))


def verified(settings: Settings, request: VerifyRequest) -> VerificationSchema:
    """Sources that are given are read by the running service too, as its model is loaded; else no library is opened."""
    owner = read_owner(settings.data_dir)
    if request.sources is not None and (owner is None or owner.address is None):
        from service.api.verified import VerificationSchema
        from service.wiring import open_verifier

        return VerificationSchema.from_verification(open_verifier(settings).verify(request.text, request.sources))
    with open_backend(settings, asking=True) as backend:
        return backend.verify(request)
