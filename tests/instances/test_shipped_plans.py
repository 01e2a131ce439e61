from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from instances import describe, load, parse
from optimizer import Result, solve

if TYPE_CHECKING:
    import pandas as pd

GALLIUM, RARE_EARTHS = load("gallium-usa"), load("rare-earths-usa")


@pytest.fixture(scope="module")
def gallium() -> Result:
    return solve(GALLIUM)


@pytest.fixture(scope="module")
def rare_earths() -> Result:
    return solve(RARE_EARTHS)


def _rows(result: Result, rule: str) -> pd.DataFrame:
    return result.rules[result.rules["rule"] == rule]


def test_the_optimum_is_the_one_that_the_readme_states(
    gallium: Result, rare_earths: Result
) -> None:
    for result in (gallium, rare_earths):
        readme = describe(result.problem.name).readme
        stated = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", readme)
        assert stated is not None
        assert result.objective == pytest.approx(float(stated[1].replace(",", "")), abs=1)


def test_the_gallium_plan_meets_demand_with_australian_and_kazakh_metal(gallium: Result) -> None:
    bought = gallium.purchases.groupby("country")["bought_t"].sum()
    assert bought["AUS"] > 5
    assert bought["KAZ"] > 5
    assert gallium.unmet["unmet_t"].sum() == pytest.approx(0, abs=1e-6)


def test_the_gallium_reserve_reaches_180_days_of_19_tonnes_a_year(gallium: Result) -> None:
    # 180 / 365 x 19 t
    last = gallium.stocks[gallium.stocks["node"] == "2030"]
    assert last["stock_t"].sum() == pytest.approx(9.36986, abs=1e-4)


def test_no_oxide_runs_short_under_the_stated_caps(rare_earths: Result) -> None:
    assert rare_earths.unmet["unmet_t"].sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("oxide", ["ndpr", "dy", "tb"])
def test_each_cap_path_binds_at_a_price(rare_earths: Result, oxide: str) -> None:
    rows = _rows(rare_earths, f"cn-{oxide}-cap")
    assert len(rows) == 10
    assert (rows["shadow_price_usd"] > 0).sum() >= 5


def test_a_flat_cap_of_40_percent_on_dysprosium_binds_and_costs_more(rare_earths: Result) -> None:
    plain = RARE_EARTHS.to_plain()
    for rule in plain["rules"]:
        if rule["id"] == "cn-dy-cap":
            rule["max_share"] = 0.4
    capped = solve(parse(plain))
    assert capped.status.point == "optimal"
    assert capped.objective > rare_earths.objective + 1e6
    rows = _rows(capped, "cn-dy-cap")
    assert (rows["value"] <= 0.4 + 1e-6).all()
    assert (rows["shadow_price_usd"] > 0).any()
    assert capped.unmet["unmet_t"].sum() == pytest.approx(0, abs=1e-6)
