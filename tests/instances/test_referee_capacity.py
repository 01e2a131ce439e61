from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]
STEP = ("works", "dig", "any")


def mine(facility: Data, periods: Data, **tables: Any) -> Problem:
    """Return a problem of one mine whose ore an outlet takes for nothing."""
    process = {"id": "dig", "outputs": {"ore": 1}}
    return Problem.model_validate(
        {
            "name": "mine",
            "periods": {"start": "2026-01-01", **periods},
            "commodities": [{"id": "ore", "stage": "mine", "basis": "product"}],
            "facilities": [{"id": "works", "country": "AUS", "processes": [process]} | facility],
            "outlets": [{"id": "out", "commodity": "ore", "country": "AUS", "price": 0}],
            **tables,
        }
    )


@pytest.fixture
def run_of(plan_of: PlanMaker) -> PlanMaker:
    """Make the plan of a mine that runs so many tonnes by node, and of what else is given."""

    def plan(tonnes: dict[str, float], **rows: Any) -> Plan:
        return plan_of(
            runs=[(node, *STEP, amount) for node, amount in tonnes.items()],
            sales=[(node, "out", "any", amount) for node, amount in tonnes.items()],
            **rows,
        )

    return plan


@pytest.mark.parametrize(
    ("table", "row", "values", "fault"),
    [
        # 100 t and half of the 50 t that were built in 2026
        (
            "runs",
            1,
            {"tonnes": 126.0},
            "Facility 'works' runs 126 t in 2027, more than 125 t.",
        ),
        (
            "runs",
            0,
            {"tonnes": 101.0},
            "Facility 'works' runs 101 t in 2026, more than 100 t.",
        ),
        (
            "runs",
            0,
            {"tonnes": 15.0},
            "Facility 'works' runs 15 t in 2026, but its choice of 1 allows 20 to 100 t.",
        ),
        (
            "running",
            0,
            {"on": 0.0},
            "Facility 'works' runs 90 t in 2026, but its choice of 0 allows 0 to 0 t.",
        ),
        (
            "running",
            0,
            {"on": 0.95},
            "Table running has 'works' at 0.95 in 2026, neither 0 nor 1.",
        ),
        # 118.8 - 85 = 33.8
        (
            "runs",
            0,
            {"tonnes": 85.0},
            "Facility 'works' in 2027 runs 33.8 t/yr more than before, more than 30 t/yr.",
        ),
        (
            "builds",
            0,
            {"size": 49.0},
            "Expansion 'wing' builds 49 t/yr in 2026; it is lumpy: 0 or 50 t/yr.",
        ),
        (
            "builds",
            0,
            {"size": 51.0},
            "Expansion 'wing' builds 51 t/yr over the horizon, more than 50 t/yr.",
        ),
        # it could be decided until the end of 2026
        (
            "builds",
            0,
            {"node": "2027"},
            "Expansion 'wing' builds 50 t/yr in 2027, when it cannot be decided.",
        ),
        # what is built in 2027 comes too late
        (
            "builds",
            0,
            {"node": "2027"},
            "Facility 'works' runs 118.8 t in 2027, more than 100 t.",
        ),
        (
            "sailing",
            0,
            {"on": 0.0},
            "Lane 'au-us' loads 100 t in 2026, but its choice of 0 allows 0 to 0 t.",
        ),
        (
            "shipments",
            0,
            {"tonnes": 40.0},
            "Lane 'au-us' loads 40 t in 2026, but its choice of 1 allows 50 to 200 t.",
        ),
        (
            "shipments",
            0,
            {"tonnes": 201.0},
            "Lane 'au-us' loads 201 t in 2026, more than 200 t.",
        ),
    ],
)
def test_what_cannot_be_run_built_or_sailed_is_a_fault(
    refinery: Problem,
    refinery_plan: Plan,
    tampered: PlanMaker,
    table: str,
    row: int,
    values: dict[str, Any],
    fault: str,
) -> None:
    assert fault in check(refinery, tampered(refinery_plan, table, row, **values)).faults


def test_what_is_built_twice_counts_together(
    refinery: Problem, refinery_plan: Plan, tampered: PlanMaker
) -> None:
    plan = tampered(refinery_plan, "builds", 1, node="2027", expansion="wing", size=50.0)
    fault = "Expansion 'wing' builds 100 t/yr over the horizon, more than 50 t/yr."
    assert fault in check(refinery, plan).faults


