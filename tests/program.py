"""A small mixed-integer program of named columns, solved by scipy: what second opinions use."""

from __future__ import annotations

from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Terms = dict[object, float]


class Program:
    """Columns and rows by name; least cost."""

    def __init__(self) -> None:
        self.cost: Terms = {}
        self.upper: Terms = {}
        self.whole: set[object] = set()
        self.rows: list[tuple[Terms, float, float]] = []

    def column(
        self, name: object, cost: float = 0, upper: float = inf, whole: bool = False
    ) -> None:
        self.cost[name], self.upper[name] = cost, upper
        if whole:
            self.whole.add(name)

    def row(self, terms: Terms, low: float = -inf, high: float = inf) -> None:
        self.rows.append((terms, low, high))

    def least(self) -> float:
        """Return the least cost, infinite where no row's limits can all be met."""
        place = {name: number for number, name in enumerate(self.cost)}
        matrix = np.zeros((len(self.rows), len(place)))
        for number, (terms, _, _) in enumerate(self.rows):
            for name, factor in terms.items():
                matrix[number, place[name]] += factor
        answer = milp(
            list(self.cost.values()),
            integrality=[name in self.whole for name in place],
            bounds=Bounds(np.zeros(len(place)), np.array(list(self.upper.values()))),
            constraints=LinearConstraint(
                matrix, [row[1] for row in self.rows], [row[2] for row in self.rows]
            ),
            options={"mip_rel_gap": 1e-9},
        )
        if answer.status == 2:
            return inf
        assert answer.success, answer.message
        return float(answer.fun)
