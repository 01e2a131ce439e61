from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from instances.check import check
from instances.plan import COLUMNS, Plan
from instances.problem import Problem
from instances.referee.entries import read_entries
from instances.referee.faults import Faults
from instances.referee.terms import Terms

PlanMaker = Callable[..., Plan]

Data = dict[str, Any]

IDS = {
    ("purchases", "offer"),
    ("shipments", "lane"),
    ("shipments", "commodity"),
    ("deliveries", "demand"),
    ("shortfalls", "demand"),
    ("sales", "outlet"),
    ("stocks", "stockpile"),
    ("runs", "facility"),
    ("runs", "process"),
    ("runs", "blend"),
    ("uses", "facility"),
    ("uses", "process"),
    ("uses", "blend"),
    ("uses", "commodity"),
    ("disposals", "commodity"),
    ("disposals", "country"),
    ("recoveries", "recycling"),
    ("substitutes", "substitution"),
    ("builds", "expansion"),
    ("running", "facility"),
    ("sailing", "lane"),
    ("ordering", "offer"),
    ("qualifications", "offer"),
    ("forgone", "contract"),
    ("signings", "contract"),
    ("pooling", "stockpile"),
    ("pooling", "member"),
    *((table, "node") for table in COLUMNS),
}


Cases = Callable[[str], tuple[Problem, Plan]]


@pytest.fixture(scope="module")
def funded(depot: Problem, plan_of: PlanMaker) -> tuple[Problem, Plan]:
    """Return a vault whose fund does nothing, and that plan."""
    plain = depot.to_plain()
    store = plain["stockpiles"][0] | {"book_value": 0, "holding_cost": 0, "opening": 0}
    data = plain | {
        "stockpiles": [store],
        "funds": [{"id": "purse", "stockpiles": ["vault"], "equity": 1e9}],
        "demand": [],
        "rules": [],
    }
    plan = plan_of(
        allotments=[("2026", "vault", "cn", 0, 0.0)],
        funding=[("2026", "purse", 0.0, 0.0, 0.0, 0.0, 0.0)],
    )
    return Problem.model_validate(data), plan


@pytest.fixture(scope="module")
def shared(depot: Problem, plan_of: PlanMaker) -> tuple[Problem, Plan]:
    """Return an empty vault that has one member, and a plan that leaves it empty."""
    plain = depot.to_plain()
    store = plain["stockpiles"][0] | {"opening": 0}
    members = [{"country": "USA", "share": 1}]
    data = plain | {"stockpiles": [store | {"members": members}], "demand": [], "rules": []}
    plan = plan_of(pooling=[("2026", "vault", "USA", 0.0, 0.0, 0.0, 0.0, 0.0)])
    return Problem.model_validate(data), plan


@pytest.fixture(scope="module")
def agreed(depot: Problem, plan_of: PlanMaker) -> tuple[Problem, Plan]:
    """Return an offer that has to be qualified and ordered, with a contract on it, and a plan."""
    plain = depot.to_plain()
    red = plain["offers"][0] | {"minimum_lot": 1, "qualification_cost": 5}
    contract = {"id": "deal", "offer": "cn", "maximum": 4, "take_or_pay": 1, "price": 90}
    data = plain | {
        "offers": [red],
        "contracts": [contract | {"commitment": "whole"}],
        "demand": [],
        "stockpiles": [],
        "rules": [],
    }
    plan = plan_of(
        ordering=[("2026", "cn", 0.0)],
        qualifications=[("2026", "cn", 1.0)],
        signings=[("2026", "deal", 1.0)],
        forgone=[("2026", "deal", 4.0), ("2027", "deal", 4.0)],
    )
    return Problem.model_validate(data), plan


