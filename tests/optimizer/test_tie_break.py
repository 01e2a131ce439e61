"""Tie-break: among plans of least cost, the largest suppliers are as small as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.from_facts import from_facts
from instances.generate import random_problem
from instances.record import with_fields
from optimizer import Options, Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def _bought(result: Result, by: str = "country") -> dict[str, float]:
    sums = result.purchases.groupby(by)["bought_t"].sum()
    return {str(name): round(float(tonnes), 6) for name, tonnes in sums.items()}


def test_equal_offers_share_the_demand(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    problem = problem_of(
        offers=[offer("CHN", 50), offer("AUS", 50), offer("KAZ", 50, 10)], demand=[need(100)]
    )
    result = solve(problem)
    # Kazakhstan's 10 t, and the rest in halves
    assert _bought(result) == {"AUS": 45, "CHN": 45, "KAZ": 10}
    assert result.objective == pytest.approx(5000)
    assert result.record["tie_break"] == "chose among equal plans"


def test_a_dearer_offer_is_left_alone(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    offers = [offer("CHN", 50), offer("AUS", 50.0001)]
    result = solve(problem_of(offers=offers, demand=[need(100)]))
    assert _bought(result) == {"CHN": 100}
    assert result.record["tie_break"] == "kept the first plan"


@pytest.mark.parametrize("tonnes", [1e-3, 1, 1e3, 1e6, 1e9])
def test_the_size_of_demand_does_not_matter(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    tonnes: float,
) -> None:
    offers = [offer("CHN", 50), offer("AUS", 50), offer("KAZ", 50, tonnes / 10)]
    result = solve(problem_of(offers=offers, demand=[need(tonnes)]))
    # Kazakhstan's tenth, and the rest in halves, as with 100 t
    shares = {country: bought / tonnes for country, bought in _bought(result).items()}
    assert shares == pytest.approx({"AUS": 0.45, "CHN": 0.45, "KAZ": 0.1}, rel=1e-3)


def test_zinc_is_solved_without_its_rules() -> None:
    # 820,000 t a year for ten years from 22 offers, most of them at one price
    result = solve(with_fields(from_facts("zinc"), rules=()))
    assert str(result.status) == "optimal"
    assert result.record["tie_break"] == "chose among equal plans"


@pytest.mark.parametrize("cost", [60, 1e6, 1e12])
def test_the_cost_of_a_shortfall_does_not_blur_what_costs_the_same(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    cost: float,
) -> None:
    offers = [offer("CHN", 50), offer("AUS", 50), offer("KAZ", 51)]
    result = solve(problem_of(offers=offers, demand=[need(100, cost)]))
    assert _bought(result) == {"AUS": 50, "CHN": 50}
    assert result.objective == pytest.approx(5000, rel=1e-12)


@pytest.mark.parametrize("kind", ["share_cap", "share_floor"])
def test_a_rule_that_is_reached_at_no_cost_is_left_again(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    rule: Callable[..., Any],
    kind: str,
) -> None:
    # one plan of least cost lies at 30 % from China, where the floor binds, one at 70 %
    share = {"share_cap": {"max_share": 0.7}, "share_floor": {"min_share": 0.3}}[kind]
    problem = problem_of(
        offers=[offer("CHN", 50), offer("AUS", 50)],
        demand=[need(100)],
        rules=[rule(kind, of="CHN", denominator="demand", **share)],
    )
    assert _bought(solve(problem)) == {"AUS": 50, "CHN": 50}


def test_a_rule_that_costs_something_stays_where_it_is(
    three_sellers: Callable[..., Problem], offer: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("share_cap", of="CHN", max_share=0.6, denominator="demand"),
        offers=[offer("CHN", 50), offer("AUS", 80), offer("KAZ", 80)],
    )
    # China's 60 t stay the largest, however the rest is shared: the first id has it
    assert _bought(solve(problem)) == {"AUS": 40, "CHN": 60}


def test_within_a_country_the_first_id_sells_whatever_the_order_of_the_rows(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    offers = [offer("CHN", 50, 70, id=name) for name in ("c", "a", "b")]
    for rows in (offers, offers[::-1], [offers[1], offers[0], offers[2]]):
        result = solve(problem_of(offers=rows, demand=[need(100)]))
        assert _bought(result, "offer") == {"a": 70, "b": 30}


def test_without_it_the_cost_is_the_same(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    problem = problem_of(offers=[offer("CHN", 50), offer("AUS", 50)], demand=[need(100)])
    result = solve(problem, Options(tie_break=False))
    assert result.objective == pytest.approx(5000)
    assert result.record["tie_break"] == "off"
    # a vertex of the first program: one of the two sells it all
    assert list(_bought(result).values()) == [100]


def test_stockpiles_share_out_over_time_too(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        offers=[offer("CHN", 50, 100), offer("AUS", 50, 100)],
        demand=[need({2026: 0, 2027: 100})],
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA"}],
    )
    result = solve(problem)
    # what is bought in 2026, when nothing is needed, does not count as concentration
    assert result.objective == pytest.approx(5000)
    assert sum(_bought(result).values()) == pytest.approx(100)
    later = result.purchases[result.purchases["node"] == "2027"]
    assert later["bought_t"].max() <= 50 + 1e-6 if len(later) else True


def test_nothing_is_made_or_carried_about_to_no_purpose(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    # making, moving and throwing away are free. 60 t are needed in 2027 of a mine whose output
    # may rise by 20 t a year, so that 40 t must be made in 2026: 10 t of them for users
    ends = [("CHN", "USA"), ("USA", "CHN"), ("CHN", "JPN"), ("JPN", "USA")]
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        facilities=[
            {
                "id": "mine",
                "country": "CHN",
                "capacity": 100,
                "growth": 20,
                "processes": [{"id": "dig", "outputs": {"metal": 1}}],
            }
        ],
        lanes=[
            {"id": f"{a}-{b}", "origin": a, "destination": b, "commodities": ["metal"]}
            for a, b in ends
        ],
        demand=[need({2026: 10, 2027: 60})],
    )
    result = solve(problem)
    made = result.production.groupby("node")["made_t"].sum().to_dict()
    assert made == pytest.approx({"2026": 40, "2027": 60})
    assert result.plan.shipments.groupby("lane")["tonnes"].sum().to_dict() == pytest.approx(
        {"CHN-USA": 70}
    )


def test_nothing_goes_through_a_store_to_no_purpose(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    rule: Callable[..., Any],
) -> None:
    # storing is free, so that all 100 t of a year may be stored and drawn within it, and Chinese
    # stock be swapped for Australian. The target needs neither: its 10 t are there and stay
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        offers=[offer("AUS", 50), offer("CHN", 60)],
        demand=[need(100)],
        stockpiles=[
            {"id": "vault", "commodity": "metal", "country": "USA"}
            | {"opening": 10, "opening_country": "CHN"}
        ],
        rules=[
            rule("share_cap", of="CHN", max_share=0.9, denominator="deliveries"),
            rule("stock_target", id="target", stockpile="vault", tonnes=10),
        ],
    )
    result = solve(problem)
    assert _bought(result) == {"AUS": 200}
    assert result.plan.stocks[["fill", "draw"]].to_numpy().sum() == pytest.approx(0, abs=1e-9)
    (left,) = result.plan.stocks.query("node == '2027' and stock > 1e-9").to_dict("records")
    assert (left["tag"], left["stock"]) == ("CHN", pytest.approx(10))


def test_choices_are_kept_and_the_rest_shared(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    rule: Callable[..., Any],
) -> None:
    problem = problem_of(
        offers=[offer("CHN", 50), offer("AUS", 50), offer("KAZ", 90)],
        demand=[need(100)],
        rules=[rule("min_suppliers", count=3, min_share=0.2)],
    )
    result = solve(problem)
    assert _bought(result) == {"AUS": 40, "CHN": 40, "KAZ": 20}
    assert result.objective == pytest.approx(80 * 50 + 20 * 90)


@pytest.mark.parametrize("seed", [0, *range(2, 6)])
def test_a_repeated_solve_gives_the_same_plan(seed: int) -> None:
    first, second = (solve(random_problem(seed)) for _ in range(2))
    assert first.has_plan == second.has_plan
    if first.has_plan:
        assert first.plan.to_plain() == second.plan.to_plain()
