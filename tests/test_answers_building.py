"""Known answers of plants: building, capital, ramps, growth, minimum runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import solve

if TYPE_CHECKING:
    from optimizer import Result

from tests.chains import account, expansion, lane, needed, plant, posed, sold

# building: x costs 300 a tonne to buy, 10 to make at a plant that is to be built; 100 t/yr are
# needed for four years. Nothing built: 4 * 100 * 300 = 120,000


def building(needs: Any = 100, price: float = 300, **fields: Any) -> Result:
    return solve(
        posed(
            4,
            offers=[sold("CHN", price)],
            facilities=[plant(capacity=0)],
            expansions=[expansion(**fields)],
            demand=[needed(needs)],
        )
    )


def test_a_lump_of_capital_is_paid_when_it_is_decided() -> None:
    # decided in 2026, running from 2027: 100 * 300 + 300 * 10 + 100 * 500
    result = building(lumpy=True, lead_time=365)
    assert result.objective == pytest.approx(83000)
    assert account(result, "capex") == pytest.approx(50000)


def test_a_grant_pays_a_part() -> None:
    # 83,000 less 40 % of 50,000
    result = building(lumpy=True, lead_time=365, grant=0.4)
    assert result.objective == pytest.approx(63000)
    assert account(result, "grant") == pytest.approx(-20000)


@pytest.mark.parametrize(
    ("rate", "capital"),
    [
        (0, 15000),  # 50,000 / 10 a year, in the three years in which it stands
        # 8 % on 50,000 for the year of building is 54,000; over ten years at 8 % that takes
        # 54,000 * 0.08 / (1 - 1.08^-10) = 8,047.592 a year, three times
        (0.08, 24142.777),
    ],
)
def test_an_annuity_runs_from_commissioning_to_the_horizon(rate: float, capital: float) -> None:
    result = building(capex_mode="annual", life=10, rate=rate, lead_time=365)
    assert account(result, "capex") == pytest.approx(capital, abs=1e-2)
    assert result.objective == pytest.approx(30000 + 3000 + capital, abs=1e-2)


@pytest.mark.parametrize(
    ("price", "cost"),
    [
        # needed in 2029 only: a year of a tenth of 500 USD, and 10 to run, are 60 a tonne
        (61, 6000),
        (59, 5900),
    ],
)
def test_a_plant_built_in_the_last_year_is_neither_free_nor_penalised(
    price: float, cost: float
) -> None:
    result = building({2026: 0, 2029: 100}, price, capex_mode="annual", life=10, rate=0)
    assert result.objective == pytest.approx(cost)
    built = dict(zip(result.plan.builds["node"], result.plan.builds["size"], strict=True))
    assert built == ({"2029": pytest.approx(100)} if price > 60 else {})


def test_a_plant_is_ramped_up() -> None:
    # 2026: 50 made and 50 bought; then 300 made: 50 * 300 + 350 * 10 + 50,000
    assert building(lumpy=True, ramp=[0.5]).objective == pytest.approx(68500)


@pytest.mark.parametrize(("lumpy", "cost"), [(False, 32400), (True, 52400)])
def test_a_lump_is_built_whole_where_60_of_100_t_would_do(lumpy: bool, cost: float) -> None:
    # 60 * 500 or 100 * 500, and 240 * 10
    assert building(60, lumpy=lumpy).objective == pytest.approx(cost)


def test_what_cannot_be_decided_yet_is_built_later() -> None:
    # not before 2028: 200 * 300 + 200 * 10 + 50,000
    assert building(start="2028-01-01").objective == pytest.approx(112000)


def test_a_lead_time_inside_a_period_leaves_the_rest_of_it() -> None:
    # 73 of 365 days pass: 80 t are made in 2026, 20 bought: 20 * 300 + 380 * 10 + 50,000
    assert building(lead_time=73).objective == pytest.approx(59800)


# running


def test_fixed_costs_follow_their_years() -> None:
    # buying costs 1,200 a year; making 100 * 10 and 300 in 2026, 100 from 2027
    costs = {2026: 300, 2027: 100}
    problem = posed(
        2,
        offers=[sold("CHN", 12)],
        facilities=[plant(capacity=200, fixed_cost=costs)],
        demand=[needed(100)],
    )
    assert solve(problem).objective == pytest.approx(1200 + 1100)
    # freight 1 and the same, or freight 3
    problem = posed(
        2,
        offers=[sold("CHN", 10), sold("AUS", 10)],
        lanes=[
            lane("CHN", "USA", freight=1, capacity=100, fixed_cost=costs),
            lane("AUS", "USA", freight=3),
        ],
        demand=[needed(100)],
    )
    assert solve(problem).objective == pytest.approx(1300 + 1200)


@pytest.mark.parametrize(
    ("disposable", "cost"),
    [
        (True, 1000),  # 100 t made at 10, 50 t of y thrown away for nothing
        # somebody takes 20 t of y, made with 40 t of x: 40 * 10 + 60 * 12
        (False, 1120),
    ],
)
def test_what_may_not_be_thrown_away_limits_what_it_is_made_with(
    disposable: bool, cost: float
) -> None:
    goods = [{"id": name, "stage": "step", "basis": "product"} for name in ("x", "y")]
    process = {"id": "make", "outputs": {"x": 1, "y": 0.5}, "cost": 10}
    problem = posed(
        commodities=[goods[0], goods[1] | {"disposable": disposable}],
        offers=[sold("CHN", 12)],
        facilities=[{"id": "plant", "country": "USA", "processes": [process]}],
        outlets=[{"id": "out", "commodity": "y", "country": "USA", "price": 0, "capacity": 20}],
        demand=[needed(100)],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(cost)
    assert disposable == (len(result.plan.disposals) > 0)


def test_output_rises_no_faster_than_its_growth() -> None:
    # made 10, 30, 50; bought 0, 70, 50: 90 * 10 + 120 * 300. Surplus is too dear to run ahead
    goods = [{"id": "x", "stage": "step", "basis": "product", "disposal_cost": 1000}]
    problem = posed(
        3,
        commodities=goods,
        offers=[sold("CHN", 300)],
        facilities=[plant(capacity=100, growth=20)],
        demand=[needed({2026: 10, 2027: 100})],
    )
    assert solve(problem).objective == pytest.approx(36900)


@pytest.mark.parametrize(
    ("needs", "cost"),
    [
        (55, 600),  # 60 made, 5 thrown away; buying costs 55 * 12 = 660
        (45, 540),  # 45 * 12; running costs 600
    ],
)
def test_a_facility_runs_at_its_minimum_or_not_at_all(needs: float, cost: float) -> None:
    problem = posed(
        offers=[sold("CHN", 12)],
        facilities=[plant(capacity=100, minimum_run=60)],
        demand=[needed(needs)],
    )
    assert solve(problem).objective == pytest.approx(cost)


@pytest.mark.parametrize(
    ("needs", "cost"),
    [
        (100, 1200),  # 100 * 12; making costs 100 * 10 + 300
        (200, 2300),  # 200 * 10 + 300; buying costs 2,400
    ],
)
def test_a_facility_runs_where_it_earns_its_fixed_cost(needs: float, cost: float) -> None:
    problem = posed(
        offers=[sold("CHN", 12)],
        facilities=[plant(capacity=200, fixed_cost=300)],
        demand=[needed(needs)],
    )
    assert solve(problem).objective == pytest.approx(cost)


def test_utilisation_and_dates_limit_what_a_facility_runs() -> None:
    # 100 t/yr at 80 %, open for 73 of 365 days: 16 t made, 84 bought: 160 + 1,008
    problem = posed(
        offers=[sold("CHN", 12)],
        facilities=[plant(capacity=100, utilisation=0.8, end="2026-03-15")],
        demand=[needed(100)],
    )
    assert solve(problem).objective == pytest.approx(1168)
