"""Span: rows whose numbers lie too far apart for the solver to see the small ones.

A solver keeps a row to about 1e-7 of its larger numbers. What stands beside a number a million
times as large is seen dimly; beside one a billion times as large not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.errors import Finding, InputError
from optimizer.export import column_names, row_names

if TYPE_CHECKING:
    from optimizer.compile import Floats, Matrices, Positions

DIM, UNSEEN = 1e6, 1e9
"""Largest over smallest coefficient of a row: from here on told, and refused."""
NAMED = 3


def span_warnings(matrices: Matrices) -> tuple[str, ...]:
    """Return what to say of rows whose coefficients span more than a solver sees well.

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
        raise InputError([_finding(matrices, row, *names) for row in unseen[:NAMED]])
    listed = "; ".join(str(_finding(matrices, row, *names)) for row in worst[:NAMED])
    return (f"{len(worst)} rows of the model have numbers far apart: {listed}",)


def _spans(matrices: Matrices) -> Floats:
    sizes = np.abs(matrices.coefficients)
    largest = np.zeros(len(matrices.row_lower))
    smallest = np.full(len(matrices.row_lower), np.inf)
    np.maximum.at(largest, matrices.rows, sizes)
    np.minimum.at(smallest, matrices.rows, np.where(sizes > 0, sizes, np.inf))
    ratios: Floats = np.divide(largest, smallest, out=np.ones_like(largest), where=largest > 0)
    return ratios


def _finding(matrices: Matrices, row: int, columns: list[str], rows: list[str]) -> Finding:
    places: Positions = np.flatnonzero(matrices.rows == row)
    sizes = np.abs(matrices.coefficients[places])
    of = np.searchsorted(matrices.start, places, side="right") - 1
    low, high = int(np.argmin(np.where(sizes > 0, sizes, np.inf))), int(np.argmax(sizes))
    return Finding(
        f"row {rows[row]}",
        f"has {sizes[low]:.4g} for {columns[of[low]]} beside {sizes[high]:.4g} for "
        f"{columns[of[high]]}",
        remedy="Check the units of the records named; a capacity that nobody can use up may be "
        "stated smaller.",
    )
