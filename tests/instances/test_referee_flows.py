from __future__ import annotations

from collections.abc import Callable
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
            "runs",
            0,
            {"tonnes": 91.0},
            "Balance of 'oxide' (tag 'any') in USA in 2026: 47.5 t come in, 47 t go out.",
        ),
        (
            "uses",
            0,
            {"tonnes": 89.0},
            "Balance of 'ore' (tag 'any') in USA in 2026: 90 t come in, 89 t go out.",
        ),
        (
            "recoveries",
            0,
            {"tonnes": 1.0},
            "Balance of 'oxide' (tag 'any') in USA in 2026: 46 t come in, 47 t go out.",
        ),
        (
            "disposals",
            1,
            {"tonnes": 35.0},
            "Balance of 'slag' (tag 'any') in USA in 2027: 35.64 t come in, 35 t go out.",
        ),
        # a tonne of demand takes two of ferrite
        (
            "substitutes",
            0,
            {"tonnes": 4.0},
            "Balance of 'ferrite' (tag 'any') in USA in 2026: 6 t come in, 8 t go out.",
        ),
        (
            "substitutes",
            0,
            {"tonnes": 4.0},
            "Demand 'us' in 2026: 47 t delivered, 4 t substituted and 0 t short are not the 50 t "
            "demanded.",
        ),
        # 0.9 * 0.8 * 110 = 79.2 + 18 under way; 0.9 * (0.2 * 110 + 0.8 * 140) = 120.6
        (
            "shipments",
            0,
            {"tonnes": 110.0},
            "Balance of 'ore' (tag 'any') in USA in 2026: 97.2 t come in, 90 t go out.",
        ),
        (
            "shipments",
            0,
            {"tonnes": 110.0},
            "Balance of 'ore' (tag 'any') in USA in 2027: 120.6 t come in, 118.8 t go out.",
        ),
    ],
)
def test_each_flow_of_a_chain_counts_in_the_balance(
    refinery: Problem,
    refinery_plan: Plan,
    tampered: PlanMaker,
    table: str,
    row: int,
    values: dict[str, Any],
    fault: str,
) -> None:
    assert fault in check(refinery, tampered(refinery_plan, table, row, **values)).faults


def test_cargo_arrives_across_months_and_years(plan_of: PlanMaker) -> None:
    nodes = ("2026-11", "2026-12", "2027-01-01")
    problem = Problem.model_validate(
        {
            "name": "voyage",
            "periods": {
                "start": "2026-11-01",
                "parts": [{"count": 2, "length": "1 month"}, {"count": 1, "length": "6 months"}],
            },
            "commodities": [
                {"id": "metal", "stage": "metal", "basis": "product", "customs_value": 1000}
            ],
            "offers": [
                {"id": "cn", "supplier": "Red", "country": "CHN", "commodity": "metal", "price": 1}
            ],
            "lanes": [
                {
                    "id": "sea",
                    "origin": "CHN",
                    "destination": "USA",
                    "commodities": ["metal"],
                    "lead_time": 45,
                    "loss": 0.1,
                    "tariff": 0.5,
                    "terminal_value": 4,
                }
            ],
            "outlets": [{"id": "out", "commodity": "metal", "country": "USA", "price": 0}],
        }
    )
    # November's window, 45 days later, is December 16 to January 14: 16 of 30 days in December, 14
    # in January. December's (31 days) is January 15 to February 14. Of the 181 days from January
    # to June, 181 - 45 = 136 arrive. Loaded 30, 31 and 181 t, a tonne a day; a tenth is lost.
    arrived = (0.0, 0.9 * 16, 0.9 * (14 + 31 + 136))

    def plan(*sold: float) -> Plan:
        loads = list(zip(nodes, (30.0, 31.0, 181.0), strict=True))
        return plan_of(
            purchases=[(node, "cn", 0, tonnes) for node, tonnes in loads],
            shipments=[(node, "sea", "metal", "any", tonnes) for node, tonnes in loads],
            sales=[(node, "out", "any", tonnes) for node, tonnes in zip(nodes, sold, strict=True)],
        )

    verdict = check(problem, plan(*arrived))
    assert verdict.faults == ()
    totals = verdict.totals.set_index("account")["amount_usd"]
    # 45 t are under way at the end, before their loss
    assert totals["terminal_value"] == pytest.approx(4 * 45)
    # the tariff falls due with the loading, on what will arrive
    tariffs = verdict.costs[verdict.costs["account"] == "tariff"]["amount_usd"].tolist()
    assert tariffs == pytest.approx([500 * 27, 500 * 27.9, 500 * 162.9])
    late = plan(*arrived[:2], arrived[2] - 1)
    (fault,) = check(problem, late).faults
    assert fault.endswith("in USA in 2027-01-01: 162.9 t come in, 161.9 t go out.")
