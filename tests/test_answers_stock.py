"""Known answers on stock, decay, cover and discounting; the sum stands in a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
VAULT = {"id": "vault", "commodity": "metal", "country": "USA"}


def test_a_target_in_tonnes_is_bought_and_held(three_sellers: Make, rule: Words) -> None:
    problem = three_sellers(
        rule("stock_target", stockpile="vault", tonnes={2026: 10, 2027: 25}),
        periods=YEARS,
        stockpiles=[VAULT | {"holding_cost": 3}],
    )
    # 225 * 50 + 10 * 3 + 25 * 3
    assert solve(problem).objective == pytest.approx(11_250 + 30 + 75)


def test_a_target_in_days_covers_the_days_of_a_leap_year(
    problem_of: Make, offer: Words, need: Words, rule: Words
) -> None:
    problem = problem_of(
        periods={"start": "2027-01-01", "count": 1, "length": "1 yr"},
        offers=[offer("CHN", 50)],
        demand=[need({2027: 100, 2028: 366})],
        stockpiles=[VAULT | {"holding_cost": 2}],
        rules=[rule("stock_target", stockpile="vault", cover_days=90)],
    )
    result = solve(problem)
    # 90 of the 366 days of 2028 at 366 t a year are 90 t: 190 * 50 + 90 * 2
    assert result.objective == pytest.approx(9680)
    assert result.stocks["cover_d"].tolist() == pytest.approx([90])


def test_stock_decays_and_is_paid_for_at_the_end_of_each_period(
    problem_of: Make, offer: Words, need: Words
) -> None:
    problem = problem_of(
        periods=YEARS,
        offers=[offer("CHN", 50, end="2027-01-01")],
        demand=[need({2026: 0, 2027: 81})],
        stockpiles=[VAULT | {"decay": 0.1, "holding_cost": 3}],
    )
    # 90 t are bought and held over the year's end, of which 81 are left when they are drawn
    assert solve(problem).objective == pytest.approx(90 * 50 + 90 * 3)


def test_opening_stock_decays_from_the_first_day(problem_of: Make, need: Words) -> None:
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 1, "length": "2 yr"},
        demand=[need(50, 400)],
        stockpiles=[VAULT | {"opening": 100, "decay": 0.5}],
    )
    # of 100 t a quarter is left over two years; 100 t are needed
    assert solve(problem).objective == pytest.approx(75 * 400)


def test_rates_of_a_store_are_per_year(problem_of: Make, offer: Words, need: Words) -> None:
    problem = problem_of(
        periods={"start": "2026-01-01", "parts": [{"count": 2, "length": "2 yr"}]},
        offers=[offer("CHN", 50, end="2028-01-01")],
        demand=[need({2026: 0, 2028: 50}, 400)],
        stockpiles=[VAULT | {"fill_rate": 40, "draw_rate": 30, "capacity": 70}],
    )
    # 80 t could be filled in two years, 70 t fit, 60 t can be drawn; 100 t are needed
    assert solve(problem).objective == pytest.approx(60 * 50 + 40 * 400)


@pytest.mark.parametrize(
    ("backlog", "cost"),
    [
        # 60 t short at 30 in 2026; in 2027 the 100 t cost 10 each: 40 * 10 + 60 * 30 + 1,000
        (None, 3200),
        # 60 t of 2026 come in 2027 for 10 and 2 of waiting: 40 * 10 + 160 * 10 + 60 * 2
        (2, 2120),
        # to wait costs 25 and 10, to go short 30: 40 * 10 + 60 * 30 + 1,000 again
        (25, 3200),
    ],
)
def test_what_is_late_costs_its_wait(
    problem_of: Make, offer: Words, need: Words, backlog: float | None, cost: float
) -> None:
    late = {} if backlog is None else {"backlog_cost": backlog}
    problem = problem_of(
        periods=YEARS,
        offers=[offer("CHN", 10, {2026: 40, 2027: 200})],
        demand=[need(100, 30, **late)],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(cost)
    owed = result.unmet.set_index("node")["late_t"].to_dict()
    assert owed == pytest.approx({"2026": 60 if backlog == 2 else 0, "2027": 0})
    assert any(
        "met late: 60 t are owed at the end of 2026" in text for text in result.warnings
    ) == (backlog == 2)


def test_nothing_is_owed_at_the_end_and_waiting_is_paid_by_the_year(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # two years and one: 10 t of the first 20 t wait two years at 3; in 2028 all 20 t can be had,
    # so that the 10 t of the last year stay short at 100: 10 * 5 + 10 * 2 * 3 + 20 * 5 + 10 * 100
    problem = problem_of(
        periods={
            "start": "2026-01-01",
            "parts": [{"count": 1, "length": "2 yr"}, {"count": 1, "length": "1 yr"}],
        },
        offers=[offer("CHN", 5, {2026: 5, 2028: 20})],
        demand=[need({2026: 10, 2028: 20}, {2026: 200, 2028: 100}, backlog_cost=3)],
    )
    assert solve(problem).objective == pytest.approx(50 + 60 + 100 + 1000)


@pytest.mark.parametrize(("timing", "due"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_money_is_worth_less_the_later_it_is_due(
    three_sellers: Make, timing: str, due: float
) -> None:
    problem = three_sellers(periods=YEARS, discount={"rate": 0.1, "timing": timing})
    # 5,000 in each of two years
    assert solve(problem).objective == pytest.approx(5000 * (1.1**-due + 1.1 ** -(1 + due)))


@pytest.mark.parametrize(("value", "cost"), [(54, 0), (56, 20 * 50 - 20 * 56 / 1.1)])
def test_stock_at_the_end_is_worth_its_value_on_the_last_day(
    problem_of: Make, offer: Words, value: float, cost: float
) -> None:
    problem = problem_of(
        discount={"rate": 0.1, "timing": "start"},
        offers=[offer("CHN", 50)],
        stockpiles=[VAULT | {"capacity": 20, "terminal_value": value}],
    )
    # a year from now 54 is worth 49.09 and 56 is worth 50.91
    assert solve(problem).objective == pytest.approx(cost)
