"""What a receipt keeps of the checks of a draft."""

from __future__ import annotations

from collections.abc import Iterator

from service.answering.checking import Checked
from service.answering.making import Made
from service.answering.trace import TracedCheck, TracedSpan


def traced_checks(made: Made) -> tuple[TracedCheck, ...]:
    """Every sentence of the draft in order, what was not supported before what was made of it."""
    return tuple(_checks(made))


def _checks(made: Made) -> Iterator[TracedCheck]:
    for i, item in enumerate(made.checked):
        before = made.replaced.get(i)
        if before is not None:
            yield _traced(before, before.refused)
        why = item.refused or made.failure
        yield _traced(item, why, repaired=before is not None)


def _traced(item: Checked, why: str | None, *, repaired: bool = False) -> TracedCheck:
    check = item.check
    return TracedCheck(
        text=item.drafted.text,
        verdict=check.verdict,
        support=round(check.support, 4),
        reasons=check.reasons,
        spans=tuple(
            TracedSpan(
                s.context.article.id,
                s.context.article.revision,
                s.span.start,
                s.span.end,
                s.span.of(s.context.article.text),
            )
            for s in check.spans
        ),
        shipped=why is None,
        dropped=why,
        repaired=repaired,
    )
