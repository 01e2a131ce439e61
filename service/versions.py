"""Versions of the program, of Python and of what it computes with."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "supply-diversification"
PARTS = ("highspy", "pyomo", "numpy", "pandas", "pydantic", "pint", "fastapi", "uvicorn")


def version_of(distribution: str) -> str | None:
    """Return the installed version of a distribution, ``None`` when it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def versions() -> dict[str, str | None]:
    """Return name to version: this program, Python, then the packages an answer depends on."""
    return {
        "diversify": version_of(DISTRIBUTION),
        "python": platform.python_version(),
        **{part: version_of(part) for part in PARTS},
    }
