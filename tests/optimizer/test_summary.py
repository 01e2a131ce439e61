"""The summary: cost, shortfall, suppliers, cover and what binds, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
VAULT = {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 3}


@pytest.fixture(scope="module")
def result(three_sellers: Callable[..., Problem], rule: Callable[..., Any]) -> Result:
    return solve(
        three_sellers(
            rule("share_cap", of="CHN", max_share={2026: 0.6, 2027: 0.1}, denominator="demand"),
            rule("stock_target", id="reserve", stockpile="vault", cover_days=73),
            periods=YEARS,
            discount={"rate": 0.05, "timing": "start"},
            stockpiles=[VAULT],
            base_year=2025,
        )
    )


def test_the_first_lines_say_what_it_costs_whom_and_in_which_money(result: Result) -> None:
    status, cost, *_ = result.summary().splitlines()
    assert status == "tiny: optimal"
    assert cost.startswith("Least cost ")
    assert cost.endswith("USD of 2025 to the buyer, discounted at 5 % a year.")


def test_a_shortfall_is_shouted(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    problem = problem_of(offers=[offer("CHN", 50, 60)], demand=[need(100, 400)])
    text = solve(problem).summary()
    assert "UNMET: 40 t in all." in text
    assert "  us, metal: 40 t (40 %) in 2026" in text
    assert "  shortfall                   16,000 USD" in text


def test_without_shortfall_it_says_so(three_sellers: Callable[..., Problem]) -> None:
    assert "Every demand is met in full." in solve(three_sellers()).summary()


def test_suppliers_stand_by_year_the_largest_first(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="demand")
    lines = solve(three_sellers(cap)).summary().splitlines()
    place = lines.index("Who supplies metal, share of demand bought")
    assert [line.split() for line in lines[place + 1 : place + 5]] == [
        ["2026"],
        ["China", "60", "%"],
        ["Australia", "30", "%"],
        ["Kazakhstan", "10", "%"],
    ]


def test_cover_stands_in_days(result: Result) -> None:
    lines = result.summary().splitlines()
    place = lines.index("Days of demand in stock at the end of")
    assert lines[place + 1].split() == ["2026", "2027"]
    assert lines[place + 2].split()[0] == "vault"
    assert lines[place + 2].split()[-1] == "73"


def test_what_binds_is_told_with_what_it_costs(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    text = solve(
        three_sellers(
            rule("share_cap", of="CHN", max_share=0.6, denominator="demand"),
            rule("stock_target", id="reserve", stockpile="vault", tonnes=10),
            stockpiles=[VAULT],
        )
    ).summary()
    assert "  rule: China may supply at most 60 % of metal demand." in text
    # 45 USD a tonne on 100 t: 4,500 for all, 45 for a point
    assert "binds in 2026; worth up to 45 USD a point (2026)" in text
    # a tonne from Kazakhstan at 95, held for a year at 3
    assert "binds in 2026; worth up to 98 USD a tonne (2026)" in text


def test_rules_that_do_not_bind_are_not_told(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="KAZ", max_share=0.6, denominator="demand")
    text = solve(three_sellers(cap)).summary()
    assert "No rule binds." in text
    assert "Kazakhstan may supply" not in text


def test_an_unbounded_problem_says_where_to_look(
    problem_of: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    outlet = {"id": "scrap", "commodity": "metal", "country": "USA", "price": 60}
    result = solve(problem_of(offers=[offer("CHN", 50)], outlets=[outlet]))
    assert str(result.status) == "unbounded"
    assert "The cost can fall without end" in result.summary()


def test_many_years_are_thinned_out(three_sellers: Callable[..., Problem]) -> None:
    problem = three_sellers(periods={"start": "2026-01-01", "count": 30, "length": "1 yr"})
    lines = solve(problem).summary().splitlines()
    years = lines[lines.index("Who supplies metal, share of demand bought") + 1].split()
    assert (years[0], years[-1]) == ("2026", "2055")
    assert len(years) == len(set(years)) == 12
