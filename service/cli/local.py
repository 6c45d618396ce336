"""This process does the work: it owns the data directory for as long as the command runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

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
from service.wiring import Groundwire

if TYPE_CHECKING:
    from service.api.briefing_schemas import BriefRequest
    from service.api.receipts import ReceiptSchema, ReplaySchema
    from service.api.schedule_schemas import RemovedSchema, ScheduleRequest, ScheduleSchema, SchedulesSchema
    from service.api.verified import VerificationSchema
    from service.briefing.briefing import Briefing


class LocalBackend:
    """The facade, with its results shaped as HTTP shapes them."""

    def __init__(self, groundwire: Groundwire) -> None:
        self._groundwire = groundwire

    def ask(self, request: AskRequest) -> AnswerSchema:
        return AnswerSchema.from_answer(self._groundwire.ask(request.to_question(), request.mode))

    def search(self, request: SearchRequest) -> SearchSchema:
        return SearchSchema.from_result(*self._groundwire.search(request.query, request.k, request.to_filters()))

    def verify(self, request: VerifyRequest) -> VerificationSchema:
        from service.api.verified import VerificationSchema

        return VerificationSchema.from_verification(self._groundwire.verify(request.text, request.sources))

    def brief(self, request: BriefRequest) -> Briefing:
        return self._groundwire.brief(request.to_request())

    def receipt(self, receipt_id: str) -> ReceiptSchema:
        from service.api.receipts import ReceiptSchema

        return ReceiptSchema.model_validate(self._groundwire.receipt(receipt_id))

    def replay(self, receipt_id: str) -> ReplaySchema:
        from service.api.receipts import ReplaySchema

        return ReplaySchema.from_replay(self._groundwire.replay(receipt_id))

    def ingest(self, paths: Sequence[str], progress: Progress) -> IngestSchema:
        return IngestSchema.from_report(self._groundwire.ingest_paths(paths, progress.report))

    def articles(self, limit: int, cursor: str | None) -> ArticlesSchema:
        return ArticlesSchema.from_page(self._groundwire.articles(limit, cursor))

    def article(self, article_id: str, revision: str | None) -> ArticleSchema:
        return ArticleSchema.from_article(self._groundwire.article(article_id, revision))

    def delete(self, article_id: str) -> DeletedSchema:
        return DeletedSchema.from_article(self._groundwire.delete_article(article_id))

    def schedules(self) -> SchedulesSchema:
        from service.api.schedule_schemas import SchedulesSchema

        return SchedulesSchema.of(self._groundwire.schedules)

    def add_schedule(self, request: ScheduleRequest) -> ScheduleSchema:
        from service.api.schedule_schemas import ScheduleSchema

        added = self._groundwire.schedules.add(request.to_schedule(datetime.now(UTC)))
        return ScheduleSchema.from_status(added)

    def remove_schedule(self, name: str) -> RemovedSchema:
        from service.api.schedule_schemas import RemovedSchema

        return RemovedSchema.model_validate(self._groundwire.schedules.remove(name))

    def run_schedule(self, name: str) -> ScheduleSchema:
        from service.api.schedule_schemas import ScheduleSchema

        return ScheduleSchema.from_status(self._groundwire.schedules.run(name))

    def retry_deliveries(self, name: str) -> ScheduleSchema:
        from service.api.schedule_schemas import ScheduleSchema

        return ScheduleSchema.from_status(self._groundwire.schedules.retry(name))

    def parts(self) -> list[PartSchema]:
        return [PartSchema.model_validate(part) for part in self._groundwire.readiness()]

    def repair(self) -> list[str]:
        return self._groundwire.repair()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._groundwire.close()
