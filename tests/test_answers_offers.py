"""Known answers on prices that fall, lots and qualification, by hand or by enumeration."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from optimizer import Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
STEPS = ((60, 30.0), (40, 40.0), (25, 30.0))
"""Price and width of each tranche of the offer whose prices fall."""
PLAIN = 50.0
"""Price of another offer, of 45 t a year."""


def _falling(form: str, **fields: Any) -> dict[str, Any]:
    tranches = [{"price": price, "capacity": width} for price, width in STEPS]
    return {"pricing": form, "tranches": tranches, **fields}


def _paid(form: str, amount: int) -> float:
    """Return what ``amount`` whole tonnes of the falling offer cost."""
    if form == "all_units":
        # the best price that so many tonnes reach, from the first tonne of a tranche on
        reached = [price for number, (price, _) in enumerate(STEPS) if amount >= _before(number)]
        return amount * min(reached)
    left, paid = float(amount), 0.0
    for price, width in STEPS:
        paid, left = paid + price * min(left, width), left - min(left, width)
    return paid


def _before(number: int) -> float:
    return sum(width for _, width in STEPS[:number])


def _bought(result: Result) -> dict[str, float]:
    sums = result.purchases.groupby("offer")["bought_t"].sum()
    return {str(name): float(tonnes) for name, tonnes in sums.items()}


@pytest.mark.parametrize("form", ["incremental", "all_units"])
@pytest.mark.parametrize("need_t", [10, 29, 35, 69, 71, 88, 110, 145])
def test_falling_prices_cost_what_the_best_split_of_whole_tonnes_costs(
    problem_of: Make, offer: Words, need: Words, form: str, need_t: int
) -> None:
    # widths, needs and capacities are whole, and between them cost is linear: so is the best split
    best = min(
        _paid(form, amount) + PLAIN * (need_t - amount)
        for amount in range(101)
        if 0 <= need_t - amount <= 45
    )
    problem = problem_of(
        offers=[offer("CHN", None, **_falling(form)), offer("AUS", PLAIN, 45)],
        demand=[need(need_t)],
    )
    assert solve(problem).objective == pytest.approx(best)


def test_widths_are_rates_so_that_a_short_period_earns_its_discount_sooner(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # 30 t at 60, then 10 at 40: a year's 40 t; half of it in each half year is half of each
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "2 quarters"},
        offers=[offer("CHN", None, **_falling("incremental"))],
        demand=[need(40)],
    )
    assert solve(problem).objective == pytest.approx(30 * 60 + 10 * 40)


def test_what_is_available_narrows_every_tranche(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # half of 30 t at 60, half of 40 at 40, the last 5 of half of 30 at 25
    problem = problem_of(
        offers=[offer("CHN", None, **_falling("incremental", available=0.5))],
        demand=[need(40)],
    )
    assert solve(problem).objective == pytest.approx(15 * 60 + 20 * 40 + 5 * 25)


def test_more_than_is_needed_is_bought_where_that_is_cheaper(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # 68 t at 40 are 2,720; 70 t at 25 are 1,750, and the stockpile takes the 2 t that are left
    problem = problem_of(
        offers=[offer("CHN", None, **_falling("all_units"))],
        demand=[need(68)],
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA"}],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(1750)
    assert _bought(result) == pytest.approx({"chn": 70})


def _best_lots(need_t: int, lots: dict[str, tuple[int, int, int, int]]) -> float:
    """Try every set of sellers: lot, capacity, price and fixed cost of each."""
    costs = []
    for used in product((False, True), repeat=len(lots)):
        chosen = [item for item, taken in zip(lots.values(), used, strict=True) if taken]
        ranges = [range(lot, most + 1) for lot, most, _, _ in chosen]
        costs += [
            sum(price * t + fixed for t, (_, _, price, fixed) in zip(split, chosen, strict=True))
            for split in product(*ranges)
            if sum(split) == need_t
        ]
    return min(costs)


@pytest.mark.parametrize("need_t", [7, 12, 20, 26, 33, 41])
def test_lots_and_fixed_costs_choose_the_best_set_of_sellers(
    problem_of: Make, offer: Words, need: Words, need_t: int
) -> None:
    lots = {"CHN": (15, 25, 50, 0), "AUS": (0, 20, 60, 150), "KAZ": (5, 12, 70, 20)}
    problem = problem_of(
        offers=[
            offer(name, price, most, minimum_lot=lot, fixed_cost=fixed)
            for name, (lot, most, price, fixed) in lots.items()
        ],
        demand=[need(need_t)],
    )
    assert solve(problem).objective == pytest.approx(_best_lots(need_t, lots))


def test_a_seller_is_qualified_when_what_it_saves_pays_for_that(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # AUS saves 20 a tonne on 30 t a year; qualified over 182.5 days it sells half of 2026: 15 + 30
    # t save 900; the cost is paid once
    def cost(price: float) -> float:
        problem = problem_of(
            periods=YEARS,
            offers=[
                offer("CHN", 80, 90),
                offer("AUS", 60, 30, qualification_cost=price, qualification_time=182),
            ],
            demand=[need(50)],
        )
        result = solve(problem)
        assert result.objective is not None
        bought = _bought(result)
        # 365 - 182 = 183 days of 2026
        expected = 30 * 183 / 365 + 30 if price < 20 * (30 * 183 / 365 + 30) else 0
        assert bought.get("aus", 0.0) == pytest.approx(expected)
        return result.objective

    saved = 20 * (30 * 183 / 365 + 30)
    assert cost(500) == pytest.approx(100 * 80 - saved + 500)
    assert cost(1000) == pytest.approx(100 * 80)


def test_qualifying_twice_does_not_open_more(problem_of: Make, offer: Words, need: Words) -> None:
    # decided in the first quarter, 100 days leave 81 of the second's 91; a second decision there
    # would leave none; over 135 days 46 of 91 are left, and 92 of 92 in the third
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "1 quarter"},
        offers=[
            offer("CHN", 1000, 365),
            offer("AUS", 10, 365, qualification_cost=1, qualification_time=45),
        ],
        demand=[need(365)],
    )
    # a tonne a day: 45 of the first 90 days are AUS's, and all 91 of the second
    result = solve(problem)
    assert _bought(result) == pytest.approx({"chn": 45, "aus": 45 + 91})
    assert result.objective == pytest.approx(45 * 1000 + 136 * 10 + 1)
    assert list(result.plan.qualifications["on"]) == [1, 0]
