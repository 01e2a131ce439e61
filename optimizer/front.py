"""Front: the least of a second objective at each cost, from the cheapest plan to the best one.

The second objective is minimised under a limit on cost (the epsilon-constraint method: Haimes,
Lasdon and Wismer, IEEE Trans. Syst. Man Cybern. 1 (1971) 296). Of a linear program the front is
convex and piecewise linear in the limit, and its kinks are found exactly; with yes/no choices or
caps on concentration it is drawn through evenly spaced limits, each with its cheapest plan.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.errors import SolverFailed
from instances.goals import Aim
from instances.rules import HHICap
from instances.words import money
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.cuts import Cuts
from optimizer.goals import SLACK, Peaks, stages_of
from optimizer.highs import Instance
from optimizer.kinks import Tangent, trace
from optimizer.options import Options
from optimizer.vertex import vertex_of

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem
    from optimizer.answer import Answer
    from optimizer.compile import Floats, Matrices
    from optimizer.curve import Vertex
    from optimizer.options import Second

SAME = 1e-6
"""Relative difference of costs below which there is nothing to trade."""
CLOSE = 1e-4
"""Distance, relative to the whole front in both directions, at which two points are one."""
HAIR = 1e-7
"""How far inside the least cost the front is looked at first, relative to its width."""


@dataclass(frozen=True, eq=False)
class Front:
    """The least of a second objective against cost.

    Parameters
    ----------
    problem, against
        What was asked about, and the second objective.
    points
        From the cheapest to the dearest: a plan (``at`` is the second objective, in demands).
    exact
        Whether the front is straight between neighbours, and every kink is among them.
    reason
        Why it is not, ``None`` where it is.
    complete
        Whether time or a cancel did not end the search.
    solves, seconds
        What it took.
    """

    problem: Problem
    against: Second
    points: tuple[Vertex, ...]
    exact: bool
    reason: str | None
    complete: bool
    solves: int
    seconds: float

    @property
    def table(self) -> pd.DataFrame:
        """Return a row per point, with what a unit less of the objective costs to the next."""
        import pandas as pd

        prices: list[float | None] = [
            (second.objective - first.objective) / (first.at - second.at)
            for first, second in pairwise(self.points)
        ]
        return pd.DataFrame(
            {
                "objective_usd": [point.objective for point in self.points],
                self.against: [point.at for point in self.points],
                "unmet_t": [point.unmet_t for point in self.points],
                "usd_per_unit_less": [*prices, None] if self.points else [],
            }
        )

    def to_plain(self) -> dict[str, Any]:
        """Return the front as plain data for JSON."""
        from optimizer.plain import rows

        return {
            "against": self.against,
            "unit": "demands",
            "exact": self.exact,
            "reason": self.reason,
            "complete": self.complete,
            "solves": self.solves,
            "seconds": round(self.seconds, 4),
            "points": rows(self.table),
        }

    def summary(self) -> str:
        """Return the front in words, point by point."""
        kind = "exact kinks" if self.exact else f"drawn through a grid, since {self.reason}"
        lines = [
            f"{self.problem.name}: least {self.against} (in demands) against cost",
            f"{len(self.points)} points in {self.solves} solves; {kind}.",
        ]
        if not self.complete:
            lines.append("Stopped early: there may be more between the points, and beyond them.")
        if not self.points:
            lines.append("No plan at any cost.")
        for number, point in enumerate(self.points):
            text = f"{money(point.objective)}: {self.against} {point.at:.6g}"
            if number:
                before = self.points[number - 1]
                price = (point.objective - before.objective) / (before.at - point.at)
                text += f"; each 0.01 less costs {money(0.01 * price)}"
            lines.append(text + ".")
        if len(self.points) == 1 and self.complete:
            lines.append("The cheapest plan is the best one, too: there is nothing to trade.")
        return "\n".join(lines)


def front(
    problem: Problem,
    against: Second = "shortfall",
    *,
    most: int = 17,
    options: Options | None = None,
    cancel: threading.Event | None = None,
) -> Front:
    """Return the least of a second objective at each cost.

    Parameters
    ----------
    against
        "shortfall": the sum over demands and nodes of the fraction left unmet. "concentration":
        the sum over commodities and nodes of the largest share of one country.
    most
        Points where there are no exact kinks.
    options
        How to solve. A time limit holds for all solves together.
    cancel
        Set it from another thread to stop; what is known by then is returned.

    Raises
    ------
    SolverFailed, CheckFailed
        The solver failed, or the referee disagrees with a plan: a bug.
    """
    options = (options or Options()).model_copy(update={"tie_break": False})
    begun = time.monotonic()
    deadline = None if options.time_limit is None else begun + options.time_limit
    watch = Watch(cancel=cancel or threading.Event(), deadline=deadline)
    matrices = compile_frame(build(problem))
    reason = None
    if matrices.integer.any():
        reason = "the problem has yes/no choices"
    elif any(isinstance(rule, HHICap) for rule in problem.rules):
        reason = "a cap on concentration makes it curved"
    search = _Search(problem, matrices, against, options, watch)
    complete = True
    try:
        search.trace() if reason is None else search.grid(most)
    except _Stopped:
        complete = False
    return Front(
        problem=problem,
        against=against,
        points=search.points(),
        exact=reason is None,
        reason=reason,
        complete=complete,
        solves=search.solves,
        seconds=time.monotonic() - begun,
    )


class _Search:
    """Solves of one instance, whose cost and second objective are limited in turn."""

    def __init__(
        self,
        problem: Problem,
        matrices: Matrices,
        against: Second,
        options: Options,
        watch: Watch,
    ) -> None:
        self.solves = 0
        self._problem, self._matrices, self._watch = problem, matrices, watch
        self._cuts = Cuts(problem, matrices, options.hhi_tolerance)
        self._instance = Instance(matrices, options, quiet=True)
        self._known: list[Answer] = []
        if matrices.integer.any():
            self._instance.want_whole_choices()
        peaks = Peaks(problem, matrices)
        if against == "concentration":
            peaks.add(self._instance)
        (cost,) = stages_of(problem, matrices, peaks, Aim(goal="cost"))
        seconds = stages_of(problem, matrices, peaks, Aim(goal=against))
        self._cost = _Limited(self._instance, cost.cost, cost.offset)
        second: Floats = sum((stage.cost for stage in seconds), np.zeros(len(cost.cost)))
        self._second = _Limited(self._instance, second, 0.0)

    def trace(self) -> None:
        """Find both ends and the kinks between them."""
        ends = self._ends()
        if ends is None:
            return
        cheapest, dearest = ends
        if dearest - cheapest <= SAME * max(1.0, abs(cheapest)):
            return
        # exactly at the least cost the solver's tolerance may find no plan
        hair = HAIR * (dearest - cheapest)
        first, last = self._tangent(cheapest + hair), self._tangent(dearest)
        self._known.clear()
        pieces = trace(first, last, self._tangent)
        for at in [cheapest, *(piece.high for piece in pieces)]:
            self._keep(at)

    def grid(self, count: int) -> None:
        """Find both ends, and plans at evenly spaced limits on cost."""
        ends = self._ends()
        if ends is None:
            return
        cheapest, dearest = ends
        if dearest - cheapest > SAME * max(1.0, abs(cheapest)):
            for at in np.linspace(cheapest, dearest, count)[1:-1].tolist():
                self._keep(at)

    def points(self) -> tuple[Vertex, ...]:
        """Return the plans found, none of which another betters, each judged by the referee."""
        found = []
        many = len(self._matrices.cost)
        for answer in self._known:
            assert answer.values is not None
            plan = answer.values[:many]
            cost = float(self._matrices.cost @ plan) + self._matrices.offset
            second = float(self._second.weights @ answer.values) + 0.0
            shown = replace(answer, values=plan, objective=cost)
            found.append(vertex_of(self._problem, self._matrices, second, shown))
        found.sort(key=lambda point: (point.objective, point.at))
        kept: list[Vertex] = []
        for point in found:
            if not kept or point.at < kept[-1].at - SAME * max(1.0, abs(kept[-1].at)):
                kept.append(point)
        return tuple(_apart(kept))

    def _ends(self) -> tuple[float, float] | None:
        """Return the least cost, and the least cost of the least second objective; keep both."""
        answer = self._run(self._cost)
        if answer is None:
            return None
        assert answer.objective is not None
        cheapest = answer.objective
        self._keep(cheapest)
        best = self._run(self._second)
        if best is None or best.objective is None:
            raise SolverFailed("there is a plan, but none of the least second objective")
        self._second.limit(best.objective)
        closed = self._run(self._cost)
        self._second.limit(np.inf)
        if closed is None or closed.objective is None:
            raise SolverFailed("the least second objective cannot be held")
        self._known.append(closed)
        return cheapest, closed.objective

    def _keep(self, cost: float) -> None:
        """Keep the cheapest plan that has the least second objective within a cost."""
        self._cost.limit(cost)
        answer = self._run(self._second)
        if answer is None or answer.objective is None:
            raise SolverFailed(f"no plan within {cost:g} USD, at which there is one")
        self._second.limit(answer.objective)
        closed = self._run(self._cost)
        self._second.limit(np.inf)
        self._cost.limit(np.inf)
        self._known.append(closed or answer)

    def _tangent(self, cost: float) -> Tangent:
        self._cost.limit(cost, room=0.0)
        answer = self._run(self._second)
        self._cost.limit(np.inf)
        if answer is None or answer.objective is None or answer.row_dual is None:
            raise SolverFailed(f"no plan within {cost:g} USD, between two plans")
        return Tangent(cost, answer.objective, self._cost.price(answer))

    def _run(self, aim: _Limited) -> Answer | None:
        """Return the answer that is least by an aim; ``None`` where no plan keeps every rule."""
        if self._watch.cancel.is_set() or self._watch.left() <= 0:
            raise _Stopped
        self.solves += 1
        self._instance.change_cost(aim.weights, aim.offset)
        answer = self._cuts.solve(self._instance, self._watch)
        if answer.values is None and (self._watch.cancel.is_set() or self._watch.left() <= 0):
            raise _Stopped
        return None if answer.values is None else answer


class _Limited:
    """A sum of columns that is minimised, or limited by a row."""

    def __init__(self, instance: Instance, weights: Floats, offset: float) -> None:
        self.weights, self.offset = weights, offset
        self._instance = instance
        columns = np.flatnonzero(weights)
        self._size = float(np.abs(weights).max(initial=0.0)) or 1.0
        self._row = instance.add_row(-np.inf, np.inf, columns, weights[columns] / self._size)

    def limit(self, most: float, room: float = SLACK) -> None:
        """Let the sum be at most ``most``, with a room for the solver's own tolerance."""
        most -= self.offset
        spare = 0.0 if np.isinf(most) else room * max(abs(most), self._size)
        limit = (most + spare) / self._size
        row = np.array([self._row])
        self._instance.change_rows(row, np.array([-np.inf]), np.array([limit]))

    def price(self, answer: Answer) -> float:
        """Return what a unit more of the limit is worth to the objective of ``answer``."""
        assert answer.row_dual is not None
        return float(answer.row_dual[self._row]) / self._size


def _apart(points: list[Vertex]) -> list[Vertex]:
    """Return the points without those that tolerance alone tells from a neighbour."""
    if len(points) < 3:
        return points
    width = CLOSE * (points[-1].objective - points[0].objective)
    height = CLOSE * (points[0].at - points[-1].at)
    kept = points[:1]
    for point in points[1:-1]:
        if not any(
            abs(point.objective - other.objective) <= width and abs(point.at - other.at) <= height
            for other in (kept[-1], points[-1])
        ):
            kept.append(point)
    return [*kept, points[-1]]


class _Stopped(Exception):
    """Time ran out, or the caller stopped."""
