from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import Verdict, check
from instances.directory import Directory
from instances.plan import Plan
from instances.problem import Problem
from instances.rules import ShareCap
from instances.words import Names

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]


def judged(data: Data, plan: Plan, **fields: Any) -> Verdict:
    """Return the verdict on ``plan`` under one more cap."""
    rule = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal", **fields}
    return check(Problem.model_validate({**data, "rules": [*data["rules"], rule]}), plan)


SHARES: list[tuple[dict[str, Any], float, float]] = [
    # what is bought, of what all demand (55 + 30 + 20)
    ({"denominator": "demand"}, 80, 105),
    ({"denominator": "demand", "of": "Red"}, 60, 105),
    ({"denominator": "demand", "of": "partners"}, 40, 105),
    # what is delivered, of demand; the 5 t of unknown seller may be Chinese
    ({"denominator": "demand", "counts_fill": False}, 63 + 5, 105),
    ({"denominator": "demand", "counts_fill": False, "counts_unknown": False}, 63, 105),
    # what is bought less what the outlet takes
    ({"denominator": "supply"}, 80, 120 - 5),
    ({"denominator": "deliveries"}, 63 + 5, 100),
    ({"denominator": "deliveries", "counts_unknown": False}, 63, 100),
    ({"denominator": "deliveries", "of": "partners"}, 32 + 5, 100),
    ({"denominator": "value"}, 1000, 2600),
    ({"denominator": "value", "of": "Blue"}, 400, 2600),
    # what reaches the USA: 51 delivered + 12 stored are Chinese, of the unknown 5 - 5 = 0 remain
    ({"denominator": "demand", "buyers": ["USA"]}, 63, 85),
    ({"denominator": "supply", "buyers": ["USA"]}, 63, 63 + 32),
    # what reaches Japan: 12 delivered + 5 sold; the sale is not supply
    ({"denominator": "demand", "buyers": ["JPN"]}, 17, 20),
    ({"denominator": "supply", "buyers": ["JPN"]}, 17, 17 + 8 - 5),
    ({"denominator": "demand", "buyers": ["USA", "JPN"]}, 80, 105),
    ({"denominator": "deliveries", "buyers": ["USA"]}, 45 + 6 + 5, 80),
    ({"denominator": "deliveries", "buyers": ["JPN"]}, 12, 20),
    # a class is judged by what it is delivered
    ({"denominator": "demand", "demand_class": "civil"}, 45 + 12 + 5, 75),
    ({"denominator": "deliveries", "demand_class": "civil"}, 45 + 12 + 5, 70),
    ({"denominator": "deliveries", "demand_class": "defence"}, 6, 30),
    ({"denominator": "demand", "demand_class": "civil", "buyers": ["USA"]}, 45 + 5, 55),
]


@pytest.mark.parametrize(("fields", "counted", "whole"), SHARES)
def test_share_is_counted_as_its_denominator_says(
    trade_data: Data, trade_plan: Plan, fields: dict[str, Any], counted: float, whole: float
) -> None:
    verdict = judged(trade_data, trade_plan, max_share=1.0, **fields)
    assert verdict.faults == ()
    use = verdict.uses[-1]
    assert use.value == pytest.approx(counted / whole, rel=1e-12)
    assert use.slack == pytest.approx(whole - counted, rel=1e-12)
    assert use.measure == ("USD" if fields["denominator"] == "value" else "t")


@pytest.mark.parametrize(("fields", "counted", "whole"), SHARES)
def test_a_cap_holds_at_exactly_its_share_and_breaks_just_below(
    trade_data: Data, trade_plan: Plan, fields: dict[str, Any], counted: float, whole: float
) -> None:
    share = counted / whole
    assert judged(trade_data, trade_plan, max_share=share, **fields).faults == ()
    broken = judged(trade_data, trade_plan, max_share=share - 1e-4, **fields)
    (fault,) = broken.faults
    assert fault.startswith("Rule 'cap' (")
    assert broken.uses[-1].slack == pytest.approx(-1e-4 * whole)


