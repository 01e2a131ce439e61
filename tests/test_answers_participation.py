"""Known answers of makers: what pays its owner may be built, and at which price it would."""

from __future__ import annotations

from typing import Any

import pytest

from instances.problem import Problem
from optimizer import Point, solve

Data = dict[str, Any]


def refinery(
    *rules: Data, floor: float | None = None, market: Any = 30, oxide: Data | None = None
) -> Problem:
    """Return G11: 15 years, capex 150 and opex 45 USD/kg, run at 90 %; abroad a kg costs 200.

    One tonne of NdPr is needed a year, half a tonne of it can be bought only at 200 USD/kg.
    """
    goods = {"id": "ndpr", "stage": "oxide", "basis": "REO", "market_price": market}
    process = {"id": "separate", "outputs": {"ndpr": 1}, "cost": 45}
    site = {"id": "works", "country": "AUS", "processes": [process | (oxide or {})]}
    return Problem.model_validate(
        {
            "name": "refinery",
            "periods": {"start": "2026-01-01", "count": 15, "length": "1 yr"},
            "commodities": [goods, {"id": "dy", "stage": "oxide", "basis": "REO"}],
            "offers": [
                {"id": "cn", "supplier": "A", "country": "CHN", "commodity": "ndpr", "price": 200}
            ],
            "facilities": [site | {"capacity": 0, "utilisation": 0.9}],
            "expansions": [
                {"id": "line", "facility": "works", "size": 100, "capex": 150, "life": 15}
                | {"rate": 0.05}
            ],
            "demand": [
                {"id": "us", "commodity": "ndpr", "country": "USA", "quantity": 90},
            ],
            "price_floors": []
            if floor is None
            else [
                {"id": "floor", "facility": "works", "commodity": "ndpr", "floor": floor}
                | {"reference": market}
            ],
            "rules": list(rules),
        }
    )


def owner(rate: float, **fields: Any) -> Data:
    return {"id": "owner", "kind": "participation", "facility": "works", "rate": rate} | fields


# F* = opex + CRF(r, 15) * capex / util: 45 + 0.116830 * 150 / 0.9 at 8 %, and so on
BREAK_EVEN = [(0.08, 64.4716), (0.10, 66.9123), (0.12, 69.4707)]


@pytest.mark.parametrize(("rate", "price"), BREAK_EVEN)
def test_a_plant_is_built_from_its_break_even_floor_on(rate: float, price: float) -> None:
    below = solve(refinery(owner(rate), floor=price - 0.01))
    assert below.builds.empty
    assert below.objective == pytest.approx(15 * 90 * 200)
    (row,) = below.producers.to_dict("records")
    assert row["commodity"] == "ndpr"
    assert row["sold_t"] == 0
    assert row["break_even_if_full_usd_per_t"] == pytest.approx(price, abs=1e-4)
    assert row["floor_to_build_usd_per_t"] == pytest.approx(price, abs=1e-4)
    above = solve(refinery(owner(rate), floor=price + 0.01))
    # the buyer pays what making costs, not what the maker gets: the floor is the public's
    assert above.builds["size_t_per_yr"].to_list() == pytest.approx([100])
    (row,) = above.producers.to_dict("records")
    assert row["break_even_usd_per_t"] == pytest.approx(price, abs=1e-4)
    assert row["price_usd_per_t"] == pytest.approx(price + 0.01)
    assert row["net_usd"] >= 0
    support = above.costs[above.costs["account"] == "price_support"]["public_usd"].sum()
    assert support == pytest.approx(15 * 90 * (price + 0.01 - 30))


def test_a_participation_permits_a_plant_but_does_not_build_it() -> None:
    plain = refinery(owner(0.08), floor=100).to_plain()
    plain["offers"][0]["price"] = 40
    result = solve(Problem.model_validate(plain))
    assert result.builds.empty
    assert result.objective == pytest.approx(15 * 90 * 40)


def test_grants_lower_the_price_at_which_it_pays() -> None:
    plain = refinery(owner(0.08)).to_plain()
    plain["expansions"][0]["grant"] = 0.5
    (row,) = solve(Problem.model_validate(plain)).producers.to_dict("records")
    assert row["break_even_if_full_usd_per_t"] == pytest.approx(45 + 19.4716 / 2, abs=1e-4)


