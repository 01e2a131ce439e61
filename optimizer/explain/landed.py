"""Landed: what a tonne costs on its cheapest way to a user, beside what a tonne is worth there.

The way is the chain of columns (buy, ship, use, run, fill, draw, deliver) with the least reduced
costs. Along it the money falls due account by account; other goods are counted at their duals, and
so is what rules and capacities add. By the definition of a reduced cost these sum up: landed cost,
and what limits add, less the worth of the tonne, is the reduced cost of the way.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.dues import dues
from models.horizon import horizon
from models.network import trace
from optimizer.explain.conflict import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.problem import Problem
    from models.frame import Frame
    from models.index import Index
    from optimizer.answer import Answer
    from optimizer.compile import Floats, Matrices, Positions

SUPPLIES = {"balance": 1, "process_input": 1, "stock_balance": -1, "stock_opening": -1}
"""Rows that hand goods on, and the sign of the coefficient of what brings them."""
NOISE = 1e-9
"""Part of the largest dual below which one is noise."""


@dataclass(frozen=True, eq=False)
class Landed:
    """A way to a user, per tonne delivered (per unit where nothing is delivered).

    Parameters
    ----------
    accounts
        Account to what falls due on it along the way, USD.
    inputs_usd, credits_usd
        What other goods that are used along the way are worth at the margin, and what other
        goods that come out of it are.
    limits
        Table and id of a rule or a record to what its limits add; below 0 they favour the way.
    worth_usd
        What a tonne more is worth to who takes it: the dual of the demand.
    to
        The demand, ``None`` where nothing on the way is delivered.
    lanes, facilities
        Ids of what it passes.
    reduced_usd
        What the way costs more than its tonne is worth; 0 of what is used.
    """

    accounts: Mapping[str, float]
    inputs_usd: float
    credits_usd: float
    limits: Mapping[tuple[str, str], float]
    worth_usd: float
    to: str | None
    lanes: tuple[str, ...]
    facilities: tuple[str, ...]
    reduced_usd: float

    @property
    def cost_usd(self) -> float:
        """Landed cost: all accounts, other inputs, less what else comes out."""
        return sum(self.accounts.values()) + self.inputs_usd - self.credits_usd


@dataclass(frozen=True, eq=False)
class Ways:
    """The program at its optimum, as ways from a column to a user."""

    problem: Problem
    frame: Frame
    matrices: Matrices
    answer: Answer

    @cached_property
    def worth(self) -> Mapping[str, float]:
        """Node to what a dollar of it is worth on the first day, times its probability."""
        time = horizon(self.problem)
        return dict(zip([node.id for node in time.nodes], time.worth.tolist(), strict=True))

    @cached_property
    def _accounts(self) -> list[tuple[str, str, Index, Floats]]:
        """Account, variable, and what its columns pay: of every due of the objective."""
        listed = dues(self.frame, trace(self.problem), horizon(self.problem))
        numbers = self.frame.parameters
        return [
            (due.account, due.variable, numbers[due.name].index, numbers[due.name].values)
            for due in listed
        ]

    @cached_property
    def _row_starts(self) -> tuple[list[str], list[int]]:
        named = [(int(at[0]), name) for name, at in self.matrices.row_positions.items() if len(at)]
        named.sort()
        return [name for _, name in named], [first for first, _ in named]

    @cached_property
    def _column_starts(self) -> tuple[list[str], list[int]]:
        columns = self.matrices.columns
        named = sorted((columns[name], name) for name in columns if len(self._index(name)))
        return [name for _, name in named], [first for first, _ in named]

    def _index(self, variable: str) -> Index:
        return self.matrices.variables[variable]

    @cached_property
    def _by_row(self) -> tuple[Positions, Positions]:
        """Columns by row: order of the entries, and where each row's begin."""
        order = np.argsort(self.matrices.rows, kind="stable")
        counts = np.bincount(self.matrices.rows, minlength=len(self.matrices.row_lower))
        starts = np.zeros(len(counts) + 1, dtype=np.int64)
        np.cumsum(counts, out=starts[1:])
        return order.astype(np.int64), starts

    @cached_property
    def _owner(self) -> Positions:
        return np.repeat(np.arange(len(self.matrices.cost)), np.diff(self.matrices.start))

    def row(self, row: int) -> tuple[str, dict[str, str]]:
        """Return the constraint of a row, and its labels by dimension."""
        names, starts = self._row_starts
        at = int(np.searchsorted(starts, row, side="right")) - 1
        index = self.matrices.constraints[names[at]]
        labels = index.row(row - starts[at])
        return names[at], dict(zip(index.dims, map(str, labels), strict=True))

    def column(self, column: int) -> tuple[str, dict[str, object]]:
        """Return the variable of a column, and its labels by dimension."""
        names, starts = self._column_starts
        at = int(np.searchsorted(starts, column, side="right")) - 1
        index = self._index(names[at])
        return names[at], dict(zip(index.dims, index.row(column - starts[at]), strict=True))

    def entries(self, column: int) -> list[tuple[int, float]]:
        """Return the rows of a column with their coefficients."""
        part = slice(self.matrices.start[column], self.matrices.start[column + 1])
        return list(
            zip(
                self.matrices.rows[part].tolist(),
                self.matrices.coefficients[part].tolist(),
                strict=True,
            )
        )

    def reduced(self, column: int) -> float:
        """Return a reduced cost, USD of the first day per unit; noise is 0."""
        assert self.answer.column_dual is not None
        number = float(self.answer.column_dual[column])
        return 0.0 if abs(number) <= NOISE * self._largest else number

    @cached_property
    def _largest(self) -> float:
        assert self.answer.row_dual is not None
        return max(1.0, float(np.abs(self.answer.row_dual).max(initial=0.0)))

    def landed(self, column: int) -> Landed:
        """Return the cheapest way of a column's tonne to a user."""
        chain, end = self._chain(column)
        return self._told(chain, end)

    def _takers(self, row: int, sign: int) -> list[tuple[int, float]]:
        order, starts = self._by_row
        places = order[int(starts[row]) : int(starts[row + 1])]
        found = []
        for place in places.tolist():
            number = float(self.matrices.coefficients[place])
            owner = int(self._owner[place])
            if number * sign < 0 and self.matrices.upper[owner] > 0:
                found.append((owner, number))
        return found

    def _chain(self, first: int) -> tuple[list[tuple[int, float, int | None]], int | None]:
        """Return columns with their units and the row that each takes from; the last row."""
        heap: list[tuple[float, int, int]] = []
        came: dict[int, tuple[int, int | None, float]] = {}
        # row: the column that brings it, the row that column takes from, tonnes brought
        best: dict[int, tuple[float, int]] = {}

        def reach(row: int, far: float, hops: int, by: tuple[int, int | None, float]) -> None:
            label = (round(far, 9), hops)
            if row not in best or label < best[row]:
                best[row], came[row] = label, by
                heapq.heappush(heap, (*label, row))

        for row, number in self.entries(first):
            name, _ = self.row(row)
            if name in SUPPLIES and number * SUPPLIES[name] > 0:
                reach(row, 0.0, 0, (first, None, abs(number)))
        done: set[int] = set()
        while heap:
            far, hops, row = heapq.heappop(heap)
            if row in done:
                continue
            done.add(row)
            name, _ = self.row(row)
            if name == "demand_met":
                return self._back(row, came), row
            tonnes = came[row][2]
            for taker, number in self._takers(row, SUPPLIES[name]):
                units = tonnes / abs(number)
                more = far + max(self.reduced(taker), 0.0) * units
                for other, brought in self.entries(taker):
                    kind, _ = self.row(other)
                    sign = 1 if kind == "demand_met" else SUPPLIES.get(kind)
                    if other != row and sign is not None and brought * sign > 0:
                        by = (taker, row, units * abs(brought))
                        reach(other, more, hops + 1, by)
        return [(first, 1.0, None)], None

    def _back(
        self, row: int, came: Mapping[int, tuple[int, int | None, float]]
    ) -> list[tuple[int, float, int | None]]:
        chain: list[tuple[int, float, int | None]] = []
        at: int | None = row
        while at is not None:
            column, before, tonnes = came[at]
            number = next(abs(value) for other, value in self.entries(column) if other == at)
            chain.append((column, tonnes / number, before))
            at = before
        return chain[::-1]

    def _told(self, chain: list[tuple[int, float, int | None]], end: int | None) -> Landed:
        assert self.answer.row_dual is not None
        within = {before for _, _, before in chain} | {end}
        sums: dict[str, float] = defaultdict(float)
        limits: dict[tuple[str, str], float] = defaultdict(float)
        inputs = credits = reduced = 0.0
        passed: dict[str, dict[str, None]] = {"lane": {}, "facility": {}}
        delivered, worth, to = 1.0, 0.0, None
        for column, units, _ in chain:
            variable, labels = self.column(column)
            left = float(self.matrices.cost[column])
            for account, payer, index, numbers in self._accounts:
                place = index.places.get(_key(labels, index)) if payer == variable else None
                if place is not None:
                    sums[account] += units * float(numbers[place])
                    left -= float(numbers[place])
            if abs(left) > 1e-9 * max(1.0, abs(float(self.matrices.cost[column]))):
                sums["other"] += units * left
            own = self.reduced(column)
            reduced += units * max(own, 0.0)
            for dim, ids in passed.items():
                if dim in labels:
                    ids[str(labels[dim])] = None
            if own < 0:
                limits[_owner_of(labels)] += -own * units
            for row, number in self.entries(column):
                price = float(self.answer.row_dual[row])
                name, row_labels = self.row(row)
                charge = -number * price * units
                if row == end:
                    delivered, worth, to = abs(number) * units, -charge, row_labels["demand"]
                elif row in within:
                    continue
                elif name in SUPPLIES or name == "demand_met":
                    if end is None and number * SUPPLIES.get(name, 1) > 0:
                        worth -= charge
                    elif charge > 0:
                        inputs += charge
                    else:
                        credits -= charge
                elif abs(price) > NOISE * self._largest:
                    limits[_owner_of(dict(row_labels))] += charge
        node = str(self.column(chain[0][0])[1]["node"])
        scale = 1.0 / (delivered * self.worth[node])
        return Landed(
            accounts={name: number * scale for name, number in sums.items() if number},
            inputs_usd=inputs * scale,
            credits_usd=credits * scale,
            limits={key: number * scale for key, number in limits.items() if abs(number) > 0},
            worth_usd=worth * scale,
            to=to,
            lanes=tuple(passed["lane"]),
            facilities=tuple(passed["facility"]),
            reduced_usd=reduced * scale,
        )


def _key(labels: Mapping[str, object], index: Index) -> object:
    parts = tuple(labels.get(dim) for dim in index.dims)
    return parts if len(parts) > 1 else parts[0]


def _owner_of(labels: Mapping[str, object]) -> tuple[str, str]:
    """Return the record whose limit a row or a bound is: a rule first."""
    for dim in ("rule", "contract", "expansion", *TABLES):
        if dim in labels:
            return TABLES[dim], str(labels[dim])
    return "other", "limits"
