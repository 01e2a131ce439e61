from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from instances.check import check
from instances.plan import COLUMNS, Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]


def test_lost_goods_do_not_arrive(depot_data: Data, depot_plan: Plan) -> None:
    # 60 t loaded without loss would be 60 t; 40 delivered, 12 stored and 2 sold are 54
    del depot_data["lanes"][0]["loss"]
    problem = Problem.model_validate(depot_data)
    assert check(problem, depot_plan).faults == (
        "Balance of 'metal' (tag 'CHN') in USA in 2026: 60 t come in, 54 t go out.",
    )


def test_goods_do_not_change_their_seller(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    faults = check(depot, tampered(depot_plan, "deliveries", 0, tag="AUS")).faults
    assert "Balance of 'metal' (tag 'CHN') in USA in 2026: 54 t come in, 14 t go out." in faults
    assert "Balance of 'metal' (tag 'AUS') in USA in 2026: 0 t come in, 40 t go out." in faults


def test_a_tag_of_the_plan_alone_has_a_balance(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    faults = check(depot, tampered(depot_plan, "deliveries", 1, tag="BRA")).faults
    assert "Balance of 'metal' (tag 'BRA') in USA in 2026: 0 t come in, 3 t go out." in faults
    assert "Balance of 'metal' (tag 'unknown') in USA in 2026: 3 t come in, 0 t go out." in faults


@pytest.mark.parametrize(
    ("table", "row", "values", "place"),
    [
        ("shipments", 1, {"tonnes": 39.0}, "(tag 'AUS') in AUS in 2027: 40 t come in, 39 t"),
        ("shipments", 1, {"tonnes": 39.0}, "(tag 'AUS') in USA in 2027: 39 t come in, 40 t"),
        ("sales", 0, {"tonnes": 1.0}, "(tag 'CHN') in USA in 2026: 54 t come in, 53 t"),
        ("stocks", 0, {"fill": 11.0}, "(tag 'CHN') in USA in 2026: 54 t come in, 53 t"),
        ("stocks", 2, {"draw": 4.0}, "(tag 'CHN') in USA in 2027: 4 t come in, 5 t"),
    ],
)
def test_each_flow_counts_in_the_balance(
    depot: Problem,
    depot_plan: Plan,
    tampered: PlanMaker,
    table: str,
    row: int,
    values: dict[str, float],
    place: str,
) -> None:
    faults = check(depot, tampered(depot_plan, table, row, **values)).faults
    assert f"Balance of 'metal' {place} go out." in faults


def test_a_balance_is_measured_by_its_largest_flow(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    # the largest flow of the Chinese balance is 60 t: 6e-5 t either way
    assert check(depot, tampered(depot_plan, "purchases", 0, tonnes=60 + 5e-5)).faults == ()
    assert len(check(depot, tampered(depot_plan, "purchases", 0, tonnes=60 + 7e-5)).faults) == 1


def test_unmet_demand_must_be_declared(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    assert check(depot, tampered(depot_plan, "shortfalls", 0, tonnes=1.0)).faults == (
        "Demand 'us' in 2026: 43 t delivered and 1 t short are not the 45 t demanded.",
    )


def test_what_is_owed_is_delivered_later_or_stays_owed(depot_data: Data, depot_plan: Plan) -> None:
    def judged(*rows: tuple[str, float], patient: bool = True) -> tuple[str, ...]:
        cost = {"backlog_cost": 5} if patient else {}
        data = depot_data | {"demand": [depot_data["demand"][0] | cost, *depot_data["demand"][1:]]}
        owed = pd.DataFrame(
            [(node, "us", late) for node, late in rows], columns=list(COLUMNS["backlogs"])
        )
        problem = Problem.model_validate(data)
        return check(problem, replace(depot_plan, backlogs=owed)).faults

    before, after = judged(("2026", 3.0))
    assert before.endswith("are not the 45 t demanded; 3 t stay owed.")
    assert after.endswith("are not the 45 t demanded and 3 t owed.")
    assert "Demand 'us' is owed 3 t in 2026, more than 0 t." in judged(
        ("2026", 3.0), patient=False
    )
    assert any("more than 0 t." in fault for fault in judged(("2027", 3.0)))


def test_more_than_is_demanded_cannot_be_delivered(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    faults = check(depot, tampered(depot_plan, "deliveries", 2, tonnes=41.0)).faults
    assert "Demand 'us' in 2027: 46 t delivered and 0 t short are not the 45 t demanded." in faults


def test_a_plan_that_does_nothing_leaves_demand_and_stock_unexplained(
    depot: Problem, plan_of: PlanMaker
) -> None:
    faults = check(depot, plan_of()).faults
    assert "Demand 'us' in 2026: 0 t delivered and 0 t short are not the 45 t demanded." in faults
    # the opening 10 t must be somewhere: 0.9 * 10
    assert (
        "Stockpile 'vault' (tag 'unknown') in 2026: 0 t held, but 9 t kept + 0 t filled - 0 t "
        "drawn are 9 t." in faults
    )


def test_opening_stock_has_the_seller_that_is_stated(depot_data: Data, depot_plan: Plan) -> None:
    depot_data["stockpiles"][0]["opening_country"] = "AUS"
    problem = Problem.model_validate(depot_data)
    faults = check(problem, depot_plan).faults
    assert (
        "Stockpile 'vault' (tag 'AUS') in 2026: 0 t held, but 9 t kept + 0 t filled - 0 t drawn "
        "are 9 t." in faults
    )
    known = {
        name: table.replace({"unknown": "AUS"}) if "tag" in table else table
        for name, table in depot_plan.tables().items()
    }
    # Chinese deliveries of 2026 fall to 40 t of 43: 40 - 34.4 = 5.6 t too many instead of 8.6
    assert check(problem, Plan(**known)).faults == ()


def test_stock_shrinks_by_the_length_of_the_period(plan_of: PlanMaker) -> None:
    problem = Problem.model_validate(
        {
            "name": "decay",
            "periods": {
                "start": "2027-01-01",
                "parts": [
                    {"count": 1, "length": "2 years"},
                    {"count": 2, "length": "6 months"},
                ],
            },
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "stockpiles": [
                {
                    "id": "vault",
                    "commodity": "metal",
                    "country": "USA",
                    "opening": 100,
                    "decay": 0.19,
                }
            ],
        }
    )
    # two years: 0.81^2 * 100 = 65.61; January to June 2029: 181 of 365 days; then the other 184
    half = 65.61 * 0.81 ** (181 / 365)
    stocks = [
        ("2027-01-01", "vault", "any", 0.0, 0.0, 65.61),
        ("2029-01-01", "vault", "any", 0.0, 0.0, half),
        ("2029-07-01", "vault", "any", 0.0, 0.0, 0.81 * 65.61),
    ]
    plan = plan_of(stocks=stocks)
    assert check(problem, plan).faults == ()
    half_year = replace(plan, stocks=plan.stocks.assign(stock=[65.61, 65.61 * 0.9, 0.81 * 65.61]))
    # 0.81^(1/2) = 0.9 would be half a year of equal halves
    assert len(check(problem, half_year).faults) == 2


def test_goods_that_no_lane_names_move_freely(plan_of: PlanMaker) -> None:
    problem = Problem.model_validate(
        {
            "name": "free",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "offers": [
                {
                    "id": "cn",
                    "supplier": "Red",
                    "country": "CHN",
                    "commodity": "metal",
                    "price": 2,
                }
            ],
            "demand": [{"id": "us", "commodity": "metal", "country": "USA", "quantity": 7}],
        }
    )
    plan = plan_of(
        purchases=[("2026", "cn", 0, 7.0)],
        shipments=[("2026", "free.CHN.USA", "metal", "any", 7.0)],
        deliveries=[("2026", "us", "any", 7.0)],
    )
    verdict = check(problem, plan)
    assert verdict.faults == ()
    assert verdict.objective == pytest.approx(14)
