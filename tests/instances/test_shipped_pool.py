"""A pooled reserve of six partners: what it saves depends on whether they are cut off together."""

from __future__ import annotations

import re

import pytest

from instances import apply, describe, load
from optimizer import pooling

PROBLEM = load("partners-pool")
README = describe("partners-pool").readme
ALONE = ("usa", "jpn", "kor", "eu", "ind")
# Malaysia's free tonnes in 2028, the ninth part of a hundred rising to eleven in 2029
FREE = 0.09 * 250
NEED = {"USA": 86.1, "JPN": 154.9, "KOR": 17.2, "DEU": 51.6, "IND": 17.2, "AUS": 1.0}
COMMON = 0.9 * sum(NEED.values()) - FREE
GAPS = [need - FREE for need in NEED.values() if need > FREE]


@pytest.mark.parametrize(
    ("one", "everybody", "pooled", "separate"),
    [
        (0.04, 0.005, max(GAPS), sum(GAPS)),
        (0.0, 0.04, COMMON, COMMON),
        # alone each also holds the tenth it could thrift, since its own ban is likely enough
        (0.04, 0.04, COMMON, COMMON + 0.1 * sum(NEED.values())),
    ],
)
def test_pooling_saves_as_far_as_bans_do_not_coincide(
    one: float, everybody: float, pooled: float, separate: float
) -> None:
    edits = [f"scenarios[{id}].probability={one}" for id in ALONE]
    edits += [f"scenarios[all].probability={everybody}"]
    edits += [f"scenarios[calm].probability={1 - 5 * one - everybody}"]
    (row,) = pooling(apply(PROBLEM, edits)).to_dict("records")
    assert row["pooled_t"] == pytest.approx(pooled, abs=1e-3)
    assert row["separate_t"] == pytest.approx(separate, abs=1e-3)
    # -0.0 is 0
    gain, saved = (round(number, 3) + 0.0 for number in (row["gain_t"], row["gain_usd"] / 1e6))
    assert f"| {pooled:.1f} | {separate:.1f} | {gain:.1f} | {saved:.3f} |" in README


def test_the_optimum_is_the_one_of_its_readme() -> None:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD .*apart ([0-9,]+)", README)
    assert found is not None
    (row,) = pooling(PROBLEM).to_dict("records")
    for name, stated in zip(("pooled_usd", "separate_usd"), found.groups(), strict=True):
        assert row[name] == pytest.approx(float(stated.replace(",", "").rstrip(".")), abs=1)
