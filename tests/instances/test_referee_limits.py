from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]


@pytest.mark.parametrize(
    ("table", "row", "values", "fault"),
    [
        (
            "purchases",
            0,
            {"tonnes": 81.0},
            "Offer 'cn' (tranche 0) sells 81 t in 2026, more than 80 t.",
        ),
        (
            "purchases",
            2,
            {"tonnes": 40.5},
            "Offer 'au' (tranche 1) sells 40.5 t in 2027, more than 40 t.",
        ),
        # the offer starts on 2027-01-01
        (
            "purchases",
            1,
            {"node": "2026"},
            "Offer 'au' (tranche 0) sells 30 t in 2026, more than 0 t.",
        ),
        ("shipments", 0, {"tonnes": 71.0}, "Lane 'cn-us' loads 71 t in 2026, more than 70 t."),
        (
            "shipments",
            0,
            {"commodity": "slag"},
            "Lane 'cn-us' loads 60 t of 'slag' in 2026, which it does not carry.",
        ),
        # 20 % and 30 % of 45 t may stay unmet, nothing beyond
        (
            "shortfalls",
            0,
            {"tonnes": 9.1},
            "Demand 'us' (tier 0) leaves unmet 9.1 t in 2026, more than 9 t.",
        ),
        (
            "shortfalls",
            1,
            {"tonnes": 14.0},
            "Demand 'us' (tier 1) leaves unmet 14 t in 2026, more than 13.5 t.",
        ),
        (
            "shortfalls",
            2,
            {"tonnes": 0.1},
            "Demand 'us' (tier 2) leaves unmet 0.1 t in 2026, more than 0 t.",
        ),
        ("sales", 0, {"tonnes": 5.5}, "Outlet 'scrap' takes 5.5 t in 2026, more than 5 t."),
        # limits of a stockpile count all its tags: 6 t of unknown seller lie there, too
        ("stocks", 0, {"stock": 35.0}, "Stockpile 'vault' holds 41 t in 2026, more than 40 t."),
        ("stocks", 0, {"fill": 31.0}, "Stockpile 'vault' takes in 31 t in 2026, more than 30 t."),
        ("stocks", 0, {"draw": 18.0}, "Stockpile 'vault' gives out 21 t in 2026, more than 20 t."),
    ],
)
def test_passing_a_limit_is_a_fault(
    depot: Problem,
    depot_plan: Plan,
    tampered: PlanMaker,
    table: str,
    row: int,
    values: Mapping[str, object],
    fault: str,
) -> None:
    assert fault in check(depot, tampered(depot_plan, table, row, **values)).faults


@pytest.mark.parametrize(
    ("table", "what"),
    [("shipments", "cn-us"), ("deliveries", "us"), ("sales", "scrap"), ("stocks", "vault")],
)
@pytest.mark.parametrize("tag", ["BRA", "any"])
def test_a_tag_that_the_commodity_cannot_have_is_a_fault(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker, table: str, what: str, tag: str
) -> None:
    fault = (
        f"Table {table} has 'metal' with tag {tag!r} ({what}, 2026); its tags are "
        "CHN, AUS, unknown."
    )
    assert fault in check(depot, tampered(depot_plan, table, 0, tag=tag)).faults


