"""Leakage: what yes/no choices that are not quite whole let through.

The solver calls 0.9999995 a yes and 0.0000005 a no. Times a facility's capacity of a billion
tonnes the latter is 500 t that nobody pays for: a plan, or a bound, that rests on it is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optimizer.export import column_names, row_names

if TYPE_CHECKING:
    from optimizer.compile import Floats, Matrices

SEEN = 1e-5
"""Tonnes (relative above 1 t) below which a leak is rounding."""
NAMED = 3


@dataclass(frozen=True, slots=True)
class Leak:
    """A row that a choice that is not whole opens further than the whole one would.

    Parameters
    ----------
    row, column
        Names as in an exported model.
    value
        Of the column.
    amount
        Units of the row (tonnes) by which it matters.
    """

    row: str
    column: str
    value: float
    amount: float

    def __str__(self) -> str:
        return f"{self.column} = {self.value:.10g} gives {self.amount:.4g} in row {self.row}"


def leaks(matrices: Matrices, values: Floats) -> tuple[Leak, ...]:
    """Return the largest leaks of a point, largest first; none where choices are whole."""
    part = np.where(matrices.integer, np.abs(values - np.round(values)), 0.0)
    columns = np.repeat(np.arange(len(matrices.cost)), np.diff(matrices.start))
    through = np.abs(matrices.coefficients) * part[columns]
    flows = np.where(matrices.integer, 0.0, np.abs(values))[columns]
    sizes = np.zeros(len(matrices.row_lower))
    np.maximum.at(sizes, matrices.rows, np.abs(matrices.coefficients) * flows)
    wide = through > SEEN * np.maximum(1.0, sizes[matrices.rows])
    order = np.flatnonzero(wide)[np.argsort(-through[wide], kind="stable")][:NAMED]
    if not len(order):
        return ()
    names, rows = column_names(matrices), row_names(matrices)
    return tuple(
        Leak(
            rows[matrices.rows[place]],
            names[columns[place]],
            float(values[columns[place]]),
            float(through[place]),
        )
        for place in order
    )


def leak_words(found: tuple[Leak, ...]) -> str:
    """Return what leaks and what to do about it."""
    listed = "; ".join(map(str, found))
    return (
        f"yes/no choices are too fine for the solver ({listed}). Bring the capacity that is the "
        "row's limit near what can be used"
    )
