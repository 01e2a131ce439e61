"""Shadow prices: what one unit more of a limit saves, undiscounted, as a re-solve finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from instances.problem import Problem
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
DISCOUNT = {"rate": 0.1, "timing": "start"}


def _cost(problem: Problem) -> float:
    objective = solve(problem).objective
    assert objective is not None
    return objective


def _price(problem: Problem, node: str, rule: str = "rule") -> pd.Series[Any]:
    table = solve(problem).rules
    return table[(table["rule"] == rule) & (table["node"] == node)].iloc[0]


def _moved(problem: Problem, field: str, by: float) -> Problem:
    """Return the problem with one year of one field of its rule moved."""
    data = problem.to_plain()
    data["rules"][0][field]["2027"] += by
    return Problem.model_validate(data)


@pytest.mark.parametrize("denominator", ["demand", "supply", "deliveries", "value"])
def test_the_price_of_a_cap_is_what_a_point_more_saves(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any], denominator: str
) -> None:
    cap = rule("share_cap", of="CHN", max_share={2026: 0.9, 2027: 0.55}, denominator=denominator)
    problem = three_sellers(cap, periods=YEARS, discount=DISCOUNT)
    step = 1e-5
    saved = _cost(problem) - _cost(_moved(problem, "max_share", step))
    # what is saved in 2027 is worth 1/1.1 on the first day
    expected = saved * 1.1 / step
    assert expected > 100
    assert _price(problem, "2027")["shadow_price_usd"] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("denominator", ["demand", "supply", "deliveries", "value"])
def test_the_price_of_a_floor_is_what_a_point_less_saves(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any], denominator: str
) -> None:
    floor = rule(
        "share_floor", of="KAZ", min_share={2026: 0.1, 2027: 0.25}, denominator=denominator
    )
    problem = three_sellers(floor, periods=YEARS, discount=DISCOUNT)
    step = 1e-5
    expected = (_cost(problem) - _cost(_moved(problem, "min_share", -step))) * 1.1 / step
    assert expected > 100
    assert _price(problem, "2027")["shadow_price_usd"] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("field", "unit"), [("tonnes", 1.0), ("cover_days", 100 / 366)])
def test_the_price_of_a_target_is_what_a_tonne_less_saves(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any], field: str, unit: float
) -> None:
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 3}
    target = rule("stock_target", stockpile="vault", **{field: {2026: 0, 2027: 20}})
    problem = three_sellers(target, periods=YEARS, discount=DISCOUNT, stockpiles=[vault])
    saved = _cost(problem) - _cost(_moved(problem, field, -1))
    price = _price(problem, "2027")["shadow_price_usd"]
    # a tonne is bought in 2027 at 50 and held for a year at 3; a day of 2028 is 100/366 t
    assert price == pytest.approx(53)
    assert price == pytest.approx(saved * 1.1 / unit)


def test_prices_are_undiscounted_and_those_of_g1(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="demand")
    problem = three_sellers(cap, periods=YEARS, discount={"rate": 0.5, "timing": "end"})
    for node in ("2026", "2027"):
        # a tonne more from China at 50 replaces one from Kazakhstan at 95
        row = _price(problem, node)
        assert row["per_tonne_usd"] == pytest.approx(45)
        assert row["shadow_price_usd"] == pytest.approx(45 * 100)
        assert row["dual_kind"] == "lp"


def test_a_rule_that_does_not_bind_is_worth_nothing(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="KAZ", max_share=0.6, denominator="deliveries")
    row = _price(three_sellers(cap), "2026")
    assert not row["binds"]
    assert str(row["shadow_price_usd"]) == "0.0"


def test_a_soft_rule_is_worth_its_penalty_where_it_is_exceeded(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="demand", penalty=12)
    row = _price(three_sellers(cap), "2026")
    assert row["per_tonne_usd"] == pytest.approx(12)
    assert row["excess"] == pytest.approx(40)


def test_room_by_value_is_in_dollars_and_has_no_price_per_tonne(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.4, denominator="value")
    row = _price(three_sellers(cap), "2026")
    assert row["shadow_price_usd"] > 0
    assert pd.isna(row["per_tonne_usd"])


def test_with_yes_no_choices_prices_are_those_with_the_choices_fixed(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("share_cap", of="CHN", max_share=0.6, denominator="demand"),
        rule("min_suppliers", id="three", count=3, min_share=0.05),
    )
    cap = _price(problem, "2026")
    assert cap["dual_kind"] == "fixed_integers"
    # Kazakhstan sells 10 t, more than the 5 t that count: a tonne from China replaces its last
    assert cap["per_tonne_usd"] == pytest.approx(45)
    three = _price(problem, "2026", "three")
    assert pd.isna(three["shadow_price_usd"])
    assert three["reason"] == "a number of sellers is whole: only a re-solve prices it"