def test_limits_shrink_with_the_period_and_the_part_that_is_available(
    plan_of: PlanMaker,
) -> None:
    problem = Problem.model_validate(
        {
            "name": "quarters",
            "periods": {"start": "2028-01-01", "count": 2, "length": "1 quarter"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "offers": [
                {
                    "id": "cn",
                    "supplier": "Red",
                    "country": "USA",
                    "commodity": "metal",
                    "price": 1,
                    "capacity": 366,
                    "available": {"2028-01-01": 0.5, "2028-04-01": 0.25},
                    "start": "2028-02-01",
                }
            ],
            "outlets": [{"id": "out", "commodity": "metal", "country": "USA", "price": 0}],
        }
    )

    def bought(first: float, second: float) -> Plan:
        nodes = ("2028-Q1", "2028-Q2")
        amounts = (first, second)
        return plan_of(
            purchases=[(node, "cn", 0, t) for node, t in zip(nodes, amounts, strict=True)],
            sales=[(node, "out", "any", t) for node, t in zip(nodes, amounts, strict=True)],
        )

    # a tonne a day in the leap year: 29 + 31 days from 1 February, half of it: 30 t;
    # April to June 91 days, a quarter of it: 22.75 t
    assert check(problem, bought(30.0, 22.75)).faults == ()
    assert len(check(problem, bought(30.01, 22.75)).faults) == 1
    assert len(check(problem, bought(30.0, 22.76)).faults) == 1


def test_an_offer_sells_until_the_day_it_ends(depot_data: Data, depot_plan: Plan) -> None:
    # 80 t a year from 1 January to 30 September 2026, 273 of 365 days: 59.8 t
    depot_data["offers"][0]["end"] = "2026-10-01"
    assert check(Problem.model_validate(depot_data), depot_plan).faults == (
        "Offer 'cn' (tranche 0) sells 60 t in 2026, more than 59.83561644 t.",
    )
    depot_data["offers"][0]["end"] = "2026-10-02"
    assert check(Problem.model_validate(depot_data), depot_plan).faults == ()


def test_an_unlimited_offer_of_which_nothing_is_available_sells_nothing(
    depot_data: Data, depot_plan: Plan
) -> None:
    del depot_data["offers"][0]["capacity"]
    depot_data["offers"][0]["available"] = {2026: 0.0, 2027: 1.0}
    problem = Problem.model_validate(depot_data)
    assert check(problem, depot_plan).faults == (
        "Offer 'cn' (tranche 0) sells 60 t in 2026, more than 0 t.",
    )


def test_a_large_limit_may_be_missed_by_a_millionth(plan_of: PlanMaker) -> None:
    problem = Problem.model_validate(
        {
            "name": "large",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": "ore", "stage": "mine", "basis": "product"}],
            "offers": [
                {
                    "id": "au",
                    "supplier": "Roo",
                    "country": "AUS",
                    "commodity": "ore",
                    "price": 1,
                    "capacity": 1e6,
                }
            ],
            "outlets": [{"id": "out", "commodity": "ore", "country": "AUS", "price": 0}],
        }
    )
    for over, faults in ((0.9, 0), (1.1, 1)):
        plan = plan_of(
            purchases=[("2026", "au", 0, 1e6 + over)], sales=[("2026", "out", "any", 1e6 + over)]
        )
        assert len(check(problem, plan).faults) == faults


@pytest.mark.parametrize(
    ("table", "row", "values", "fault"),
    [
        # nothing has come back yet of what was delivered in the plan
        (
            "recoveries",
            0,
            {"tonnes": 2.5},
            "Recycling 'urban' gives back 2.5 t in 2026, more than 2 t.",
        ),
        # 2 + 0.1 * 47 delivered the year before
        (
            "recoveries",
            1,
            {"tonnes": 7.0},
            "Recycling 'urban' gives back 7 t in 2027, more than 6.7 t.",
        ),
        # a tenth of 50 t
        (
            "substitutes",
            0,
            {"tonnes": 6.0},
            "Substitution 'swap' serves 6 t in 2026, more than 5 t.",
        ),
    ],
)
def test_what_comes_back_or_serves_instead_is_limited(
    refinery: Problem,
    refinery_plan: Plan,
    tampered: PlanMaker,
    table: str,
    row: int,
    values: Mapping[str, object],
    fault: str,
) -> None:
    assert fault in check(refinery, tampered(refinery_plan, table, row, **values)).faults


@pytest.mark.parametrize(
    ("table", "goods", "what"),
    [
        ("uses", "ore", "works"),
        ("disposals", "slag", "USA"),
        ("substitutes", "ferrite", "swap"),
        ("shipments", "ore", "au-us"),
    ],
)
def test_a_tag_that_nothing_gives_is_a_fault(
    refinery: Problem,
    refinery_plan: Plan,
    tampered: PlanMaker,
    table: str,
    goods: str,
    what: str,
) -> None:
    fault = f"Table {table} has {goods!r} with tag 'AUS' ({what}, 2026); its tags are any."
    assert fault in check(refinery, tampered(refinery_plan, table, 0, tag="AUS")).faults


def test_tags_of_a_substitute_share_its_limit(
    refinery: Problem, refinery_plan: Plan, tampered: PlanMaker
) -> None:
    more = {"node": "2026", "substitution": "swap", "tag": "AUS", "tonnes": 3.0}
    faults = check(refinery, tampered(refinery_plan, "substitutes", 1, **more)).faults
    assert "Substitution 'swap' serves 6 t in 2026, more than 5 t." in faults
