"""Japan's reserves: what 60 and 180 days cost, and which stop of Chinese sales they cover."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from instances import apply, describe, load
from optimizer import Result, solve, stress

if TYPE_CHECKING:
    from instances.problem import Problem

PROBLEM = load("japan-reserve")
README = describe("japan-reserve").readme
HIGH_RISK = ("dy", "tb", "gallium")


def _aimed(base: int, high: int) -> Problem:
    edits = [f"rules[ndpr-cover].cover_days={{2027: {base}}}"]
    edits += [f"rules[{id}-cover].cover_days={{2027: {base}, 2029: {high}}}" for id in HIGH_RISK]
    return apply(PROBLEM, edits)


@pytest.fixture(scope="module")
def result() -> Result:
    return solve(PROBLEM)


def test_the_optimum_is_the_one_of_its_readme(result: Result) -> None:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert found is not None
    assert result.objective == pytest.approx(float(found[1].replace(",", "")), abs=1)


def test_reserves_hold_their_days(result: Result) -> None:
    last = result.stocks[result.stocks["node"] == "2030-07-01"].set_index("stockpile")["stock_t"]
    # 60 / 365 x 3,072, and 180 / 365 x 155, 31.8 and 100 t a year
    assert last["ndpr-reserve"] == pytest.approx(504.986, abs=1e-3)
    assert last["dy-reserve"] == pytest.approx(76.438, abs=1e-3)
    assert last["tb-reserve"] == pytest.approx(15.682, abs=1e-3)
    assert last["gallium-reserve"] == pytest.approx(49.315, abs=1e-3)


@pytest.mark.parametrize(("base", "high"), [(0, 0), (60, 60)])
def test_lower_targets_cost_what_the_table_says(base: int, high: int) -> None:
    cost = solve(_aimed(base, high)).objective
    assert f"{cost:,.0f}" in README


@pytest.mark.parametrize(
    ("base", "high", "unmet"),
    # own 10 t and Wagerup's 33 t of 100: 57 t less what is held
    [(0, 0, 57.0), (60, 60, 57 - 100 * 60 / 365), (60, 180, 57 - 100 * 180 / 365)],
)
def test_a_stop_of_a_year_leaves_gallium_unmet_by_what_is_not_held(
    base: int, high: int, unmet: float
) -> None:
    table = stress(
        _aimed(base, high), who=["CHN"], onsets=["2029-07-01"], lengths=["6 months", "1 yr"]
    ).table
    year = table[table["length"] == "1 yr"].set_index("commodity")["unmet_t"]
    assert year["gallium"] == pytest.approx(unmet, abs=1e-3)
    assert f"gallium {unmet:.1f} |" in README
    # Malaysia's 0.19 x 10,500 t of 3,072, less 60 days of it
    assert year["ndpr"] == pytest.approx(3072 - 1995 - 3072 * base / 365, abs=1e-2)
    assert year["dy"] == pytest.approx(0, abs=1e-6)
    assert year["tb"] == pytest.approx(0, abs=1e-6)
