"""The installed version."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def installed_version() -> str:
    """`unknown` when the package runs from a folder without having been installed."""
    try:
        return metadata.version("groundwire")
    except metadata.PackageNotFoundError:
        return "unknown"
