from __future__ import annotations

import re
from functools import cache

import pytest

from instances import load
from instances.catalog import describe
from instances.problem import Problem
from optimizer import Result, solve

NAME = "price-floor-refinery"
# opex + CRF(10 %, 18 years) * two years of interest * capex / utilisation - heavies, USD/t
CRF = 0.1 / (1 - 1.1**-18)
CLOSED_FORM = 55_000 + CRF * 1.1**2 * 212_500 / 0.9 - 0.03 * 367_500


@cache
def _solved(floor: float | None = None) -> Result:
    """Return the result with another floor, USD/t; as shipped without one."""
    plain = load(NAME).to_plain()
    if floor is not None:
        plain["price_floors"][0]["floor"] = floor
    return solve(Problem.model_validate(plain))


def test_the_optimum_is_the_one_that_the_readme_states() -> None:
    stated = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", describe(NAME).readme)
    assert stated is not None
    known = float(stated[1].replace(",", ""))
    assert _solved().objective == pytest.approx(known, rel=1e-9)
    without = re.search(r"without the floor ([0-9,]+)\.", describe(NAME).readme)
    assert without is not None
    none = float(without[1].replace(",", ""))
    assert _solved(0).objective == pytest.approx(none, rel=1e-9)


def test_the_floor_is_that_of_the_closed_form() -> None:
    assert pytest.approx(78_810, abs=1) == CLOSED_FORM
    (row,) = _solved().producers.to_dict("records")
    assert row["floor_to_build_usd_per_t"] == pytest.approx(CLOSED_FORM, rel=1e-4)
    assert row["break_even_usd_per_t"] == pytest.approx(CLOSED_FORM, rel=1e-4)
    assert "78.8 USD/kg" in describe(NAME).readme


def test_it_is_built_from_that_floor_on() -> None:
    (row,) = _solved().producers.to_dict("records")
    floor = row["floor_to_build_usd_per_t"]
    assert _solved(floor - 10).builds.empty
    assert _solved(floor + 10).builds["size_t_per_yr"].to_list() == pytest.approx([4000])


def test_the_floor_is_a_transfer() -> None:
    costs = _solved().costs
    support = costs[costs["account"] == "price_support"]
    # 3,600 t a year for 18 years at 110 - 69
    assert support["amount_usd"].sum() == pytest.approx(3600 * 18 * 41_000)
    assert support["system_usd"].abs().sum() == 0
    assert support["producer_usd"].sum() == pytest.approx(-support["public_usd"].sum())


def test_the_summary_tells_what_the_maker_earns_and_when_it_breaks_even() -> None:
    text = _solved().summary()
    (line,) = [line for line in text.splitlines() if line.startswith("  eneabba: earns")]
    # 1,690 million less 891 of charges; the price of NdPr at which both are equal
    assert "798.3 million USD net; NdPr oxide brings 110,000 USD a tonne" in line
    assert "it breaks even at 78,808 USD a tonne; run full, at 78,808 USD a tonne" in line
