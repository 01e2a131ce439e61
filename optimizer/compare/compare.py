"""Compare: from two problems to what differs, why the cost does, and who supplies instead."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from instances.record import with_fields
from optimizer.answer import Watch
from optimizer.compare.bridge import bridge_of
from optimizer.compare.comparison import Comparison
from optimizer.compare.differences import differences_of
from optimizer.compare.volumes import same_tree, volumes_of
from optimizer.options import Options
from optimizer.result import Result
from optimizer.solve import solve

if TYPE_CHECKING:
    import threading

    from instances.problem import Problem
    from optimizer.compare.volumes import Volume

SECONDS = 60.0
"""Time that a comparison may take if nothing is said about it."""


def compare(
    first: Problem | Result,
    second: Problem | Result,
    options: Options | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Comparison:
    """Return what differs between two problems, a cost bridge by cause, and who gains volume.

    Parameters
    ----------
    first, second
        Problems, or results, whose plans are then taken as they are.
    options
        How to solve; the time limit holds for everything together, 60 s if not given.
    cancel
        Set it from another thread to stop: what is known by then is returned, and said to be
        incomplete.

    Raises
    ------
    SolverFailed, CheckFailed
        The solver failed, or the referee disagrees with a plan: a bug.
    """
    options = options or Options()
    begun = time.monotonic()
    seconds = SECONDS if options.time_limit is None else options.time_limit
    watch = Watch.within(seconds, cancel)

    def held(subject: Problem | Result) -> Result:
        if isinstance(subject, Result):
            return subject
        limited = options.model_copy(update={"time_limit": max(watch.left(), 1e-3)})
        return solve(subject, limited, cancel=watch.cancel)

    before, after = held(first), held(second)
    plain = options.model_copy(update={"tie_break": False, "time_limit": None})
    differences = differences_of(before.problem, after.problem)
    bridge = bridge_of(_sourced(before.problem, after.problem), differences, plain, watch)
    volumes: tuple[Volume, ...] = ()
    if before.has_plan and after.has_plan:
        volumes = volumes_of(before, after, plain, watch)
    late = watch.over
    return Comparison(
        before,
        after,
        differences,
        bridge,
        volumes,
        bridge.complete and not late,
        time.monotonic() - begun,
        same_tree(before, after),
    )


def _sourced(first: Problem, second: Problem) -> Problem:
    """Return the first problem with the sources of both: records of the second name theirs."""
    known = {source.id for source in first.sources}
    more = tuple(source for source in second.sources if source.id not in known)
    return with_fields(first, sources=(*first.sources, *more)) if more else first
