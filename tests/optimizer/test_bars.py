"""Bars of a tornado, worked by hand: the widest first, signs that follow the values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import parse
from optimizer.sweep import parse_range, sweep, tornado

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer import Sweep


def _problem(**offer: Any) -> Problem:
    """Demand 100 t; CHN 10 USD/t up to 40 % of it, AUS 30 USD/t: 2,200 USD."""
    good = {"supplier": "x", "commodity": "gallium"}
    cap = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "gallium"}
    return parse(
        {
            "name": "two",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": "gallium", "stage": "metal", "basis": "metal"}],
            "offers": [
                {"id": "cn", "country": "CHN", "price": 10, **good},
                {"id": "au", "country": "AUS", "price": 30, **good, **offer},
            ],
            "demand": [{"id": "us", "commodity": "gallium", "country": "USA", "quantity": 100}],
            "rules": [cap | {"max_share": 0.4, "denominator": "demand"}],
        }
    )


def _swept(problem: Problem, axes: dict[str, float]) -> Sweep:
    ranges = [parse_range(text, problem) for text in axes]
    return sweep(problem, tornado(ranges, list(axes.values())), workers=1)


def test_the_widest_bar_comes_first_and_signs_follow_the_values() -> None:
    outcome = _swept(
        _problem(),
        {
            "offers[cn].price*=0.9,1.1": 1.0,
            "rules[cap].max_share=0.44,0.36": 0.4,
            "demand[us].quantity*=0.9,1.1": 1.0,
            "offers[au].price+=-3,6": 0.0,
        },
    )
    table = outcome.bars
    assert table is not None
    assert table["axis"].tolist() == [
        "offers[au].price+=",
        "demand[us].quantity*=",
        "rules[cap].max_share",
        "offers[cn].price*=",
    ]
    # 60 t at 3 less and 6 more; 10 t at 22; 4 t move between 10 and 30 USD/t; 40 t at 1
    assert table["low_change_usd"].tolist() == pytest.approx([-180, -220, 80, -40])
    assert table["high_change_usd"].tolist() == pytest.approx([360, 220, -80, 40])
    assert table["swing_usd"].tolist() == pytest.approx([540, 440, 160, 80])
    # the low end of an axis is its least value, in whatever order they were listed
    assert table["low"].tolist() == pytest.approx([-3, 0.9, 0.36, 0.9])
    text = outcome.summary()
    assert "What moves the least cost of 2,200 USD most" in text
    line = next(line for line in text.splitlines() if "+360 USD" in line)
    assert line.split() == ["6", "2,560", "USD", "+360", "USD", "|" + 24 * "#"]


def test_an_end_without_a_plan_comes_first_and_says_why() -> None:
    # 60 t are needed from Australia, which has 63: at 110 % of demand 66
    outcome = _swept(
        _problem(capacity=63),
        {"offers[au].price*=0.5,2": 1.0, "demand[us].quantity*=0.9,1.1": 1.0},
    )
    table = outcome.bars
    assert table is not None
    assert table["axis"].tolist()[0] == "demand[us].quantity*="
    assert table["swing_usd"].isna().tolist() == [True, False]
    assert "no least cost: no plan keeps every rule" in outcome.summary()
    assert outcome.state == "complete"


def test_a_base_without_a_plan_is_told() -> None:
    outcome = _swept(_problem(capacity=50), {"offers[au].price*=0.5,2": 1.0})
    assert "There is no least cost to start from" in outcome.summary()


def test_other_sweeps_have_no_bars() -> None:
    problem = _problem()
    from optimizer.sweep import grid

    outcome = sweep(problem, grid([parse_range("offers[au].price=20,40", problem)]), workers=1)
    assert outcome.bars is None
    assert outcome.to_plain()["bars"] is None
