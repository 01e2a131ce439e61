from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]

# by account, 2026 and 2027:
#   purchase        20 * 100 + 1 * 6 = 2,006    20 * 140 = 2,800
#   processing      10 * 90 = 900               10 * 118.8 = 1,188
#   fixed           1,000 + 500 = 1,500         1,500
#   capex           200 * 50 = 10,000           0
#   grant           0.25 * 10,000 = 2,500       0
#   recycling       3 * 2 = 6                   3 * 5.1 = 15.3
#   substitution    7 * 3 = 21                  0
#   disposal        5 * 27 = 135                5 * 35.64 = 178.2
#   freight         2 * 100 = 200               2 * 140 = 280
#   compliance      100                         140
#   shortfall       0                           1,000 * 0.5 = 500
#   terminal_value  0                           8 * 0.2 * 140 = 224 (before the loss)
REFINERY = {
    "purchase": (2006.0, 2800.0),
    "processing": (900.0, 1188.0),
    "fixed": (1500.0, 1500.0),
    "capex": (10000.0, 0.0),
    "grant": (2500.0, 0.0),
    "recycling": (6.0, 15.3),
    "substitution": (21.0, 0.0),
    "disposal": (135.0, 178.2),
    "freight": (200.0, 280.0),
    "compliance": (100.0, 140.0),
    "tariff": (0.0, 0.0),
    "holding": (0.0, 0.0),
    "shortfall": (0.0, 500.0),
    "penalty": (0.0, 0.0),
    "outlet_revenue": (0.0, 0.0),
    "terminal_value": (0.0, 224.0),
}
METAL = {"stage": "metal", "basis": "product"}


def test_a_right_plan_of_every_kind_of_decision_has_no_faults(
    refinery: Problem, refinery_plan: Plan
) -> None:
    verdict = check(refinery, refinery_plan)
    assert verdict.faults == ()
    found = {
        name: tuple(rows["amount_usd"])
        for name, rows in verdict.costs.groupby("account", sort=False)
    }
    # nothing falls due in any other account
    assert {name for name, dollars in found.items() if any(dollars)} <= REFINERY.keys()
    for name, dollars in REFINERY.items():
        assert found[name] == pytest.approx(dollars), name
    # 12,368 in 2026 and 6,377.5 in 2027
    assert verdict.objective == pytest.approx(18745.5, rel=1e-12)


@pytest.mark.parametrize(
    ("perspective", "objective"),
    [
        # the grant is the public's: 18,745.5 + 2,500
        ("system", 21245.5),
        # the grant is paid, the shortfall is harm: 2,500 + 500
        ("public", 3000.0),
    ],
)
def test_a_grant_is_a_transfer_from_public_to_buyer(
    refinery_data: Data, refinery_plan: Plan, perspective: str, objective: float
) -> None:
    problem = Problem.model_validate({**refinery_data, "perspective": perspective})
    assert check(problem, refinery_plan).objective == pytest.approx(objective, rel=1e-12)


def test_joint_production_makes_what_the_baskets_give(plan_of: PlanMaker) -> None:
    baskets = {
        "a": ({"nd": 0.17, "dy": 0.001, "ce": 0.48}, 20.0),
        "b": ({"nd": 0.10, "dy": 0.04, "ce": 0.03}, 60.0),
    }
    problem = Problem.model_validate(
        {
            "name": "joint",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [
                {"id": name, **METAL} for name in ("ore-a", "ore-b", "nd", "dy", "ce")
            ],
            "offers": [
                {
                    "id": f"mine-{name}",
                    "supplier": name,
                    "country": "AUS",
                    "commodity": f"ore-{name}",
                    "price": price,
                }
                for name, (_, price) in baskets.items()
            ],
            "facilities": [
                {
                    "id": "plant",
                    "country": "AUS",
                    "processes": [
                        {"id": name, "inputs": {f"ore-{name}": 1}, "outputs": outputs}
                        for name, (outputs, _) in baskets.items()
                    ],
                }
            ],
            "demand": [
                {"id": name, "commodity": name, "country": "AUS", "quantity": tonnes}
                for name, tonnes in (("nd", 100), ("dy", 3), ("ce", 100))
            ],
        }
    )
    # .17 A + .10 B = 100 and .001 A + .04 B = 3 give A = 3.7 / .0067 = 552.239 and
    # B = .41 / .0067 = 61.194; .48 A + .03 B - 100 = 166.910 t of cerium are too many;
    # 20 A + 60 B = 14,716.418 USD
    tonnes = {"a": 3.7 / 0.0067, "b": 0.41 / 0.0067}
    surplus = 0.48 * tonnes["a"] + 0.03 * tonnes["b"] - 100
    assert surplus == pytest.approx(166.910, abs=5e-4)

    def plan(thrown: float) -> Plan:
        return plan_of(
            purchases=[("2026", f"mine-{name}", 0, ore) for name, ore in tonnes.items()],
            runs=[("2026", "plant", name, "any", ore) for name, ore in tonnes.items()],
            uses=[
                ("2026", "plant", name, "any", f"ore-{name}", "any", ore)
                for name, ore in tonnes.items()
            ],
            deliveries=[
                ("2026", "nd", "any", 100.0),
                ("2026", "dy", "any", 3.0),
                ("2026", "ce", "any", 100.0),
            ],
            disposals=[("2026", "ce", "any", "AUS", thrown)],
        )

    verdict = check(problem, plan(surplus))
    assert verdict.faults == ()
    assert verdict.objective == pytest.approx(14716.418, abs=5e-4)
    (fault,) = check(problem, plan(surplus - 1)).faults
    assert fault.startswith("Balance of 'ce' (tag 'any') in AUS in 2026: 266.9104478 t come in, ")


