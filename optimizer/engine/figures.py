"""Figures: what is noted of every point's plan, as weighted sums of the program's columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.recipes import recipes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instances.problem import Problem
    from optimizer.compile import Floats, Matrices, Positions

Key = tuple[str, str, str]
"""Figure, of what, whose ("" where nobody's)."""


@dataclass(frozen=True, eq=False)
class Figures:
    """Sums over columns, one after the other.

    Parameters
    ----------
    keys
        What each is: ``unmet_t`` by commodity and class of demand, ``supply_t`` (bought and made)
        by commodity and country, ``stock_t`` at the end by stockpile, ``built_t_per_yr`` by
        expansion; over the whole horizon, expected over its branches.
    columns, weights
        The columns that are added up, and their weights.
    first
        Where the columns of each begin.
    """

    keys: tuple[Key, ...]
    columns: Positions
    weights: Floats
    first: Positions

    def of(self, values: Floats) -> Floats:
        """Return the figures of a point."""
        if not self.keys:
            return np.zeros(0)
        return np.asarray(np.add.reduceat(self.weights * values[self.columns], self.first))

    def weights_of(self, places: Sequence[int], width: int) -> Floats:
        """Return the weights of some figures as rows over all ``width`` columns."""
        ends = [*self.first[1:].tolist(), len(self.columns)]
        rows = np.zeros((len(places), width))
        for row, place in enumerate(places):
            span = slice(int(self.first[place]), ends[place])
            rows[row, self.columns[span]] = self.weights[span]
        return rows


def figures_of(problem: Problem, matrices: Matrices) -> Figures:
    """Return the figures of a program."""
    found: dict[Key, list[tuple[int, float]]] = {}
    for key, column, weight in (
        *_short(problem, matrices),
        *_bought(problem, matrices),
        *_made(problem, matrices),
        *_held(problem, matrices),
        *_built(problem, matrices),
    ):
        found.setdefault(key, []).append((column, weight))
    sizes = [len(parts) for parts in found.values()]
    pairs = [pair for parts in found.values() for pair in parts]
    return Figures(
        tuple(found),
        np.array([column for column, _ in pairs], dtype=np.int64),
        np.array([weight for _, weight in pairs], dtype=float),
        np.cumsum([0, *sizes[:-1]], dtype=np.int64),
    )


def _columns(
    problem: Problem, matrices: Matrices, variable: str, *dims: str
) -> Iterator[tuple[int, float, list[Any]]]:
    """Yield each column of a variable with the probability of its node and its labels."""
    chance = {node.id: node.probability for node in problem.nodes}
    index = matrices.variables[variable]
    first = matrices.columns[variable]
    nodes = index.column("node")
    rows = zip(*(index.column(dim) for dim in dims), strict=True)
    for number, (node, row) in enumerate(zip(nodes, rows, strict=True)):
        yield first + number, chance[str(node)], list(row)


def _short(problem: Problem, matrices: Matrices) -> Iterator[tuple[Key, int, float]]:
    demands = {item.id: item for item in problem.demand}
    for column, chance, (name,) in _columns(problem, matrices, "short", "demand"):
        demand = demands[name]
        yield ("unmet_t", demand.commodity, demand.demand_class), column, chance


def _bought(problem: Problem, matrices: Matrices) -> Iterator[tuple[Key, int, float]]:
    offers = {item.id: item for item in problem.offers}
    for column, chance, (name,) in _columns(problem, matrices, "buy", "offer"):
        offer = offers[name]
        yield ("supply_t", offer.commodity, offer.country), column, chance


def _made(problem: Problem, matrices: Matrices) -> Iterator[tuple[Key, int, float]]:
    recipe = recipes_of(problem)
    dims = ("facility", "process", "node")
    for column, chance, names in _columns(problem, matrices, "run", *dims):
        country, outputs = recipe(*names)
        for commodity, ratio in outputs.items():
            yield ("supply_t", commodity, country), column, chance * ratio


def _held(problem: Problem, matrices: Matrices) -> Iterator[tuple[Key, int, float]]:
    last = {node.id for node in problem.nodes if node.last}
    for column, chance, (store, node) in _columns(problem, matrices, "stock", "stockpile", "node"):
        if node in last:
            yield ("stock_t", store, ""), column, chance


def _built(problem: Problem, matrices: Matrices) -> Iterator[tuple[Key, int, float]]:
    for column, chance, (expansion,) in _columns(problem, matrices, "build", "expansion"):
        yield ("built_t_per_yr", expansion, ""), column, chance
