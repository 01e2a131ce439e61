"""Known answers: worked by hand (the sum stands in a comment) or by trying every possibility."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from instances import load
from optimizer import Point, Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
VAULT = {"id": "vault", "commodity": "metal", "country": "USA"}


def _bought(result: Result, by: str = "offer") -> dict[str, float]:
    sums = result.purchases.groupby(by)["bought_t"].sum()
    return {str(name): float(tonnes) for name, tonnes in sums.items()}


# G1: China sells 200 t at 50, Australia 30 t at 80, Kazakhstan 50 t at 95; 100 t are needed, at
# 400 a tonne short

G1 = {
    1.0: 5000,  # 100 * 50
    0.9: 5300,  # 90 * 50 + 10 * 80
    0.8: 5600,
    0.7: 5900,  # 70 * 50 + 30 * 80: Australia is sold out
    0.6: 6350,  # 60 * 50 + 30 * 80 + 10 * 95
    0.5: 6800,
    0.4: 7250,
    0.3: 7700,
    0.2: 8150,  # 20 * 50 + 30 * 80 + 50 * 95: all are sold out
}


@pytest.mark.parametrize("denominator", ["demand", "supply", "deliveries"])
@pytest.mark.parametrize(("cap", "cost"), G1.items())
def test_g1_costs_what_the_cap_makes_it_cost(
    three_sellers: Make, rule: Words, cap: float, cost: float, denominator: str
) -> None:
    result = solve(
        three_sellers(rule("share_cap", of="CHN", max_share=cap, denominator=denominator))
    )
    assert result.objective == pytest.approx(cost)
    assert result.unmet["unmet_t"].sum() == 0


@pytest.mark.parametrize(
    ("denominator", "cost", "short"),
    [
        # 10 * 50 + 30 * 80 + 50 * 95 + 10 * 400
        ("demand", 11_650, 10),
        # China sells a ninth of the others' 80 t: 80/9 * 50 + 7,150 + 100/9 * 400
        ("supply", 12_038.89, 100 / 9),
        ("deliveries", 12_038.89, 100 / 9),
    ],
)
def test_g1_at_a_tenth_a_cap_on_supply_shrinks_with_the_shortage(
    three_sellers: Make, rule: Words, denominator: str, cost: float, short: float
) -> None:
    result = solve(
        three_sellers(rule("share_cap", of="CHN", max_share=0.1, denominator=denominator))
    )
    assert result.objective == pytest.approx(cost, abs=0.005)
    assert result.unmet["unmet_t"].sum() == pytest.approx(short)


@pytest.mark.parametrize(("cap", "slope"), [(0.85, 30), (0.75, 30), (0.6, 45), (0.35, 45)])
def test_g1_has_a_slope_of_30_and_then_of_45_a_point(
    three_sellers: Make, rule: Words, cap: float, slope: float
) -> None:
    row = solve(
        three_sellers(rule("share_cap", of="CHN", max_share=cap, denominator="demand"))
    ).rules.iloc[0]
    assert row["shadow_price_usd"] / 100 == pytest.approx(slope)
    assert row["per_tonne_usd"] == pytest.approx(slope)


def test_dantzigs_transportation_problem_costs_153_675() -> None:
    # Linear Programming and Extensions (1963), section 3-3, in thousands of dollars:
    # 50 * 0.225 + 300 * 0.153 + 275 * 0.225 + 275 * 0.126
    result = solve(load("dantzig"))
    assert result.objective is not None
    assert result.objective / 1000 == pytest.approx(153.675)


# Shares


def test_two_classes_of_user_keep_their_lots_apart(
    problem_of: Make, offer: Words, need: Words, rule: Words
) -> None:
    problem = problem_of(
        offers=[offer("CHN", 10), offer("AUS", 20)],
        demand=[need(30, id="army", demand_class="defence"), need(70)],
        rules=[
            rule(
                "share_cap",
                of="CHN",
                max_share=0,
                denominator="deliveries",
                demand_class="defence",
            )
        ],
    )
    result = solve(problem)
    # 30 * 20 + 70 * 10; were all lots mixed, everybody would pay 20
    assert result.objective == pytest.approx(1300)


@pytest.mark.parametrize("denominator", ["demand", "supply", "deliveries"])
def test_a_floor_is_bought_at_its_price(
    three_sellers: Make, rule: Words, denominator: str
) -> None:
    floor = rule("share_floor", of="KAZ", min_share=0.2, denominator=denominator)
    # 80 * 50 + 20 * 95
    assert solve(three_sellers(floor)).objective == pytest.approx(5900)


def test_a_cap_by_value_counts_dollars(three_sellers: Make, rule: Words) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.4, denominator="value")
    result = solve(three_sellers(cap))
    # with Australia's 30 t, c + k = 70 and 50 c = 0.4 (50 c + 2,400 + 95 k): k = 1,140 / 68
    assert _bought(result) == pytest.approx({"chn": 70 - 1140 / 68, "aus": 30, "kaz": 1140 / 68})
    assert result.objective == pytest.approx(50 * (70 - 1140 / 68) + 2400 + 95 * 1140 / 68)
    assert result.rules["value"].tolist() == pytest.approx([0.4])


def test_a_floor_by_value_counts_dollars(three_sellers: Make, rule: Words) -> None:
    floor = rule("share_floor", of="KAZ", min_share=0.5, denominator="value")
    # 95 k = 50 (100 - k): k = 5,000 / 145, and both halves cost 50 (100 - k)
    result = solve(three_sellers(floor))
    assert result.objective == pytest.approx(100 * (100 - 5000 / 145))


def test_a_cap_on_each_country_binds_where_it_matters(three_sellers: Make, rule: Words) -> None:
    cap = rule("share_cap", of={"each": ["CHN", "AUS", "KAZ"]}, max_share=0.4)
    cap["denominator"] = "demand"
    # 40 * 50 + 30 * 80 + 30 * 95
    assert solve(three_sellers(cap)).objective == pytest.approx(7250)


def test_a_cap_on_a_group_counts_its_members_together(three_sellers: Make, rule: Words) -> None:
    capped = rule("share_cap", of="CHN", max_share=0.5, denominator="demand")
    both = rule("share_cap", id="both", of="partners", max_share=0.4, denominator="demand")
    # 50 * 50 + 30 * 80 + 10 * 95 + 10 * 400
    assert solve(three_sellers(capped, both)).objective == pytest.approx(9850)


def test_a_cap_on_a_supplier_leaves_its_country_free(
    three_sellers: Make, offer: Words, rule: Words
) -> None:
    offers = [offer("CHN", 50), offer("CHN", 60, id="other", supplier="Other"), offer("AUS", 80)]
    cap = rule("share_cap", of="CHN mine", max_share=0.3, denominator="demand")
    # 30 * 50 + 70 * 60
    assert solve(three_sellers(cap, offers=offers)).objective == pytest.approx(5700)


@pytest.mark.parametrize("denominator", ["demand", "supply", "deliveries"])
def test_a_cap_for_one_buyer_leaves_the_other_free(
    three_sellers: Make, need: Words, rule: Words, denominator: str
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0, denominator=denominator, buyers=["USA"])
    demand = [need(50, 400), need(50, 400, id="jp", country="JPN")]
    # the US buys 30 * 80 + 20 * 95, Japan 50 * 50
    assert solve(three_sellers(cap, demand=demand)).objective == pytest.approx(6800)


def test_a_share_of_supply_is_net_of_what_is_sold_on(
    three_sellers: Make, offer: Words, rule: Words
) -> None:
    outlet = {"id": "dump", "commodity": "metal", "country": "USA", "price": 79}
    cap = rule("share_cap", of="CHN", max_share=0.5, denominator="supply")
    problem = three_sellers(cap, offers=[offer("CHN", 50), offer("AUS", 80)], outlets=[outlet])
    result = solve(problem)
    # Australian metal bought to be dumped at a loss of 1 USD/t would not let China sell more:
    # (c + a - s) / 2 >= c with c + a - s = 100; so half each, 50 * 50 + 50 * 80
    assert result.objective == pytest.approx(6500)


@pytest.mark.parametrize(
    ("counts", "cost"),
    [
        # the 20 t of stock leave China 30 t: 30 * 50 + 50 * 80
        (True, 5500),
        # 50 * 50 + 30 * 80
        (False, 4900),
    ],
)
def test_stock_of_unknown_seller_counts_as_the_cap_says(
    three_sellers: Make, offer: Words, rule: Words, counts: bool, cost: float
) -> None:
    cap = rule(
        "share_cap", of="CHN", max_share=0.5, denominator="deliveries", counts_unknown=counts
    )
    problem = three_sellers(
        cap, offers=[offer("CHN", 50), offer("AUS", 80)], stockpiles=[VAULT | {"opening": 20}]
    )
    assert solve(problem).objective == pytest.approx(cost)


@pytest.mark.parametrize(
    ("counts_fill", "cost"),
    [
        # in 2026 China may sell the 100 t of that year's demand: 100 * 50 + 100 * 80
        (True, 13_000),
        # it may be delivered 100 t in 2026 and 50 t in 2027, out of stock: 150 * 50 + 50 * 80
        (False, 11_500),
    ],
)
def test_what_is_bought_for_the_stock_counts_when_it_is_bought_or_when_it_is_used(
    three_sellers: Make, offer: Words, rule: Words, counts_fill: bool, cost: float
) -> None:
    cap = rule(
        "share_cap",
        of="CHN",
        max_share={2026: 1, 2027: 0.5},
        denominator="demand",
        counts_fill=counts_fill,
    )
    problem = three_sellers(
        cap,
        offers=[offer("CHN", 50, end="2027-01-01"), offer("AUS", 80)],
        periods=YEARS,
        stockpiles=[VAULT],
    )
    assert solve(problem).objective == pytest.approx(cost)


@pytest.mark.parametrize(
    ("penalty", "cost", "excess"),
    [
        # Kazakhstan costs 45 more than China, Australia 30 more
        (46, 6350, 0),  # the hard answer: 60 * 50 + 30 * 80 + 10 * 95
        (44, 6340, 10),  # 70 * 50 + 30 * 80 + 10 * 44
        (31, 6210, 10),  # 70 * 50 + 30 * 80 + 10 * 31
        (29, 6160, 40),  # 100 * 50 + 40 * 29
    ],
)
def test_a_soft_cap_is_exceeded_while_that_is_cheaper(
    three_sellers: Make, rule: Words, penalty: float, cost: float, excess: float
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="demand", penalty=penalty)
    result = solve(three_sellers(cap))
    assert result.objective == pytest.approx(cost)
    assert result.rules["excess"].tolist() == pytest.approx([excess])


def test_a_soft_cap_by_value_is_paid_per_dollar(three_sellers: Make, rule: Words) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.4, denominator="value", penalty=0.25)
    result = solve(three_sellers(cap))
    # all from China is 3,000 USD beyond 40 % of 5,000. A tonne from Australia instead costs 30
    # more and saves 0.25 * (0.6 * 50 + 0.4 * 80) = 15.5: not worth it
    assert result.objective == pytest.approx(5000 + 0.25 * 3000)
    assert result.rules["excess"].tolist() == pytest.approx([3000])


# Suppliers


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


# Offers, demand, lanes, outlets


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


# Stock and time


def test_a_target_in_tonnes_is_bought_and_held(three_sellers: Make, rule: Words) -> None:
    problem = three_sellers(
        rule("stock_target", stockpile="vault", tonnes={2026: 10, 2027: 25}),
        periods=YEARS,
        stockpiles=[VAULT | {"holding_cost": 3}],
    )
    # 225 * 50 + 10 * 3 + 25 * 3
    assert solve(problem).objective == pytest.approx(11_250 + 30 + 75)


def test_a_target_in_days_covers_the_days_of_a_leap_year(
    problem_of: Make, offer: Words, need: Words, rule: Words
) -> None:
    problem = problem_of(
        periods={"start": "2027-01-01", "count": 1, "length": "1 yr"},
        offers=[offer("CHN", 50)],
        demand=[need({2027: 100, 2028: 366})],
        stockpiles=[VAULT | {"holding_cost": 2}],
        rules=[rule("stock_target", stockpile="vault", cover_days=90)],
    )
    result = solve(problem)
    # 90 of the 366 days of 2028 at 366 t a year are 90 t: 190 * 50 + 90 * 2
    assert result.objective == pytest.approx(9680)
    assert result.stocks["cover_d"].tolist() == pytest.approx([90])


def test_stock_decays_and_is_paid_for_at_the_end_of_each_period(
    problem_of: Make, offer: Words, need: Words
) -> None:
    problem = problem_of(
        periods=YEARS,
        offers=[offer("CHN", 50, end="2027-01-01")],
        demand=[need({2026: 0, 2027: 81})],
        stockpiles=[VAULT | {"decay": 0.1, "holding_cost": 3}],
    )
    # 90 t are bought and held over the year's end, of which 81 are left when they are drawn
    assert solve(problem).objective == pytest.approx(90 * 50 + 90 * 3)


def test_opening_stock_decays_from_the_first_day(problem_of: Make, need: Words) -> None:
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 1, "length": "2 yr"},
        demand=[need(50, 400)],
        stockpiles=[VAULT | {"opening": 100, "decay": 0.5}],
    )
    # of 100 t a quarter is left over two years; 100 t are needed
    assert solve(problem).objective == pytest.approx(75 * 400)


def test_rates_of_a_store_are_per_year(problem_of: Make, offer: Words, need: Words) -> None:
    problem = problem_of(
        periods={"start": "2026-01-01", "parts": [{"count": 2, "length": "2 yr"}]},
        offers=[offer("CHN", 50, end="2028-01-01")],
        demand=[need({2026: 0, 2028: 50}, 400)],
        stockpiles=[VAULT | {"fill_rate": 40, "draw_rate": 30, "capacity": 70}],
    )
    # 80 t could be filled in two years, 70 t fit, 60 t can be drawn; 100 t are needed
    assert solve(problem).objective == pytest.approx(60 * 50 + 40 * 400)


@pytest.mark.parametrize(("timing", "due"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_money_is_worth_less_the_later_it_is_due(
    three_sellers: Make, timing: str, due: float
) -> None:
    problem = three_sellers(periods=YEARS, discount={"rate": 0.1, "timing": timing})
    # 5,000 in each of two years
    assert solve(problem).objective == pytest.approx(5000 * (1.1**-due + 1.1 ** -(1 + due)))


@pytest.mark.parametrize(("value", "cost"), [(54, 0), (56, 20 * 50 - 20 * 56 / 1.1)])
def test_stock_at_the_end_is_worth_its_value_on_the_last_day(
    problem_of: Make, offer: Words, value: float, cost: float
) -> None:
    problem = problem_of(
        discount={"rate": 0.1, "timing": "start"},
        offers=[offer("CHN", 50)],
        stockpiles=[VAULT | {"capacity": 20, "terminal_value": value}],
    )
    # a year from now 54 is worth 49.09 and 56 is worth 50.91
    assert solve(problem).objective == pytest.approx(cost)