@pytest.mark.parametrize(
    ("arrives", "fault"),
    [
        ("2026-12-31", "in USA in 2026: 95 t come in, 90 t go out."),
        ("2027-01-01", "in USA in 2027: 123.8 t come in, 118.8 t go out."),
        ("2027-12-31", "in USA in 2027: 123.8 t come in, 118.8 t go out."),
    ],
)
def test_cargo_under_way_lands_in_the_period_of_its_day(
    refinery_data: Data, refinery_plan: Plan, arrives: str, fault: str
) -> None:
    refinery_data["in_transit"].append(
        {"id": "more", "commodity": "ore", "country": "USA", "tonnes": 5, "arrives": arrives}
    )
    verdict = check(Problem.model_validate(refinery_data), refinery_plan)
    assert verdict.faults == (f"Balance of 'ore' (tag 'any') {fault}",)


def test_recycling_follows_deliveries_by_its_lag(plan_of: PlanMaker) -> None:
    problem = Problem.model_validate(
        {
            "name": "urban",
            "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
            "commodities": [{"id": "metal", **METAL}],
            "offers": [
                {"id": "us", "supplier": "Us", "country": "USA", "commodity": "metal", "price": 9}
            ],
            "demand": [
                {
                    "id": "need",
                    "commodity": "metal",
                    "country": "USA",
                    "quantity": {2026: 100, 2027: 50, 2028: 50},
                }
            ],
            "recycling": [
                {
                    "id": "urban",
                    "country": "USA",
                    "commodity": "metal",
                    "given": 3,
                    "of": ["need"],
                    "recovered": {2026: 0.5, 2027: 0.2, 2028: 0.4},
                    "lag": 438,
                }
            ],
        }
    )
    # 438 days are 365 + 73: of 2026, 292 of 365 days come back in 2027 and 73 in 2028; of 2027,
    # the 366 - 73 = 293 days that are left of the leap year 2028.
    # 2026: 3; 2027: 3 + 0.2 * 0.8 * 100 = 19; 2028: 3 + 0.4 * (0.2 * 100 + 293/365 * 50)
    most = (3.0, 19.0, 3 + 0.4 * (20 + 293 / 365 * 50))

    def plan(*back: float) -> Plan:
        nodes = ("2026", "2027", "2028")
        need = (100.0, 50.0, 50.0)
        rows = list(zip(nodes, need, back, strict=True))
        return plan_of(
            purchases=[(node, "us", 0, tonnes - some) for node, tonnes, some in rows],
            deliveries=[(node, "need", "any", tonnes) for node, tonnes, _ in rows],
            recoveries=[(node, "urban", some) for node, _, some in rows],
        )

    assert check(problem, plan(*most)).faults == ()
    for number, node in enumerate(("2026", "2027", "2028")):
        back = list(most)
        back[number] += 0.1
        (fault,) = check(problem, plan(*back)).faults
        assert fault.startswith(f"Recycling 'urban' gives back {back[number]:,.10g} t in {node}")
