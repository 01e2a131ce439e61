"""Known answers on shares of demand, supply, deliveries and value; the sum stands in a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import load
from optimizer import Result, solve

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
