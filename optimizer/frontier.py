"""Frontier: the least cost as one number of a rule moves, with its kinks where they are exact.

Along a right-hand side (a cap of demand, a target, a budget) the least cost of a linear program is
convex and piecewise linear, along a cost it is concave: the kinks are found exactly, and so is the
value at which no plan is left. Along a coefficient (a cap of supply), or with yes/no choices, the
curve is drawn through an adaptive grid instead, and says so.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from optimizer.answer import Watch
from optimizer.curve import Curve
from optimizer.engine.family import Axis, Family
from optimizer.options import Options
from optimizer.search import Bottomless, Search, why_no_kinks
from optimizer.stretch import span_of

if TYPE_CHECKING:
    import threading

    from instances.problem import Problem


def frontier(
    problem: Problem,
    rule: str | None = None,
    *,
    path: str | None = None,
    low: float | None = None,
    high: float | None = None,
    tolerance: float = 1e-3,
    most: int = 65,
    options: Options | None = None,
    cancel: threading.Event | None = None,
) -> Curve:
    """Return the least cost against a number of a rule, or of any field.

    Parameters
    ----------
    rule
        Id of a rule: its first lever is moved, at all dates at once.
    path
        Instead, the path of a field, such as ``demand[us-dy].quantity``.
    low, high
        Ends of the stretch, in the base unit of the field; for a rule's lever 0 to 1 for a share,
        0 to twice its largest value otherwise.
    tolerance
        On a grid: distance from a straight line, relative to the range of costs, below which a
        stretch is not looked into further.
    most
        Most points of a grid.
    options
        How to solve. Ties are not broken; a time limit holds for all solves together.
    cancel
        Set it from another thread to stop; what is known by then is returned.

    Raises
    ------
    InputError
        There is no such rule or field, or no stretch to look at.
    SolverFailed, CheckFailed
        The solver failed, or the referee disagrees with a plan: a bug.
    """
    options = (options or Options()).model_copy(update={"tie_break": False})
    span = span_of(problem, rule, path, low, high)
    begun = time.monotonic()
    watch = Watch.within(options.time_limit, cancel)
    family = Family(problem, [Axis(span.path)], options)
    reason = "it is a whole number" if span.unit == "count" else None
    if reason is None:
        family.prove([span.low], [span.high])
        reason = why_no_kinks(family)
    search = Search(family, span, watch)
    if reason is None:
        try:
            search.exact()
        except Bottomless:
            reason = "the cost can fall without end"
    if reason is None and (not search.complete or not search.agrees()):
        reason = (
            "a solve from nothing disagreed with the warm ones, which were thrown away"
            if search.complete
            else "time ran out before its kinks were known"
        )
        if search.complete:
            search.forget()
    if reason is not None:
        search.grid(tolerance, most)
    low_end, high_end = search.ends()
    return Curve(
        problem=problem,
        path=span.path,
        unit=span.unit,
        low=span.low,
        high=span.high,
        vertices=search.vertices(),
        impossible_below=low_end,
        impossible_above=high_end,
        exact=reason is None,
        reason=reason,
        complete=search.complete,
        solves=search.solves,
        seconds=time.monotonic() - begun,
    )
