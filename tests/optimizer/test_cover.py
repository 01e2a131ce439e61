"""Days of cover: how long a stock meets the demand that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from instances.plan import COLUMNS, Plan
from optimizer.cover import LONGEST, cover_days

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

VAULT = {"id": "vault", "commodity": "metal", "country": "USA"}


def _plan(**stocks: float) -> Plan:
    tables = {name: pd.DataFrame(columns=list(columns)) for name, columns in COLUMNS.items()}
    rows = [(node, "vault", "any", 0.0, 0.0, held) for node, held in stocks.items()]
    tables["stocks"] = pd.DataFrame(rows, columns=list(COLUMNS["stocks"]))
    return Plan(**tables)


def test_stock_is_used_up_at_the_rate_of_each_year(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    problem = problem_of(
        periods={"start": "2027-01-01", "count": 2, "length": "1 yr"},
        demand=[need({2027: 50, 2028: 366, 2029: 730})],
        stockpiles=[VAULT],
    )
    days = cover_days(problem, _plan(**{"2027": 376, "2028": 30}))
    # all 366 t of the 366 days of 2028, and 5 days at 2 t; then 15 days at 2 t
    assert days == {("vault", "2027"): pytest.approx(371), ("vault", "2028"): pytest.approx(15)}


def test_an_empty_store_covers_nothing(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    problem = problem_of(demand=[need(10)], stockpiles=[VAULT])
    assert cover_days(problem, _plan()) == {("vault", "2026"): 0}


def test_without_demand_there_is_nothing_to_cover(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    elsewhere = problem_of(demand=[need(10, country="JPN")], stockpiles=[VAULT])
    assert cover_days(elsewhere, _plan(**{"2026": 5})) == {("vault", "2026"): None}


def test_cover_is_told_up_to_a_century(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    fading = problem_of(demand=[need({2026: 10, 2027: 0})], stockpiles=[VAULT])
    assert cover_days(fading, _plan(**{"2026": 5})) == {("vault", "2026"): LONGEST}
    assert cover_days(fading, _plan()) == {("vault", "2026"): None}


def test_a_target_in_days_is_covered_for_those_days(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    rule: Callable[..., Any],
) -> None:
    from optimizer import solve

    problem = problem_of(
        periods={"start": "2027-01-01", "count": 3, "length": "1 quarter"},
        offers=[offer("CHN", 50)],
        demand=[need({2027: 365, "2027-04-01": 730, "2027-07-01": 1095})],
        stockpiles=[VAULT | {"holding_cost": 1}],
        rules=[rule("stock_target", stockpile="vault", cover_days=100)],
    )
    assert solve(problem).stocks["cover_d"].tolist() == pytest.approx([100, 100, 100])
