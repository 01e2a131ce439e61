"""Cuts: a convex rule that is no linear row is held from outside, plane by plane.

Solve, look at the mix of sellers, forbid what lies beyond a cap by a plane that touches it, solve
again from where the solver stands. Every answer is a lower bound on the cost; the first that keeps
every cap to the tolerance is the plan. With yes/no choices the cuts are added between solves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from instances.rules import HHICap
from models.hhi_cap import CUT, risks, slope
from models.index import Index
from models.network import trace
from models.rows import family_rows
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from instances.problem import Problem
    from models.rows import Row
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices, Positions
    from optimizer.highs import Instance

ROW_TOLERANCE = 1e-6
"""Tonnes beyond a cut that are rounding: a tenth of it is what the solver calls feasible."""


class Cuts:
    """The cuts of one model. They are added to every instance that is solved through it.

    Parameters
    ----------
    matrices
        The model without further cuts; other bounds and costs of the same model do.
    tolerance
        How far above its cap an index may lie.
    """

    def __init__(self, problem: Problem, matrices: Matrices, tolerance: float) -> None:
        self._base = matrices
        self._tolerance = tolerance
        self._caps = _caps(problem, matrices)
        self._keys: list[tuple[Hashable, ...]] = []
        self._rows: list[tuple[Positions, Floats]] = []
        self.rounds = 0

    @property
    def facts(self) -> dict[str, int]:
        """How many rounds of cuts there were, and how many cuts; nothing without such rules."""
        if not self._caps:
            return {}
        return {"cut_rounds": self.rounds, "cuts": len(self._rows)}

    @property
    def matrices(self) -> Matrices:
        """The model with the cuts found so far."""
        return _with_cuts(self._base, self._keys, self._rows)

    def solve(self, instance: Instance, watch: Watch) -> Answer:
        """Solve until every cap is kept; ``instance`` holds the cuts found before.

        A point that breaks a cap is no plan: when time runs out there, none is held.
        """
        answer = instance.run(watch)
        seconds = answer.seconds
        while answer.values is not None and self._cut(instance, answer.values):
            self.rounds += 1
            stopped = _stopped(answer, watch)
            if stopped is not None:
                return _without_point(answer, stopped, seconds)
            answer = instance.run(watch)
            seconds += answer.seconds
        return replace(answer, seconds=seconds)

    def _cut(self, instance: Instance, values: Floats) -> bool:
        """Add what forbids the point; return whether it breaks a cap."""
        broken = False
        for cap in self._caps:
            beyond, tonnes, cut = cap.row.rule.cuts(
                {name: max(float(values[at]), 0.0) for name, at in cap.sold.items()},
                cap.risks,
                cap.row.limit,
                max(float(values[cap.excess]), 0.0),
            )
            if beyond <= self._tolerance or tonnes <= ROW_TOLERANCE:
                continue
            broken = True
            columns = np.array([*cap.sold.values(), cap.excess], dtype=np.int64)
            slopes = [slope(cut.get(name, 0.0), cap.row.limit) for name in cap.sold]
            weights = np.array([*slopes, -1.0])
            instance.add_row(-np.inf, 0.0, columns, weights)
            self._keys.append((*cap.row.key, cap.number))
            self._rows.append((columns, weights))
            cap.number += 1
        return broken


class _Cap:
    """A row of a cap with the columns it looks at."""

    def __init__(
        self,
        row: Row[HHICap],
        weights: Mapping[str, float],
        sold: Mapping[str, int],
        excess: int,
    ) -> None:
        self.row = row
        self.risks = weights
        self.sold = sold
        self.excess = excess
        # the model begins with one cut at the least concentrated mix and one at each seller
        self.number = len(weights) + 1


def _caps(problem: Problem, matrices: Matrices) -> list[_Cap]:
    rows = family_rows(problem, HHICap)
    if not rows:
        return []
    network = trace(problem)
    sold, excess = _places(matrices, "sold"), _places(matrices, "excess")
    caps = []
    for row in rows:
        weights = risks(network, row)
        rule, _, goods, node = row.key
        columns = {name: sold[rule, goods, name, node] for name in weights}
        caps.append(_Cap(row, weights, columns, excess[row.key]))
    return caps


def _places(matrices: Matrices, variable: str) -> dict[Hashable, int]:
    first = matrices.columns[variable]
    return {key: first + place for place, key in enumerate(matrices.variables[variable].rows())}


def _stopped(answer: Answer, watch: Watch) -> Stop | None:
    """Return why no further solve may be started, ``None`` where one may."""
    if answer.status.stop is not Stop.FINISHED:
        return answer.status.stop
    if watch.cancel.is_set():
        return Stop.CANCELLED
    return Stop.TIME_LIMIT if watch.left() <= 0 else None


def _without_point(answer: Answer, stop: Stop, seconds: float) -> Answer:
    return replace(
        answer,
        status=Status(stop, Point.NONE),
        values=None,
        objective=None,
        gap=None,
        row_dual=None,
        column_dual=None,
        seconds=seconds,
    )


def _with_cuts(
    base: Matrices, keys: list[tuple[Hashable, ...]], cuts: list[tuple[Positions, Floats]]
) -> Matrices:
    """Return the model with more rows of the constraint ``hhi_cut`` at its end."""
    if not cuts:
        return base
    count = len(base.row_lower)
    new = np.repeat(np.arange(count, count + len(cuts)), [len(columns) for columns, _ in cuts])
    width = np.repeat(np.arange(len(base.cost)), np.diff(base.start))
    columns = np.concatenate([width, *(columns for columns, _ in cuts)])
    rows = np.concatenate([base.rows, new])
    numbers = np.concatenate([base.coefficients, *(numbers for _, numbers in cuts)])
    kept = numbers != 0
    columns, rows, numbers = columns[kept], rows[kept], numbers[kept]
    order = np.lexsort((rows, columns))
    start = np.zeros(len(base.cost) + 1, dtype=np.int32)
    np.cumsum(np.bincount(columns, minlength=len(base.cost)), out=start[1:])
    index = Index.of(CUT, [*base.constraints["hhi_cut"].rows(), *keys])
    places = np.arange(count, count + len(cuts))
    return replace(
        base,
        start=start,
        rows=rows[order].astype(np.int32),
        coefficients=numbers[order],
        row_lower=np.append(base.row_lower, np.full(len(cuts), -np.inf)),
        row_upper=np.append(base.row_upper, np.zeros(len(cuts))),
        row_positions={
            **base.row_positions,
            "hhi_cut": np.append(base.row_positions["hhi_cut"], places),
        },
        constraints={**base.constraints, "hhi_cut": index},
    )
