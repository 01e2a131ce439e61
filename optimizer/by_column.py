"""By column: entries that come in parts, row after row, are laid out column after column.

Nothing is sorted: a column's entries are counted, so that every entry knows its place, and parts
are written one after the other. They come in rising rows but for the few parts of one constraint,
which are put in order where they are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Narrow = NDArray[np.int32]
Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

_SWAPS = 4
"""Rounds of exchanging neighbours before the columns that are still out of order are sorted."""


class Part(NamedTuple):
    """Entries of a matrix: rows (from ``top`` on), columns, and coefficients or one for all."""

    top: int
    rows: Positions
    columns: Positions
    values: Floats | float


def by_column(parts: Sequence[Part], height: int, width: int) -> tuple[Narrow, Narrow, Floats]:
    """Return the matrix of ``parts`` by columns: start, rows and coefficients.

    Rows rise within a column; what falls on one place is added up, what is 0 left out.
    """
    parts = [part for part in parts if len(part.rows)]
    counts = np.zeros(width, dtype=np.int32)
    single = []
    for part in parts:
        low = int(part.columns.min())
        found = np.bincount(part.columns - low)
        counts[low : low + len(found)] += found
        single.append(bool(found.max() == 1))
    start = np.zeros(width + 1, dtype=np.int32)
    np.cumsum(counts, out=start[1:])
    rows = np.empty(int(start[-1]), dtype=np.int32)
    numbers = np.empty(len(rows))
    free = start[:-1].astype(np.int64)
    for part, once in zip(parts, single, strict=True):
        place = _placed(part.columns, free, once=once)
        rows[place] = part.rows + part.top
        numbers[place] = part.values
    inside = np.ones(len(rows) + 1, dtype=bool)
    inside[start] = False
    inside = inside[1:-1]
    _put_in_order(start, inside, rows, numbers, height)
    return _summed(start, inside, rows, numbers)


def _placed(columns: Positions, free: Positions, *, once: bool) -> Positions:
    """Return the place of each entry, and move ``free``, the next free place of each column."""
    if once:  # no column stands here twice
        place: Positions = free[columns]
        free[columns] = place + 1
        return place
    order = np.argsort(columns, kind="stable")
    column = columns[order]
    first = np.flatnonzero(np.concatenate([[True], column[1:] != column[:-1]]))
    many = np.diff(first, append=len(column))
    column = column[first]
    place = np.empty(len(columns), dtype=np.int64)
    rank = np.arange(len(columns)) - np.repeat(first, many)
    place[order] = np.repeat(free[column], many) + rank
    free[column] += many
    return place


def _put_in_order(
    start: Narrow, inside: Flags, rows: Narrow, numbers: Floats, height: int
) -> None:
    """Let rows rise within every column; equal ones keep their order.

    ``inside`` says whether an entry is followed by one of its column.
    """
    for _ in range(_SWAPS):
        falls = np.flatnonzero((rows[1:] < rows[:-1]) & inside)
        if not len(falls):
            return
        # of falls in a row every second one is left to the next round
        run = np.concatenate([[True], np.diff(falls) > 1])
        begin = np.maximum.accumulate(np.where(run, np.arange(len(falls)), 0))
        left = falls[(np.arange(len(falls)) - begin) % 2 == 0]
        right = left + 1
        rows[left], rows[right] = rows[right], rows[left]
        numbers[left], numbers[right] = numbers[right], numbers[left]
    falls = np.flatnonzero((rows[1:] < rows[:-1]) & inside)
    columns = np.unique(np.searchsorted(start, falls, side="right") - 1)
    many = start[columns + 1] - start[columns]
    own = np.arange(int(many.sum())) + np.repeat(start[columns] - np.cumsum(many) + many, many)
    order = np.argsort(np.repeat(columns, many) * height + rows[own], kind="stable")
    rows[own], numbers[own] = rows[own][order], numbers[own][order]


def _summed(
    start: Narrow, inside: Flags, rows: Narrow, numbers: Floats
) -> tuple[Narrow, Narrow, Floats]:
    """Return one entry a place, and none that is 0."""
    again = (rows[1:] == rows[:-1]) & inside
    kept = np.ones(len(rows), dtype=bool)
    if again.any():
        kept[1:] = ~again
        heads = np.flatnonzero(kept)
        numbers[heads] = np.add.reduceat(numbers, heads)
    kept &= numbers != 0
    if kept.all():
        return start, rows, numbers
    before = np.zeros(len(rows) + 1, dtype=np.int32)
    np.cumsum(kept, out=before[1:])
    return before[start], rows[kept], numbers[kept]
