"""Known answers about money over time: discounting by hand, and the end of the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.problem import Problem
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer import Result


@pytest.mark.parametrize(("timing", "due"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_each_year_is_discounted_to_the_first_day(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    timing: str,
    due: float,
) -> None:
    result = solve(
        problem_of(
            periods={"start": "2026-01-01", "count": 3, "length": "1 yr"},
            discount={"rate": 0.25, "timing": timing},
            offers=[offer("CHN", 50)],
            demand=[need({2026: 8, 2027: 10, 2028: 12})],
            stockpiles=[
                {
                    "id": "vault",
                    "commodity": "metal",
                    "country": "USA",
                    "opening": 2,
                    "terminal_value": 45,
                }
            ],
            rules=[{"id": "rule", "kind": "stock_target", "stockpile": "vault", "tonnes": 2}],
        )
    )
    # 400, 500 and 600 USD; at the start 400 + 400 + 384 = 1184, half a year or a year later less;
    # the 2 t held are worth 90 USD on the last day of the third year, whatever the timing
    purchases = (400 + 500 / 1.25 + 600 / 1.25**2) / 1.25**due
    assert purchases == pytest.approx(1184 / 1.25**due)
    assert result.objective == pytest.approx(purchases - 90 / 1.25**3)


# a plant of 10 t/yr costs 500 USD per t/yr and serves 5 years, without interest 100 USD a tonne
# and year; it makes a tonne at 10, so that all in all it costs 110


def mill(price: float, years: int = 1, **expansion: Any) -> Problem:
    """Return a plant to build for 10 t a year that can also be bought at ``price``."""
    hall = {"id": "hall", "facility": "plant", "size": 10, "capex": 500, "life": 5}
    site = {"id": "plant", "country": "USA", "capacity": 0}
    process = {"id": "make", "outputs": {"x": 1}, "cost": 10}
    bought = {"id": "cn", "supplier": "C", "country": "CHN", "commodity": "x", "price": price}
    return Problem.model_validate(
        {
            "name": "mill",
            "periods": {"start": "2026-01-01", "count": years, "length": "1 yr"},
            "commodities": [{"id": "x", "stage": "step", "basis": "product"}],
            "offers": [bought],
            "facilities": [site | {"processes": [process]}],
            "expansions": [hall | expansion],
            "demand": [{"id": "us", "commodity": "x", "country": "USA", "quantity": 10}],
        }
    )


def _made(result: Result) -> float:
    return float(result.production["made_t"].sum())


LUMP = {"capex_mode": "lump", "salvage": "straight_line"}
ANNUITY = {"capex_mode": "annual", "rate": 0}


@pytest.mark.parametrize("mode", [LUMP, ANNUITY], ids=["lump", "annuity"])
@pytest.mark.parametrize("years", [1, 3, 5])
def test_a_plant_of_the_last_years_is_neither_free_nor_penalised(
    mode: dict[str, Any], years: int
) -> None:
    # to buy at 111 is dearer than 110, at 109 cheaper, however many years are left
    dear, cheap = solve(mill(111, years, **mode)), solve(mill(109, years, **mode))
    assert _made(dear) == pytest.approx(10 * years)
    assert dear.objective == pytest.approx(10 * years * 110)
    assert _made(cheap) == pytest.approx(0)
    assert cheap.objective == pytest.approx(10 * years * 109)


def test_without_salvage_a_lump_built_late_is_penalised() -> None:
    # 500 + 10 for a tonne of the only year: 509 is cheaper, and nothing comes back
    assert _made(solve(mill(509, capex_mode="lump"))) == pytest.approx(0)
    built = solve(mill(511, capex_mode="lump"))
    assert built.objective == pytest.approx(10 * 510)
    # in five years all of its life is used: 5 * 110 = 550 a t/yr, with salvage or without
    whole = solve(mill(111, 5, capex_mode="lump"))
    assert whole.objective == pytest.approx(solve(mill(111, 5, **LUMP)).objective)


def test_salvage_falls_due_on_the_last_day_and_is_shared_with_who_granted() -> None:
    problem = mill(400, 2, **LUMP, grant=0.25, lead_time=365, start="2026-01-01")
    data = problem.to_plain() | {"discount": {"rate": 0.25, "timing": "start"}}
    result = solve(Problem.model_validate(data))
    # decided on the first day, commissioned a year later, four fifths of 5000 USD are left at the
    # end of 2027: 4000 / 1.25^2 = 2560, a quarter of it the granting hand's. 2026 is bought
    totals = result.verdict.totals.set_index("account")["buyer_usd"]
    assert totals["capex"] == pytest.approx(5000)
    assert totals["grant"] == pytest.approx(-1250)
    assert totals["salvage"] == pytest.approx(-2560)
    assert totals["granted_salvage"] == pytest.approx(640)
    bought, made = 10 * 400, 10 * 10 / 1.25
    assert result.objective == pytest.approx(bought + made + 3750 - 1920)


@pytest.mark.parametrize(("part", "least"), [(0.0, 510), (0.5, 260), (1.0, 10)])
def test_a_stated_fraction_is_what_is_left_whatever_the_age(part: float, least: float) -> None:
    # 500 (1 - part) + 10 for the only year
    result = solve(mill(least + 1, capex_mode="lump", salvage=part))
    assert result.objective == pytest.approx(10 * least)
    assert _made(solve(mill(least - 1, capex_mode="lump", salvage=part))) == pytest.approx(0)


def test_what_has_served_out_its_life_is_worth_nothing() -> None:
    # at a price of 100 it pays in six years only: 500 + 6 * 10 < 600, and no salvage below 0
    result = solve(mill(100, 6, **LUMP))
    assert result.objective == pytest.approx(10 * 560)
    assert result.verdict.totals.set_index("account").loc["salvage", "buyer_usd"] == 0
