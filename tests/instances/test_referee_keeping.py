from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]


def test_a_stock_target_missed_is_a_fault(depot_data: Data, depot_plan: Plan) -> None:
    depot_data["rules"][1]["tonnes"] = {2026: 18, 2027: 12}
    assert check(Problem.model_validate(depot_data), depot_plan).faults == (
        "Rule 'reserve' (-, vault) in 2027 is broken by 0.8 t: 11.2 against a limit of 12 (t), "
        "with 0 t declared beyond it.",
    )


def test_too_few_suppliers_are_a_fault(depot_data: Data, depot_plan: Plan) -> None:
    depot_data["rules"][2]["count"] = 2
    faults = check(Problem.model_validate(depot_data), depot_plan).faults
    assert faults[0] == (
        "Rule 'sellers' (-, metal) in 2026 is broken by 1 count: 1 against a limit of 2 (count), "
        "with 0 count declared beyond it."
    )


def test_a_hard_rule_takes_no_excess(depot_data: Data, depot_plan: Plan) -> None:
    del depot_data["rules"][0]["penalty"]
    verdict = check(Problem.model_validate(depot_data), depot_plan)
    assert verdict.faults == (
        "Rule 'cap' (CHN, metal) in 2026 is hard, but 8.6 t are declared beyond it; 0 is allowed.",
    )
    assert verdict.totals.set_index("account").loc["penalty", "amount_usd"] == 0


def test_a_soft_rule_charges_what_is_declared_beyond_it(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker
) -> None:
    verdict = check(depot, tampered(depot_plan, "excesses", 1, amount=7.0))
    assert verdict.faults == ()
    # 100 * (8.6 + 7)
    penalty = verdict.totals.set_index("account").loc["penalty", "amount_usd"]
    assert penalty == pytest.approx(1560)


def test_where_nothing_is_delivered_there_is_no_share_and_no_breach(
    depot: Problem, plan_of: PlanMaker
) -> None:
    use = check(depot, plan_of()).uses[0]
    assert (use.rule, use.node) == ("cap", "2026")
    assert use.value is None
    assert use.slack == 0


@pytest.mark.parametrize(
    "values",
    [
        {"rule": "cop"},
        {"who": "AUS"},
        {"goods": "slag"},
        {"rule": "reserve"},
    ],
)
def test_excess_declared_for_no_row_is_a_fault(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker, values: dict[str, Any]
) -> None:
    faults = check(depot, tampered(depot_plan, "excesses", 1, amount=2.0, **values)).faults
    key = {"rule": "cap", "who": "CHN", "goods": "metal"} | values
    assert faults == (
        f"Table excesses declares 2 for rule {key['rule']!r} ({key['who']}, {key['goods']}) in "
        "2027; no rule has that row.",
    )


def test_excess_is_not_declared_while_the_rule_does_not_hold(
    depot_data: Data, depot_plan: Plan
) -> None:
    depot_data["rules"][0]["start"] = "2027-01-01"
    (fault,) = check(Problem.model_validate(depot_data), depot_plan).faults
    assert fault.startswith("Table excesses declares 8.6 for rule 'cap' (CHN, metal) in 2026;")


@pytest.mark.parametrize(
    ("row", "values", "fault"),
    [
        (0, {"chosen": 0.5}, "'Red' for rule 'sellers' (metal) in 2026 is 0.5, neither 0 nor 1."),
        (0, {"chosen": 2.0}, "'Red' for rule 'sellers' (metal) in 2026 is 2, neither 0 nor 1."),
        # half of 45 t count; Roo sells nothing in 2026
        (
            1,
            {"chosen": 1.0},
            "'Roo' for rule 'sellers' (metal) in 2026: 0 t bought, but 22.5 t count.",
        ),
        (0, {"seller": "Blue"}, "'Blue' for rule 'sellers' (metal) in 2026: that seller does not"),
        (0, {"seller": "CHN"}, "'CHN' for rule 'sellers' (metal) in 2026: that seller does not"),
        (0, {"rule": "cap"}, "'Red' for rule 'cap' (metal) in 2026: no rule has that row."),
        (0, {"goods": "slag"}, "'Red' for rule 'sellers' (slag) in 2026: no rule has that row."),
    ],
)
def test_a_choice_that_does_not_hold_is_a_fault(
    depot: Problem,
    depot_plan: Plan,
    tampered: PlanMaker,
    row: int,
    values: dict[str, Any],
    fault: str,
) -> None:
    (found,) = check(depot, tampered(depot_plan, "choices", row, **values)).faults
    assert found.startswith(f"Choice of {fault}")


def test_a_seller_outside_the_party_cannot_be_chosen(depot_data: Data, depot_plan: Plan) -> None:
    depot_data["rules"][2]["of"] = "AUS"
    depot_data["rules"][2]["start"] = "2027-01-01"
    faults = check(Problem.model_validate(depot_data), depot_plan).faults
    assert faults == (
        "Choice of 'Red' for rule 'sellers' (metal) in 2026: no rule has that row.",
        "Choice of 'Roo' for rule 'sellers' (metal) in 2026: no rule has that row.",
        "Choice of 'Red' for rule 'sellers' (metal) in 2027: that seller does not exist.",
    )


def test_a_choice_a_hair_below_its_share_counts(
    depot: Problem, depot_plan: Plan, tampered: PlanMaker, depot_data: Data
) -> None:
    # 40 / 45 of demand is exactly what Roo sells in 2027
    depot_data["rules"][2]["min_share"] = 40 / 45
    depot_data["rules"][2]["start"] = "2027-01-01"
    problem = Problem.model_validate(depot_data)
    roo = depot_plan.choices[depot_plan.choices["node"] == "2027"].reset_index(drop=True)
    for less, faults in ((0.0, 0), (3e-5, 0), (5e-5, 2)):
        tables = depot_plan.tables() | {"choices": roo}
        plan = tampered(Plan(**tables), "purchases", 2, tonnes=10.0 - less)
        found = [fault for fault in check(problem, plan).faults if "sellers" in fault]
        assert len(found) == faults, less
