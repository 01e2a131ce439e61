"""Korea's reserve: what a stop leaves unmet while a release is on its way."""

from __future__ import annotations

import re

import pytest

from instances import apply, describe, load
from optimizer import Result, solve, stress

PROBLEM = load("korea-reserve")
README = describe("korea-reserve").readme


@pytest.fixture(scope="module")
def result() -> Result:
    return solve(PROBLEM)


def test_the_optimum_is_the_one_of_its_readme(result: Result) -> None:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert found is not None
    assert result.objective == pytest.approx(float(found[1].replace(",", "")), abs=1)


def test_the_reserve_holds_a_hundred_days(result: Result) -> None:
    held = result.stocks.groupby("stockpile")["stock_t"].max()
    # 100 / 365 of 3,000, 341 and 17.2 t a year
    assert held["tungsten-reserve"] == pytest.approx(821.918, abs=1e-3)
    assert held["ndpr-reserve"] == pytest.approx(93.425, abs=1e-3)
    assert held["dy-reserve"] == pytest.approx(4.712, abs=1e-3)


@pytest.mark.parametrize("days", [60, 30, 8])
def test_a_stop_leaves_unmet_what_others_do_not_sell_until_a_release_arrives(days: int) -> None:
    slow = apply(PROBLEM, [f"lanes[release].lead_time={days} d"])
    table = stress(slow, who=["CHN"], onsets=["2027-02-25"], lengths=["90 d"]).table
    unmet = table.set_index("commodity")["unmet_t"]
    # 8 days are hidden in a step of 30; others sell 547.2 + 539 of 3,000 t, 210 of 341, 5 of 17.2
    seen = days - days % 30
    assert unmet["tungsten"] == pytest.approx(1913.8 * seen / 365, abs=1e-2)
    assert unmet["ndpr"] == pytest.approx(131 * seen / 365, abs=1e-2)
    assert unmet["dy"] == pytest.approx(12.2 * seen / 365, abs=1e-2)
    assert f"| {days} days | {unmet['tungsten']:.5g} |" in README


def test_the_target_costs_what_the_readme_says() -> None:
    for days in (0, 54):
        lower = [
            f"rules[{id}-cover].cover_days={{2026-07-01: {days}}}"
            for id in ("tungsten", "ndpr", "dy")
        ]
        assert f"{solve(apply(PROBLEM, lower)).objective:,.0f}" in README
