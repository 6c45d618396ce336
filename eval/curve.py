"""Risk against coverage as one SVG picture without outside parts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
from numpy.typing import NDArray

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 720, 430, 64, 66, 190, 56
_COLOURS = ("#0b6e4f", "#1f6feb", "#b7791f", "#9b2c2c", "#6b46c1", "#2c7a7b")
_FEWEST = 10
"""Questions before a line begins: of the first few each one moves the risk by a tenth and more."""
_GREY = "#52606d"


def svg(
    lines: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]], at: tuple[float, float], threshold: float
) -> str:
    """One line a set of questions: coverage and risk, each 0..1. `at`: where the threshold puts the first of them."""
    drawn = [
        _line(coverage, risk, _COLOURS[k % len(_COLOURS)], 2.5 if k == 0 else 1.2)
        for k, (coverage, risk) in enumerate(lines.values())
    ]
    legend = [
        _text(_WIDTH - _RIGHT + 16, _TOP + 16 + 18 * k, name, _COLOURS[k % len(_COLOURS)], bold=k == 0)
        for k, name in enumerate(lines)
    ]
    x, y = _place(*at)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
            f'height="{_HEIGHT}" font-family="Helvetica, Arial, sans-serif" font-size="12">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
            _text(_LEFT, 26, "Risk against coverage, extractive answers", size=16, bold=True),
            _text(_LEFT, 46, "each question scored by a fit that has not seen it; the dot is the threshold", _GREY),
            *_axes(),
            *drawn,
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{_COLOURS[0]}"/>',
            _text(x + 8, y + 16, f"threshold {threshold}", _COLOURS[0]),
            *legend,
            "</svg>",
            "",
        ]
    )


def _place(coverage: float, risk: float) -> tuple[float, float]:
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    return _LEFT + coverage * width, _TOP + (1 - risk) * height


def _line(coverage: NDArray[np.float64], risk: NDArray[np.float64], colour: str, width: float) -> str:
    points = [_place(float(c), float(r)) for c, r in zip(coverage[_FEWEST - 1 :], risk[_FEWEST - 1 :], strict=True)]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" points="{drawn}"/>'


def _axes() -> list[str]:
    parts = []
    for step in range(0, 11, 2):
        share = step / 10
        x, bottom = _place(share, 0.0)
        left, y = _place(0.0, share)
        right, _ = _place(1.0, share)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e4e7eb"/>')
        parts.append(_text(left - 40, y + 4, f"{share:.0%}", _GREY))
        parts.append(_text(x - 12, bottom + 18, f"{share:.0%}", _GREY))
    parts.append(_text(_LEFT, _HEIGHT - 14, "coverage: share of the questions that are answered", _GREY))
    parts.append(_text(6, _TOP - 8, "risk: share of the answers that are wrong", _GREY))
    return parts


def _text(x: float, y: float, text: str, colour: str = "#1f2933", *, size: int = 12, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}"{weight}>{escape(text)}</text>'
