"""Tables: one row per fact, units in the headers, sums that agree with the plan and the cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.problem import Problem
from optimizer import Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable


HEADERS = {
    "nodes": "node parent period start probability scenarios",
    "offers": "node offer tranche contract supplier country commodity room_t bought_t "
    "price_usd_per_t landed_usd_per_t",
    "purchases": "node offer tranche contract supplier country commodity bought_t price_usd_per_t "
    "cost_usd top_up_usd duty_usd",
    "contracts": "node contract offer signed_fraction taken_t forgone_t price_usd_per_t",
    "production": "node facility process country commodity made_t",
    "builds": "node expansion facility size_t_per_yr",
    "producers": "facility rule rate commodity built_t_per_yr sold_t earned_usd owed_usd net_usd "
    "price_usd_per_t break_even_usd_per_t break_even_if_full_usd_per_t floor_to_build_usd_per_t",
    "shipments": "node lane origin destination commodity seller loaded_t arrived_t freight_usd "
    "tariff_usd",
    "deliveries": "node demand commodity country demand_class seller delivered_t",
    "stocks": "node stockpile commodity country fill_t draw_t stock_t cover_d",
    "funds": "node fund equity_usd loan_usd fees_usd released_usd purchases_usd holding_usd "
    "interest_usd repayment_usd balance_usd debt_usd stock_at_book_usd",
    "reserves": "stockpile fund commodity spent_usd most_held_t most_cover_d cover_d_per_musd "
    "released_t avoided_usd avoided_usd_per_usd",
    "members": "node stockpile member share drawn_t given_back_t entitled_t owed_t purchases_usd "
    "holding_usd",
    "shares": "node commodity country bought_t made_t share_of_demand share_of_supply delivered_t "
    "share_of_deliveries",
    "unmet": "node demand commodity country demand_class needed_t unmet_t late_t unmet_fraction "
    "shortfall_usd",
    "indices": "node commodity stage index basis value unit reason assumption",
    "costs": "node account amount_usd discounted_usd buyer_usd producer_usd public_usd system_usd",
    "rules": "rule kind who goods node sentence limit value unit slack slack_unit excess binds "
    "shadow_price_usd shadow_price_per per_tonne_usd dual_kind reason",
}


@pytest.fixture(scope="module")
def result(every_rule: Problem) -> Result:
    return solve(every_rule)


def test_headers_carry_units(result: Result) -> None:
    assert {name: " ".join(table) for name, table in result.tables().items()} == HEADERS


def test_headers_are_the_same_when_there_is_nothing(problem_of: Callable[..., Problem]) -> None:
    tables = solve(problem_of()).tables()
    assert {name: " ".join(table) for name, table in tables.items()} == HEADERS
    assert all(
        len(table) == 0
        for name, table in tables.items()
        if name not in ("nodes", "costs", "indices")
    )


def test_lines_add_up_to_the_accounts(result: Result) -> None:
    accounts = result.costs.groupby("account")["amount_usd"].sum()
    assert result.purchases["cost_usd"].sum() == pytest.approx(accounts["purchase"])
    assert result.shipments["freight_usd"].sum() == pytest.approx(accounts["freight"])
    duty = result.shipments["tariff_usd"].sum() + result.purchases["duty_usd"].sum()
    assert duty == pytest.approx(accounts["tariff"])
    assert result.purchases["top_up_usd"].sum() == pytest.approx(accounts["top_up"])
    assert result.unmet["shortfall_usd"].sum() == pytest.approx(accounts["shortfall"])
    assert result.costs["buyer_usd"].sum() == pytest.approx(result.objective)


def test_needs_are_delivered_substituted_or_unmet(result: Result) -> None:
    delivered = result.deliveries["delivered_t"].sum()
    substituted = result.plan.substitutes["tonnes"].sum()
    assert delivered + substituted + result.unmet["unmet_t"].sum() == pytest.approx(
        result.unmet["needed_t"].sum()
    )
    # 45 t of metal and 5 t of powder a year over three years
    assert result.unmet["needed_t"].sum() == pytest.approx(150)


def test_every_demand_and_store_has_a_row_at_every_node(result: Result) -> None:
    assert len(result.unmet) == 4
    assert result.stocks[["node", "stockpile"]].to_numpy().tolist() == [
        ["2026-01-01", "vault"],
        ["2026-01-01", "cache"],
        ["2026-01-01", "common"],
        ["2028", "vault"],
        ["2028", "cache"],
        ["2028", "common"],
    ]


def test_sellers_are_told_where_a_rule_keeps_them(result: Result) -> None:
    sellers = result.deliveries.groupby("commodity")["seller"].apply(list).to_dict()
    assert all(isinstance(seller, str) for seller in sellers["metal"])
    assert not any(isinstance(seller, str) for seller in sellers["powder"])


def test_shares_are_fractions_of_demand_purchases_and_deliveries(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    result = solve(
        three_sellers(
            rule("share_cap", of="CHN", max_share=0.6, denominator="deliveries"),
            stockpiles=[
                {
                    "id": "vault",
                    "commodity": "metal",
                    "country": "USA",
                    "opening": 20,
                    "opening_country": "AUS",
                }
            ],
        )
    )
    rows = result.shares.set_index("country")
    # the vault gives 20 t, China 60 % of the 100 t delivered, Australia the other 20 t
    assert rows["bought_t"].to_dict() == pytest.approx({"CHN": 60, "AUS": 20, "KAZ": 0})
    assert rows["share_of_demand"].to_dict() == pytest.approx({"CHN": 0.6, "AUS": 0.2, "KAZ": 0})
    assert rows["share_of_supply"].to_dict() == pytest.approx({"CHN": 0.75, "AUS": 0.25, "KAZ": 0})
    assert rows["share_of_deliveries"].to_dict() == pytest.approx(
        {"CHN": 0.6, "AUS": 0.4, "KAZ": 0}
    )


def test_a_shortfall_is_told_by_demand_with_its_cost(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    slices = [{"share": 0.1, "cost": 400}, {"share": 0.5, "cost": 900}]
    result = solve(
        problem_of(
            offers=[offer("CHN", 50, 60)],
            demand=[need(100, slices), need(0, 7, id="none", demand_class="defence")],
        )
    )
    short, none = (row for _, row in result.unmet.iterrows())
    # 10 t at 400 and 30 t at 900
    assert short["unmet_t"] == pytest.approx(40)
    assert short["unmet_fraction"] == pytest.approx(0.4)
    assert short["shortfall_usd"] == pytest.approx(10 * 400 + 30 * 900)
    assert none["unmet_t"] == 0
    assert none["unmet_fraction"] != none["unmet_fraction"]


def test_freight_is_paid_on_what_is_loaded_and_tariff_on_what_arrives(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    lane = {
        "id": "cu",
        "origin": "CHN",
        "destination": "USA",
        "commodities": ["metal"],
        "freight": 3,
        "tariff": 0.25,
        "loss": 0.2,
    }
    row = (
        solve(problem_of(offers=[offer("CHN", 50)], demand=[need(80)], lanes=[lane]))
        .shipments.iloc[0]
        .to_dict()
    )
    assert row["loaded_t"] == pytest.approx(100)
    assert row["arrived_t"] == pytest.approx(80)
    assert row["freight_usd"] == pytest.approx(300)
    # a quarter of the customs value of 100 USD/t
    assert row["tariff_usd"] == pytest.approx(80 * 25)


def test_every_row_of_every_rule_has_its_sentence_limit_value_and_slack(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="demand")
    floor = rule("share_floor", id="floor", of="partners", min_share=0.3, denominator="supply")
    capped, floored = (row for _, row in solve(three_sellers(cap, floor)).rules.iterrows())
    assert capped["sentence"] == "China may supply at most 60 % of metal demand in 2026"
    assert (capped["limit"], capped["value"], capped["unit"]) == (0.6, 0.6, "fraction")
    assert capped["binds"]
    assert floored["value"] == pytest.approx(0.4)
    assert floored["slack"] == pytest.approx(10)
    assert floored["slack_unit"] == "t"
    assert not floored["binds"]


def test_what_is_made_counts_as_supplied_from_where_it_is_made() -> None:
    problem = Problem.model_validate(
        {
            "name": "mill",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [
                {"id": "ore", "stage": "mine", "basis": "REO"},
                {"id": "dy", "stage": "oxide", "basis": "REO"},
            ],
            "offers": [
                {"id": "a", "supplier": "A", "country": "AUS", "commodity": "ore", "price": 1},
                {"id": "c", "supplier": "C", "country": "CHN", "commodity": "dy", "price": 90},
            ],
            "facilities": [
                {
                    "id": "sep",
                    "country": "MYS",
                    "capacity": 0,
                    "processes": [{"id": "p", "inputs": {"ore": 2}, "outputs": {"dy": 1}}],
                }
            ],
            "expansions": [{"id": "more", "facility": "sep", "size": 60, "capex": 1}],
            "demand": [{"id": "us", "commodity": "dy", "country": "USA", "quantity": 100}],
        }
    )
    result = solve(problem)
    # 60 t from 120 t of ore in Malaysia, the dearer 40 t from China
    assert result.production["made_t"].tolist() == [pytest.approx(60)]
    assert result.builds["size_t_per_yr"].tolist() == [pytest.approx(60)]
    rows = result.shares.set_index(["commodity", "country"])
    assert rows["share_of_demand"]["dy", "MYS"] == pytest.approx(0.6)
    assert rows["share_of_supply"]["dy", "CHN"] == pytest.approx(0.4)
    assert rows["made_t"]["dy", "CHN"] == 0
    assert rows["share_of_supply"]["ore", "AUS"] == pytest.approx(1)
    assert "sep: 60 t a year (more), decided in 2026" in result.summary()
    assert "share of demand bought or made" in result.summary()
