"""By column: the layout equals what adding up a dense matrix gives."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.by_column import Part, by_column


def _dense(parts: list[Part], height: int, width: int) -> np.ndarray:
    matrix = np.zeros((height, width))
    for part in parts:
        np.add.at(matrix, (part.rows + part.top, part.columns), part.values)
    return matrix


def test_entries_are_laid_out_by_column_with_rising_rows() -> None:
    """Two parts of rows 0-1 and one of row 2; (1, 0) stands in both: 2 + 3; (0, 1) cancels."""
    first = Part(0, np.array([1, 0]), np.array([0, 1]), np.array([2.0, 4.0]))
    second = Part(0, np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([1.0, 3.0, -4.0]))
    third = Part(2, np.array([0]), np.array([3]), 7.0)
    start, rows, numbers = by_column([first, second, third], 3, 4)
    assert start.tolist() == [0, 2, 2, 2, 3]
    assert rows.tolist() == [0, 1, 2]
    assert numbers.tolist() == [1.0, 5.0, 7.0]


def test_nothing_gives_empty_columns() -> None:
    start, rows, numbers = by_column([Part(0, np.zeros(0, int), np.zeros(0, int), 1.0)], 2, 3)
    assert (start.tolist(), len(rows), len(numbers)) == ([0, 0, 0, 0], 0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_any_parts_in_any_order_add_up_to_the_matrix(seed: int) -> None:
    """Many entries a column in falling and random order, places hit repeatedly, some cancelled."""
    random = np.random.default_rng(seed)
    height, width = random.integers(1, [60, 25]).tolist()
    parts = []
    for _ in range(random.integers(1, 7)):
        many = int(random.integers(0, 200))
        top = int(random.integers(0, height))
        rows = random.integers(0, height - top, many)
        if random.random() < 0.5:
            rows = np.sort(rows)[::-1].copy()
        values = random.integers(-2, 3, many).astype(float)
        parts.append(Part(top, rows, random.integers(0, width, many), values))
    start, rows, numbers = by_column(parts, height, width)
    found = np.zeros((height, width))
    for column in range(width):
        own = slice(start[column], start[column + 1])
        assert (np.diff(rows[own]) > 0).all()
        found[rows[own], column] = numbers[own]
    np.testing.assert_array_equal(found, _dense(parts, height, width))
    assert (numbers != 0).all()
    assert (start.dtype, rows.dtype) == (np.int32, np.int32)
