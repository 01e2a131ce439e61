from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import Verdict, check
from instances.directory import Directory
from instances.plan import Plan
from instances.problem import Problem
from instances.rules import ShareFloor
from instances.words import Names

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]


def judged(data: Data, plan: Plan, **fields: Any) -> Verdict:
    """Return the verdict on ``plan`` under a floor."""
    rule = {"id": "floor", "kind": "share_floor", "of": "partners", "commodity": "metal", **fields}
    return check(Problem.model_validate({**data, "rules": [*data["rules"], rule]}), plan)


SHARES: list[tuple[dict[str, Any], float, float]] = [
    ({"denominator": "demand"}, 40, 105),
    # stock of unknown seller helps a floor only where the rule says so
    ({"denominator": "demand", "counts_fill": False}, 32, 105),
    ({"denominator": "demand", "counts_fill": False, "counts_unknown": True}, 32 + 5, 105),
    ({"denominator": "supply"}, 40, 115),
    ({"denominator": "deliveries"}, 32, 100),
    ({"denominator": "deliveries", "counts_unknown": True}, 37, 100),
    ({"denominator": "value"}, 1600, 2600),
    ({"denominator": "value", "of": "Roo"}, 1600, 2600),
    ({"denominator": "demand", "buyers": ["USA"]}, 24 + 8, 85),
    ({"denominator": "supply", "buyers": ["JPN"]}, 8, 20),
    ({"denominator": "deliveries", "demand_class": "defence"}, 24, 30),
]


@pytest.mark.parametrize(("fields", "counted", "whole"), SHARES)
def test_a_floor_holds_at_exactly_its_share_and_breaks_just_above(
    trade_data: Data, trade_plan: Plan, fields: dict[str, Any], counted: float, whole: float
) -> None:
    share = counted / whole
    held = judged(trade_data, trade_plan, min_share=share, **fields)
    assert held.faults == ()
    assert held.uses[-1].value == pytest.approx(share, rel=1e-12)
    broken = judged(trade_data, trade_plan, min_share=share + 1e-4, **fields)
    assert len(broken.faults) == 1
    assert broken.uses[-1].slack == pytest.approx(-1e-4 * whole)


def test_a_soft_floor_charges_the_tonnes_that_are_missing(
    trade_data: Data, trade_plan: Plan, tampered: PlanMaker
) -> None:
    row = {"node": "2026", "rule": "floor", "who": "partners", "goods": "metal", "amount": 12.5}
    paid = tampered(trade_plan, "excesses", 0, **row)
    fields = {"denominator": "demand", "min_share": 0.5, "penalty": 8}
    verdict = judged(trade_data, paid, **fields)
    # 0.5 * 105 - 40 = 12.5 t, 8 USD each
    assert verdict.faults == ()
    assert verdict.totals.set_index("account").loc["penalty", "amount_usd"] == pytest.approx(100)
    assert len(judged(trade_data, trade_plan, **fields).faults) == 1


def test_a_floor_says_its_share_of_the_year() -> None:
    rule = ShareFloor.model_validate(
        {
            "id": "floor",
            "of": "partners",
            "commodity": "ga",
            "min_share": 0.6,
            "denominator": "deliveries",
            "demand_class": "defence",
            "buyers": ["USA", "JPN"],
        }
    )
    directory = Directory({"partners": frozenset({"AUS"})}, {"ga": "metal"})
    (line,) = rule.lines(directory)
    assert rule.sentence(Names({"ga": "gallium"}, {}), line) == (
        "The group partners must supply at least 60 % of gallium deliveries for defence use by "
        "United States and Japan"
    )


def test_relaxing_a_floor_lowers_it() -> None:
    rule = ShareFloor.model_validate(
        {"id": "f", "of": "AUS", "commodity": "ga", "min_share": 0.3, "denominator": "demand"}
    )
    (lever,) = rule.levers()
    assert rule.relaxed(lever, 0.1).min_share.values == pytest.approx((0.2,))
    assert rule.relaxed(lever, 0.5).min_share.values == (0.0,)
