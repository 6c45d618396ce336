"""Plots as SVG without outside parts. Colours are the page's: classes, and `currentColor` where there is no style.

Every text passes through `escape`, so that a name from a dataset is text wherever it is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 380, 290
_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 30, 12, 44
_ROW, _NAMES, _VALUES = 22, 112, 84
"""Narrow, so that the text of 12 units is still read at the width of a phone."""


@dataclass(frozen=True, slots=True)
class Dot:
    """`x` and `y` in 0..1; `low` and `high`: the interval of `y`, None where there is none."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`joined`: the dots are joined by a line; `dotted`: each is drawn by itself too."""

    name: str
    dots: tuple[Dot, ...]
    joined: bool = True
    dotted: bool = True
    number: int = 1
    """1 to 4: which of the page's colours."""


def chart(
    title: str,
    lines: Sequence[Line],
    x_name: str,
    y_name: str,
    *,
    ticks: Sequence[tuple[float, str]] | None = None,
    diagonal: bool = False,
    y_most: float = 1.0,
) -> str:
    """Lines over a square of shares. `ticks`: places on the x axis and their names; `y_most`: the end of the y axis."""
    x_ticks = ticks if ticks is not None else [(n / 5, f"{n * 20} %") for n in range(6)]
    parts = [_opening(title, _WIDTH, _HEIGHT + 20 * (len(lines) > 1)), *_axes(x_ticks, x_name, y_name, y_most)]
    if diagonal:
        (x1, y1), (x2, y2) = _place(0, 0, y_most), _place(1, 1, y_most)
        parts.append(f'<line class="ideal" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
    for line in lines:
        parts += _drawn(line, y_most)
    if len(lines) > 1:
        parts += _legend(lines)
    return "\n".join([*parts, "</svg>"])


def whiskers(title: str, rows: Sequence[Dot], names: Sequence[str]) -> str:
    """A row a name: its value as a dot, its interval as a line. Rows have their value in `y`."""
    height = 6 + _ROW * len(rows) + 30
    left, right = _NAMES, _WIDTH - _VALUES
    parts = [_opening(title, _WIDTH, height)]
    for n in range(5):
        x = left + n / 4 * (right - left)
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="6" x2="{x:.1f}" y2="{height - 26}"/>')
        parts.append(_text(x, height - 10, f"{n * 25} %", anchor="middle", quiet=True))
    for i, (name, row) in enumerate(zip(names, rows, strict=True)):
        y = 6 + _ROW * i + _ROW / 2
        parts.append(_text(left - 10, y + 4, _short(name, 16), anchor="end"))
        if row.low is not None and row.high is not None:
            x1, x2 = (left + share * (right - left) for share in (row.low, row.high))
            parts.append(f'<line class="whisker c1" x1="{x1:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<circle class="dot c1" cx="{left + row.y * (right - left):.1f}" cy="{y:.1f}" r="4.5"/>')
        parts.append(_text(right + 12, y + 4, row.label, quiet=True))
    return "\n".join([*parts, "</svg>"])


def _opening(title: str, width: float, height: float) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {width:.0f} {height:.0f}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>"
    )


def _place(x: float, y: float, y_most: float) -> tuple[float, float]:
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    return _LEFT + x * width, _TOP + (1 - min(y / y_most, 1.0)) * height


def _axes(ticks: Sequence[tuple[float, str]], x_name: str, y_name: str, y_most: float) -> list[str]:
    parts = []
    for n in range(6):
        share = n / 5 * y_most
        x, y = _place(0, share, y_most)
        parts.append(f'<line class="grid" x1="{x}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{share * 100:.0f} %", anchor="end", quiet=True))
    for place, name in ticks:
        x, y = _place(place, 0, y_most)
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{y + 4:.1f}"/>')
        anchor = "end" if place > 0.99 else "middle"
        parts.append(_text(x + (4 if place > 0.99 else 0), y + 18, name, anchor=anchor, quiet=True))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, x_name, anchor="middle"))
    parts.append(_text(2, 14, y_name))
    return parts


def _drawn(line: Line, y_most: float) -> list[str]:
    colour = f"c{line.number}"
    places = [_place(dot.x, dot.y, y_most) for dot in line.dots]
    parts = []
    if line.joined and len(places) > 1:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline class="line {colour}" points="{points}"/>')
    for dot, (x, y) in zip(line.dots, places, strict=True):
        if dot.low is not None and dot.high is not None:
            (_, bottom), (_, top) = _place(dot.x, dot.low, y_most), _place(dot.x, dot.high, y_most)
            parts.append(f'<line class="whisker {colour}" x1="{x:.1f}" y1="{bottom:.1f}" x2="{x:.1f}" y2="{top:.1f}"/>')
        if line.dotted:
            title = f"<title>{escape(dot.label)}</title>" if dot.label else ""
            parts.append(f'<circle class="dot {colour}" cx="{x:.1f}" cy="{y:.1f}" r="4">{title}</circle>')
    return parts


def _legend(lines: Sequence[Line]) -> list[str]:
    parts, x, y = [], float(_LEFT), _HEIGHT + 10
    for line in lines:
        parts.append(f'<circle class="dot c{line.number}" cx="{x + 4:.1f}" cy="{y - 4}" r="4"/>')
        parts.append(_text(x + 14, y, line.name))
        x += 30 + 7.2 * len(line.name)
    return parts


def _text(x: float, y: float, text: str, *, anchor: str = "start", quiet: bool = False) -> str:
    quietly = ' class="quiet"' if quiet else ""
    return f'<text{quietly} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
