"""What sums of money buy, worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import InputError
from optimizer import Options, purse

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances import Problem


def test_money_first_meets_need_then_spreads_it(three_sellers: Callable[..., Problem]) -> None:
    told = purse(three_sellers(), [3_000, 6_000], ["unmet", "reliance"])
    rows = {(item.budget_usd, item.goal): item for item in told.bought}
    # 3,000 USD buy 60 t at 50: 40 % unmet, all of it from one country, however it is sought
    poor = rows[3_000, "unmet"], rows[3_000, "reliance"]
    assert [item.unmet for item in poor] == pytest.approx([0.4, 0.4], abs=1e-6)
    assert [item.reliance for item in poor] == pytest.approx([0.6, 0.6], abs=1e-5)
    # nothing unmet costs 5,000 USD; 900 more put 30 t in Australia (80), 100 more 100/45 t in
    # Kazakhstan (95): 67.78 t stay with China
    assert rows[6_000, "unmet"].spent_usd == pytest.approx(5_000)
    assert rows[6_000, "reliance"].reliance == pytest.approx(0.7 - 1 / 45, abs=1e-5)
    assert rows[6_000, "reliance"].spent_usd == pytest.approx(6_000, rel=1e-5)
    assert rows[6_000, "reliance"].unmet == pytest.approx(0, abs=1e-6)
    assert rows[6_000, "reliance"].cover is None


def test_what_is_left_of_the_purse_is_cover(three_sellers: Callable[..., Problem]) -> None:
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "terminal_value": 49}
    told = purse(three_sellers(stockpiles=[vault]), [4_500, 7_000], ["cover"])
    poor, rich = told.bought
    # 90 t of 100 are all that 4,500 USD buy: none of it is put by
    assert (poor.unmet, poor.cover) == (pytest.approx(0.1), pytest.approx(0, abs=1e-6))
    # 140 t at 50 USD: 40 t more than the year needs, whatever they are worth afterwards
    assert rich.cover == pytest.approx(0.4, rel=1e-5)
    assert rich.spent_usd == pytest.approx(7_000, rel=1e-5)
    assert "146.0 days" in told.summary()


def test_cover_is_that_of_the_worst_covered_commodity(
    problem_of: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    goods = [{"id": name, "stage": "metal", "basis": "product"} for name in ("tin", "zinc")]
    told = purse(
        problem_of(
            commodities=goods,
            offers=[
                offer("CHN", 10, id="t", commodity="tin"),
                offer("CHN", 30, id="z", commodity="zinc"),
            ],
            stockpiles=[
                {"id": name, "commodity": name, "country": "USA"} for name in ("tin", "zinc")
            ],
            demand=[
                {
                    "id": name,
                    "commodity": name,
                    "country": "USA",
                    "quantity": 100,
                    "shortfall_cost": 90,
                }
                for name in ("tin", "zinc")
            ],
        ),
        [5_000],
        ["cover"],
    )
    # 4,000 USD meet both needs; a year of both costs as much again: 1,000 USD are a quarter
    assert told.bought[0].cover == pytest.approx(0.25, rel=1e-5)


def test_rules_cost_money_before_anything_else(three_sellers: Callable[..., Problem]) -> None:
    floor = {
        "id": "floor",
        "kind": "share_floor",
        "commodity": "metal",
        "of": "KAZ",
        "min_share": 0.4,
        "denominator": "demand",
    }
    told = purse(three_sellers(floor), [3_000, 4_300], ["unmet"])
    # 40 t at 95 are 3,800 USD before the first of the others
    assert told.bought[0].reason == "no plan keeps every rule within it"
    # 500 USD more: 10 t at 50
    assert told.bought[1].unmet == pytest.approx(0.5)


def test_sums_around_the_cheapest_plan(three_sellers: Callable[..., Problem]) -> None:
    told = purse(three_sellers(), goals=["unmet"])
    assert [item.budget_usd for item in told.bought] == pytest.approx(
        [4_000, 4_500, 5_000, 5_500, 6_250]
    )
    assert [item.unmet for item in told.bought] == pytest.approx([0.2, 0.1, 0, 0, 0], abs=1e-6)
    # more money never leaves more unmet, and what is not needed is not spent
    assert told.bought[-1].spent_usd == pytest.approx(5_000)


def test_scenarios_are_told_on_the_mean(every_branch: Problem) -> None:
    calm = every_branch.model_copy(update={"risk": None})
    told = purse(calm, [1e6], ["unmet"])
    # 20 t of 100 are not to be had where the ban comes: with probability 1/2
    assert told.bought[0].unmet == pytest.approx(0.1)
    with pytest.raises(InputError, match="weighs scenarios"):
        purse(every_branch, [1e6])


def test_what_is_no_sum_and_no_goal_is_refused(three_sellers: Callable[..., Problem]) -> None:
    with pytest.raises(InputError) as refused:
        purse(three_sellers(), [-1], ["best"])  # type: ignore[list-item]
    assert {finding.where for finding in refused.value.findings} == {"budget", "goal"}
    late = purse(three_sellers(), [5_000], options=Options(time_limit=1e-5))
    assert not late.complete
    assert {item.reason for item in late.bought} == {"time ran out"}
