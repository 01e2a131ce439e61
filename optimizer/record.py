"""The run record: what repeats a run, and what it took."""

from __future__ import annotations

import platform
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from optimizer import highs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instances.problem import Problem
    from optimizer.compile import Matrices
    from optimizer.options import Options
    from optimizer.result import Result

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

    Keys: ``inputs_hash`` (SHA-256 of the problem), ``options``, ``versions``, ``solved_at`` (UTC),
    ``seconds`` by phase, ``model`` (size), what the tie-break did, and the solver's ``log`` if it
    was asked for.
    """
    return {
        **asked_record(problem, options),
        "solved_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": {phase: round(spent, 4) for phase, spent in seconds.items()},
        "model": matrices.size,
        **facts,
        "log": list(log) if options.log else None,
    }


def as_asked(result: Result, made_of: Mapping[str, Any]) -> Result:
    """Return the result with what its problem was made of in its record.

    Parameters
    ----------
    result
        What was found.
    made_of
        What the problem as solved does not tell: ``instance`` (name of the shipped one), ``file``
        (that it was read from) and ``edits`` (what was changed before it was solved, in order);
        ``None`` for what it was not made of.
    """
    return replace(result, record={**made_of, **result.record})