@pytest.fixture(scope="module")
def late(depot: Problem, plan_of: PlanMaker) -> tuple[Problem, Plan]:
    """Return a demand that may be met late, and a plan with a row of lateness."""
    need = {"id": "need", "commodity": "metal", "country": "USA", "quantity": 0}
    data = depot.to_plain() | {
        "demand": [need | {"backlog_cost": 5}],
        "stockpiles": [],
        "rules": [],
    }
    return Problem.model_validate(data), plan_of(backlogs=[("2026", "need", 0.0)])


@pytest.fixture(scope="module")
def cases(
    depot: Problem,
    depot_plan: Plan,
    refinery: Problem,
    refinery_plan: Plan,
    agreed: tuple[Problem, Plan],
    funded: tuple[Problem, Plan],
    shared: tuple[Problem, Plan],
    late: tuple[Problem, Plan],
) -> Cases:
    """Return a problem and a right plan that has rows in the table named."""

    def find(table: str) -> tuple[Problem, Plan]:
        whole = (depot, depot_plan), (refinery, refinery_plan), agreed, funded, shared, late
        return next(case for case in whole if len(case[1].tables()[table]))

    return find


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        *((table, column, "nowhere") for table, column in sorted(IDS)),
        # one column of one table is read like all others
        *(("purchases", column, wrong) for column in ("node", "offer") for wrong in (None, 2026)),
    ],
)
def test_an_id_that_does_not_exist_is_a_fault(
    cases: Cases,
    tampered: PlanMaker,
    table: str,
    column: str,
    wrong: object,
) -> None:
    problem, plan = cases(table)
    faults = check(problem, tampered(plan, table, 0, **{column: wrong})).faults
    assert f": {column} {wrong!r} does not exist." in faults[0]
    assert faults[0].startswith(f"Table {table}, row 0 (")


@pytest.mark.parametrize(
    ("table", "column", "count"), [("purchases", "tranche", 1), ("shortfalls", "tier", 3)]
)
@pytest.mark.parametrize("number", [3, -1, 0.5, None, "first"])
def test_a_part_that_does_not_exist_is_a_fault(
    depot: Problem,
    depot_plan: Plan,
    tampered: PlanMaker,
    table: str,
    column: str,
    count: int,
    number: object,
) -> None:
    fault = check(depot, tampered(depot_plan, table, 0, **{column: number})).faults[0]
    assert f": {column} {number!r} does not exist; there are {count}, counted from 0." in fault


@pytest.mark.parametrize(
    ("table", "column", "amount"),
    [
        *(
            (table, column, float("nan"))
            for table, columns in COLUMNS.items()
            for column in columns
            if column in {"tonnes", "fill", "draw", "stock", "size", "on", "chosen", "amount"}
        ),
        *(("purchases", "tonnes", amount) for amount in (float("inf"), None, "much")),
    ],
)
def test_an_amount_that_is_no_finite_number_is_a_fault(
    cases: Cases,
    tampered: PlanMaker,
    table: str,
    column: str,
    amount: object,
) -> None:
    problem, plan = cases(table)
    verdict = check(problem, tampered(plan, table, 0, **{column: amount}))
    assert f"{column} is {amount!r}, not a finite number." in verdict.faults[0]
    assert np.isfinite(verdict.objective)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("purchases", "tonnes"),
        ("shipments", "tonnes"),
        ("deliveries", "tonnes"),
        ("shortfalls", "tonnes"),
        ("sales", "tonnes"),
        ("stocks", "fill"),
        ("stocks", "draw"),
        ("stocks", "stock"),
        ("excesses", "amount"),
        ("runs", "tonnes"),
        ("uses", "tonnes"),
        ("disposals", "tonnes"),
        ("recoveries", "tonnes"),
        ("substitutes", "tonnes"),
        ("builds", "size"),
        ("running", "on"),
        ("sailing", "on"),
    ],
)
def test_less_than_nothing_is_a_fault(
    cases: Cases, tampered: PlanMaker, table: str, column: str
) -> None:
    problem, plan = cases(table)
    fault = check(problem, tampered(plan, table, 0, **{column: -3.0})).faults[0]
    assert fault.startswith(f"Table {table}, row 0 (")
    assert fault.endswith(f"{column} is -3, below 0.")


