"""The search for a front: solves of one instance, whose cost and second objective take turns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from instances.errors import SolverFailed
from instances.goals import Aim
from optimizer.cuts import Cuts
from optimizer.goal_stages import Peaks, stages_of
from optimizer.highs import Instance
from optimizer.kinks import Tangent, trace
from optimizer.limited import Limited
from optimizer.vertex import vertex_of

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.curve import Vertex
    from optimizer.options import Options, Second

SAME = 1e-6
"""Relative difference of costs below which there is nothing to trade."""
CLOSE = 1e-4
"""Distance, relative to the whole front in both directions, at which two points are one."""
HAIR = 1e-7
"""How far inside the least cost the front is looked at first, relative to its width."""


class FrontSearch:
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
        self._cost = Limited(self._instance, cost.cost, cost.offset)
        second: Floats = sum((stage.cost for stage in seconds), np.zeros(len(cost.cost)))
        self._second = Limited(self._instance, second, 0.0)

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

    def _run(self, aim: Limited) -> Answer | None:
        """Return the answer that is least by an aim; ``None`` where no plan keeps every rule."""
        if self._watch.over:
            raise Stopped
        self.solves += 1
        self._instance.change_cost(aim.weights, aim.offset)
        answer = self._cuts.solve(self._instance, self._watch)
        if answer.values is None and self._watch.over:
            raise Stopped
        return None if answer.values is None else answer


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


class Stopped(Exception):
    """Time ran out, or the caller stopped."""
