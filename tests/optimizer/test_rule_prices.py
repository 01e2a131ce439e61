"""Prices of rules worked by hand: duals, their stretch, steps to either side, choices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from instances import apply, load, parse
from optimizer import Options, Result, rule_prices, solve

if TYPE_CHECKING:
    from instances.problem import Problem


def _g1(share: float) -> Problem:
    """Demand 100 t; CHN 50 USD/t, AUS 80 up to 30 t, KAZ 95 up to 50 t; a cap on CHN."""
    offers = [
        {"id": code.lower(), "supplier": code, "country": code, "commodity": "metal"}
        | {"price": price, "capacity": capacity}
        for code, price, capacity in (("CHN", 50, 200), ("AUS", 80, 30), ("KAZ", 95, 50))
    ]
    cap = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal"}
    data: dict[str, Any] = {
        "name": "g1",
        "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
        "commodities": [{"id": "metal", "stage": "metal", "basis": "metal"}],
        "offers": offers,
        "demand": [
            {"id": "need", "commodity": "metal", "country": "USA", "quantity": 100}
            | {"shortfall_cost": 400}
        ],
        "rules": [cap | {"max_share": share, "denominator": "demand"}],
    }
    return parse(data)


def test_between_kinks_dual_and_steps_are_one_and_the_stretch_ends_at_the_kinks() -> None:
    # at 60 %: 45 USD/t, a point is 1 t; the kinks lie at 20 % and 70 %
    row = rule_prices(_g1(0.6)).iloc[0]
    assert row["dual"] == pytest.approx(4_500)
    assert row["dual_kind"] == "lp"
    assert [row["relaxing"], row["tightening"]] == pytest.approx([4_500, 4_500])
    assert row["holds_looser"] == pytest.approx(0.1)
    assert row["holds_tighter"] == pytest.approx(0.4)
    assert not row["degenerate"]


def test_at_a_kink_there_are_two_prices() -> None:
    # at 70 %: a point more saves 80 - 50 = 30 USD/t, a point less costs 95 - 50 = 45
    row = rule_prices(_g1(0.7)).iloc[0]
    assert [row["relaxing"], row["tightening"]] == pytest.approx([3_000, 4_500])
    assert row["degenerate"]
    assert 3_000 - 1e-6 <= row["dual"] <= 4_500 + 1e-6


def test_a_rule_that_does_not_bind_is_free() -> None:
    problem = apply(_g1(0.6), ["offers[chn].price=500"])
    row = rule_prices(problem).iloc[0]
    assert row["dual"] == pytest.approx(0)
    assert [row["relaxing"], row["tightening"]] == pytest.approx([0, 0])


def test_a_cap_at_its_end_cannot_be_relaxed() -> None:
    row = rule_prices(_g1(1.0)).iloc[0]
    assert row["relaxing"] is None or row["relaxing"] != row["relaxing"]
    assert row["tightening"] == pytest.approx(3_000)
    assert "beyond what max_share can be" in row["reason"]


def test_with_choices_all_three_prices_stand_side_by_side() -> None:
    problem = apply(load("magnets-usa"), ["periods.count=4"])
    rule = next(rule.id for rule in problem.rules if rule.kind == "share_cap")
    row = rule_prices(problem, [rule], Options(gap=1e-3, time_limit=120)).iloc[0]
    assert row["dual_kind"] == "fixed_integers"
    assert row["dual"] is not None
    assert row["relaxing"] is not None
    assert row["holds_looser"] is None or row["holds_looser"] != row["holds_looser"]
    assert row["relaxation_dual"] is not None


def test_solved_steps_are_those_of_edited_problems() -> None:
    problem = load("gallium-usa")
    table = rule_prices(problem, ["ga-cover"])
    plain = Options(tie_break=False)
    base = solve(problem, plain).objective
    less = solve(apply(problem, ["rules[ga-cover].cover_days+=-1"]), plain).objective
    assert base is not None
    assert less is not None
    assert table["relaxing"].tolist() == pytest.approx([base - less], rel=1e-6)


def test_without_a_plan_the_rows_say_why() -> None:
    problem = apply(_g1(0.1), ["demand[need].shortfall_cost=null"])
    row = rule_prices(problem).iloc[0]
    assert "infeasible" in row["reason"]
    assert row["dual"] is None


def test_a_result_keeps_the_prices_and_comes_back_from_json() -> None:
    # at 70 %: 30 USD/t looser, 45 tighter
    result = solve(_g1(0.7), Options(rule_prices=True))
    assert result.rule_prices is not None
    assert "the steps differ: two prices" in result.summary()
    assert "a step looser 30 USD, a step tighter 45 USD" in result.summary()
    back = Result.from_plain(json.loads(result.to_json()))
    assert back.to_json() == result.to_json()
    assert back.summary() == result.summary()
    assert solve(_g1(0.7)).rule_prices is None
