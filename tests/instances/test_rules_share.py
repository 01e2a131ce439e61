from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from instances.check import Verdict, check
from instances.plan import Plan
from instances.problem import Problem
from instances.rules import ShareCap

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]


def judged(data: Data, plan: Plan, **fields: Any) -> Verdict:
    """Return the verdict on ``plan`` under one more cap."""
    rule = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal", **fields}
    return check(Problem.model_validate({**data, "rules": [*data["rules"], rule]}), plan)


def test_several_countries_count_together(trade_data: Data, trade_plan: Plan) -> None:
    verdict = judged(
        trade_data, trade_plan, of=["CHN", "AUS"], denominator="demand", max_share=1.0
    )
    # 120 t bought for 105 t of demand: 15 too many
    assert verdict.uses[-1].who == "CHN+AUS"
    assert verdict.uses[-1].slack == pytest.approx(-15)


def test_each_member_of_a_group_has_its_own_cap(trade_data: Data, trade_plan: Plan) -> None:
    verdict = judged(
        trade_data, trade_plan, of={"each": "partners"}, denominator="demand", max_share=0.2
    )
    assert [use.who for use in verdict.uses[1:]] == ["AUS", "KAZ"]
    # 0.2 * 105 = 21 t allowed; Australia sells 40, Kazakhstan nothing
    assert [use.slack for use in verdict.uses[1:]] == pytest.approx([-19, 21])


def test_a_stage_means_each_of_its_commodities(trade_data: Data, trade_plan: Plan) -> None:
    trade_data["commodities"].append({"id": "alloy", "stage": "metal", "basis": "product"})
    trade_data["commodities"].append({"id": "ore", "stage": "mine", "basis": "product"})
    trade_data["rules"].append(
        {
            "id": "stage",
            "kind": "share_cap",
            "of": "CHN",
            "stage": "metal",
            "max_share": 1,
            "denominator": "demand",
        }
    )
    uses = check(Problem.model_validate(trade_data), trade_plan).uses
    assert [use.goods for use in uses[1:]] == ["metal", "alloy"]


def test_values_of_unlike_commodities_add_up(
    trade_data: Data, trade_plan: Plan, tampered: PlanMaker
) -> None:
    trade_data["commodities"].append({"id": "ore", "stage": "mine", "basis": "product"})
    trade_data["offers"].append(
        {
            "id": "pit",
            "supplier": "Pit",
            "country": "AUS",
            "commodity": "ore",
            "price": 4,
            "capacity": 9,
        }
    )
    trade_data["outlets"].append({"id": "heap", "commodity": "ore", "country": "AUS", "price": 0})
    bought = {"node": "2026", "offer": "pit", "tranche": 0, "tonnes": 9.0}
    sold = {"node": "2026", "outlet": "heap", "tag": "any", "tonnes": 9.0}
    plan = tampered(trade_plan, "purchases", 3, **bought)
    verdict = judged(
        trade_data,
        tampered(plan, "sales", 1, **sold),
        of="AUS",
        commodity=["metal", "ore"],
        denominator="value",
        max_share=1,
    )
    # 40 * 40 + 9 * 4 = 1,636 of 2,600 + 36 USD
    assert verdict.faults == ()
    assert verdict.uses[-1].goods == "metal+ore"
    assert verdict.uses[-1].value == pytest.approx(1636 / 2636)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stage": "oxide"}, "needs either 'commodity' or 'stage'"),
        ({"commodity": None}, "needs either 'commodity' or 'stage'"),
        ({"commodity": ["dy", "tb"]}, "adds up tonnes of unlike commodities"),
        ({"denominator": "value", "buyers": ["USA"]}, "takes neither 'buyers' nor"),
        ({"denominator": "supply", "demand_class": "defence"}, "receives deliveries, not supply"),
        ({"denominator": "deliveries", "counts_fill": False}, "goes with denominator 'demand'"),
        ({"start": "2028-01-01", "end": "2027-01-01"}, "2028-01-01 .* 2027-01-01"),
        ({"max_share": 1.1}, "less than or equal to 1"),
        (
            {"denominator": "supply", "penalty_per_point": 1},
            "needs denominator 'demand': of supply, which the plan decides",
        ),
        ({"penalty": 1, "penalty_per_point": 1}, "both 'penalty' and 'penalty_per_point'"),
    ],
)
def test_a_cap_that_cannot_be_meant_is_refused(fields: dict[str, Any], words: str) -> None:
    good = {"id": "cap", "of": "CHN", "commodity": "dy", "max_share": 0.5, "denominator": "demand"}
    ShareCap.model_validate(good)
    with pytest.raises(ValidationError, match=words):
        ShareCap.model_validate(good | fields)