def test_an_amount_that_is_no_number_counts_as_nothing(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    verdict = check(depot, tampered(depot_plan, "purchases", 0, tonnes=float("nan")))
    # 12,500 USD of purchases without the 60 t at 100 USD
    purchase = verdict.totals.set_index("account").loc["purchase", "amount_usd"]
    assert purchase == pytest.approx(6500)


def test_rounding_below_nothing_is_none(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    assert check(depot, tampered(depot_plan, "shortfalls", 1, tonnes=-9e-7)).faults == ()
    assert check(depot, tampered(depot_plan, "shortfalls", 1, tonnes=-2e-6)).faults != ()


@pytest.mark.parametrize("table", list(COLUMNS))
def test_a_row_that_stands_twice_is_a_fault(cases: Cases, tampered: PlanMaker, table: str) -> None:
    problem, plan = cases(table)
    rows = plan.tables()[table]
    last = len(rows)
    twice = tampered(plan, table, last, **dict(rows.iloc[0]))
    fault = check(problem, twice).faults[0]
    assert fault.startswith(f"Table {table}, row {last} (")
    assert fault.endswith("stands twice.")


@pytest.mark.parametrize("table", list(COLUMNS))
def test_a_column_that_is_not_there_is_a_fault(cases: Cases, table: str) -> None:
    problem, plan = cases(table)
    rows = plan.tables()[table]
    for column in rows.columns:
        broken = replace(plan, **{table: rows.drop(columns=column)})
        assert check(problem, broken).faults[0] == f"Table {table} has no column {column!r}."


def test_parts_are_counted_over_all_records(depot: Problem, depot_plan: Plan) -> None:
    faults = Faults()
    entries = read_entries(Terms(depot), depot_plan, faults)
    # cn has tranche 0, au has tranches 0 and 1: positions 0, 1 and 2
    (tranche,) = entries.columns("purchases", "tranche")
    assert tranche.tolist() == [0, 1, 2]
    assert faults.sentences == []


def test_processes_and_blends_are_counted_over_all_facilities(
    refinery_data: dict[str, Any], refinery_plan: Plan
) -> None:
    twin = refinery_data["facilities"][0] | {"id": "twin"}
    refinery_data["facilities"].insert(0, twin)
    faults = Faults()
    entries = read_entries(Terms(Problem.model_validate(refinery_data)), refinery_plan, faults)
    # the process of the twin comes first, and each has one blend
    for table in ("runs", "uses"):
        for column in ("facility", "process", "blend"):
            assert entries.columns(table, column)[0].tolist() == [1, 1], (table, column)
    assert faults.sentences == []


def test_a_process_of_another_facility_does_not_exist(
    refinery_data: dict[str, Any], refinery_plan: Plan, tampered: PlanMaker
) -> None:
    process = {"id": "melt", "outputs": {"slag": 1}}
    refinery_data["facilities"].append({"id": "other", "country": "USA", "processes": [process]})
    problem = Problem.model_validate(refinery_data)
    faults = check(problem, tampered(refinery_plan, "runs", 0, process="melt")).faults
    assert faults[0].endswith(": process 'melt' does not exist.")


def test_a_tag_that_only_the_plan_knows_gets_a_position(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    terms = Terms(depot)
    plan = tampered(depot_plan, "deliveries", 0, tag="BRA")
    entries = read_entries(terms, plan, Faults())
    assert list(entries.tags) == ["CHN", "AUS", "unknown", "any", "BRA"]


def test_rows_numbered_otherwise_are_told_by_their_place(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    wrong = tampered(depot_plan, "deliveries", 2, demand="eu")
    moved: Any = wrong.deliveries.set_axis([40, 30, 20, 10], axis=0)
    fault = check(depot, replace(wrong, deliveries=moved)).faults[0]
    assert fault.startswith("Table deliveries, row 2 (node 2027, demand eu, tag AUS)")
