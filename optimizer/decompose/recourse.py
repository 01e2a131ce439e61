r"""Recourse: what a sub-problem costs at a first stage, and the cut that this gives.

The first stage enters as fixed columns. By duality their reduced costs g are a subgradient of the
cost Q, so that for every first stage x

.. math:: Q(x) \ge Q(\hat x) + g (x - \hat x)

Where no recourse is left, the least sum V of what the rows are broken by takes the place of Q, and
the cut says that it must be 0: a feasibility cut. Source: Van Slyke and Wets, SIAM Journal on
Applied Mathematics 17 (1969) 638; Birge and Louveaux, Introduction to Stochastic Programming
(2011), chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optimizer.highs import Instance
from optimizer.status import Point, Stop

if TYPE_CHECKING:
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices, Positions
    from optimizer.options import Options

BROKEN = 1e-8
"""Least sum of broken rows that counts: the solver calls a row kept that is 1e-7 off."""

NOISE = 1e-10
"""Part of a number's terms that it may be and still be rounding."""


class Trouble(Exception):
    """A sub-problem gives no cut; the message says why."""


class Stopped(Exception):
    """Time ran out, or the caller asked to stop."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(str(stop))
        self.stop = stop


@dataclass(frozen=True, eq=False)
class Found:
    """A sub-problem at a first stage.

    Parameters
    ----------
    cost
        What the recourse costs, USD times probability; with no recourse left, the least sum of
        what the rows are broken by.
    slope
        How that changes by each link.
    feasible
        Whether there is any recourse.
    values
        Values of its own columns; ``None`` where there is none.
    duals
        Duals of the rows that are asked for, of what they cost or are broken by.
    """

    cost: float
    slope: Floats
    feasible: bool
    values: Floats | None
    duals: Floats


class Recourse:
    """A sub-problem, held warm in an instance of its own.

    Parameters
    ----------
    matrices
        The sub-problem, its links first.
    links
        How many links there are.
    priced
        Rows whose duals are wanted.
    """

    def __init__(
        self, matrices: Matrices, links: int, priced: Positions, options: Options
    ) -> None:
        self._matrices = matrices
        self._links = np.arange(links)
        self._priced = priced
        self._options = options
        self._instance = Instance(matrices, options, quiet=True)
        self._broken: Instance | None = None

    def at(self, first: Floats, watch: Watch) -> Found:
        """Return what the recourse to ``first``, the values of the links, costs.

        Raises
        ------
        Trouble
            It has no least cost, or the solver gives up.
        Stopped
            Time ran out, or the caller asked to stop.
        """
        answer = self._run(self._instance, first, watch)
        if answer.status.point is Point.OPTIMAL:
            return self._found(answer, feasible=True)
        if answer.status.point is not Point.INFEASIBLE:
            raise Trouble(f"the recourse of a branch is {answer.status}")
        proven = self._proven(first)
        if proven is not None:
            return proven
        if self._broken is None:
            self._broken = Instance(_elastic(self._matrices), self._options, quiet=True)
        answer = self._run(self._broken, first, watch)
        if answer.status.point is not Point.OPTIMAL or answer.objective is None:
            raise Trouble(f"by how much a branch breaks its rows is {answer.status}")
        if answer.objective <= BROKEN:
            raise Trouble("whether a branch has any recourse is a matter of rounding")
        return self._found(answer, feasible=False)

    def begin_like(self, other: Recourse) -> None:
        """Start from where a sub-problem of the same shape is, if it has one."""
        mine, its = self._matrices, other._matrices
        if (len(mine.cost), len(mine.row_lower)) == (len(its.cost), len(its.row_lower)):
            self._instance.begin_like(other._instance)

    def _proven(self, first: Floats) -> Found | None:
        """Return the cut that the solver's own proof gives, if it holds in our arithmetic.

        With weights y, every point has y A x at least R, what the rows ask for. What columns of
        their own can add to that is limited by their bounds, so that what R lacks at most falls on
        the links.
        """
        ray = self._instance.proof()
        if ray is None:
            return None
        matrices, links = self._matrices, len(self._links)
        ray[np.abs(ray) <= NOISE * np.abs(ray).max(initial=0.0)] = 0.0
        width = len(matrices.cost)
        column = np.repeat(np.arange(width), np.diff(matrices.start))
        for weights in (ray, -ray):
            worth = weights[matrices.rows] * matrices.coefficients
            along = np.bincount(column, worth, width).astype(float)
            size = np.bincount(column, np.abs(worth), width)
            along[links:][np.abs(along[links:]) <= NOISE * size[links:]] = 0.0
            asked = _sum(weights, matrices.row_lower, matrices.row_upper)
            own = _sum(along[links:], matrices.upper[links:], matrices.lower[links:])
            lacking = asked - own - float(along[:links] @ first)
            if lacking > BROKEN * max(1.0, float(np.abs(along[:links] @ first))):
                return Found(lacking, -along[:links], False, None, weights[self._priced])
        return None

    def _found(self, answer: Answer, *, feasible: bool) -> Found:
        links = len(self._links)
        assert answer.objective is not None
        assert answer.values is not None
        assert answer.row_dual is not None
        assert answer.column_dual is not None
        return Found(
            cost=answer.objective,
            slope=answer.column_dual[:links],
            feasible=feasible,
            values=answer.values[links:] if feasible else None,
            duals=answer.row_dual[self._priced],
        )

    def _run(self, instance: Instance, first: Floats, watch: Watch) -> Answer:
        instance.change_bounds(self._links, first, first)
        answer = instance.run(watch)
        if answer.status.point is Point.NONE and answer.status.stop is Stop.ERROR:
            # a warm start can lose its way: from nothing it may be found
            instance.forget()
            answer = instance.run(watch)
        if answer.status.stop in (Stop.TIME_LIMIT, Stop.CANCELLED, Stop.MEMORY):
            raise Stopped(answer.status.stop)
        return answer


def _elastic(matrices: Matrices) -> Matrices:
    """Return the program that seeks the least sum of what rows are broken by."""
    below = np.flatnonzero(np.isfinite(matrices.row_lower))
    above = np.flatnonzero(np.isfinite(matrices.row_upper))
    slacks = len(below) + len(above)
    count = len(matrices.coefficients)
    return replace(
        matrices,
        start=np.append(matrices.start, count + np.arange(1, slacks + 1)).astype(np.int32),
        rows=np.concatenate([matrices.rows, below, above]).astype(np.int32),
        coefficients=np.concatenate(
            [matrices.coefficients, np.ones(len(below)), -np.ones(len(above))]
        ),
        cost=np.append(np.zeros(len(matrices.cost)), np.ones(slacks)),
        lower=np.append(matrices.lower, np.zeros(slacks)),
        upper=np.append(matrices.upper, np.full(slacks, np.inf)),
        integer=np.zeros(len(matrices.cost) + slacks, dtype=bool),
    )


def _sum(weights: Floats, above: Floats, below: Floats) -> float:
    """Return a weighed sum, of ``above`` where the weight is above 0 and of ``below`` else."""
    some = weights != 0
    weights = weights[some]
    return float((weights * np.where(weights > 0, above[some], below[some])).sum())
