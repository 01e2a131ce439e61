"""Known answers of chains: facilities, origin, building, lanes that take time, second lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.problem import Problem
from optimizer import Point, solve

if TYPE_CHECKING:
    from optimizer import Result

Data = dict[str, Any]


def posed(years: int = 1, goods: str = "x", **tables: Any) -> Problem:
    """Return a problem of whole years from 2026 about the goods named."""
    return Problem.model_validate(
        {
            "name": "chain",
            "periods": {"start": "2026-01-01", "count": years, "length": "1 yr"},
            "commodities": [
                {"id": name, "stage": "step", "basis": "product"} for name in goods.split()
            ],
        }
        | tables
    )


def sold(country: str, price: float, good: str = "x", **fields: Any) -> Data:
    record = {"id": f"{country}-{good}", "supplier": f"{country} mine", "country": country}
    return record | {"commodity": good, "price": price} | fields


def needed(quantity: Any, good: str = "x", **fields: Any) -> Data:
    return {"id": good, "commodity": good, "country": "USA", "quantity": quantity} | fields


def lane(origin: str, destination: str, **fields: Any) -> Data:
    record = {"id": f"{origin}-{destination}", "origin": origin, "destination": destination}
    return record | {"commodities": ["x"]} | fields


def plant(cost: float = 10, **fields: Any) -> Data:
    """Return a facility in the USA that makes x of nothing."""
    process = {"id": "make", "outputs": {"x": 1}, "cost": cost}
    return {"id": "plant", "country": "USA", "processes": [process]} | fields


def expansion(**fields: Any) -> Data:
    record = {"id": "hall", "facility": "plant", "size": 100, "capex": 500, "capex_mode": "lump"}
    return record | fields


def account(result: Result, name: str) -> float:
    costs = result.costs
    return float(costs.loc[costs["account"] == name, "buyer_usd"].sum())


# G4: a tonne of ore A (20 USD) gives .17 t of Nd, .001 of Dy and .48 of Ce; one of ore B (60 USD)
# .10, .04 and .03; 100 t of Nd, 3 of Dy and 100 of Ce are needed. Nd and Dy bind:
# .17 a + .10 b = 100 and .001 a + .04 b = 3, so a = 552.239 and b = 61.194;
# Ce is .48 a + .03 b - 100 = 166.910 t too much


def basket(nd: float = 100, dy: float = 3) -> Problem:
    return posed(
        goods="A B nd dy ce",
        offers=[sold("AUS", 20, "A"), sold("BRA", 60, "B")],
        facilities=[
            {
                "id": "sep",
                "country": "USA",
                "processes": [
                    {
                        "id": "a",
                        "inputs": {"A": 1},
                        "outputs": {"nd": 0.17, "dy": 0.001, "ce": 0.48},
                    },
                    {
                        "id": "b",
                        "inputs": {"B": 1},
                        "outputs": {"nd": 0.1, "dy": 0.04, "ce": 0.03},
                    },
                ],
            }
        ],
        demand=[needed(nd, "nd"), needed(dy, "dy"), needed(100, "ce")],
    )


def test_g4_a_basket_is_made_of_the_cheapest_ores() -> None:
    result = solve(basket())
    assert result.objective == pytest.approx(14716.418, abs=1e-3)
    bought = result.purchases.set_index("offer")["bought_t"]
    assert bought["AUS-A"] == pytest.approx(552.239, abs=1e-3)
    assert bought["BRA-B"] == pytest.approx(61.194, abs=1e-3)
    assert result.plan.disposals["tonnes"].sum() == pytest.approx(166.910, abs=1e-3)


@pytest.mark.parametrize(
    ("fields", "price"), [({"nd": 101}, 110.448), ({"dy": 3.01}, 12.23881), ({}, 0)]
)
def test_g4_a_tonne_more_costs_its_price(fields: dict[str, float], price: float) -> None:
    more = solve(basket(**fields)).objective
    assert more == pytest.approx(14716.418 + price, abs=2e-3)


# G8: China sells ore at 10, Australia at 20; Malaysia refines a tonne into a tonne. Defence needs
# 30 t and takes nothing Chinese, civil use needs 70 t


def tracing(origin: str, demand_class: str | None) -> Problem:
    of = "covered" if origin == "touched" else "CHN"
    rule = {"id": "clean", "kind": "share_cap", "of": of, "commodity": "x", "max_share": 0}
    rule |= {"denominator": "deliveries", "origin": origin, "demand_class": demand_class}
    return posed(
        goods="ore x",
        groups={"covered": ["CHN"]},
        offers=[sold("CHN", 10, "ore"), sold("AUS", 20, "ore")],
        facilities=[
            {
                "id": "refinery",
                "country": "MYS",
                "processes": [{"id": "sep", "inputs": {"ore": 1}, "outputs": {"x": 1}}],
            }
        ],
        demand=[
            needed(30, id="defence", demand_class="defence"),
            needed(70, id="civil", demand_class="civil"),
        ],
        rules=[rule],
    )


@pytest.mark.parametrize("origin", ["traced", "touched"])
def test_g8_defence_gets_clean_lots_and_civil_use_the_cheap_ones(origin: str) -> None:
    # 30 * 20 + 70 * 10; were both to have one mix, all would be Australian: 100 * 20
    assert solve(tracing(origin, "defence")).objective == pytest.approx(1300)
    assert solve(tracing(origin, None)).objective == pytest.approx(2000)


# one chain, three ways to look at it: Malaysia refines Chinese ore at 10 + 1 or Australian at
# 20 + 1; Korea sells at 15 what was dug in Australia and refined in China; short costs 50


@pytest.mark.parametrize(
    ("origin", "of", "cost"),
    [
        ("direct", "CHN", 1100),  # Malaysia makes it, of Chinese ore: 100 * 11
        ("traced", "CHN", 1500),  # Korea's is of Australian ore: 100 * 15
        ("touched", "covered", 2100),  # China touched Korea's, too: 100 * 21
        ("direct", "MYS", 1500),  # what is made there counts
        ("direct", "refinery", 1500),  # a facility may be named
        ("traced", "AUS", 1100),
        ("touched", "both", 5000),  # Malaysia covered, too: nothing is left, 100 * 50
        ("touched", "AUS", 1100),
    ],
)
@pytest.mark.parametrize("denominator", ["demand", "supply", "deliveries"])
def test_a_cap_looks_as_far_back_as_it_says(
    origin: str, of: str, cost: float, denominator: str
) -> None:
    rule = {"id": "cap", "kind": "share_cap", "of": of, "commodity": "x", "max_share": 0}
    problem = posed(
        goods="ore x",
        groups={"covered": ["CHN"], "both": ["CHN", "MYS"]},
        offers=[
            sold("CHN", 10, "ore"),
            sold("AUS", 20, "ore"),
            sold("KOR", 15, ore="AUS", via=["CHN"]),
        ],
        facilities=[
            {
                "id": "refinery",
                "country": "MYS",
                "processes": [{"id": "sep", "inputs": {"ore": 1}, "outputs": {"x": 1}, "cost": 1}],
            }
        ],
        demand=[needed(100, shortfall_cost=50)],
        rules=[rule | {"denominator": denominator, "origin": origin}],
    )
    assert solve(problem).objective == pytest.approx(cost)


def test_ore_is_traced_through_two_facilities() -> None:
    # 60 % of the ore may be Chinese: 60 * 10 + 40 * 20; oxide is made in Malaysia, metal in Japan
    steps = (("MYS", "ore", "oxide"), ("JPN", "oxide", "x"))
    problem = posed(
        goods="ore oxide x",
        offers=[sold("CHN", 10, "ore"), sold("AUS", 20, "ore")],
        facilities=[
            {
                "id": country.lower(),
                "country": country,
                "processes": [{"id": "step", "inputs": {taken: 1}, "outputs": {made: 1}}],
            }
            for country, taken, made in steps
        ],
        demand=[needed(100)],
        rules=[
            {
                "id": "ore",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "x",
                "max_share": 0.6,
                "denominator": "demand",
                "origin": "traced",
            }
        ],
    )
    assert solve(problem).objective == pytest.approx(1400)


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


# surplus: a tonne of ore (10) gives a tonne of x, which is needed, and one of y


def surplus(years: int = 1, **tables: Any) -> float | None:
    goods = [{"id": name, "stage": "step", "basis": "product"} for name in ("ore", "x")]
    waste = {"id": "y", "stage": "step", "basis": "product", "disposal_cost": 3}
    facility = plant() | {"processes": [{"id": "sep", "inputs": {"ore": 1}, "outputs": {}}]}
    facility["processes"][0]["outputs"] = {"x": 1, "y": 1}
    problem = posed(
        years,
        **{
            "commodities": [*goods, waste],
            "offers": [sold("AUS", 10, "ore"), sold("JPN", 8, "y")],
            "facilities": [facility],
            "demand": [needed({2026: 100, 2027: 0})],
        }
        | tables,
    )
    return solve(problem).objective


def test_surplus_is_thrown_away_at_its_cost() -> None:
    # 100 * 10 + 100 * 3
    assert surplus() == pytest.approx(1300)


def test_an_outlet_takes_surplus_as_far_as_it_can() -> None:
    # 100 * 10 - 40 * 2 + 60 * 3
    outlet = {"id": "out", "commodity": "y", "country": "USA", "price": 2, "capacity": 40}
    assert surplus(outlets=[outlet]) == pytest.approx(1100)


def test_surplus_is_stored_for_those_who_need_it_later() -> None:
    # 100 * 10 + 100 t held for a year at 1; without a store 1,300 + 100 * 8
    needs = [needed({2026: 100, 2027: 0}), needed({2026: 0, 2027: 100}, "y")]
    store = {"id": "store", "commodity": "y", "country": "USA", "holding_cost": 1}
    assert surplus(2, demand=needs, stockpiles=[store]) == pytest.approx(1100)
    assert surplus(2, demand=needs) == pytest.approx(2100)


# lanes


def test_what_is_loaded_in_a_month_arrives_over_the_next_ones_by_days() -> None:
    # 336 t/yr are needed in February 2026 alone: 336 * 28 / 365 t. What January's 31 days load
    # arrives 31 days later, from 1 February to 3 March: 28 of 31 parts in time, the rest is sold
    # for nothing. 336 * 28 / 365 * 31 / 28 * 10 = 3,360 * 31 / 365
    parts = [{"count": 2, "length": "1 month"}, {"count": 1, "length": "10 months"}]
    problem = posed(
        periods={"start": "2026-01-01", "parts": [*parts, {"count": 1, "length": "1 yr"}]},
        offers=[sold("CHN", 10)],
        lanes=[lane("CHN", "USA", lead_time=31)],
        demand=[needed({"2026-01-01": 0, "2026-02-01": 336, "2026-03-01": 0})],
        outlets=[{"id": "out", "commodity": "x", "country": "USA", "price": 0}],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(3360 * 31 / 365)
    late = result.plan.sales
    assert late["node"].to_list() == ["2026-03-01"]
    assert late["tonnes"].sum() == pytest.approx(336 / 365 * 3)


def test_a_lead_time_beyond_a_year_skips_periods() -> None:
    # needed in 2028 and 2029, loaded two years of 365 days before. All that 2026 loads arrives in
    # 2028. What 2027 loads arrives from 31 December 2028 on: a day of it in 2028, 364 in 2029
    problem = posed(
        4,
        offers=[sold("CHN", 10)],
        lanes=[lane("CHN", "USA", lead_time=730)],
        demand=[needed({2026: 0, 2028: 100}, shortfall_cost=1000)],
    )
    result = solve(problem)
    # 2029 needs 100 t, which are 364/365 of 2027's load; the rest of that load spares 2026
    second = 100 * 365 / 364
    assert result.objective == pytest.approx(10 * (second + 100 - second / 365))


def test_what_is_under_way_at_the_end_has_its_terminal_value() -> None:
    # 73 of 365 days: 80 of 100 t arrive; 100 * 10 - 20 * 4
    problem = posed(
        offers=[sold("CHN", 10)],
        lanes=[lane("CHN", "USA", lead_time=73, terminal_value=4)],
        demand=[needed(80)],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(920)
    assert account(result, "terminal_value") == pytest.approx(-80)


def rivals(needs: float, outlet: bool = False, **fields: Any) -> float | None:
    """Return the cost where China's lane has freight 1 and more, Australia's freight 3."""
    out = [{"id": "out", "commodity": "x", "country": "USA", "price": 0}]
    problem = posed(
        offers=[sold("CHN", 10), sold("AUS", 10)],
        lanes=[
            lane("CHN", "USA", freight=1, capacity=100, **fields),
            lane("AUS", "USA", freight=3),
        ],
        demand=[needed(needs)],
        outlets=out if outlet else [],
    )
    return solve(problem).objective


def test_a_lane_is_used_where_it_earns_its_fixed_cost() -> None:
    # 40 * 13 = 520 beats 40 * 11 + 100; 60 * 11 + 100 = 760 beats 60 * 13
    assert rivals(40, fixed_cost=100) == pytest.approx(520)
    assert rivals(60, fixed_cost=100) == pytest.approx(760)


def test_a_lane_carries_its_minimum_or_nothing() -> None:
    # 40 * 13 = 520 beats 50 * 11; 50 * 11 = 550 beats 45 * 13, though 5 t go for nothing
    assert rivals(40, outlet=True, minimum_load=50) == pytest.approx(520)
    assert rivals(45, outlet=True, minimum_load=50) == pytest.approx(550)
    # nobody takes the 5 t: 45 * 13
    assert rivals(45, minimum_load=50) == pytest.approx(585)


def test_compliance_is_paid_by_the_tonne() -> None:
    # 10 + 1 + 1.5 beats 10 + 3; 10 + 1 + 2.5 does not
    assert rivals(40, compliance_cost=1.5) == pytest.approx(500)
    assert rivals(40, compliance_cost=2.5) == pytest.approx(520)


def test_goods_pass_through_a_third_country() -> None:
    # 100 / 0.9 t at 10 + 2 to Kazakhstan, 100 t at 3 from there
    problem = posed(
        offers=[sold("CHN", 10)],
        lanes=[lane("CHN", "KAZ", freight=2, loss=0.1), lane("KAZ", "USA", freight=3)],
        demand=[needed(100)],
    )
    assert solve(problem).objective == pytest.approx(1200 / 0.9 + 300)


def test_lead_times_of_two_lanes_add_up() -> None:
    # 73 days each: loaded in 2026, 4/5 reach Kazakhstan in 2026; of what leaves it then, 4/5 reach
    # the USA: 64 of 100 t
    problem = posed(
        offers=[sold("CHN", 10, capacity=100)],
        lanes=[lane("CHN", "KAZ", lead_time=73), lane("KAZ", "USA", lead_time=73)],
        demand=[needed(100, shortfall_cost=50)],
    )
    result = solve(problem)
    assert result.unmet["unmet_t"].sum() == pytest.approx(36)


def test_cargo_under_way_is_there_when_it_arrives() -> None:
    # 20 t arrive in 2027: 100 * 10 + 80 * 10
    cargo = {"id": "ship", "commodity": "x", "country": "USA", "tonnes": 20}
    problem = posed(
        2,
        offers=[sold("CHN", 10)],
        demand=[needed(100)],
        in_transit=[cargo | {"arrives": "2027-03-01"}],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(1800)
    assert result.purchases.groupby("node")["bought_t"].sum().to_list() == pytest.approx([100, 80])


# second lives


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        # 100 t at 10, then 70 t at 10 and 30 t recycled at 2
        ({"of": ["x"], "recovered": 0.3, "lag": 365}, 1760),
        # 5 t a year are there anyway: 95 * 10 + 5 * 2 + 65 * 10 + 35 * 2
        ({"of": ["x"], "recovered": 0.3, "lag": 365, "given": 5}, 1680),
        # half as much for 2027's scrap alone: 100 * 10 + 85 * 10 + 15 * 2
        ({"of": ["x"], "recovered": {2026: 0.9, 2027: 0.15}, "lag": 365}, 1880),
        # after 73 days 4/5 of a year's come back in it and 1/5 in the next: 100 t delivered give
        # 40 t at once, and 40 + 10 a year later: 60 * 10 + 40 * 2 + 50 * 10 + 50 * 2
        ({"of": ["x"], "recovered": 0.5, "lag": 73}, 1280),
        ({"given": 10}, 1840),  # 2 * (90 * 10 + 10 * 2)
    ],
)
def test_a_part_of_what_was_delivered_comes_back_after_its_lag(fields: Data, cost: float) -> None:
    scrap = {"id": "scrap", "country": "USA", "commodity": "x", "cost": 2}
    problem = posed(2, offers=[sold("CHN", 10)], demand=[needed(100)], recycling=[scrap | fields])
    assert solve(problem).objective == pytest.approx(cost)


@pytest.mark.parametrize(
    ("cost", "total"),
    [
        (1, 910),  # 30 t at 1.5 * 4 + 1 = 7, and 70 t at 10
        (5, 1000),  # 1.5 * 4 + 5 = 11 is more than 10
    ],
)
def test_another_commodity_serves_up_to_its_limit_at_its_ratio(cost: float, total: float) -> None:
    problem = posed(
        goods="x alloy",
        offers=[sold("CHN", 10), sold("JPN", 4, "alloy")],
        demand=[needed(100)],
        substitutions=[
            {
                "id": "swap",
                "demand": "x",
                "commodity": "alloy",
                "ratio": 1.5,
                "cost": cost,
                "limit": 0.3,
            }
        ],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(total)
    bought = result.purchases.set_index("offer")["bought_t"].to_dict()
    assert bought.get("JPN-alloy", 0) == pytest.approx(45 if cost == 1 else 0)


def test_a_demand_that_nothing_can_serve_is_infeasible() -> None:
    problem = posed(facilities=[plant(capacity=60)], demand=[needed(100)])
    assert solve(problem).status.point is Point.INFEASIBLE
