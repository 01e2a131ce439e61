"""Solve: every kind of end is a result, and every plan has passed the referee."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from instances.check import check
from optimizer import Options, Point, Status, Stop, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def test_the_objective_is_the_referees(every_rule: Problem) -> None:
    result = solve(every_rule)
    verdict = check(every_rule, result.plan, claimed=result.objective)
    assert verdict.faults == ()
    assert result.objective == pytest.approx(verdict.objective, rel=1e-9)
    assert result.bound is not None
    assert result.objective is not None
    assert result.bound <= result.objective * (1 + 1e-9)


@pytest.mark.parametrize("tables", [{}, {"rules": []}, {"demand": [], "rules": []}])
def test_a_problem_with_nothing_to_do_costs_nothing(
    problem_of: Callable[..., Problem], tables: dict[str, Any]
) -> None:
    result = solve(problem_of(**tables))
    assert result.status == Status(Stop.FINISHED, Point.OPTIMAL)
    assert result.objective == 0
    assert result.warnings == ()
    assert len(result.purchases) == 0


def test_what_nobody_needs_is_not_bought(
    problem_of: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    result = solve(problem_of(offers=[offer("CHN", 50)]))
    assert result.objective == 0
    assert len(result.purchases) == 0


def test_rules_about_nothing_hold(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    rule: Callable[..., Any],
) -> None:
    forms = ("demand", "supply", "deliveries", "value")
    caps = [
        rule("share_cap", id=f"cap-{form}", of="CHN", max_share=0.5, denominator=form)
        for form in forms
    ]
    floors = [
        rule("share_floor", id=f"floor-{form}", of="CHN", min_share=0.5, denominator=form)
        for form in forms
    ]
    count = rule("min_suppliers", id="count", count=2, min_share=0.1)
    result = solve(
        problem_of(offers=[offer("CHN", 50)], demand=[need(0)], rules=[*caps, *floors, count])
    )
    assert result.objective == 0
    # of nothing there is no share, and nobody need sell any of it
    assert result.rules["value"].isna().all()
    assert len(result.rules) == 8


def test_a_stock_alone_is_kept_for_its_worth(problem_of: Callable[..., Problem]) -> None:
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 10}
    result = solve(problem_of(stockpiles=[vault | {"terminal_value": 5}]))
    assert result.objective == pytest.approx(-50)


def test_a_demand_met_from_stock_alone(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 10}
    result = solve(problem_of(stockpiles=[vault], demand=[need(8)]))
    assert result.stocks["draw_t"].tolist() == [8]
    assert result.stocks["stock_t"].tolist() == [2]


def test_unbounded_is_a_result(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    outlet = {"id": "scrap", "commodity": "metal", "country": "USA", "price": 60}
    result = solve(problem_of(offers=[offer("CHN", 50)], outlets=[outlet]))
    assert result.status == Status(Stop.FINISHED, Point.UNBOUNDED)
    assert result.broken == ()


def test_what_is_infeasible_and_would_be_unbounded_is_infeasible(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    outlet = {"id": "scrap", "commodity": "metal", "country": "CHN", "price": 60}
    lane = {
        "id": "cu",
        "origin": "CHN",
        "destination": "USA",
        "commodities": ["metal"],
        "capacity": 5,
    }
    problem = problem_of(
        offers=[offer("CHN", 50)], outlets=[outlet], demand=[need(8)], lanes=[lane]
    )
    result = solve(problem)
    assert result.status.point is Point.INFEASIBLE
    assert [(item.id, round(item.amount, 9)) for item in result.broken] == [("us", 3)]


def test_cancelled_before_it_starts_it_holds_nothing(
    three_sellers: Callable[..., Problem],
) -> None:
    cancel = threading.Event()
    cancel.set()
    result = solve(three_sellers(), cancel=cancel)
    assert result.status == Status(Stop.CANCELLED, Point.NONE)
    assert not result.has_plan
    assert "No plan is held." in result.summary()


def test_within_its_gap_a_plan_is_optimal(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(rule("min_suppliers", count=3, min_share=0.2))
    result = solve(problem, Options(gap=0.01))
    assert result.status == Status(Stop.FINISHED, Point.OPTIMAL)
    assert result.gap is not None
    assert result.gap <= 0.01


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", [0, 7])
def test_threads_and_seed_do_not_change_the_objective(
    every_rule: Problem, threads: int, seed: int
) -> None:
    base = solve(every_rule).objective
    found = solve(every_rule, Options(threads=threads, seed=seed)).objective
    assert found == pytest.approx(base, rel=1e-9)


def test_numbers_of_any_size_are_solved(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    rule: Callable[..., Any],
) -> None:
    for price in (1e-3, 1e9):
        for size in (1e-3, 1e9):
            problem = problem_of(
                offers=[offer("CHN", price), offer("AUS", 2 * price)],
                demand=[need(size, 1e3 * price)],
                rules=[rule("share_cap", of="CHN", max_share=0.25, denominator="supply")],
            )
            assert solve(problem).objective == pytest.approx(1.75 * price * size, rel=1e-6)
