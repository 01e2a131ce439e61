"""Span: rows whose numbers lie too far apart for the solver to see the small ones.

A solver keeps a row to about 1e-7 of its larger numbers. What stands beside a number a million
times as large is seen dimly; beside one a billion times as large not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.errors import Finding, InputError
from optimizer.export import column_names, row_names
from optimizer.origin import origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.problem import Problem
    from models.index import Index
    from optimizer.compile import Floats, Matrices, Positions
    from optimizer.origin import Origin

DIM, UNSEEN = 1e6, 1e9
"""Largest over smallest coefficient of a row: from here on told, and refused."""
NAMED = 3
FAR_APART = "numbers far apart"
"""Words of every warning of this kind."""


def span_warnings(matrices: Matrices, problem: Problem | None = None) -> tuple[str, ...]:
    """Return what to say of rows whose coefficients span more than a solver sees well.

    Parameters
    ----------
    problem
        What the model was made of: its numbers are then named, and not rows and columns only.

    Raises
    ------
    InputError
        A row spans more than a solver sees at all: an answer would be noise.
    """
    ratios = _spans(matrices)
    worst = np.flatnonzero(ratios > DIM)
    worst = worst[np.argsort(-ratios[worst], kind="stable")]
    if not len(worst):
        return ()
    names = column_names(matrices), row_names(matrices)
    if ratios[worst[0]] > UNSEEN:
        unseen = worst[ratios[worst] > UNSEEN]
        raise InputError([_finding(matrices, row, *names, problem) for row in unseen[:NAMED]])
    listed = "; ".join(str(_finding(matrices, row, *names, problem)) for row in worst[:NAMED])
    return (f"{len(worst)} rows of the model have {FAR_APART}: {listed}",)


def _spans(matrices: Matrices) -> Floats:
    sizes = np.abs(matrices.coefficients)
    largest = np.zeros(len(matrices.row_lower))
    smallest = np.full(len(matrices.row_lower), np.inf)
    np.maximum.at(largest, matrices.rows, sizes)
    np.minimum.at(smallest, matrices.rows, np.where(sizes > 0, sizes, np.inf))
    ratios: Floats = np.divide(largest, smallest, out=np.ones_like(largest), where=largest > 0)
    return ratios


def _finding(
    matrices: Matrices,
    row: int,
    columns: list[str],
    rows: list[str],
    problem: Problem | None,
) -> Finding:
    places: Positions = np.flatnonzero(matrices.rows == row)
    sizes = np.abs(matrices.coefficients[places])
    of = np.searchsorted(matrices.start, places, side="right") - 1
    low, high = int(np.argmin(np.where(sizes > 0, sizes, np.inf))), int(np.argmax(sizes))
    remedy = (
        "Check the units of the records named; a capacity that nobody can use up may be stated "
        "smaller."
    )
    if problem is not None:
        stated = [
            str(origin)
            for place in (low, high)
            if (origin := origin_at(problem, matrices, row, int(of[place]))) is not None
        ]
        if stated:
            remedy = f"It comes from {' and '.join(dict.fromkeys(stated))}. {remedy}"
    return Finding(
        f"row {rows[row]}",
        f"has {sizes[low]:.4g} for {columns[of[low]]} beside {sizes[high]:.4g} for "
        f"{columns[of[high]]}",
        remedy=remedy,
    )


def origin_at(problem: Problem, matrices: Matrices, row: int, column: int) -> Origin | None:
    """Return the number of the problem that stands in a row for a column."""
    constraint, labels = _named(
        matrices.constraints,
        {name: int(at[0]) for name, at in matrices.row_positions.items() if len(at)},
        row,
    )
    variable, own = _named(matrices.variables, matrices.columns, column)
    return origin_of(problem, constraint, variable, labels, own)


def _named(
    tables: Mapping[str, Index], starts: Mapping[str, int], at: int
) -> tuple[str, dict[str, object]]:
    """Return the table that holds a place, and the labels there by dimension."""
    for name, first in starts.items():
        index = tables[name]
        if first <= at < first + len(index):
            return name, dict(zip(index.dims, index.row(at - first), strict=True))
    raise KeyError(at)
