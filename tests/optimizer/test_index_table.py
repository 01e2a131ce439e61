"""The table of indices: what it takes from a plan, by hand, and why something is absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.problem import Problem
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from optimizer import Result

Row = dict[str, Any]


def _rows(result: Result, goods: str = "metal") -> dict[tuple[str, str], Row]:
    table: pd.DataFrame = result.indices
    found = table[table["commodity"] == goods].astype(object)
    rows = found.where(found.notna(), None).to_dict("records")
    return {(row["index"], row["basis"]): row for row in rows}


def _values(result: Result, basis: str) -> dict[str, float | None]:
    return {name: row["value"] for (name, of), row in _rows(result).items() if of == basis}


@pytest.fixture(scope="module")
def result(three_sellers: Callable[..., Problem], rule: Callable[..., Any]) -> Result:
    """Return a plan of 60 t from China, 30 from Australia, 10 from Kazakhstan."""
    return solve(
        three_sellers(rule("share_cap", of="CHN", max_share=0.6, denominator="deliveries"))
    )


def test_concentration_of_what_is_bought(result: Result) -> None:
    values = _values(result, "bought")
    # .36 + .09 + .01
    assert values["hhi"] == pytest.approx(0.46)
    assert values["effective_suppliers"] == pytest.approx(1 / 0.46)
    assert values["cr1"] == pytest.approx(0.6)
    assert values["cr3"] == pytest.approx(1)
    assert values["n_minus_1_coverage"] == pytest.approx(0.4)
    # China -0.1533, Australia 0.7933, Kazakhstan -0.2828: w = 5.3066, 3.4134, 5.5656
    weighted = 0.36 * 5.3066 + 0.09 * 3.4134 + 0.01 * 5.5656
    assert values["hhi_wgi"] == pytest.approx(weighted)
    # 200, 30 and 50 t could be sold: 20/28, 3/28, 5/28; all is imported
    world = (400 * 5.3066 + 9 * 3.4134 + 25 * 5.5656) / 784
    assert _values(result, "capacity")["hhi_wgi"] == pytest.approx(world)
    assert values["eu_supply_risk"] == pytest.approx((world + weighted) / 2)
    exposed = 0.6 * 0.53066 + 0.3 * 0.34134 + 0.1 * 0.55656
    assert values["geopolrisk"] == pytest.approx((400 + 9 + 25) / 784 * exposed)
    # 60 * 50 + 30 * 80 + 10 * 95 = 6350 for 100 t
    assert values["geopolrisk_factor"] == pytest.approx(63.5 * (434 / 784) * exposed)


def test_what_is_delivered_is_told_where_a_rule_keeps_the_seller(result: Result) -> None:
    rows = _rows(result)
    assert rows["hhi", "delivered"]["value"] == pytest.approx(0.46)
    absent = rows["hhi", "traced"]
    assert absent["value"] is None
    assert absent["reason"] == "no rule keeps the ore of lots to their delivery"
    assert ("cr1", "traced") not in rows


def test_what_fills_a_gap_is_said(result: Result) -> None:
    rows = _rows(result)
    assert rows["hhi", "bought"]["assumption"] is None
    assert rows["hhi_wgi", "bought"]["assumption"] == "WGI political stability"
    assert rows["eu_supply_risk", "bought"]["assumption"] == (
        "WGI political stability; no substitute (SI 1), no trade factor (t 1)"
    )


def test_a_country_without_a_figure(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    # Brunei has no figure among the facts: GeoPolRisk takes 0.5, the others are absent
    offers = [offer("CHN", 50, 60), offer("BRN", 60, 60)]
    rows = _rows(solve(problem_of(offers=offers, demand=[need(100)])))
    for name in ("hhi_wgi", "eu_supply_risk"):
        assert rows[name, "bought"]["value"] is None
        assert rows[name, "bought"]["reason"] == "no governance figure for BRN"
    risk = rows["geopolrisk", "bought"]
    assert risk["value"] == pytest.approx(0.5 * (0.6 * 0.53066 + 0.4 * 0.5))
    assert risk["assumption"] == "WGI political stability; 0.5 for BRN, without a figure"


def test_supply_without_a_stated_capacity_has_no_world(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    rows = _rows(solve(problem_of(offers=[offer("CHN", 50)], demand=[need(100)])))
    assert rows["hhi", "bought"]["value"] == pytest.approx(1)
    for key in (("hhi", "capacity"), ("eu_supply_risk", "bought"), ("geopolrisk", "bought")):
        assert rows[key]["value"] is None
        assert rows[key]["reason"] == "no capacity is stated of all supply from CHN"


def test_the_balance_of_the_buyers(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    # 40 t at home, 65 from China: 100 used, 5 into stock, which holds 15
    problem = problem_of(
        offers=[offer("USA", 10, 40), offer("CHN", 50, 100)],
        demand=[need(100)],
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA", "opening": 10}],
        rules=[{"id": "rule", "kind": "stock_target", "stockpile": "vault", "tonnes": 15}],
    )
    values = _values(solve(problem), "buyers")
    assert values["apparent_consumption"] == pytest.approx(100)
    # 65 imported, 5 of them into stock
    assert values["net_import_reliance"] == pytest.approx(0.6)
    assert values["cover_of_consumption"] == pytest.approx(365 * 15 / 100)
    assert values["cover_of_net_use"] == pytest.approx(365 * 15 / 60)


def test_the_ore_tells_where_refined_goods_come_from() -> None:
    data = {
        "name": "traced",
        "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
        "commodities": [
            {"id": "ore", "stage": "mine", "basis": "REO"},
            {"id": "dy", "stage": "oxide", "basis": "REO"},
        ],
        "offers": [
            {"id": "a", "supplier": "A", "country": "AUS", "commodity": "ore", "price": 30},
            {"id": "c", "supplier": "C", "country": "CHN", "commodity": "ore", "price": 10},
        ],
        "facilities": [
            {
                "id": "sep",
                "country": "MYS",
                "processes": [{"id": "p", "inputs": {"ore": 2}, "outputs": {"dy": 1}}],
            }
        ],
        "demand": [{"id": "us", "commodity": "dy", "country": "USA", "quantity": 100}],
        "rules": [
            {
                "id": "cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "dy",
                "max_share": 0.7,
                "denominator": "deliveries",
                "origin": "traced",
            }
        ],
    }
    result = solve(Problem.model_validate(data))
    rows = _rows(result, "dy")
    # Malaysia makes it all, of Chinese ore 70 t and of Australian 30
    assert rows["hhi", "bought"]["value"] == pytest.approx(1)
    assert rows["hhi", "traced"]["value"] == pytest.approx(0.58)
    assert _rows(result, "ore")["hhi", "bought"]["value"] == pytest.approx(0.58)


def test_stock_of_unknown_seller_leaves_delivery_unknown(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 20}
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="deliveries")
    row = _rows(solve(three_sellers(cap, stockpiles=[vault])))["hhi", "delivered"]
    assert row["value"] is None
    assert row["reason"] == "the seller of 20 % of what is delivered is not known"


def test_every_index_is_a_number_or_says_why_not(every_rule: Problem) -> None:
    table = solve(every_rule).indices
    assert (table["value"].isna() == table["reason"].notna()).all()
    assert len(table[["node", "commodity", "index", "basis"]].drop_duplicates()) == len(table)
