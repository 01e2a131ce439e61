"""The run record: what repeats a run, and what it took."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from optimizer import highs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instances.problem import Problem
    from optimizer.compile import Matrices
    from optimizer.options import Options

DISTRIBUTION = "supply-diversification"


def versions() -> dict[str, str | None]:
    """Return the versions of code, solver and interpreter; ``None`` for what is not installed."""
    found: dict[str, str | None] = {"python": platform.python_version(), "highs": highs.version()}
    for name in (DISTRIBUTION, "pyomo", "highspy", "numpy", "pandas", "pydantic"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def asked_record(problem: Problem, options: Options) -> dict[str, Any]:
    """Return what was asked and by what it was answered, as plain data."""
    return {
        "inputs_hash": problem.hash,
        "options": options.model_dump(),
        "versions": versions(),
    }


def run_record(
    problem: Problem,
    options: Options,
    matrices: Matrices,
    seconds: Mapping[str, float],
    facts: Mapping[str, Any],
    log: Sequence[str],
) -> dict[str, Any]:
    """Return the record of a run as plain data.

    Keys: ``inputs_hash`` (SHA-256 of the problem), ``options``, ``versions``, ``seconds`` by
    phase, ``model`` (size), what the tie-break did, and the solver's ``log`` if it was asked for.
    """
    return {
        **asked_record(problem, options),
        "seconds": {phase: round(spent, 4) for phase, spent in seconds.items()},
        "model": matrices.size,
        **facts,
        "log": list(log) if options.log else None,
    }
