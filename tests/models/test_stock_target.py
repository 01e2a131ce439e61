"""Targets in tonnes: days of cover are the demand of the days that follow the period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.generate import random_problem
from instances.ledger import Ledger, Lots
from instances.rules import StockTarget
from instances.tree import periods_of, ways_of
from models.rows import family_rows
from models.stock_target import tonnes_required

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

VAULT = {"id": "vault", "commodity": "metal", "country": "USA"}


def _required(problem: Problem) -> list[float]:
    return [tonnes_required(problem, row) for row in family_rows(problem, StockTarget)]


def _ledger(problem: Problem) -> Ledger:
    none = Lots([])
    return Ledger(
        directory=problem.directory,
        periods=periods_of(problem.nodes),
        ways=ways_of(problem.nodes),
        horizon=problem.periods,
        purchases=none,
        made=none,
        capacities=none,
        payments=none,
        receipts=none,
        deliveries=none,
        sales=none,
        needs=none,
        stocks={},
        excesses={},
        rates={demand.id: demand.quantity for demand in problem.demand},
        local_demands={
            store.id: tuple(
                demand.id
                for demand in problem.demand
                if (demand.commodity, demand.country) == (store.commodity, store.country)
            )
            for store in problem.stockpiles
        },
    )


def test_cover_of_a_leap_year_spreads_its_demand_over_366_days(
    problem_of: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    problem = problem_of(
        periods={"start": "2027-01-01", "count": 3, "length": "1 yr"},
        demand=[need({2027: 100, 2028: 366, 2029: 730})],
        stockpiles=[VAULT],
        rules=[rule("stock_target", stockpile="vault", cover_days=90)],
    )
    # after 2027: 90 days of 2028 at 366 t / 366 d; after 2028: 90 days of 2029 at 2 t/d;
    # after 2029: the demand as stated goes on
    assert _required(problem) == pytest.approx([90, 180, 180])


def test_cover_reaches_over_several_periods_and_beyond_the_horizon(
    problem_of: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    problem = problem_of(
        periods={"start": "2027-01-01", "count": 3, "length": "1 quarter"},
        demand=[need({2027: 365, "2027-04-01": 730, "2027-07-01": 1095, "2027-10-01": 365})],
        stockpiles=[VAULT],
        rules=[rule("stock_target", stockpile="vault", cover_days=100)],
    )
    # Q2 has 91 days at 2 t, Q3 92 at 3 t, Q4 92 at 1 t, and 2028 is a leap year:
    # 91*2 + 9*3 = 209; 92*3 + 8*1 = 284; 92*1 + 8*365/366
    assert _required(problem) == pytest.approx([209, 284, 92 + 8 * 365 / 366])


def test_a_part_of_a_day_counts(
    problem_of: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    problem = problem_of(
        demand=[need(365)],
        stockpiles=[VAULT],
        rules=[rule("stock_target", stockpile="vault", cover_days=1.5)],
    )
    assert _required(problem) == pytest.approx([1.5])


def test_only_the_named_demands_are_covered(
    problem_of: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    problem = problem_of(
        demand=[need(365), need(730, id="army"), need(9e9, id="jp", country="JPN")],
        stockpiles=[VAULT],
        rules=[
            rule("stock_target", stockpile="vault", cover_days=10, demand=["army"]),
            rule("stock_target", id="all", stockpile="vault", cover_days=10),
        ],
    )
    # 10 days of 2 t; 10 days of 3 t
    assert _required(problem) == pytest.approx([20, 30])


def test_model_and_ledger_count_the_same_cover() -> None:
    compared = 0
    for seed in range(60):
        problem = random_problem(seed)
        ledger = _ledger(problem)
        for row in family_rows(problem, StockTarget):
            if row.rule.cover_days is not None:
                store, named = row.rule.stockpile, row.rule.demand
                expected = ledger.cover_tonnes(store, row.node, row.limit, named)
                assert tonnes_required(problem, row) == pytest.approx(expected, rel=1e-12)
                compared += 1
    assert compared > 30
