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


def test_the_optimum_is_the_one_of_its_readme_and_the_plant_is_built() -> None:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert found is not None
    result = _solved()
    assert result.objective == pytest.approx(float(found[1].replace(",", "")), abs=1)
    assert _built(result)


def test_the_plant_is_worth_a_little_more_than_its_capital() -> None:
    # 152.8 USD/kg x 7,500 t = 1.146 billion USD, of 1.1 billion that it costs
    assert _built(_solved("expansions[katpar-build].capex=152.8 USD/kg"))
    assert not _built(_solved("expansions[katpar-build].capex=152.9 USD/kg"))


def test_were_more_of_the_small_mines_for_sale_nothing_would_be_built() -> None:
    # half of 666 + 466 t and three fifths of 1,687 + 1,470 t in place of two fifths of each:
    # 0.1 x 1,132 + 0.2 x 3,157 = 745 t a year more at 39.41 USD/kg
    more = [f"offers[{code}-tungsten].available=60 %" for code in ("bol", "rwa")]
    more += [f"offers[{code}-tungsten].available=50 %" for code in ("esp", "prt")]
    result = _solved(*more)
    assert not _built(result)
    assert result.objective == pytest.approx(5_464_462_966, abs=1)


@pytest.mark.parametrize(
    ("no", "yes"),
    [
        ("offers[*].price*=0.96", "offers[*].price*=0.97"),
        ("rules[cn-cap].max_share=0.25", "rules[cn-cap].max_share=0.2"),
    ],
)
def test_cheaper_metal_or_more_of_it_from_china_leaves_it_unbuilt(no: str, yes: str) -> None:
    assert not _built(_solved(no))
    assert _built(_solved(yes))


def test_the_owner_wants_a_floor_though_buyers_would_gain() -> None:
    without = _solved("offers[*].price*=1.2", "price_floors[katpar-floor].floor=48 USD/kg")
    floored = _solved("offers[*].price*=1.2", "price_floors[katpar-floor].floor=49 USD/kg")
    assert not _built(without)
    assert _built(floored)
    assert without.objective is not None
    assert floored.objective is not None
    assert without.objective - floored.objective == pytest.approx(556e6, rel=1e-2)
    (floor,) = floored.producers["floor_to_build_usd_per_t"]
    # 18 + 0.11746 x 1.1^4 x 146.67 / 0.9 = 46.03 without the ramp, which costs the rest
    annuity = 0.1 / (1 - 1.1**-20)
    assert 18_000 + annuity * 1.1**4 * 146_670 / 0.9 == pytest.approx(46_030, rel=1e-3)
    assert floor == pytest.approx(48_613, rel=1e-4)
