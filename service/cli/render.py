"""Results as a person reads them. The same schemas as `--json`, so both always say the same."""

from __future__ import annotations

from collections.abc import Sequence

from service.api.schemas import (
    AnswerSchema,
    ArticleSchema,
    ArticleSummarySchema,
    CarrierSchema,
    CitationSchema,
    IngestSchema,
    PartSchema,
    ResultSchema,
    SearchSchema,
)
from service.cli.console import Console

UNDATED = "date not stated"
UNSOURCED = "source not stated"


def show_answer(answer: AnswerSchema, console: Console) -> None:
    console.line(flat(answer.answer))
    if answer.status == "abstained":
        return
    if answer.unanswered:
        console.line(f"Left open: {answer.unanswered}")
    for disagreement in answer.disagreements:
        values = "; ".join(
            f"{one.value} [{one.marker}]" + (f" ({one.event_date})" if one.event_date else "")
            for one in disagreement.values
        )
        console.line(f"The articles disagree about {disagreement.about}: {values}")
    console.line()
    for citation in answer.citations:
        _show_citation(citation, console)
    console.line()
    if answer.degraded:
        console.line(f"degraded: {_reason(answer)}")
    receipt = f", receipt {answer.receipt_id}" if answer.receipt_id else ""
    console.line(f"confidence {answer.confidence:.2f}{receipt}")


def _reason(answer: AnswerSchema) -> str:
    return flat(answer.degraded_reason or "no reason is known")


def _show_citation(citation: CitationSchema, console: Console) -> None:
    label = f"[{citation.marker}] "
    indent = " " * len(label)
    head = about(citation.title, citation.source, citation.published_at)
    place = f"{flat(citation.origin)}:{citation.start}-{citation.end}"
    console.line(f"{head} — “{flat(citation.quote)}” ({place})", lead=label, indent=indent)
    _show_carriers(citation.carriers, indent, console)


def _show_carriers(carriers: Sequence[CarrierSchema], indent: str, console: Console) -> None:
    for carrier in carriers:
        console.line(f"also in {flat(carrier.source or carrier.url or carrier.article_id)}", lead=indent, indent=indent)


def show_results(found: SearchSchema, console: Console) -> None:
    if not found.results:
        console.line("Nothing found.")
    for result in found.results:
        _show_result(result, console)
    if found.excluded_undated:
        count = counted(found.excluded_undated, "article")
        console.line(f"{count} without a stated date left out; --include-undated keeps them")


def _show_result(result: ResultSchema, console: Console) -> None:
    label = f"{result.rank}. "
    indent = " " * len(label)
    head = about(result.title, result.source, result.published_at)
    place = f"{flat(result.origin)}:{result.start}-{result.end}"
    console.line(f"{head} ({place}) score {result.score:.3f}", lead=label, indent=indent)
    console.line(flat(result.text), lead=indent, indent=indent)
    _show_carriers(result.carriers, indent, console)
    console.line()


def show_report(report: IngestSchema, console: Console) -> None:
    """Counts on one line; what failed is listed on stderr, one line each."""
    counts = [
        f"{report.added} added",
        f"{report.updated} updated",
        f"{report.unchanged} unchanged",
        f"{counted(report.duplicates, 'duplicate')}",
        f"{len(report.failed)} failed",
    ]
    console.line(", ".join(counts))


def show_summary(article: ArticleSummarySchema, console: Console) -> None:
    copy = f" (copy of {article.duplicate_of})" if article.duplicate_of else ""
    console.text(f"{article.id}  {about(article.title, article.source, article.published_at)}{copy}")


def show_article(article: ArticleSchema, console: Console) -> None:
    console.line(article.title)
    rows = {
        "id": article.id,
        "revision": article.revision,
        "source": article.source,
        "published": article.published_at or UNDATED,
        "url": article.url,
        "language": article.language,
        "tags": ", ".join(article.tags),
        "origin": article.origin,
        "ingested": article.ingested_at,
        "copy of": article.duplicate_of,
    }
    for name, value in rows.items():
        if value:
            console.text(f"{name + ':':<11}{flat(value)}")
    console.line()
    console.text(article.text)


def show_parts(parts: list[PartSchema], console: Console) -> None:
    width = max(len(part.name) for part in parts)
    for part in parts:
        label = f"{part.state:<9} {part.name:<{width}}  "
        console.line(flat(part.detail), lead=label, indent=" " * len(label))


def about(title: str, source: str | None, published_at: str | None) -> str:
    return f"{flat(title)}, {flat(source or UNSOURCED)}, {published_at or UNDATED}"


def flat(text: str) -> str:
    """A quote may span lines of its article; on one line it reads better. `--json` has it exactly."""
    return " ".join(text.split())


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
