"""Known answers of chains: baskets of outputs, origin, surplus, second lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import Point, solve
from tests.chains import Data, needed, plant, posed, sold

if TYPE_CHECKING:
    from instances.problem import Problem

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
