"""Known answers of money: budgets, guaranteed prices, tariffs; the sum in a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.problem import Problem
from optimizer import Point, solve

if TYPE_CHECKING:
    from collections.abc import Callable

Data = dict[str, Any]


def works(*rules: Data, expansion: Data | None = None, **tables: Any) -> Problem:
    """Return three years in which 100 t a year are bought at 100, or made at 20 once built.

    Building costs 50 a tonne of yearly output, when it is decided.
    """
    return Problem.model_validate(
        {
            "name": "works",
            "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "offers": [
                {"id": "cn", "supplier": "A", "country": "CHN", "commodity": "metal", "price": 100}
            ],
            "facilities": [
                {
                    "id": "works",
                    "country": "USA",
                    "processes": [{"id": "make", "outputs": {"metal": 1}, "cost": 20}],
                    "capacity": 0,
                }
            ],
            "expansions": [
                {"id": "line", "facility": "works", "size": 100, "capex": 50}
                | {"capex_mode": "lump"}
                | (expansion or {})
            ],
            "demand": [{"id": "us", "commodity": "metal", "country": "USA", "quantity": 100}],
            "rules": list(rules),
        }
        | tables
    )


def budget(amount: Any, **fields: Any) -> Data:
    return {"id": "budget", "kind": "budget", "amount": amount} | fields


def test_a_budget_of_each_year_builds_in_steps() -> None:
    result = solve(works(budget(1000)))
    # 1000 USD build 20 t/yr: 20 + 40 + 60 t are made at 20 instead of bought at 100
    # 3 * 100 * 100 - 80 * 120 + 3 * 1000 = 23,400
    assert result.objective == pytest.approx(23_400)
    assert result.builds["size_t_per_yr"].to_list() == pytest.approx([20, 20, 20])
    # a USD more builds 0.02 t/yr, which saves 80 in each year left, less the USD itself
    assert result.rules["shadow_price_usd"].to_list() == pytest.approx([3.8, 2.2, 0.6])


@pytest.mark.parametrize(
    ("carry_over", "cost", "built", "prices"),
    [
        # building begins in 2027: 20 + 40 t are made; 30,000 - 80 * 60 + 2 * 1000
        (False, 27_200, [20, 20], [0, 2.2, 0.6]),
        # 2027 builds with the money of 2026, too: 40 + 60 t; 30,000 - 80 * 100 + 3 * 1000
        (True, 25_000, [40, 20], [2.2, 2.2, 0.6]),
    ],
)
def test_what_is_left_may_be_spent_later_only_if_it_is_carried_over(
    carry_over: bool, cost: float, built: list[float], prices: list[float]
) -> None:
    rule = budget(1000, carry_over=carry_over)
    result = solve(works(rule, expansion={"start": "2027-01-01"}))
    assert result.objective == pytest.approx(cost)
    assert result.builds["size_t_per_yr"].to_list() == pytest.approx(built)
    assert result.rules["shadow_price_usd"].to_list() == pytest.approx(prices)
    limits = [1000, 2000, 1000] if carry_over else [1000, 1000, 1000]
    assert result.rules["limit"].to_list() == pytest.approx(limits)
    assert set(result.rules["slack_unit"]) == {"USD"}


def test_an_annuity_takes_of_every_year_it_reaches() -> None:
    # 12 a year for 5 years at 0 %: 60 per t/yr. 600 USD a year carry 50 t/yr; all is built at once
    # 30,000 - 3 * 50 * 80 + 3 * 600 = 19,800
    annual = {"capex": 60, "capex_mode": "annual", "life": 5, "rate": 0}
    result = solve(works(budget(600), expansion=annual))
    assert result.objective == pytest.approx(19_800)
    assert result.builds["size_t_per_yr"].to_list() == pytest.approx([50])


def test_a_budget_counts_net_of_grants_and_the_public_has_its_own() -> None:
    half = {"grant": 0.5}
    # the buyer pays 25 of 50: 1000 USD build 40, 40 and then the last 20 t/yr
    # 30,000 - 80 * (40 + 80 + 100) + 1000 + 1000 + 500
    net = solve(works(budget(1000), expansion=half))
    assert net.objective == pytest.approx(14_900)
    # counted without its grant it builds 20 t/yr a year, of which the buyer pays half
    # 30,000 - 80 * 120 + 3 * 500
    gross = solve(works(budget(1000, accounts=["capex"]), expansion=half))
    assert gross.objective == pytest.approx(21_900)
    # the public gives 25 a tonne: 500 USD a year are 20 t/yr a year
    for accounts in (["grant"], "all"):
        public = solve(works(budget(500, accounts=accounts, payer="public"), expansion=half))
        assert public.objective == pytest.approx(21_900)
        assert public.rules["value"].to_list() == pytest.approx([500, 500, 500])


@pytest.mark.parametrize("scope", [{"of": "USA"}, {"of": "works"}, {"expansions": ["line"]}])
def test_only_what_is_built_within_its_scope_counts(scope: Data) -> None:
    assert solve(works(budget(1000, **scope))).objective == pytest.approx(23_400)


def test_what_is_built_elsewhere_does_not_count() -> None:
    # 100 t/yr for 5000 at once: 3 * 100 * 20 + 5000
    assert solve(works(budget(1000, of="CHN"))).objective == pytest.approx(11_000)


def test_a_budget_on_purchases_leaves_demand_short(
    three_sellers: Callable[..., Problem],
) -> None:
    result = solve(three_sellers(budget(4500, accounts=["purchase"])))
    # 4500 buy 90 t at 50; 10 t are short at 400. A USD more is 0.02 t: 8 less 1
    assert result.objective == pytest.approx(8500)
    assert result.rules["shadow_price_usd"].to_list() == pytest.approx([7])
    assert result.rules["value"].to_list() == pytest.approx([4500])


def test_tariffs_are_income_of_the_public() -> None:
    # the public takes 10 on each of at most 300 t and may give no more than it takes in a year:
    # 2026 builds x with 25 x = 10 (100 - x), then 10 (100 - built) again
    lane = {"id": "way", "origin": "CHN", "destination": "USA", "commodities": ["metal"]}
    goods = {"id": "metal", "stage": "metal", "basis": "product", "customs_value": 100}
    result = solve(
        works(
            budget(0, accounts="all", payer="public"),
            expansion={"grant": 0.5},
            lanes=[lane | {"tariff": 0.1}],
            commodities=[goods],
        )
    )
    # x1 = 1000/35, x2 = (1000 - 10 x1)/35, x3 = (1000 - 10 x1 - 10 x2)/35
    sizes = [1000 / 35]
    for _ in range(2):
        sizes.append((1000 - 10 * sum(sizes)) / 35)
    assert result.builds["size_t_per_yr"].to_list() == pytest.approx(sizes)


def test_a_soft_budget_is_overspent_at_its_penalty() -> None:
    # 0.7 on a USD over: worth it in 2026 (3.8 a USD) and 2027 (2.2), by which all is built
    # in 2026: 3 * 100 * 20 + 5000 + 0.7 * 4000
    result = solve(works(budget(1000, penalty=0.7)))
    assert result.objective == pytest.approx(13_800)
    assert result.rules["excess"].to_list() == pytest.approx([4000, 0, 0])


def test_a_budget_that_cannot_be_kept_says_by_how_much() -> None:
    result = solve(works(budget(1500, accounts=["purchase", "processing"], end="2027-01-01")))
    assert result.status.point is Point.INFEASIBLE
    # once 100 t/yr are built, which this budget leaves free, making them is 100 * 20 = 2000
    (broken,) = result.broken
    assert (broken.unit, broken.amount) == ("USD", pytest.approx(500))
    assert broken.sentence == (
        "The buyer may spend on purchase and processing at most 1,500 USD in 2026: 500 USD too "
        "much."
    )


def accounts(problem: Problem, account: str) -> list[float]:
    """Return what an account counts to buyer, producer, public and system."""
    result = solve(problem)
    rows = result.costs[result.costs["account"] == account]
    columns = ["buyer_usd", "producer_usd", "public_usd", "system_usd"]
    return [float(number) for number in rows[columns].sum()]


def test_a_floor_pays_what_the_market_lacks_and_claws_back_above_its_threshold() -> None:
    making = [{"id": "make", "outputs": {"metal": 1}, "cost": 20}]
    works_of_40 = {"id": "works", "country": "USA", "processes": making, "capacity": 40}
    floor = {"id": "floor", "facility": "works", "commodity": "metal", "floor": 110}
    floor |= {"reference": {2026: 90, 2027: 120, 2028: 150}}
    back = {"clawback": 0.3, "clawback_above": 130}
    tables = {"facilities": [works_of_40], "expansions": []}
    problem = works(**tables, price_floors=[floor | back])
    result = solve(problem)
    # the buyer pays 3 * (40 * 20 + 60 * 100): a transfer between two others is nothing to it
    assert result.objective == pytest.approx(20_400)
    rows = result.costs[result.costs["account"] == "price_support"]
    # 40 t at 110 - 90, at nothing between floor and threshold, and 30 % of 150 - 130 back
    assert rows["amount_usd"].to_list() == pytest.approx([800, 0, -240])
    assert accounts(problem, "price_support") == pytest.approx([0, -560, 560, 0])
    # without a threshold it takes from the floor on: 30 % of 10 and of 40
    all_back = works(**tables, price_floors=[floor | {"clawback": 0.3}])
    assert accounts(all_back, "price_support")[2] == pytest.approx(40 * (20 - 3 - 12))
    # in force for half of 2026 only
    half = works(**tables, price_floors=[floor | {"end": "2026-07-02"}])
    assert accounts(half, "price_support")[2] == pytest.approx(40 * 20 * 182 / 365)


def test_a_floor_of_an_offer_pays_its_seller(three_sellers: Callable[..., Problem]) -> None:
    floor = {"id": "floor", "offer": "aus", "commodity": "metal", "floor": 80, "reference": 50}
    # the public would rather have nobody paid: it buys elsewhere, or leaves demand short at 400
    for perspective, bought in (("buyer", 0), ("public", 0)):
        problem = three_sellers(price_floors=[floor], perspective=perspective)
        assert accounts(problem, "price_support")[2] == pytest.approx(30 * bought)
    capped = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal"}
    capped |= {"max_share": 0.6, "denominator": "demand"}
    # G1 at 60 %: 30 t from Australia, each at 80 - 50
    problem = three_sellers(capped, price_floors=[floor])
    assert solve(problem).objective == pytest.approx(6350)
    assert accounts(problem, "price_support") == pytest.approx([0, -900, 900, 0])
    # 40 t may come from KAZ without support
    public = three_sellers(capped, price_floors=[floor], perspective="public")
    assert accounts(public, "price_support")[2] == 0


@pytest.mark.parametrize(
    ("goes_to", "perspective", "cost", "account", "purses"),
    [
        # 30 t at 80 within the zone, 70 t at 85 instead of 50: 2400 + 5950
        ("seller", "buyer", 8350, "top_up", [2450, 0, 0, 2450]),
        ("treasury", "buyer", 8350, "tariff", [2450, 0, -2450, 0]),
        # what the seller gets is a cost to all, what the treasury gets is none: 100 t at 50
        ("seller", "system", 8350, "top_up", [2450, 0, 0, 2450]),
        ("treasury", "system", 5000, "tariff", [3500, 0, -3500, 0]),
    ],
)
def test_a_minimum_import_price_is_paid_to_the_seller_or_the_treasury(
    three_sellers: Callable[..., Problem],
    goes_to: str,
    perspective: str,
    cost: float,
    account: str,
    purses: list[float],
) -> None:
    least = {"id": "least", "commodity": "metal", "zone": ["USA", "AUS"], "price": 85}
    problem = three_sellers(
        minimum_import_prices=[least | {"goes_to": goes_to}], perspective=perspective
    )
    assert solve(problem).objective == pytest.approx(cost)
    assert accounts(problem, account) == pytest.approx(purses)


def routed(*tariffs: Data, refinery: float = 0) -> Problem:
    """Return 100 t for the USA: Chinese metal directly or by Mexico, or Kazakh at 113.

    Mexico may make metal of Chinese ingots (40 t each) at 65, as much as ``refinery``.
    """
    lanes = [("CHN", "USA", 5), ("CHN", "MEX", 1), ("MEX", "USA", 1), ("KAZ", "USA", 0)]
    value = {"basis": "product", "customs_value": 100}
    process = {"id": "refine", "inputs": {"ingot": 1}, "outputs": {"metal": 1}, "cost": 65}
    return Problem.model_validate(
        {
            "name": "routed",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [
                {"id": "metal", "stage": "metal", **value},
                {"id": "ingot", "stage": "ingot", **value},
            ],
            "offers": [
                {"id": country, "supplier": country, "country": country, "price": price}
                | {"commodity": goods}
                for country, price, goods in [
                    ("CHN", 50, "metal"),
                    ("KAZ", 113, "metal"),
                ]
            ]
            + [
                {"id": "raw", "supplier": "r", "country": "CHN", "commodity": "ingot", "price": 40}
            ],
            "lanes": [
                {"id": f"{a}-{b}", "origin": a, "destination": b, "freight": freight}
                | {"commodities": ["metal"]}
                for a, b, freight in lanes
            ],
            "facilities": [
                {"id": "mx", "country": "MEX", "processes": [process], "capacity": refinery}
            ],
            "demand": [{"id": "us", "commodity": "metal", "country": "USA", "quantity": 100}],
            "tariffs": list(tariffs),
        }
    )


def test_a_tariff_by_origin_is_paid_on_what_comes_through_others_but_not_on_what_they_make() -> (
    None
):
    duty = {"id": "duty", "of": "CHN", "into": "USA", "commodity": "metal", "rate": 0.6}
    # without: by Mexico 50 + 1 + 1 = 52
    assert solve(routed()).objective == pytest.approx(5200)
    # the duty of 60 goes with Chinese metal through Mexico: 52 + 60 = 112, less than 113
    problem = routed(duty)
    assert solve(problem).objective == pytest.approx(11_200)
    assert accounts(problem, "tariff") == pytest.approx([6000, 0, -6000, 0])
    # made in Mexico of Chinese ingots it is Mexican: 40 + 65 + 1 = 106 for 30 t
    made = routed(duty, refinery=30)
    assert solve(made).objective == pytest.approx(30 * 106 + 70 * 112)
    assert accounts(made, "tariff")[0] == pytest.approx(70 * 60)
    # a second duty adds up: 122 is more than 113
    second = duty | {"id": "second", "rate": 0.1}
    assert solve(routed(duty, second)).objective == pytest.approx(11_300)
    # into both it is paid at Mexico's border, once: between them goods move freely
    zone = duty | {"into": ["USA", "MEX"]}
    assert solve(routed(zone)).objective == pytest.approx(11_200)
    assert accounts(routed(zone), "tariff")[0] == pytest.approx(6000)
    # from July on: 184 of 365 days
    late = duty | {"start": "2026-07-01"}
    assert solve(routed(late)).objective == pytest.approx(5200 + 6000 * 184 / 365)
