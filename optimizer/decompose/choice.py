"""Choice: the extensive form in one piece, or the L-shaped loop over its parts, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from instances.errors import Finding, InputError
from instances.rules import HHICap
from optimizer.decompose.partition import Partition, partition

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.compile import Matrices
    from optimizer.options import Options

MANY = 50
"""Sub-problems from which on the loop is the faster one, by `bench_scenarios.py`."""
LARGE = 50_000
"""Columns of the extensive form likewise."""
LARGEST_PART = 0.25
"""Part of all columns that the first stage or a sub-problem may have: a loop around one large
program solves it over and over."""


@dataclass(frozen=True, eq=False)
class Choice:
    """How a problem is solved.

    Parameters
    ----------
    method
        The way.
    reason
        Why this one.
    parts
        First stage and sub-problems for the L-shaped loop.
    """

    method: Literal["extensive form", "L-shaped"]
    reason: str
    parts: Partition | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Return it for the record of the run."""
        return {"method": self.method, "method_reason": self.reason}


def choose(
    problem: Problem, matrices: Matrices, options: Options, *, by_cost_alone: bool
) -> Choice:
    """Return how to solve ``problem``.

    Raises
    ------
    InputError
        The L-shaped loop is asked for where it cannot do.
    """
    if options.method == "extensive":
        return Choice("extensive form", "asked for")
    if options.method == "auto":
        count = len(matrices.cost)
        if count < LARGE:
            return Choice("extensive form", f"small: {count:,} columns of fewer than {LARGE:,}")
        if len(problem.branches) < MANY:
            return Choice("extensive form", f"fewer than {MANY} scenarios")
    parts = partition(problem.nodes, matrices)
    obstacle = _obstacle(problem, parts, by_cost_alone=by_cost_alone)
    if options.method == "l-shaped":
        if obstacle is not None:
            raise InputError(
                [
                    Finding(
                        "options.method",
                        f"asks for the L-shaped loop, which cannot do: {obstacle}",
                        options.method,
                        remedy="Leave it at 'auto', or ask for 'extensive'.",
                    )
                ]
            )
        return Choice("L-shaped", "asked for", parts)
    if obstacle is not None:
        return Choice("extensive form", obstacle)
    blocks = len(parts.blocks)
    if blocks < MANY:
        return Choice("extensive form", f"{blocks} sub-problems are fewer than {MANY}")
    largest = max(len(part.columns) for part in (parts.first, *parts.blocks))
    if largest > LARGEST_PART * len(matrices.cost):
        return Choice("extensive form", f"one part holds {largest:,} of its columns")
    reason = f"{blocks} sub-problems behind a first stage of {len(parts.first.columns):,} columns"
    return Choice("L-shaped", reason, parts)


def _obstacle(problem: Problem, parts: Partition, *, by_cost_alone: bool) -> str | None:
    """Return what the L-shaped loop cannot do, ``None`` where it can."""
    if not by_cost_alone:
        return "several goals are sought one after the other"
    if not parts.blocks:
        return "nothing branches: there is no second stage"
    if any(isinstance(rule, HHICap) for rule in problem.rules):
        return "caps on concentration give cuts of their own"
    if parts.ties:
        return f"rows of {', '.join(parts.ties)} tie branches together"
    matrices = parts.matrices
    choices = matrices.integer & (matrices.lower < matrices.upper)
    if any(choices[part.columns].any() for part in parts.blocks):
        return "there are yes/no choices in the second stage, whose cost is not convex"
    return None
