from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from instances.check import Verdict, check
from instances.directory import Directory
from instances.problem import Problem
from instances.rules import MinSuppliers
from instances.words import Names

if TYPE_CHECKING:
    from instances.plan import Plan

Data = dict[str, Any]


def judged(data: Data, plan: Plan, **fields: Any) -> Verdict:
    """Return the verdict on ``plan`` under a minimum number of suppliers."""
    rule = {"id": "min", "kind": "min_suppliers", "commodity": "metal", **fields}
    return check(Problem.model_validate({**data, "rules": [*data["rules"], rule]}), plan)


@pytest.mark.parametrize(
    ("fields", "reached"),
    [
        # of 105 t demanded Red sells 60, Roo 40 and Blue 20
        ({"min_share": 20 / 105}, 3),
        ({"min_share": 0.2}, 2),
        ({"min_share": 40 / 105}, 2),
        ({"min_share": 0.5}, 1),
        ({"min_share": 0.6}, 0),
        # China sells 80 t, Australia 40
        ({"min_share": 0.2, "by": "country"}, 2),
        ({"min_share": 0.7, "by": "country"}, 1),
        ({"min_share": 0.1, "of": "CHN"}, 2),
        ({"min_share": 0.1, "of": "partners"}, 1),
    ],
)
def test_sellers_count_from_their_share_of_demand_on(
    trade_data: Data, trade_plan: Plan, fields: dict[str, Any], reached: int
) -> None:
    if reached:
        assert judged(trade_data, trade_plan, count=reached, **fields).faults == ()
    verdict = judged(trade_data, trade_plan, count=reached + 1, **fields)
    assert verdict.uses[-1].value == reached
    assert verdict.uses[-1].slack == -1
    assert len(verdict.faults) == 1


def test_each_commodity_has_its_own_count(trade_data: Data, trade_plan: Plan) -> None:
    trade_data["commodities"].append({"id": "alloy", "stage": "metal", "basis": "product"})
    trade_data["demand"].append(
        {
            "id": "us-alloy",
            "commodity": "alloy",
            "country": "USA",
            "quantity": 5,
            "shortfall_cost": 1,
        }
    )
    verdict = judged(
        trade_data, trade_plan, commodity={"each": ["metal", "alloy"]}, count=1, min_share=0.1
    )
    assert [(use.goods, use.value) for use in verdict.uses[1:]] == [("metal", 3), ("alloy", 0)]


def test_the_rule_holds_in_its_dates(trade_data: Data, trade_plan: Plan) -> None:
    fields = {"count": 9, "min_share": 0.1}
    assert judged(trade_data, trade_plan, end="2027-01-01", **fields).faults != ()
    late = judged(
        {**trade_data, "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"}},
        trade_plan,
        start="2027-01-01",
        **fields,
    )
    assert [use.node for use in late.uses if use.rule == "min"] == ["2027"]


def test_the_rule_says_its_count_and_share() -> None:
    rule = MinSuppliers.model_validate(
        {"id": "m", "commodity": "ga", "count": 3, "min_share": "10 %"}
    )
    names = Names({"ga": "gallium"}, {})
    assert rule.sentence(names) == (
        "At least 3 suppliers must each sell at least 10 % of gallium demand"
    )
    country = MinSuppliers.model_validate(
        {"id": "m", "commodity": "ga", "count": 1, "min_share": 0.1, "by": "country", "of": "AUS"}
    )
    (line,) = country.lines(Directory({}, {"ga": "metal"}))
    assert country.sentence(names, line).startswith("At least 1 country")
    assert (line.who, line.goods) == ("AUS", "ga")


def test_relaxing_the_rule_asks_for_fewer_or_smaller_sellers() -> None:
    rule = MinSuppliers.model_validate(
        {"id": "m", "commodity": "ga", "count": 3, "min_share": 0.2}
    )
    count, share = rule.levers()
    assert rule.relaxed(count, 1).count == 2
    assert rule.relaxed(share, 0.05).min_share == pytest.approx(0.15)
    assert rule.hard


@pytest.mark.parametrize(
    "fields", [{"count": 0}, {"min_share": 0}, {"min_share": 1.2}, {"by": "owner"}]
)
def test_a_rule_that_cannot_be_meant_is_refused(fields: dict[str, Any]) -> None:
    good = {"id": "m", "commodity": "ga", "count": 2, "min_share": 0.1}
    MinSuppliers.model_validate(good)
    with pytest.raises(ValidationError):
        MinSuppliers.model_validate(good | fields)
