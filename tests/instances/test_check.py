from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]


def test_a_right_plan_has_no_faults(depot: Problem, depot_plan: Plan) -> None:
    assert check(depot, depot_plan).faults == ()


def test_a_claim_within_a_millionth_is_accepted(depot: Problem, depot_plan: Plan) -> None:
    assert check(depot, depot_plan, claimed=37546.4 + 0.037).faults == ()


@pytest.mark.parametrize("claimed", [37546.4 + 0.04, 24046.4, float("nan")])
def test_tampered_cost_is_a_fault_with_both_numbers(
    depot: Problem, depot_plan: Plan, claimed: float
) -> None:
    (fault,) = check(depot, depot_plan, claimed=claimed).faults
    assert "37,546.4 USD" in fault
    assert f"claims {claimed:,.10g} USD" in fault


def test_a_small_objective_is_compared_to_a_millionth_of_a_dollar(plan_of: PlanMaker) -> None:
    problem = Problem.model_validate(
        {
            "name": "nothing",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
        }
    )
    assert check(problem, plan_of(), claimed=9e-7).faults == ()
    assert len(check(problem, plan_of(), claimed=2e-6).faults) == 1


def test_the_order_of_rows_does_not_matter(depot: Problem, depot_plan: Plan) -> None:
    shuffled = {
        name: table.sample(frac=1, random_state=7) for name, table in depot_plan.tables().items()
    }
    verdict = check(depot, Plan(**shuffled))
    assert verdict.faults == ()
    assert verdict.objective == pytest.approx(37546.4, rel=1e-12)


def test_a_row_that_is_not_there_means_nothing_moves(depot: Problem, depot_plan: Plan) -> None:
    bare = {name: table[table.iloc[:, -1] != 0] for name, table in depot_plan.tables().items()}
    verdict = check(depot, Plan(**bare))
    assert verdict.faults == ()
    assert verdict.objective == pytest.approx(37546.4, rel=1e-12)


def test_every_row_of_every_rule_is_reported(depot: Problem, depot_plan: Plan) -> None:
    uses = check(depot, depot_plan).uses
    assert [(use.rule, use.node) for use in uses] == [
        (rule, node) for rule in ("cap", "reserve", "sellers") for node in ("2026", "2027")
    ]
    assert [use.slack for use in uses] == pytest.approx(
        # cap: 0.8 * 43 + 8.6 - 43 = 0 and 0.8 * 45 - 5 - 0 = 31 (5.4 t of unknown stock stay)
        # reserve: 18 - 10 and 11.2 - 10; sellers: 1 - 1, twice
        [0.0, 31.0, 8.0, 1.2, 0.0, 0.0],
        abs=1e-9,
    )


def test_many_faults_of_a_kind_are_counted_after_the_first_five(
    depot: Problem, depot_plan: Plan, plan_of: PlanMaker
) -> None:
    nonsense = plan_of(purchases=[("2026", f"offer-{number}", 0, 1.0) for number in range(8)])
    faults = check(depot, replace(depot_plan, purchases=nonsense.purchases)).faults
    lost = [fault for fault in faults if "does not exist" in fault]
    assert len(lost) == 5
    assert "... and 3 more of this kind (8 in total)." in faults


def test_a_problem_without_anything_but_demand_is_judged(plan_of: PlanMaker) -> None:
    problem = Problem.model_validate(
        {
            "name": "bare",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "demand": [
                {
                    "id": "us",
                    "commodity": "metal",
                    "country": "USA",
                    "quantity": 3,
                    "shortfall_cost": 7,
                }
            ],
        }
    )
    verdict = check(problem, plan_of(shortfalls=[("2026", "us", 0, 3.0)]))
    assert verdict.faults == ()
    assert verdict.objective == pytest.approx(21)


def test_a_plan_with_a_purchase_tampered_with_has_a_balance_that_does_not_close(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    verdict = check(depot, tampered(depot_plan, "purchases", 0, tonnes=59.0))
    (fault,) = verdict.faults
    assert fault == ("Balance of 'metal' (tag 'CHN') in CHN in 2026: 59 t come in, 60 t go out.")
    # and it is cheaper by the price of a tonne
    assert verdict.objective == pytest.approx(37546.4 - 100)


def test_a_plan_tampered_with_to_pass_a_cap_is_caught(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    (fault,) = check(depot, tampered(depot_plan, "excesses", 0, amount=8.0)).faults
    # 0.8 * 43 = 34.4 t are allowed and 43 t counted: 8.6 t too many, 8 declared
    assert fault == (
        "Rule 'cap' (CHN, metal) in 2026 is broken by 0.6 t: 1 against a limit of 0.8 (fraction), "
        "with 8 t declared beyond it."
    )


def test_a_plan_with_a_stock_tampered_with_is_caught(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    (fault,) = check(depot, tampered(depot_plan, "stocks", 2, stock=6.8)).faults
    assert fault == (
        "Stockpile 'vault' (tag 'CHN') in 2027: 6.8 t held, but 10.8 t kept + 0 t filled - 5 t "
        "drawn are 5.8 t."
    )
