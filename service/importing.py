"""Importing libraries without the parts of them that nobody here uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def absent(*modules: str) -> Iterator[None]:
    """As if the modules that are not imported yet were not installed: for optional parts, which libraries do without.

    Not to be used from several threads at once with the same names.
    """
    known: dict[str, Any] = sys.modules
    hidden = [name for name in modules if name not in known]
    known.update(dict.fromkeys(hidden))  # this is how Python itself marks a module that cannot be had
    try:
        yield
    finally:
        for name in hidden:
            known.pop(name, None)
