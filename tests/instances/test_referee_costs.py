from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.accounts import ACCOUNTS, PERSPECTIVES
from instances.check import check
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]

# by account, 2026 and 2027, in dollars of their year:
#   purchase        60 * 100 = 6,000            30 * 150 + 10 * 200 = 6,500
#   freight         60 * 10 = 600               40 * 20 = 800
#   tariff          0.25 * 1,000 * 54 = 13,500  none
#   holding         2 * (12 + 6) = 36           2 * (5.8 + 5.4) = 22.4
#   shortfall       2 * 5,000 = 10,000          0
#   penalty         100 * 8.6 = 860             0
#   outlet_revenue  2 * 50 = 100                0
#   terminal_value  0                           60 * 11.2 = 672
# and nothing is made, built, brought back, substituted or thrown away
DEPOT = {
    **dict.fromkeys((account.name for account in ACCOUNTS), (0.0, 0.0)),
    "purchase": (6000.0, 6500.0),
    "freight": (600.0, 800.0),
    "tariff": (13500.0, 0.0),
    "top_up": (0, 0),
    "price_support": (0, 0),
    "holding": (36.0, 22.4),
    "shortfall": (10000.0, 0.0),
    "backlog": (0.0, 0.0),
    "penalty": (860.0, 0.0),
    "outlet_revenue": (100.0, 0.0),
    "terminal_value": (0.0, 672.0),
}


def test_costs_come_by_account_and_node(depot: Problem, depot_plan: Plan) -> None:
    costs = check(depot, depot_plan).costs
    assert list(costs.columns) == [
        "node",
        "account",
        "amount_usd",
        "discounted_usd",
        "buyer_usd",
        "producer_usd",
        "public_usd",
        "system_usd",
    ]
    found = {
        name: tuple(rows["amount_usd"]) for name, rows in costs.groupby("account", sort=False)
    }
    assert found.keys() == DEPOT.keys()
    for name, dollars in DEPOT.items():
        assert found[name] == pytest.approx(dollars), name
    assert costs["node"].tolist() == ["2026"] * len(ACCOUNTS) + ["2027"] * len(ACCOUNTS)


def test_totals_add_up_the_nodes(depot: Problem, depot_plan: Plan) -> None:
    totals = check(depot, depot_plan).totals.set_index("account")
    assert totals.loc["purchase", "amount_usd"] == pytest.approx(12500)
    assert totals.loc["outlet_revenue", "buyer_usd"] == pytest.approx(-100)
    assert list(totals.index) == list(DEPOT)


@pytest.mark.parametrize(
    ("perspective", "objective"),
    [
        # 12,500 + 1,400 + 13,500 + 58.4 + 10,000 + 860 - 100 - 672
        ("buyer", 37546.4),
        # the tariff is a transfer: 37,546.4 - 13,500
        ("system", 24046.4),
        # the tariff is income, shortfall and penalty are harm: 10,000 + 860 - 13,500
        ("public", -2640.0),
    ],
)
def test_the_objective_follows_the_perspective(
    depot_data: Data, depot_plan: Plan, perspective: str, objective: float
) -> None:
    problem = Problem.model_validate({**depot_data, "perspective": perspective})
    verdict = check(problem, depot_plan)
    assert verdict.objective == pytest.approx(objective, rel=1e-12)
    assert verdict.totals[f"{perspective}_usd"].sum() == pytest.approx(objective, rel=1e-12)


def test_every_perspective_is_reported_whichever_is_minimised(
    depot: Problem, depot_plan: Plan
) -> None:
    totals = check(depot, depot_plan).totals
    sums = [totals[f"{perspective}_usd"].sum() for perspective in PERSPECTIVES]
    assert sums == pytest.approx([37546.4, 24046.4, -2640.0])


def test_a_tariff_is_a_transfer_from_buyer_to_public(depot: Problem, depot_plan: Plan) -> None:
    tariff = check(depot, depot_plan).totals.set_index("account").loc["tariff"]
    assert tariff["buyer_usd"] == pytest.approx(13500)
    assert tariff["buyer_usd"] + tariff["public_usd"] == 0
    assert tariff["system_usd"] == 0


@pytest.mark.parametrize(
    ("timing", "years"), [("start", (0.0, 1.0)), ("middle", (0.5, 1.5)), ("end", (1.0, 2.0))]
)
def test_money_is_discounted_from_when_it_falls_due(
    depot_data: Data, depot_plan: Plan, timing: str, years: tuple[float, float]
) -> None:
    problem = Problem.model_validate({**depot_data, "discount": {"rate": 0.1, "timing": timing}})
    verdict = check(problem, depot_plan)
    for number, (node, later) in enumerate(zip(("2026", "2027"), years, strict=True)):
        rows = verdict.costs[verdict.costs["node"] == node].set_index("account")
        for account in DEPOT.keys() - {"terminal_value"}:
            expected = DEPOT[account][number] / 1.1**later
            assert rows.loc[account, "discounted_usd"] == pytest.approx(expected), account
    # what is left is worth something at the end of the horizon, whenever money falls due
    value = verdict.totals.set_index("account").loc["terminal_value", "discounted_usd"]
    assert value == pytest.approx(672 / 1.1**2)


def test_holding_cost_counts_the_years_of_the_period(plan_of: PlanMaker) -> None:
    problem = Problem.model_validate(
        {
            "name": "quarter",
            "periods": {"start": "2028-01-01", "count": 1, "length": "1 quarter"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "stockpiles": [
                {
                    "id": "vault",
                    "commodity": "metal",
                    "country": "USA",
                    "opening": 100,
                    "holding_cost": 366,
                }
            ],
        }
    )
    plan = plan_of(stocks=[("2028-Q1", "vault", "any", 0.0, 0.0, 100.0)])
    verdict = check(problem, plan)
    # January to March of a leap year: 91 of 366 days; 366 * 100 * 91 / 366
    assert verdict.objective == pytest.approx(9100)
    assert verdict.faults == ()
