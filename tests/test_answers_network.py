"""Known answers on suppliers, offers, demand, lanes and outlets, by hand or by enumeration."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from optimizer import Point, Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}


def _bought(result: Result, by: str = "offer") -> dict[str, float]:
    sums = result.purchases.groupby(by)["bought_t"].sum()
    return {str(name): float(tonnes) for name, tonnes in sums.items()}


OFFERS = {"CHN": (50, 90), "AUS": (80, 30), "KAZ": (95, 50), "CAN": (88, 12), "BRA": (120, 40)}


def _cheapest(count: int, least: float) -> float:
    """Try every set of suppliers that must sell ``least`` each; the rest is bought by price."""
    costs = []
    for chosen in combinations(OFFERS, count):
        if any(OFFERS[name][1] < least for name in chosen):
            continue
        left = 100 - least * count
        cost = sum(least * OFFERS[name][0] for name in chosen)
        for name, (price, capacity) in sorted(OFFERS.items(), key=lambda item: item[1]):
            more = min(left, capacity - (least if name in chosen else 0))
            cost, left = cost + more * price, left - more
        costs.append(cost)
    return min(costs)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("least", [0.05, 0.12, 0.2])
def test_enough_suppliers_cost_what_the_best_set_of_them_costs(
    problem_of: Make, offer: Words, need: Words, rule: Words, count: int, least: float
) -> None:
    problem = problem_of(
        offers=[offer(name, price, most) for name, (price, most) in OFFERS.items()],
        demand=[need(100)],
        rules=[rule("min_suppliers", count=count, min_share=least)],
    )
    result = solve(problem)
    if count == 5 and least == 0.2:
        # Canada has 12 t of the 20 it would have to sell
        assert result.status.point is Point.INFEASIBLE
    else:
        assert result.objective == pytest.approx(_cheapest(count, 100 * least))


def test_tranches_are_bought_from_the_cheapest_up(
    problem_of: Make, offer: Words, need: Words
) -> None:
    tranches = [
        {"price": 50, "capacity": 30},
        {"price": 60, "capacity": 30},
        {"price": 100},
    ]
    problem = problem_of(offers=[offer("CHN", None, tranches=tranches)], demand=[need(80)])
    # 30 * 50 + 30 * 60 + 20 * 100
    assert solve(problem).objective == pytest.approx(5300)


def test_an_offer_sells_for_the_days_of_its_dates(
    problem_of: Make, offer: Words, need: Words
) -> None:
    problem = problem_of(
        offers=[
            offer("CHN", 50, 365, end="2026-04-01"),
            offer("AUS", 60, 730, start="2026-10-01", available=0.5),
        ],
        demand=[need(200, 400)],
    )
    # January to March have 90 days, October to December 92; half of Australia's 2 t a day
    # are to be had: 90 * 50 + 92 * 60 + 18 * 400
    assert solve(problem).objective == pytest.approx(90 * 50 + 92 * 60 + 18 * 400)


def test_rates_are_those_of_the_first_day_times_the_years_of_the_period(
    problem_of: Make, offer: Words, need: Words
) -> None:
    problem = problem_of(
        periods={"start": "2027-07-01", "parts": [{"count": 2, "length": "6 months"}]},
        offers=[offer("CHN", {2027: 50, 2028: 70})],
        demand=[need({2027: 365, "2027-08-01": 99999, 2028: 366})],
    )
    # July to December: 184 days at 1 t and 50 USD; but on 1 January 2028 it is 366 t/yr:
    # January to June 2028: 182 of 366 days, 182 t at 70 USD
    assert solve(problem).objective == pytest.approx(184 * 50 + 182 * 70)


def test_slices_of_a_shortfall_are_used_from_the_cheapest_up(
    problem_of: Make, offer: Words, need: Words
) -> None:
    slices = [{"share": 0.2, "cost": 40}, {"share": 0.3, "cost": 90}, {"share": 0.5, "cost": 900}]
    problem = problem_of(offers=[offer("CHN", 50, 45)], demand=[need(100, slices)])
    # going without 20 t at 40 is cheaper than buying; 45 t at 50; 30 t at 90; 5 t at 900
    assert solve(problem).objective == pytest.approx(20 * 40 + 45 * 50 + 30 * 90 + 5 * 900)


def test_a_hard_demand_beyond_all_offers_has_no_plan(
    problem_of: Make, offer: Words, need: Words
) -> None:
    result = solve(problem_of(offers=[offer("CHN", 50, 99)], demand=[need(100)]))
    assert result.status.point is Point.INFEASIBLE


def test_a_lane_is_shared_and_loses_what_it_loses(
    problem_of: Make, offer: Words, need: Words
) -> None:
    problem = problem_of(
        commodities=[
            {"id": name, "stage": "metal", "basis": "product"} for name in ("metal", "powder")
        ],
        offers=[offer("CHN", 50), offer("CHN", 50, id="powder", commodity="powder")],
        lanes=[
            {
                "id": "sea",
                "origin": "CHN",
                "destination": "USA",
                "commodities": ["metal", "powder"],
                "freight": 1,
                "loss": 0.1,
                "capacity": 100,
            }
        ],
        demand=[need(60, 400), need(60, 500, id="powder", commodity="powder")],
    )
    # 100 t are loaded and 90 arrive: all 60 t of powder, whose lack costs more, and 30 of metal
    assert solve(problem).objective == pytest.approx(100 * 50 + 100 * 1 + 30 * 400)


@pytest.mark.parametrize(
    ("perspective", "cost", "seller"), [("buyer", 7000, "aus"), ("system", 5000, "chn")]
)
def test_a_tariff_is_a_cost_to_the_buyer_and_a_transfer_to_the_system(
    problem_of: Make, offer: Words, need: Words, perspective: str, cost: float, seller: str
) -> None:
    lanes = [
        {"id": "cu", "origin": "CHN", "destination": "USA", "commodities": ["metal"]},
        {"id": "au", "origin": "AUS", "destination": "USA", "commodities": ["metal"]},
    ]
    lanes[0]["tariff"] = 0.25  # type: ignore[assignment]
    problem = problem_of(
        perspective=perspective,
        offers=[offer("CHN", 50), offer("AUS", 70)],
        lanes=lanes,
        demand=[need(100)],
    )
    result = solve(problem)
    # China costs the buyer 50 + 0.25 * 100 = 75, and everybody together 50
    assert result.objective == pytest.approx(cost)
    assert _bought(result) == pytest.approx({seller: 100})
    tariff = result.costs.query("account == 'tariff'").iloc[0]
    assert tariff["buyer_usd"] + tariff["public_usd"] == tariff["system_usd"] == 0
    assert tariff["amount_usd"] == pytest.approx(2500 if seller == "chn" else 0)


def test_an_outlet_takes_what_pays(problem_of: Make, offer: Words) -> None:
    outlet = {"id": "scrap", "commodity": "metal", "country": "USA", "price": 60, "capacity": 20}
    problem = problem_of(offers=[offer("CHN", 50)], outlets=[outlet], periods=YEARS | {"count": 3})
    # 10 USD on each of 20 t in each of three years
    assert solve(problem).objective == pytest.approx(-600)


def test_commodities_of_one_lane_pay_their_own_freight_within_its_capacity(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # 60 t fit on the ship; a tonne of metal left short costs 200, one of ore 95. By sea they cost
    # 50 + 10 and 20 + 70: metal saves 140 a tonne, ore 5: 40 t of metal go and 20 of ore
    goods = {"stage": "metal", "basis": "product"}
    problem = problem_of(
        commodities=[{"id": "metal", **goods}, {"id": "ore", **goods}],
        offers=[offer("CHN", 50), offer("CHN", 20, id="ore", commodity="ore")],
        lanes=[
            {
                "id": "sea",
                "origin": "CHN",
                "destination": "USA",
                "commodities": ["metal", "ore"],
                "freight": 10,
                "freights": [{"commodity": "ore", "freight": 70}],
                "capacity": 60,
            }
        ],
        demand=[need(40, 200), need(30, 95, id="ore", commodity="ore")],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(40 * 60 + 20 * 90 + 10 * 95)
    assert result.shipments.set_index("commodity")["freight_usd"].to_dict() == pytest.approx(
        {"metal": 400, "ore": 1400}
    )


def test_freight_that_rises_with_the_load_is_lanes_side_by_side(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # 30 t at 5, 40 at 9, the last 10 at 14
    lanes = [
        {"id": name, "origin": "CHN", "destination": "USA", "commodities": ["metal"]} | terms
        for name, terms in {
            "sea": {"freight": 5, "capacity": 30},
            "rail": {"freight": 9, "capacity": 40},
            "air": {"freight": 14},
        }.items()
    ]
    problem = problem_of(offers=[offer("CHN", 50)], lanes=lanes, demand=[need(80)])
    result = solve(problem)
    assert result.objective == pytest.approx(80 * 50 + 30 * 5 + 40 * 9 + 10 * 14)
