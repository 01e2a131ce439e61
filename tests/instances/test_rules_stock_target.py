from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from instances.check import Verdict, check
from instances.directory import Directory
from instances.plan import Plan
from instances.problem import Problem
from instances.rules import StockTarget
from instances.words import Names

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]


@pytest.fixture
def vault_data() -> Data:
    """Return a vault that holds 100 t, and demands near it, elsewhere and for something else."""
    return {
        "name": "vault",
        "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
        "commodities": [
            {"id": "metal", "stage": "metal", "basis": "product"},
            {"id": "alloy", "stage": "metal", "basis": "product"},
        ],
        "demand": [
            {
                "id": id,
                "commodity": commodity,
                "country": country,
                "quantity": quantity,
                "shortfall_cost": 1,
            }
            for id, commodity, country, quantity in (
                ("us", "metal", "USA", {2026: 999, 2027: 365, 2028: 732}),
                ("eu", "metal", "DEU", 36.5),
                ("us-alloy", "alloy", "USA", 3650),
            )
        ],
        "stockpiles": [{"id": "vault", "commodity": "metal", "country": "USA", "opening": 100}],
    }


@pytest.fixture
def vault_plan(plan_of: PlanMaker) -> Plan:
    """Return the plan that leaves everything unmet and the vault alone."""
    unmet = {"us": (999.0, 365.0), "eu": (36.5, 36.5), "us-alloy": (3650.0, 3650.0)}
    return plan_of(
        shortfalls=[
            (node, demand, 0, tonnes[number])
            for demand, tonnes in unmet.items()
            for number, node in enumerate(("2026", "2027"))
        ],
        stocks=[(node, "vault", "any", 0.0, 0.0, 100.0) for node in ("2026", "2027")],
    )


def judged(data: Data, plan: Plan, **fields: Any) -> Verdict:
    """Return the verdict on ``plan`` under a target for the vault."""
    rule = {"id": "target", "kind": "stock_target", "stockpile": "vault", **fields}
    return check(Problem.model_validate({**data, "rules": [rule]}), plan)


@pytest.mark.parametrize(
    ("fields", "required"),
    [
        ({"tonnes": 100}, [100.0, 100.0]),
        ({"tonnes": {2026: 40, 2027: 80}}, [40.0, 80.0]),
        # 2027: a tonne a day; after the horizon 2028: 732 t in 366 days, two a day
        ({"cover_days": 50}, [50.0, 100.0]),
        ({"cover_days": {2026: 100, 2027: 20}}, [100.0, 40.0]),
        ({"cover_days": 50, "demand": ["us"]}, [50.0, 100.0]),
        # 0.1 t a day in 2027, a hair less in the leap year
        ({"cover_days": 50, "demand": ["eu"]}, [5.0, 36.5 * 50 / 366]),
        ({"cover_days": 30, "demand": ["us", "eu"]}, [33.0, 60 + 36.5 * 30 / 366]),
    ],
)
def test_the_target_is_in_tonnes_or_in_days_of_the_demand_that_follows(
    vault_data: Data, vault_plan: Plan, fields: dict[str, Any], required: list[float]
) -> None:
    verdict = judged(vault_data, vault_plan, **fields)
    assert verdict.faults == ()
    assert [use.limit for use in verdict.uses] == pytest.approx(required)
    assert [use.slack for use in verdict.uses] == pytest.approx(
        [100 - tonnes for tonnes in required]
    )


def test_a_target_missed_by_more_than_a_millionth_is_a_fault(
    vault_data: Data, vault_plan: Plan
) -> None:
    assert judged(vault_data, vault_plan, tonnes=100 + 9e-5).faults == ()
    assert len(judged(vault_data, vault_plan, tonnes=100 + 2e-4).faults) == 2


def test_cover_reaches_over_as_many_periods_as_it_takes(
    vault_data: Data, plan_of: PlanMaker
) -> None:
    vault_data["periods"] = {"start": "2027-10-01", "count": 4, "length": "1 month"}
    verdict = judged(vault_data, plan_of(), cover_days=100)
    # October to December 2027 a tonne a day, from January 2028 two:
    # after October: 30 + 31 + 39 * 2; after November: 31 + 69 * 2; then 100 * 2
    assert [use.limit for use in verdict.uses] == pytest.approx([139, 169, 200, 200])


def test_a_soft_target_charges_what_is_missing_at_each_end(
    vault_data: Data, vault_plan: Plan, tampered: PlanMaker
) -> None:
    row = {"rule": "target", "who": "-", "goods": "vault"}
    plan = tampered(vault_plan, "excesses", 0, node="2026", amount=20.0, **row)
    plan = tampered(plan, "excesses", 1, node="2027", amount=50.0, **row)
    verdict = judged(vault_data, plan, tonnes={2026: 120, 2027: 150}, penalty=3)
    # 3 * (20 + 50)
    assert verdict.faults == ()
    assert verdict.totals.set_index("account").loc["penalty", "amount_usd"] == pytest.approx(210)


def test_tags_in_the_vault_count_together(vault_data: Data, vault_plan: Plan) -> None:
    vault_data["rules"] = []
    rules = [
        {"id": "target", "kind": "stock_target", "stockpile": "vault", "tonnes": 100},
        {
            "id": "cap",
            "kind": "share_cap",
            "of": "CHN",
            "commodity": "metal",
            "max_share": 1,
            "denominator": "deliveries",
        },
    ]
    vault_data["offers"] = [
        {"id": "cn", "supplier": "Red", "country": "USA", "commodity": "metal", "price": 1}
    ]
    tables = vault_plan.tables()
    stocks = tables["stocks"].assign(tag="unknown", stock=[100.0, 70.0], draw=[0.0, 30.0])
    tables["stocks"] = stocks
    problem = Problem.model_validate({**vault_data, "rules": rules})
    uses = check(problem, Plan(**tables)).uses
    assert [use.value for use in uses[:2]] == [100, 70]


def test_a_target_says_its_measure() -> None:
    rule = StockTarget.model_validate(
        {"id": "t", "stockpile": "dy-vault", "cover_days": {2027: 60, 2030: 180}}
    )
    assert rule.sentence(Names({}, {})) == (
        "Stockpile dy-vault must cover at least 60 days from 2027, 180 days from 2030 on of demand"
    )
    tonnes = StockTarget.model_validate({"id": "t", "stockpile": "dy-vault", "tonnes": 12})
    assert tonnes.sentence(Names({}, {})) == "Stockpile dy-vault must hold at least 12 t"
    (line,) = rule.lines(Directory({}, {}))
    assert (line.who, line.goods) == ("-", "dy-vault")


def test_relaxing_a_target_lowers_it() -> None:
    rule = StockTarget.model_validate({"id": "t", "stockpile": "v", "cover_days": 60})
    (lever,) = rule.levers()
    relaxed = rule.relaxed(lever, 15)
    assert relaxed.cover_days is not None
    assert relaxed.cover_days.values == (45,)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "needs either 'tonnes' or 'cover_days'"),
        ({"tonnes": 1, "cover_days": 1}, "needs either 'tonnes' or 'cover_days'"),
        ({"tonnes": 1, "demand": ["us"]}, "goes with 'cover_days' only"),
        ({"cover_days": -1}, "greater than or equal to 0"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        StockTarget.model_validate({"id": "t", "stockpile": "v"} | fields)