def test_co_products_pay_for_a_part() -> None:
    # 0.1 t of dysprosium at 100 with each t: 10 less is needed of the NdPr, when it is sold
    basket = {"outputs": {"ndpr": 1, "dy": 0.1}}
    plain = refinery(owner(0.08), floor=54.5, oxide=basket).to_plain()
    plain["commodities"][1]["market_price"] = 100
    thrown = solve(Problem.model_validate(plain))
    # nobody takes it: it is thrown away and earns nothing, so that 54.5 does not pay
    assert thrown.builds.empty
    outlet = {"id": "out", "commodity": "dy", "country": "AUS", "price": 0}
    sold = solve(Problem.model_validate(plain | {"outlets": [outlet]}))
    assert sold.builds["size_t_per_yr"].to_list() == pytest.approx([100])
    (row,) = sold.producers.to_dict("records")
    assert row["break_even_usd_per_t"] == pytest.approx(54.4716, abs=1e-4)


def test_a_floor_needs_to_make_up_for_the_years_below_it_only() -> None:
    # without interest the charge is 150 / 15 / 0.9 = 11.1111: 56.1111 a tonne on average.
    # five years bring 70: the other ten have to bring (15 * 56.1111 - 5 * 70) / 10 = 49.1667
    market = {2026: 30, 2036: 70}
    (row,) = solve(refinery(owner(0.0), market=market)).producers.to_dict("records")
    assert row["break_even_if_full_usd_per_t"] == pytest.approx(56.1111, abs=1e-4)
    assert row["floor_to_build_usd_per_t"] == pytest.approx(49.1667, abs=1e-4)


def test_what_has_no_limit_is_never_full() -> None:
    # the works needs nothing built: a tonne costs 45 to make, 90 of them a year for 15 years are
    # sold at 64.4716 under the floor, and 15 * 90 * 19.4716 is earned, nothing discounted
    plain = refinery(floor=64.4716).to_plain() | {"expansions": []}
    del plain["facilities"][0]["capacity"]
    result = solve(Problem.model_validate(plain))
    assert result.objective == pytest.approx(15 * 90 * 45)
    (row,) = result.producers.to_dict("records")
    assert row["earned_usd"] == pytest.approx(15 * 90 * 19.4716)
    assert row["break_even_usd_per_t"] == pytest.approx(45)
    assert row["break_even_if_full_usd_per_t"] is None
    assert row["floor_to_build_usd_per_t"] is None
    assert "it breaks even at 45 USD a tonne; its capacity has no limit" in result.summary()


def test_what_is_missing_has_a_price() -> None:
    # at 8 % and a market of 54.4716 the owner lacks 10 a t: 900 a year for 100 t/yr built. Each
    # USD of the first day lets 1/7703.6 of it be built, which saves 15 * (90 * 155 - 100 * CRF5)
    plain = refinery(owner(0.08, max_loss=1000), market=54.4716).to_plain()
    plain["expansions"][0]["end"] = "2027-01-01"
    result = solve(Problem.model_validate(plain))
    lacking = 900 * sum(1.08 ** -(year + 0.5) for year in range(15))
    size = 100 * 1000 / lacking
    assert result.builds["size_t_per_yr"].to_list() == pytest.approx([size], rel=1e-4)
    annuity = 150 * 0.05 / (1 - 1.05**-15)
    saved = 15 * (0.9 * 155 - annuity) * 100 / lacking
    assert result.rules["shadow_price_usd"].to_list() == pytest.approx([saved], rel=1e-4)
    assert result.rules["value"].to_list() == pytest.approx([-1000])


def test_a_plant_that_must_run_but_does_not_pay_says_what_is_missing() -> None:
    plain = refinery(owner(0.08)).to_plain()
    plain["offers"] = []
    result = solve(Problem.model_validate(plain))
    assert result.status.point is Point.INFEASIBLE
    assert any("must pay its owner 8 % a year" in item.sentence for item in result.broken) or any(
        "cannot be supplied" in item.sentence for item in result.broken
    )