def test_a_flag_where_nothing_is_chosen_is_a_fault(
    refinery_data: Data, refinery_plan: Plan
) -> None:
    for field in ("minimum_run", "fixed_cost"):
        del refinery_data["facilities"][0][field]
    problem = Problem.model_validate(refinery_data)
    assert check(problem, refinery_plan).faults == tuple(
        f"Table running has 'works' at 1 in {node}; using that facility is no choice."
        for node in ("2026", "2027")
    )
    without = replace(refinery_plan, running=refinery_plan.running.iloc[:0])
    assert check(problem, without).faults == ()


def test_a_facility_that_stands_idle_costs_nothing(
    refinery: Problem, plan_of: PlanMaker, refinery_plan: Plan
) -> None:
    # neither works nor lane is used; 18 t of ore are under way all the same
    verdict = check(refinery, plan_of(shortfalls=[("2026", "us", 0, 50), ("2027", "us", 0, 65)]))
    assert verdict.faults == (
        "Balance of 'ore' (tag 'any') in USA in 2026: 18 t come in, 0 t go out.",
    )
    assert verdict.objective == pytest.approx(115_000)


def test_a_facility_runs_within_its_dates_and_its_utilisation(run_of: PlanMaker) -> None:
    problem = mine(
        {
            "capacity": 365,
            "utilisation": {2026: 0.5, 2027: 0.8},
            "start": "2026-03-02",
            "end": "2027-07-20",
        },
        {"count": 3, "length": "1 yr"},
    )
    # 365 - 60 = 305 days at half a tonne; 31+28+31+30+31+30+19 = 200 days at 0.8; then none
    most = {"2026": 152.5, "2027": 160.0, "2028": 0.0}
    assert check(problem, run_of(most)).faults == ()
    for node, tonnes in most.items():
        (fault,) = check(problem, run_of(most | {node: tonnes + 0.1})).faults
        assert fault == (
            f"Facility 'works' runs {tonnes + 0.1:,.10g} t in {node}, more than {tonnes:g} t."
        )


def test_an_unlimited_facility_runs_within_its_dates_alone(run_of: PlanMaker) -> None:
    problem = mine({"start": "2027-01-01"}, {"count": 2, "length": "1 yr"})
    assert check(problem, run_of({"2027": 1e6})).faults == ()
    assert check(problem, run_of({"2026": 1.0})).faults == (
        "Facility 'works' runs 1 t in 2026, more than 0 t.",
    )


def test_all_processes_share_the_capacity_of_their_facility(plan_of: PlanMaker) -> None:
    processes = [{"id": name, "outputs": {"ore": 1}} for name in ("dig", "blast")]
    problem = mine({"capacity": 10, "processes": processes}, {"count": 1, "length": "1 yr"})

    def plan(dug: float, blasted: float) -> Plan:
        return plan_of(
            runs=[("2026", *STEP, dug), ("2026", "works", "blast", "any", blasted)],
            sales=[("2026", "out", "any", dug + blasted)],
        )

    assert check(problem, plan(6.0, 4.0)).faults == ()
    assert check(problem, plan(6.0, 5.0)).faults == (
        "Facility 'works' runs 11 t in 2026, more than 10 t.",
    )


def test_growth_compares_yearly_rates_of_periods_of_any_length(run_of: PlanMaker) -> None:
    parts = [{"count": 1, "length": "1 yr"}, {"count": 2, "length": "1 month"}]
    problem = mine({"growth": 365}, {"parts": parts})
    # 2026: 100 t/yr. January 2027, 31/365 of a year, may rise by 31 to 131 t/yr: 131 * 31/365 t;
    # February by 28 to 159 t/yr: 159 * 28/365 t
    most = {"2026": 100.0, "2027-01": 131 * 31 / 365, "2027-02": 159 * 28 / 365}
    assert check(problem, run_of(most)).faults == ()
    (fault,) = check(problem, run_of(most | {"2027-02": 160 * 28 / 365})).faults
    assert fault == (
        "Facility 'works' in 2027-02 runs 29 t/yr more than before, more than 28 t/yr."
    )
