"""The comparison as one SVG picture without outside parts: a panel of bars for each measure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from eval.bench.peers.results import MEASURES, Measure, SystemResult, medians
from eval.bench.peers.worker import OURS

_PANEL_WIDTH, _NAMES_WIDTH, _VALUE_WIDTH = 420, 160, 60
_BAR, _GAP, _HEAD, _MARGIN = 16, 6, 34, 20
_COLUMNS = 2
_OUR_COLOUR, _THEIR_COLOUR = "#0b6e4f", "#9aa5b1"


def svg(title: str, subtitle: str, results: Sequence[SystemResult]) -> str:
    """Only measures that some system has; systems without a value have no bar there."""
    values = {result.name: medians(result) for result in results}
    shown = [measure for measure in MEASURES if any(measure.name in of for of in values.values())]
    height = _HEAD + len(results) * (_BAR + _GAP) + _MARGIN
    rows = -(-len(shown) // _COLUMNS)
    total_width, total_height = _MARGIN + _COLUMNS * _PANEL_WIDTH, 70 + rows * height
    panels = [
        _panel(measure, values, _MARGIN + number % _COLUMNS * _PANEL_WIDTH, 70 + number // _COLUMNS * height)
        for number, measure in enumerate(shown)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total_width} {total_height}" '
            f'width="{total_width}" height="{total_height}" font-family="Helvetica, Arial, sans-serif" font-size="12">',
            f'<rect width="{total_width}" height="{total_height}" fill="white"/>',
            _text(_MARGIN, 28, title, size=17, bold=True),
            _text(_MARGIN, 48, subtitle, colour="#52606d", size=11),
            *panels,
            "</svg>",
            "",
        ]
    )


def _panel(measure: Measure, values: dict[str, dict[str, float]], left: int, top: int) -> str:
    unit = f", {measure.unit}" if measure.unit else ""
    better = "more is better" if measure.more_is_better else "less is better"
    most = max(of.get(measure.name, 0.0) for of in values.values()) or 1.0
    room = _PANEL_WIDTH - _NAMES_WIDTH - _VALUE_WIDTH - _MARGIN
    parts = [_text(left, top + 16, f"{measure.name}{unit} ({better})", bold=True)]
    for number, (name, of) in enumerate(values.items()):
        y = top + _HEAD - 6 + number * (_BAR + _GAP)
        parts.append(_text(left, y + _BAR - 4, name, bold=name == OURS))
        if measure.name in of:
            width = max(1.0, room * of[measure.name] / most)
            colour = _OUR_COLOUR if name == OURS else _THEIR_COLOUR
            x = left + _NAMES_WIDTH
            parts.append(f'<rect x="{x}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>')
            parts.append(_text(x + width + 6, y + _BAR - 4, f"{of[measure.name]:.{measure.digits}f}"))
        else:
            parts.append(_text(left + _NAMES_WIDTH, y + _BAR - 4, "not measured", colour="#7b8794"))
    return "\n".join(parts)


def _text(x: float, y: float, text: str, *, colour: str = "#1f2933", size: int = 12, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}"{weight}>{escape(text)}</text>'
