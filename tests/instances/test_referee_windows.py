from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from instances.periods import Periods
from instances.referee.windows import Windows, days_after, joined
from instances.tree import grow


def windows(**periods: Any) -> Windows:
    """Return the windows of one branch from 2026-01-01 on."""
    nodes = grow(Periods.model_validate({"start": "2026-01-01"} | periods))
    return Windows(nodes, np.arange(len(nodes)) - 1)


MIXED: dict[str, Any] = {
    "parts": [{"count": 2, "length": "1 month"}, {"count": 1, "length": "1 yr"}]
}


def test_without_delay_all_falls_where_it_is() -> None:
    assert windows(**MIXED).falling(0).tolist() == np.eye(3).tolist()


def test_a_delay_splits_what_arrives_by_days() -> None:
    # January has 31 days, February 28, then a year: 10 days late, 21 of January's days fall in
    # January and 10 in February; of February's 18 and 10; of the year 355 of 365
    expected = [[21 / 31, 10 / 31, 0], [0, 18 / 28, 10 / 28], [0, 0, 355 / 365]]
    assert windows(**MIXED).falling(10) == pytest.approx(np.array(expected))
    # 40 days: January's window is February 10 to March 12: 19 and 12 days; February's, March 13 on
    expected = [[0, 19 / 31, 12 / 31], [0, 0, 1], [0, 0, 325 / 365]]
    assert windows(**MIXED).falling(40) == pytest.approx(np.array(expected))


def test_what_does_not_arrive_lies_beyond_the_last_node() -> None:
    expected = [[0, 0, 0], [0, 0, 0], [0, 0, 40 / 365]]
    assert windows(**MIXED).beyond(40) == pytest.approx(np.array(expected))
    assert windows(**MIXED).beyond(1000)[:, 2].tolist() == [1, 1, 1]


def test_rows_spread_each_by_its_own_delay() -> None:
    row, node, share = windows(**MIXED).spread(np.array([0, 2, 0]), np.array([10, 40, 0]))
    found = {(int(a), int(b)): float(c) for a, b, c in zip(row, node, share, strict=True)}
    assert found == pytest.approx(
        {(0, 0): 21 / 31, (0, 1): 10 / 31, (1, 2): 325 / 365, (2, 0): 1.0}
    )


def test_nothing_falls_in_another_branch() -> None:
    # the second and third node are two futures of the first
    nodes = grow(Periods.model_validate({"start": "2026-01-01", "count": 2, "length": "1 yr"}))
    forked = Windows((*nodes, nodes[1]), np.array([-1, 0, 0]))
    assert forked.falling(73) == pytest.approx(
        np.array([[0.8, 0.2, 0.2], [0, 0.8, 0], [0, 0, 0.8]])
    )
    assert forked.beyond(73) == pytest.approx(np.array([[0, 0, 0], [0, 0.2, 0], [0, 0, 0.2]]))


def test_rows_join_every_row_with_their_key() -> None:
    pair = joined(np.array([3, 0, 1, 3]), np.array([0, 0, 2, 3]))
    assert list(zip(pair.left.tolist(), pair.right.tolist(), strict=True)) == [
        (0, 3),
        (1, 0),
        (1, 1),
        (3, 3),
    ]


def test_days_are_whole_and_end_with_the_calendar() -> None:
    assert days_after(date(2026, 1, 1), 1.6) == date(2026, 1, 3)
    assert days_after(date(2026, 1, 1), 1e9) == date.max
