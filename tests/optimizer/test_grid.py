"""The adaptive grid looks where a curve bends, steps or ends."""

from __future__ import annotations

from itertools import pairwise

import pytest

from optimizer.grid import FIRST, refine


def test_a_straight_curve_is_left_after_its_middles_are_known() -> None:
    found = refine(lambda at: 3.0 * at, 0.0, 1.0, 1e-3, 100)
    assert len(found) == 2 * FIRST - 1


def test_a_bend_gets_the_points() -> None:
    found = refine(lambda at: max(0.0, 0.3 - at), 0.0, 1.0, 1e-4, 60)
    near = [at for at, _ in found if abs(at - 0.3) < 0.01]
    assert len(near) > 3
    # straight lines between the points are nowhere farther off than the tolerance
    assert all(
        abs(max(0.0, 0.3 - middle) - (first + last) / 2) <= 1e-4
        for (low, first), (high, last) in pairwise(found)
        if first is not None and last is not None
        for middle in [(low + high) / 2]
    )


def test_the_border_of_what_is_possible_is_narrowed_down() -> None:
    found = refine(lambda at: None if at < 0.37 else 1.0, 0.0, 1.0, 1e-3, 60)
    first = min(at for at, cost in found if cost is not None)
    last = max(at for at, cost in found if cost is None)
    assert last < 0.37 <= first
    assert first - last <= 2e-4


def test_no_more_points_than_asked_for() -> None:
    found = refine(lambda at: at**0.1, 0.0, 1.0, 1e-9, 23)
    assert len(found) == 23


def test_a_curve_without_any_plan_ends() -> None:
    assert {cost for _, cost in refine(lambda at: None, 0.0, 1.0, 1e-3, 200)} == {None}


@pytest.mark.parametrize("most", [9, 12])
def test_points_come_in_order(most: int) -> None:
    found = [at for at, _ in refine(lambda at: -at, 2.0, 5.0, 1e-3, most)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (2.0, 5.0)
