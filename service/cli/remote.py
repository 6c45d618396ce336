"""The service that runs on the data directory does the work; this process only reads the files to be ingested."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote, urlsplit

import httpx
from pydantic import ValidationError

from service.api.receipts import ReceiptSchema, ReplaySchema
from service.api.requests import AskRequest, RequestSchema, SearchRequest, VerifyRequest
from service.api.schemas import (
    AnswerSchema,
    ArticleSchema,
    ArticlesSchema,
    DeletedSchema,
    IngestSchema,
    PartSchema,
    ReadinessSchema,
    Schema,
    SearchSchema,
)
from service.api.verified import VerificationSchema
from service.cli.problems import error_of
from service.cli.progress import Progress
from service.errors import LibraryBusy, ServiceUnreachable
from service.settings import is_loopback

if TYPE_CHECKING:
    from service.api.briefing_schemas import BriefRequest
    from service.api.schedule_schemas import RemovedSchema, ScheduleRequest, ScheduleSchema, SchedulesSchema
    from service.briefing.briefing import Briefing

TOKEN_HEADER = "X-Groundwire-Token"  # noqa: S105  # the header's name
PAGE_LIMIT = 200
"""The most articles that the service lists at once."""
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 60.0
"""How long the service's own work may take; an LLM's time is added to it."""
VERIFY_SECONDS = 600.0
BRIEFING_SECONDS = 600.0

Shape = TypeVar("Shape", bound=Schema)


class RemoteBackend:
    """Speaks the public HTTP interface, on loopback only."""

    def __init__(self, address: str, token: str, *, llm_seconds: float = 0.0) -> None:
        if not is_loopback(urlsplit(address).hostname or ""):
            raise ServiceUnreachable(
                f"the data directory names a service at {address}, which is not on this machine; nothing was sent to it"
            )
        self._address = address
        self._asking_seconds = ANSWER_SECONDS + llm_seconds
        # trust_env: a proxy that the environment names must not see what is said on loopback.
        self._client = httpx.Client(
            base_url=address,
            headers={TOKEN_HEADER: token},
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            trust_env=False,
        )

    def ask(self, request: AskRequest) -> AnswerSchema:
        return self._post("/v1/ask", _fields(request), AnswerSchema, timeout_seconds=self._asking_seconds)

    def search(self, request: SearchRequest) -> SearchSchema:
        return self._post("/v1/search", _fields(request), SearchSchema)

    def verify(self, request: VerifyRequest) -> VerificationSchema:
        return self._post("/v1/verify", _fields(request), VerificationSchema, timeout_seconds=VERIFY_SECONDS)

    def brief(self, request: BriefRequest) -> Briefing:
        from service.api.briefing_schemas import BriefingSchema

        seconds = self._asking_seconds + BRIEFING_SECONDS
        return self._post("/v1/briefings", _fields(request), BriefingSchema, timeout_seconds=seconds).to_briefing()

    def receipt(self, receipt_id: str) -> ReceiptSchema:
        return self._shaped(self._send("GET", _receipt_path(receipt_id)), ReceiptSchema)

    def replay(self, receipt_id: str) -> ReplaySchema:
        return self._shaped(self._send("POST", _receipt_path(receipt_id) + "/replay"), ReplaySchema)

    def ingest(self, paths: Sequence[str], progress: Progress) -> IngestSchema:
        from service.cli.sending import send_articles
        from service.ingest.incoming import ReadingOptions
        from service.ingest.readers import read_paths

        return send_articles(read_paths(paths, ReadingOptions()), self._post_articles, progress)

    def articles(self, limit: int, cursor: str | None) -> ArticlesSchema:
        query: dict[str, Any] = {"limit": min(limit, PAGE_LIMIT)}
        if cursor is not None:
            query["cursor"] = cursor
        return self._shaped(self._send("GET", "/v1/articles", query=query), ArticlesSchema)

    def article(self, article_id: str, revision: str | None) -> ArticleSchema:
        query = {} if revision is None else {"revision": revision}
        return self._shaped(self._send("GET", _article_path(article_id), query=query), ArticleSchema)

    def delete(self, article_id: str) -> DeletedSchema:
        return self._shaped(self._send("DELETE", _article_path(article_id)), DeletedSchema)

    def schedules(self) -> SchedulesSchema:
        from service.api.schedule_schemas import SchedulesSchema

        return self._shaped(self._send("GET", "/v1/schedules"), SchedulesSchema)

    def add_schedule(self, request: ScheduleRequest) -> ScheduleSchema:
        from service.api.schedule_schemas import ScheduleSchema

        return self._post("/v1/schedules", _fields(request), ScheduleSchema)

    def remove_schedule(self, name: str) -> RemovedSchema:
        from service.api.schedule_schemas import RemovedSchema

        return self._shaped(self._send("DELETE", _schedule_path(name)), RemovedSchema)

    def run_schedule(self, name: str) -> ScheduleSchema:
        from service.api.schedule_schemas import ScheduleSchema

        # No deadline: it may wait for its turn, and Ctrl-C ends the wait, not the run.
        return self._post(_schedule_path(name) + "/run", {"wait": True}, ScheduleSchema, timeout_seconds=None)

    def retry_deliveries(self, name: str) -> ScheduleSchema:
        from service.api.schedule_schemas import ScheduleSchema

        return self._post(_schedule_path(name) + "/retry", {}, ScheduleSchema, timeout_seconds=None)

    def parts(self) -> list[PartSchema]:
        response = self._send("GET", "/readyz", problems=False)
        service = PartSchema(name="service", state="ok", detail=f"runs at {self._address}")
        return [service, *self._shaped(response, ReadinessSchema).parts]

    def repair(self) -> list[str]:
        raise LibraryBusy(
            f"the service at {self._address} owns the data directory; stop it, then run `groundwire doctor --repair`"
        )

    def _post_articles(self, articles: Sequence[Mapping[str, Any]]) -> IngestSchema:
        # No deadline: embedding may take minutes, and Ctrl-C ends the wait.
        return self._post("/v1/articles", {"articles": articles}, IngestSchema, timeout_seconds=None)

    def _post(
        self, path: str, body: Mapping[str, Any], shape: type[Shape], timeout_seconds: float | None = ANSWER_SECONDS
    ) -> Shape:
        # Not httpx's own encoder, which writes no NaN but does write half surrogates as bytes that are not UTF-8.
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return self._shaped(self._send("POST", path, content=content, timeout_seconds=timeout_seconds), shape)

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        timeout_seconds: float | None = ANSWER_SECONDS,
        problems: bool = True,
    ) -> httpx.Response:
        headers = {"Content-Type": "application/json"} if content is not None else {}
        timeout = httpx.Timeout(timeout_seconds, connect=CONNECT_SECONDS)
        try:
            response = self._client.request(
                method, path, params=query, content=content, headers=headers, timeout=timeout
            )
        except httpx.HTTPError as error:
            raise ServiceUnreachable(
                f"the service at {self._address} does not answer ({_reason(error)}); restart it, or stop it"
            ) from error
        if problems and not response.is_success:
            raise error_of(response, self._address)
        return response

    def _shaped(self, response: httpx.Response, shape: type[Shape]) -> Shape:
        try:
            return shape.model_validate_json(response.content)
        except ValidationError as error:
            raise ServiceUnreachable(
                f"the service at {self._address} answers in another way than this version expects; restart it"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()


def _fields(request: RequestSchema) -> dict[str, Any]:
    return request.model_dump(exclude_none=True)


def _article_path(article_id: str) -> str:
    # A dot is quoted too: a client would take an id of ".." for the folder above.
    return "/v1/articles/" + quote(article_id, safe="").replace(".", "%2E")


def _schedule_path(name: str) -> str:
    return "/v1/schedules/" + quote(name, safe="").replace(".", "%2E")


def _receipt_path(receipt_id: str) -> str:
    return "/v1/receipts/" + quote(receipt_id, safe="").replace(".", "%2E")


def _reason(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__
