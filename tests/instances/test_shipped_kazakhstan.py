"""Kazakh tungsten: what the plant is worth, and at which price or floor it is built."""

from __future__ import annotations

import re

import pytest

from instances import apply, describe, load
from optimizer import Result, solve

PROBLEM = load("kazakhstan-tungsten")
README = describe("kazakhstan-tungsten").readme


def _solved(*edits: str) -> Result:
    return solve(apply(PROBLEM, list(edits)))


def _built(result: Result) -> bool:
    (tonnes,) = result.producers["built_t_per_yr"]
    assert tonnes in (0, pytest.approx(7500))
    return bool(tonnes > 0)


def test_the_optimum_is_the_one_of_its_readme_and_builds_nothing() -> None:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert found is not None
    result = _solved()
    assert result.objective == pytest.approx(float(found[1].replace(",", "")), abs=1)
    assert not _built(result)


def test_the_plant_is_worth_its_capital_at_a_twentieth_less() -> None:
    # 140 USD/kg x 7,500 t = 1.05 billion USD
    assert _built(_solved("expansions[katpar-build].capex=140 USD/kg"))
    assert not _built(_solved("expansions[katpar-build].capex=140.1 USD/kg"))


@pytest.mark.parametrize(
    ("no", "yes"),
    [
        ("offers[*].price*=1.029", "offers[*].price*=1.03"),
        ("rules[cn-cap].max_share=0.2", "rules[cn-cap].max_share=0.1"),
    ],
)
def test_dearer_metal_or_less_of_it_from_china_builds_the_plant(no: str, yes: str) -> None:
    assert not _built(_solved(no))
    assert _built(_solved(yes))


def test_the_owner_wants_a_floor_though_buyers_would_gain() -> None:
    without = _solved("offers[*].price*=1.2", "price_floors[katpar-floor].floor=48 USD/kg")
    floored = _solved("offers[*].price*=1.2", "price_floors[katpar-floor].floor=49 USD/kg")
    assert not _built(without)
    assert _built(floored)
    assert without.objective is not None
    assert floored.objective is not None
    assert without.objective - floored.objective == pytest.approx(432e6, rel=1e-2)
    (floor,) = floored.producers["floor_to_build_usd_per_t"]
    # 18 + 0.11746 x 1.1^4 x 146.67 / 0.9 = 46.03 without the ramp, which costs the rest
    annuity = 0.1 / (1 - 1.1**-20)
    assert 18_000 + annuity * 1.1**4 * 146_670 / 0.9 == pytest.approx(46_030, rel=1e-3)
    assert floor == pytest.approx(48_613, rel=1e-4)
