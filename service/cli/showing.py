"""Verified texts, receipts and their replays as a person reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from service.api.receipts import ReceiptSchema, ReplaySchema
from service.api.schemas import CitationSchema
from service.api.verified import SourceCitationSchema, VerificationSchema, VerifiedSentenceSchema
from service.cli.console import Console
from service.cli.render import about, counted, flat

MARKS = {"supported": "[+]", "partially_supported": "[~]", "not_supported": "[-]", "contradicted": "[!]"}
_INDENT = " " * 4


def show_verification(verification: VerificationSchema, sources: Sequence[str], console: Console) -> None:
    """`sources`: names of the files that were checked against, none for the library."""
    for sentence in verification.sentences:
        _show_sentence(sentence, sources, console)
    supported = sum(sentence.verdict == "supported" for sentence in verification.sentences)
    of = counted(len(verification.sentences), "sentence")
    console.line(f"groundedness {verification.groundedness:.2f}: {supported} of {of} supported")
    aside = Counter(piece.why.replace("_", "-") for piece in verification.unchecked)
    if aside:
        console.line("not checked, as they claim nothing: " + ", ".join(counted(n, why) for why, n in aside.items()))


def _show_sentence(sentence: VerifiedSentenceSchema, sources: Sequence[str], console: Console) -> None:
    console.line(flat(sentence.text), lead=MARKS[sentence.verdict] + " ", indent=_INDENT)
    if sentence.verdict != "supported":
        verdict = sentence.verdict.replace("_", " ")
        why = f": {'; '.join(sentence.reasons)}" if sentence.reasons else ""
        console.line(flat(f"{verdict}{why}"), lead=_INDENT, indent=_INDENT)
    for citation in sentence.citations:
        console.line(_cited(citation, sources), lead=_INDENT, indent=_INDENT)
    console.line()


def _cited(citation: CitationSchema | SourceCitationSchema, sources: Sequence[str]) -> str:
    quote = f"“{flat(citation.quote)}”"
    if isinstance(citation, SourceCitationSchema):
        return f"{quote} ({flat(sources[citation.source_index])}:{citation.start}-{citation.end})"
    place = f"{flat(citation.origin)}:{citation.start}-{citation.end}"
    return f"{about(citation.title, citation.source, citation.published_at)} — {quote} ({place})"


def show_receipt(receipt: ReceiptSchema, console: Console) -> None:
    """What matters of it; `--json` has all."""
    answer = receipt.answer
    rows = {
        "receipt": receipt.id,
        "created": receipt.created_at,
        "question": receipt.question["text"],
        "answer": answer["answer"],
        "status": answer["status"],
        "generator": answer["generator"],
        "degraded": answer["degraded_reason"],
        "model": receipt.model,
        "prompts": ", ".join(f"{prompt['name']} {prompt['hash']}" for prompt in receipt.prompts),
        "library": receipt.corpus_fingerprint,
    }
    for name, value in rows.items():
        if value:
            console.line(flat(str(value)), lead=f"{name + ':':<11}", indent=" " * 11)
    _show_list(
        "evidence",
        [f"{one['article_id']}:{one['start']}-{one['end']} {one['text']}" for one in receipt.evidence],
        console,
    )
    _show_list("replies", [one["text"] or f"failed: {one['error']}" for one in receipt.replies], console)
    _show_list("checks", [_checked(one) for one in receipt.checks], console)


def _checked(check: dict[str, object]) -> str:
    mark = MARKS[str(check["verdict"])]
    left_out = "" if check["shipped"] else f" (left out: {check['dropped']})"
    return f"{mark} {check['text']}{left_out}"


def _show_list(name: str, lines: Sequence[str], console: Console) -> None:
    if lines:
        console.line(f"{name}:")
    for line in lines:
        console.line(flat(line), lead="  ", indent=_INDENT)


def show_replay(replay: ReplaySchema, console: Console) -> None:
    if replay.same:
        console.line("Nothing differs: the evidence, the citations and the verdicts are as they were.")
    for difference in replay.differences:
        console.line(flat(difference), lead="- ", indent="  ")
