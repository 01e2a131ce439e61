"""Exit codes of the command line: what a script can tell without reading the answer."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer import Sweep
    from optimizer.status import Status


class Exit(IntEnum):
    """How a command ended."""

    GOOD = 0
    """Answered, and the answer is good."""
    BUG = 1
    """A fault of ours, not of the input."""
    BAD_INPUT = 2
    """The input or the command line is wrong; the findings say where."""
    INFEASIBLE = 3
    """No plan keeps every rule, or cost falls without end; or a refused shortfall."""
    STOPPED_WITH_PLAN = 4
    """Stopped before the end with a plan in hand."""
    STOPPED_WITHOUT = 5
    """Stopped before the end without a plan."""


def exit_of(status: Status) -> Exit:
    """Return the exit code of a solve that ended with ``status``."""
    from optimizer.status import Point

    return {
        Point.OPTIMAL: Exit.GOOD,
        Point.FEASIBLE: Exit.STOPPED_WITH_PLAN,
        Point.INFEASIBLE: Exit.INFEASIBLE,
        Point.UNBOUNDED: Exit.INFEASIBLE,
        Point.NONE: Exit.STOPPED_WITHOUT,
    }[status.point]


def exit_of_search(*, held: bool, complete: bool) -> Exit:
    """Return the exit code of a search that holds plans, or does not, and came to its end."""
    if complete:
        return Exit.GOOD if held else Exit.INFEASIBLE
    return Exit.STOPPED_WITH_PLAN if held else Exit.STOPPED_WITHOUT


def exit_of_sweep(outcome: Sweep) -> Exit:
    """Return the exit code of a sweep: good once every point is answered, infeasible ones too.

    Where no point has an answer, the worst of the reasons counts: a failure of ours, then edits
    that make no valid problem, then time.
    """
    if outcome.state == "complete":
        return Exit.GOOD
    if outcome.state == "partial":
        return Exit.STOPPED_WITH_PLAN
    if outcome.counts["failed"]:
        return Exit.BUG
    return Exit.BAD_INPUT if outcome.counts["invalid"] else Exit.STOPPED_WITHOUT
