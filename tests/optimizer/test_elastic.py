"""Elastic re-solve: without a plan, which demands and rules have to give, and by how much."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from instances.errors import NoPlan, SolverFailed
from models import build
from optimizer import Break, Options, Result, solve
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.elastic import breaks
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def _broken(result: Result) -> list[tuple[str, str, float, str]]:
    assert result.status == Status(Stop.FINISHED, Point.INFEASIBLE)
    return [(item.kind, item.id, round(item.amount, 6), item.unit) for item in result.broken]


def test_a_hard_demand_lacks_what_no_offer_covers(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    result = solve(problem_of(offers=[offer("CHN", 50, 60)], demand=[need(100)]))
    assert _broken(result) == [("demand", "us", 40, "t")]
    sentence = "Demand us needs 100 t of metal in 2026: 40 t cannot be supplied."
    assert result.broken[0].sentence == sentence
    assert result.broken[0].node == "2026"


def test_what_lies_beyond_the_last_slice_of_a_shortfall_is_hard(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    slices = [{"share": 0.1, "cost": 400}, {"share": 0.2, "cost": 900}]
    result = solve(problem_of(offers=[offer("CHN", 50, 60)], demand=[need(100, slices)]))
    # 60 t bought and 30 t short at a price
    assert _broken(result) == [("demand", "us", 10, "t")]


def test_a_demand_that_nothing_reaches_lacks_everything(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    lane = {"id": "cj", "origin": "CHN", "destination": "JPN", "commodities": ["metal"]}
    result = solve(problem_of(offers=[offer("CHN", 50)], demand=[need(8)], lanes=[lane]))
    assert _broken(result) == [("demand", "us", 8, "t")]


def test_a_floor_lacks_what_its_party_cannot_sell(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    result = solve(
        three_sellers(rule("share_floor", of="KAZ", min_share=0.6, denominator="demand"))
    )
    # 60 t are asked of the 50 t that Kazakhstan has
    assert _broken(result) == [("rule", "rule", 10, "t")]
    assert result.broken[0].sentence == (
        "Kazakhstan must supply at least 60 % of metal demand in 2026: 10 t are missing."
    )


def test_a_floor_by_value_lacks_dollars(
    three_sellers: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    floor = rule("share_floor", of="AUS", min_share=0.5, denominator="value")
    result = solve(three_sellers(floor, demand=[need(100)]))
    # 30 t from Australia are 2,400 USD, 70 t from China 3,500: half of 5,900 less 2,400
    assert _broken(result) == [("rule", "rule", 550, "USD")]
    assert result.broken[0].sentence.endswith("550 USD are missing.")


def test_a_cap_on_deliveries_gives_for_stock_of_unknown_seller(
    problem_of: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    problem = problem_of(
        demand=[need(8)],
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA", "opening": 10}],
        rules=[rule("share_cap", of="CHN", max_share=0.5, denominator="deliveries")],
    )
    # all 8 t may be Chinese, 4 t are allowed
    assert _broken(solve(problem)) == [("rule", "rule", 4, "t")]


def test_a_target_lacks_what_cannot_be_filled(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 3, "fill_rate": 5}
    target = rule("stock_target", stockpile="vault", cover_days=73)
    result = solve(three_sellers(target, stockpiles=[vault]))
    # 73 days of 100 t a year are 20 t; 3 t are there and 5 t can be added
    assert _broken(result) == [("rule", "rule", 12, "t")]
    assert result.broken[0].sentence == (
        "Stockpile vault must cover at least 73 days of demand at the end of 2026: "
        "12 t are missing."
    )


def test_missing_suppliers_are_counted(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    result = solve(three_sellers(rule("min_suppliers", count=5, min_share=0.1)))
    assert _broken(result) == [("rule", "rule", 2, "count")]
    assert result.broken[0].sentence == (
        "At least 5 suppliers must each sell at least 10 % of metal demand in 2026: "
        "2 of them cannot be found."
    )


def test_of_a_cap_and_a_demand_that_clash_one_gives_by_what_is_lacking(
    three_sellers: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.1, denominator="demand")
    broken = _broken(solve(three_sellers(cap, demand=[need(100)])))
    # 10 t from China, 30 t from Australia and 50 t from Kazakhstan leave 10 t
    assert sum(amount for _, _, amount, _ in broken) == pytest.approx(10)


def test_a_soft_rule_never_has_to_give(
    three_sellers: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.1, denominator="demand", penalty=1e9)
    result = solve(three_sellers(cap, demand=[need(200)]))
    # 200 t from China would do, at any penalty, but for Australia's and Kazakhstan's 80 t
    assert result.status.point is Point.OPTIMAL
    assert result.rules["excess"].iloc[0] == pytest.approx(100)
    short = solve(three_sellers(cap, demand=[need(300)]))
    assert _broken(short) == [("demand", "us", 20, "t")]


def test_each_year_gives_by_itself(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 3, "length": "1 yr"},
        offers=[offer("CHN", 50, {2026: 60, 2027: 100, 2028: 75})],
        demand=[need(100)],
    )
    result = solve(problem)
    assert [(item.node, round(item.amount, 6)) for item in result.broken] == [
        ("2026", 40),
        ("2028", 25),
    ]


def test_a_fill_limit_that_keeps_targets_from_being_met_is_named(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    store = {"id": "vault", "commodity": "metal", "country": "USA", "market_share": 0.1}
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 3, "length": "1 yr"},
        offers=[offer("CHN", 50, 100, end="2027-01-01")],
        stockpiles=[store],
        rules=[rule("stock_target", stockpile="vault", tonnes=30)],
    )
    result = solve(problem)
    # 10 t of the 100 on offer in 2026 leave 20 t missing in three years; 20 t more in 2026 do
    assert _broken(result) == [("stockpile", "vault", 20, "t")]
    assert result.broken[0].sentence == (
        "Stockpile vault may take no more than its share of the market in 2026: 20 t too much."
    )


def test_rotation_and_a_fill_limit_that_clash_are_named(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    store = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 40}
    problem = problem_of(
        offers=[offer("CHN", 50, 100)],
        demand=[need(50)],
        stockpiles=[store | {"rotation": 0.5, "market_share": 0.1}],
    )
    # 20 t must be replaced, but only 10 t may be put in
    assert _broken(solve(problem)) == [("stockpile", "vault", 10, "t")]


def test_even_a_trifle_that_is_lacking_is_told(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    result = solve(problem_of(demand=[need(5e-7)]))
    assert result.broken[0].amount == pytest.approx(5e-7)


def test_without_a_plan_there_are_reasons_and_no_tables(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    result = solve(problem_of(demand=[need(8)]))
    assert not result.has_plan
    assert result.objective is None
    assert result.tables() == {}
    with pytest.raises(NoPlan, match="infeasible"):
        _ = result.plan
    assert "No plan keeps every rule." in result.summary()
    assert "8 t cannot be supplied." in result.summary()


def test_a_model_in_which_nothing_has_to_give_is_a_failure_of_the_solver(
    three_sellers: Callable[..., Problem],
) -> None:
    problem = three_sellers()
    with pytest.raises(SolverFailed, match="no demand and no rule has to give"):
        breaks(problem, compile_frame(build(problem)), Options(), Watch())


def test_out_of_time_nothing_is_said(problem_of: Callable[..., Problem], need: Any) -> None:
    problem = problem_of(demand=[need(8)])
    matrices = compile_frame(build(problem))
    watch = Watch()
    watch.cancel.set()
    assert breaks(problem, matrices, Options(), watch) == ()
    assert breaks(problem, matrices, Options(), Watch(deadline=time.monotonic() + 60)) != ()


def test_a_break_is_plain_data() -> None:
    item = Break("rule", "cap", "2026", 4.0, "t", "Four too many.")
    assert Break(**item.to_plain()) == item
