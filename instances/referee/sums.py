"""Sums: amounts added up by position."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def totals(count: int, position: Ints, amount: Floats) -> Floats:
    """Return ``count`` sums of ``amount`` by ``position``."""
    return np.bincount(position, weights=amount, minlength=count).astype(np.float64, copy=False)


def summed(shape: tuple[int, ...], row: Ints, column: Ints, amount: Floats) -> Floats:
    """Return the table of ``shape`` (two axes) that has ``amount`` added up by row and column."""
    rows, columns = shape
    return totals(rows * columns, row * columns + column, amount).reshape(rows, columns)