def test_a_supplier_is_known_through_the_vault(trade_data: Data, plan_of: PlanMaker) -> None:
    # the same trade, each lot with its supplier: Red 43 + Blue 20 reach the USA
    plan = plan_of(
        purchases=[("2026", "red", 0, 43.0), ("2026", "blue", 0, 20.0), ("2026", "roo", 0, 37.0)],
        shipments=[
            ("2026", "free.CHN.USA", "metal", "CHN/Red", 43.0),
            ("2026", "free.CHN.USA", "metal", "CHN/Blue", 20.0),
            ("2026", "free.AUS.USA", "metal", "AUS/Roo", 17.0),
            ("2026", "free.AUS.JPN", "metal", "AUS/Roo", 20.0),
        ],
        deliveries=[
            ("2026", "us", "CHN/Red", 40.0),
            ("2026", "us", "unknown", 10.0),
            ("2026", "us", "AUS/Roo", 5.0),
            ("2026", "navy", "CHN/Blue", 18.0),
            ("2026", "navy", "AUS/Roo", 12.0),
            ("2026", "jp", "AUS/Roo", 20.0),
        ],
        stocks=[
            ("2026", "vault", "CHN/Red", 3.0, 0.0, 3.0),
            ("2026", "vault", "CHN/Blue", 2.0, 0.0, 2.0),
            ("2026", "vault", "unknown", 0.0, 10.0, 0.0),
        ],
    )
    fields = {"denominator": "deliveries", "counts_unknown": False, "max_share": 1.0}
    red = judged(trade_data, plan, of="Red", **fields)
    assert red.faults == ()
    assert red.uses[-1].value == pytest.approx(40 / 105)
    # the country's own rule counts both of its suppliers, and the 10 t that may be theirs
    assert red.uses[0].value == pytest.approx((40 + 18 + 10) / 105)


def test_a_soft_cap_by_value_charges_dollars_on_dollars(
    trade_data: Data, trade_plan: Plan, tampered: PlanMaker
) -> None:
    row = {"node": "2026", "rule": "cap", "who": "CHN", "goods": "metal", "amount": 220.0}
    paid = tampered(trade_plan, "excesses", 0, **row)
    verdict = judged(trade_data, paid, denominator="value", max_share=0.3, penalty=0.5)
    # 1,000 - 0.3 * 2,600 = 220 USD too much, at half a dollar each
    assert verdict.faults == ()
    assert verdict.totals.set_index("account").loc["penalty", "amount_usd"] == pytest.approx(110)


@pytest.mark.parametrize(
    ("dates", "nodes"),
    [
        ({}, ["2026", "2027", "2028"]),
        ({"start": "2026-06-01"}, ["2027", "2028"]),
        ({"end": "2028-01-01"}, ["2026", "2027"]),
        ({"start": "2027-01-01", "end": "2027-06-01"}, ["2027"]),
        ({"max_share": {2027: 0.5, 2028: 0.4}}, ["2027", "2028"]),
    ],
)
def test_a_cap_holds_from_its_start_to_its_end(
    trade_data: Data, plan_of: PlanMaker, dates: dict[str, Any], nodes: list[str]
) -> None:
    trade_data["periods"]["count"] = 3
    fields = {"max_share": 0.5, "denominator": "demand"} | dates
    uses = judged(trade_data, plan_of(), **fields).uses
    assert [use.node for use in uses if use.rule == "cap"] == nodes


def test_a_cap_says_its_limit_of_the_year() -> None:
    rule = ShareCap.model_validate(
        {
            "id": "cap",
            "of": "CHN",
            "commodity": "dy",
            "max_share": {2026: 0.9, 2030: 0.4},
            "denominator": "demand",
        }
    )
    names = Names({"dy": "dysprosium oxide"}, {})
    (line,) = rule.lines(Directory({}, {"dy": "oxide"}))
    assert rule.sentence(names) == (
        "China may supply at most 90 % from 2026, 40 % from 2030 on of dysprosium oxide demand"
    )
    assert rule.sentence(names, line) == (
        "China may supply at most 90 % from 2026, 40 % from 2030 on of dysprosium oxide demand"
    )


def test_relaxing_a_cap_raises_every_year_but_not_above_all() -> None:
    rule = ShareCap.model_validate(
        {
            "id": "cap",
            "of": "CHN",
            "commodity": "dy",
            "max_share": {2026: 0.9, 2030: 0.4},
            "denominator": "demand",
        }
    )
    (lever,) = rule.levers()
    assert rule.relaxed(lever, 0.2).max_share.values == pytest.approx((1.0, 0.6))
    assert rule.relaxed(lever, -0.5).max_share.values == pytest.approx((0.4, 0.0))
    assert rule.max_share.values == (0.9, 0.4)
