"""How values are written, the same in every format that people read."""

from __future__ import annotations

from eval.reports.report import Cell, Measured


def cell_text(cell: Cell) -> str:
    if cell is None:
        return "–"
    return measured_text(cell) if isinstance(cell, Measured) else str(cell)


def measured_text(measured: Measured) -> str:
    """The value, its interval in brackets, and what it was counted from."""
    if measured.value is None:
        return "not scored"
    interval = interval_text(measured)
    counted = f" ({measured.hits} of {measured.of})" if measured.of is not None else ""
    return value_text(measured) + (f" {interval}" if interval else "") + counted


def value_text(measured: Measured) -> str:
    return "not scored" if measured.value is None else _number(measured.value, measured.unit, sign=True)


def interval_text(measured: Measured) -> str:
    if measured.low is None or measured.high is None:
        return ""
    return f"[{_number(measured.low, measured.unit)}, {_number(measured.high, measured.unit)}]"


def _number(value: float, unit: str, *, sign: bool = False) -> str:
    if unit == "share":
        return f"{value * 100:.1f}" + (" %" if sign else "")
    if unit == "milliseconds":
        return f"{value:,.0f}" + (" ms" if sign else "")
    return f"{value:,.0f}" if value == int(value) and abs(value) >= 1 else f"{value:.3f}"
