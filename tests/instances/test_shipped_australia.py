"""Australia's reserve: how its money is best split, and whether processing at home pays."""

from __future__ import annotations

import re

import pytest

from instances import apply, describe, load
from optimizer import Result, solve

PROBLEM = load("australia-reserve")
README = describe("australia-reserve").readme
WHOLE = 123.6 + 668
"""A$185m and A$1bn, million USD."""


def _split(stock: float, *edits: str) -> Result:
    offtakes = round(WHOLE - stock, 6)
    return solve(
        apply(
            PROBLEM,
            [
                f"funds[stock-fund].equity={stock} MUSD",
                f"rules[offtake-money].amount={{2026: {offtakes} MUSD/yr, 2027: 0}}",
                *edits,
            ],
        )
    )


@pytest.fixture(scope="module")
def announced() -> Result:
    return solve(PROBLEM)


@pytest.fixture(scope="module")
def best() -> Result:
    return _split(600)


def _cost(result: Result) -> float:
    assert result.objective is not None
    return result.objective


def test_the_optimum_is_the_one_of_its_readme(announced: Result) -> None:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert found is not None
    assert announced.objective == pytest.approx(float(found[1].replace(",", "")), abs=1)
    assert announced.verdict.faults == ()


def test_what_a_stop_leaves_unmet_of_antimony_is_the_sum_by_hand(announced: Result) -> None:
    held = announced.reserves.set_index("stockpile").loc["antimony-reserve", "most_held_t"]
    unmet = announced.unmet.set_index(["node", "demand"])["unmet_t"]
    gap = 22_000 - 13_000 - 0.95 * 1_282
    first, second = "2030:stops-2030-1yr+1", "2031:stops-2030-2yr"
    assert unmet[first, "users-antimony"] == pytest.approx(gap - 0.6 * held, rel=1e-9)
    assert unmet[second, "users-antimony"] == pytest.approx(gap - 0.4 * held, rel=1e-9)


def test_more_stock_and_fewer_offtakes_are_better_than_the_split_announced(
    announced: Result, best: Result
) -> None:
    assert _cost(announced) - _cost(best) == pytest.approx(371.0e6, rel=1e-3)
    money = announced.rules[announced.rules["rule"] == "offtake-money"]
    # at the announced split not all that is set aside for offtakes finds a use
    assert money["slack"].min() > 50e6
    days = best.reserves.set_index("stockpile")["most_cover_d"].astype(float)
    assert days.round().to_dict() == {
        "antimony-reserve": 186,
        "ndpr-reserve": 182,
        "gallium-reserve": 167,
        "dy-reserve": 207,
    }
    assert set(best.builds["expansion"]) == {"wagerup-build", "aus-smelter-build"}


def test_a_smelter_at_home_pays_and_a_circuit_for_heavies_hardly(announced: Result) -> None:
    without = {
        works: solve(apply(PROBLEM, [f"expansions[aus-{works}-build].size=1e-6 t/yr"]))
        for works in ("smelter", "heavies")
    }
    saved = {works: _cost(result) - _cost(announced) for works, result in without.items()}
    assert saved["smelter"] == pytest.approx(84.9e6, rel=1e-3)
    assert saved["heavies"] == pytest.approx(1.73e6, rel=1e-2)


@pytest.mark.deep
@pytest.mark.parametrize("stock", [0, 123.6, 500, 550, 600])
def test_the_table_of_its_readme(stock: float) -> None:
    result = _split(stock)
    table = result.scenarios
    expected = (table["probability"] * table["unmet_t"]).sum()
    (line,) = [
        line
        for line in README.splitlines()
        if re.match(rf"\| {stock:g}(,|\b)", line) and "no offtakes" not in line
    ]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1] == f"{_cost(result) / 1e9:.3f}"
    spent = result.reserves["spent_usd"].sum() / 1e6
    assert cells[2].split()[0] == f"{spent:.0f}"
    assert cells[4:] == [f"{expected:,.0f}", f"{table['unmet_t'].max():,.0f}"]
