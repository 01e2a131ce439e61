"""The search behind a frontier: solves along one axis, counted, watched and proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.errors import SolverFailed
from optimizer.engine.family import Family
from optimizer.engine.reach import reach
from optimizer.grid import refine
from optimizer.kinks import Tangent, trace
from optimizer.status import Point
from optimizer.vertex import vertex_of

if TYPE_CHECKING:
    from optimizer.answer import Answer, Watch
    from optimizer.curve import Vertex
    from optimizer.engine.reach import End
    from optimizer.stretch import Span

COLD = 1e-6
"""Relative difference within which a solve from nothing agrees with a warm one."""
HAIRS = (0.0, 1e-9, 1e-7)
"""How far inside the last possible value a plan is looked for, relative to the stretch: exactly
there the solver's tolerance may find none."""


def why_no_kinks(family: Family) -> str | None:
    """Return why the kinks along a family's axis cannot be found exactly, ``None`` if they can."""
    line = family.line
    if family.curved:
        return "a cap on concentration makes the cost curved"
    if line is None:
        return "the model does not move in proportion to it"
    if line.base.integer.any():
        return "the problem has yes/no choices"
    if len(line.places.entries):
        return "it is a coefficient of the model, along which the cost is curved"
    if line.moves_costs and line.moves_limits:
        return "it moves costs and limits at once"
    return None


class Search:
    """Solves along one axis.

    Parameters
    ----------
    family
        The problems, with a line where the kinks are to be exact.
    span
        The stretch that is asked about.
    watch
        The eye on all solves together.
    """

    def __init__(self, family: Family, span: Span, watch: Watch) -> None:
        self.family = family
        self.span = span
        self.watch = watch
        self.solves = 0
        self.complete = True
        self._known: dict[float, Answer] = {}
        self._shown: list[float] = []
        self._failed: list[float] = []

    def forget(self) -> None:
        """Throw away what was solved, and compile every point from here on."""
        self.family.distrust()
        self._known.clear()
        self._shown.clear()
        self._failed.clear()

    def exact(self) -> None:
        """Find the ends and the kinks.

        Raises
        ------
        Bottomless
            At an end the cost can fall without end.
        """
        try:
            self._trace()
        except _Stopped:
            return

    def _trace(self) -> None:
        first, last = self._end(self.span.low, "least"), self._end(self.span.high, "greatest")
        if first is None or last is None or not self.complete:
            return
        line = self.family.line
        assert line is not None
        # a curve of costs is concave: upside down it is convex
        sign = -1.0 if line.moves_costs else 1.0

        def tangent(at: float) -> Tangent:
            answer = self._answer(at)
            if answer.objective is None:
                if self.complete:
                    raise SolverFailed(f"the solve at {at:g}, between two plans, {answer.status}")
                raise _Stopped
            return Tangent(at, sign * answer.objective, sign * line.slope(answer))

        pieces = trace(tangent(first), tangent(last), tangent) if first < last else []
        self._shown = [first, *(piece.high for piece in pieces)]

    def _end(self, at: float, end: End) -> float | None:
        """Return the end of the curve: where it was asked for, or where plans begin."""
        answer = self._answer(at)
        if answer.status.has_plan:
            return at
        if not self.complete:
            return None
        if answer.status.point is Point.UNBOUNDED:
            raise Bottomless
        if answer.status.point is not Point.INFEASIBLE:
            raise SolverFailed(f"the solve at {at:g} ended {answer.status}")
        self._failed.append(at)
        assert self.family.line is not None
        self.solves += 1
        width = self.span.high - self.span.low
        found = reach(
            self.family.line, self.span.low, self.span.high, end, self.family.options, self.watch
        )
        for hair in HAIRS if found is not None else ():
            assert found is not None
            inside = found + hair * width * (1 if end == "least" else -1)
            if self._answer(inside).status.has_plan:
                return inside
        return None

    def grid(self, tolerance: float, most: int) -> None:
        """Solve an adaptive grid; whole numbers where only those mean something."""
        try:
            if self.span.unit == "count":
                low, high = round(self.span.low), round(self.span.high)
                costs = [(float(at), self._cost(at)) for at in range(low, high + 1)]
            else:
                costs = refine(self._cost, self.span.low, self.span.high, tolerance, most)
        except _Stopped:
            costs = [(at, answer.objective) for at, answer in sorted(self._known.items())]
        self._shown = [at for at, cost in costs if cost is not None]
        self._failed = [at for at, cost in costs if cost is None]

    def _cost(self, at: float) -> float | None:
        return self._answer(at).objective

    def _answer(self, at: float) -> Answer:
        if at not in self._known:
            if self._over():
                raise _Stopped
            self.solves += 1
            self._known[at] = self.family.solve([at], self.watch)
            self._over()
        return self._known[at]

    def _over(self) -> bool:
        """Return whether time is up, and note it."""
        over = self.watch.over
        self.complete = self.complete and not over
        return over

    def vertices(self) -> tuple[Vertex, ...]:
        """Return the points with a plan, each judged by the referee."""
        return tuple(
            vertex_of(self.family.at([at]), self.family.program([at]).base, at, self._known[at])
            for at in self._shown
        )

    def ends(self) -> tuple[float | None, float | None]:
        """Return the values below and above which there is no plan."""
        if not self._shown:
            return None, None
        first, last = self._shown[0], self._shown[-1]
        return (
            first if any(at < first for at in self._failed) else None,
            last if any(at > last for at in self._failed) else None,
        )

    def agrees(self) -> bool:
        """Return whether solves from nothing, compiled anew, give the ends the same cost."""
        for at in {self._shown[0], self._shown[-1]} if self._shown else ():
            cold = Family(self.family.problem, self.family.axes, self.family.options)
            answer, warm = cold.solve([at], self.watch), self._known[at].objective
            assert warm is not None
            if answer.objective is None:
                # time that ran out contradicts nothing
                return answer.status.point is not Point.INFEASIBLE
            if abs(answer.objective - warm) > COLD * max(1.0, abs(warm)):
                return False
        return True


class Bottomless(Exception):
    """At some value the cost can fall without end: there is no curve there to follow."""


class _Stopped(Exception):
    """Time ran out between two solves."""
