"""What to contract before the suspension of China's controls ends, and where that turns."""

from __future__ import annotations

import re

import pytest

from instances import apply, describe, load
from optimizer import Result, flips, solve
from optimizer.flip import with_chance

PROBLEM = load("export-controls")
README = describe("export-controls").readme
PRICE, STRIKE, SPOT = 380_000, 608_000, 500_000


@pytest.fixture(scope="module")
def result() -> Result:
    return solve(PROBLEM)


def _signed(result: Result) -> dict[str, float]:
    assert result.decisions is not None
    rows = result.decisions.tables()["signings"]
    return {
        str(id): float(share)
        for id, share in rows.groupby("contract")["share"].sum().items()
        if share > 1e-6
    }


def test_the_optimum_is_the_one_of_its_readme(result: Result) -> None:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert found is not None
    assert result.objective == pytest.approx(float(found[1].replace(",", "")), abs=1)
    assert result.verdict.faults == ()


def test_options_are_signed_on_what_china_may_stop_and_firm_contracts_on_what_it_lacks(
    result: Result,
) -> None:
    signed = _signed(result)
    # China covers 0.25 * 46,223 of 22,000 t of antimony, 0.12 * 140 of 30 t of germanium
    assert signed == pytest.approx(
        {
            "gallium-option": 1,
            "dy-option": 1,
            "ndpr-option": 1,
            "antimony-firm": (22_000 - 0.25 * 46_223) / 13_000,
            "antimony-option": 1 - (22_000 - 0.25 * 46_223) / 13_000,
            "germanium-firm": (30 - 0.12 * 140) / 18,
            "germanium-option": 1 - (30 - 0.12 * 140) / 18,
        }
    )


def test_signing_nothing_costs_what_the_readme_says(result: Result) -> None:
    bare = solve(apply(PROBLEM, ["contracts[*].sign_by=2026-10-01"]))
    assert not _signed(bare)
    assert bare.objective is not None
    assert result.objective is not None
    dearer = (bare.objective - result.objective) / 1e6
    assert f"Signing nothing costs {dearer:.0f} million USD more" in README


def test_the_option_on_gallium_turns_where_the_sum_by_hand_says() -> None:
    # the quarter is 92 days of 365, its middle the day on which what is signed is paid
    quarter = 92 / 365
    due = [1.05 ** -(quarter + year + 0.5) for year in range(4)]
    cost = 0.3 * PRICE * 1.05 ** -(quarter / 2)
    spared = 2.6 * SPOT - STRIKE
    gain = 0.75 * spared * (2 / 3 * due[0] + 1 / 3 * sum(due))
    turn = cost / gain
    assert f"| option on all of gallium | {turn:.1%} |".replace("%", " %") in README
    for lapse, signed in ((turn - 1e-4, False), (turn + 1e-4, True)):
        result = solve(with_chance(PROBLEM, "suspended", 1 - lapse))
        assert ("gallium-option" in _signed(result)) is signed


@pytest.mark.deep
def test_the_table_of_its_readme_is_what_the_flips_say() -> None:
    turns = flips(PROBLEM, "suspended")
    table = re.findall(r"^\| [^|]+ \| ([0-9.]+) % \|$", README, flags=re.MULTILINE)
    found = sorted(100 * (1 - (turn.below + turn.above) / 2) for turn in turns)
    assert [f"{lapse:.1f}" for lapse in found] == table
