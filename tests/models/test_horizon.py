"""Time on the model: lengths, discount factors, parents and ends."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from instances.schedule import Schedule
from models.horizon import ends, horizon, roots, steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

LEAP = {
    "start": "2027-07-01",
    "parts": [{"count": 1, "length": "6 months"}, {"count": 2, "length": "1 yr"}],
}


def test_years_are_days_over_the_days_of_their_calendar_year(
    problem_of: Callable[..., Problem],
) -> None:
    time = horizon(problem_of(periods=LEAP))
    # July to December 2027 has 184 of 365 days; 2028 is a leap year and 1.0 year all the same
    assert time.years.tolist() == pytest.approx([184 / 365, 1, 1])


@pytest.mark.parametrize(("timing", "shares"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_money_is_discounted_from_its_day_in_the_period_to_the_first_day(
    problem_of: Callable[..., Problem], timing: str, shares: float
) -> None:
    problem = problem_of(periods=LEAP, discount={"rate": 0.1, "timing": timing})
    time = horizon(problem)
    half = 184 / 365
    assert time.worth.tolist() == pytest.approx(
        [1.1 ** -(shares * half), 1.1 ** -(half + shares), 1.1 ** -(half + 1 + shares)]
    )
    assert time.worth_at_end[-1] == pytest.approx(1.1 ** -(half + 2))


def test_the_first_node_is_the_root_and_the_last_ends_the_horizon(
    problem_of: Callable[..., Problem],
) -> None:
    time = horizon(problem_of(periods=LEAP))
    assert roots(time).rows() == ["2027-07-01"]
    assert steps(time).rows() == [("2028", "2027-07-01"), ("2029", "2028")]
    assert ends(time).rows() == ["2029"]


def test_one_period_is_root_and_end(problem_of: Callable[..., Problem]) -> None:
    time = horizon(problem_of())
    assert roots(time).rows() == ends(time).rows() == ["2026"]
    assert steps(time).rows() == []


def test_schedules_are_read_on_the_first_day_of_each_node(
    problem_of: Callable[..., Problem],
) -> None:
    time = horizon(problem_of(periods=LEAP))
    schedule = Schedule(((date(2028, 1, 1), 5.0), (date(2028, 6, 1), 7.0)))
    assert time.over(schedule, -1.0).tolist() == [-1, 5, 7]
    assert time.over(None, 3.0).tolist() == [3, 3, 3]


def test_years_within_counts_the_days_of_an_offer(problem_of: Callable[..., Problem]) -> None:
    time = horizon(problem_of(periods=LEAP))
    # from 1 December 2027: 31 of 365 days; until 1 March 2028: 31 + 29 of 366 days
    assert time.years_within(date(2027, 12, 1), date(2028, 3, 1)).tolist() == pytest.approx(
        [31 / 365, 60 / 366, 0]
    )
    assert time.years_within(None, None) is time.years


def test_nodes_carry_their_index(problem_of: Callable[..., Problem]) -> None:
    nodes: list[Any] = horizon(problem_of(periods=LEAP)).index.rows()
    assert nodes == ["2027-07-01", "2028", "2029"]
