"""Warnings: shortfalls, and shares delivered that are not the shares bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
VAULT = {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 1}


def test_a_plan_without_surprises_has_no_warnings(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="demand")
    assert solve(three_sellers(cap)).warnings == ()


def test_a_shortfall_is_told_with_its_years(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share={2026: 0.6, 2027: 0.1}, denominator="demand")
    result = solve(three_sellers(cap, periods=YEARS))
    assert result.warnings == ("10 t of metal for us stay unmet, in 2027.",)


@pytest.mark.parametrize(("capped", "told"), [(0.5, True), (0.96, False)])
def test_a_share_delivered_out_of_stock_beyond_the_share_bought_is_told(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any], capped: float, told: bool
) -> None:
    problem = three_sellers(
        rule("share_cap", of="CHN", max_share={2027: capped}, denominator="demand"),
        rule("share_floor", id="trace", of="CHN", min_share=0, denominator="deliveries"),
        periods=YEARS,
        stockpiles=[VAULT],
    )
    result = solve(problem)
    # what China may not sell in 2027 it sells a year before, for the stock: all is Chinese
    assert result.objective == pytest.approx(10_000 + (1 - capped) * 100)
    # 96 % bought and 100 % delivered lie less than 5 points apart
    assert result.warnings == (
        (
            "rule: China sells 50 % of metal demand in 2027, but 100 % of it is met with goods "
            "from there: stock is drawn. A cap with denominator deliveries limits that.",
        )
        if told
        else ()
    )


def test_what_is_bought_for_the_stock_is_told_too(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("share_cap", of="CHN", max_share=1, denominator="supply"),
        rule("share_floor", id="trace", of="CHN", min_share=0, denominator="deliveries"),
        rule("stock_target", id="reserve", stockpile="vault", tonnes=30),
        stockpiles=[VAULT],
    )
    assert solve(problem).warnings == (
        "rule: China sells 130 % of metal demand in 2026, but 100 % of it is met with goods from "
        "there: stock is filled. A cap with denominator deliveries limits that.",
    )


def test_a_rule_that_limits_deliveries_is_named(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("share_cap", of="CHN", max_share={2027: 0.5}, denominator="demand"),
        rule("share_cap", id="users", of="CHN", max_share=0.9, denominator="deliveries"),
        periods=YEARS,
        stockpiles=[VAULT],
    )
    assert solve(problem).warnings == (
        "rule: China sells 50 % of metal demand in 2027, but 90 % of it is met with goods from "
        "there: stock is drawn. users limits that.",
    )


def test_a_shortfall_is_no_stock(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("share_cap", of="CHN", max_share=0.2, denominator="demand"),
        rule("share_floor", id="trace", of="CHN", min_share=0, denominator="deliveries"),
        rule("share_cap", id="partners", of="partners", max_share=0.2, denominator="demand"),
    )
    # 20 t from China are half of the 40 t delivered, and 20 % of the demand either way
    assert solve(problem).warnings == ("60 t of metal for us stay unmet, in 2026.",)


def test_a_cap_on_a_country_that_sells_nothing_has_nothing_to_tell(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("share_cap", of="BRA", max_share=0.2, denominator="demand"),
        rule("share_floor", id="trace", of="CHN", min_share=0, denominator="deliveries"),
    )
    assert solve(problem).warnings == ()
