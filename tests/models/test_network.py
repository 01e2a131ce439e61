"""Tracing: tags exist where a rule asks for them, and places where goods can arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.network import cargo, tagged, trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

OPEN_VAULT = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 5}


def _places(problem: Problem) -> set[tuple[str, str]]:
    return {(tag, country) for _, tag, country in trace(problem).places}


def test_lots_carry_no_tag_unless_a_rule_asks(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    places = {("any", "CHN"), ("any", "AUS"), ("any", "KAZ"), ("any", "USA")}
    assert _places(three_sellers()) == places
    bought = rule("share_cap", of="CHN", max_share=0.5, denominator="demand")
    assert _places(three_sellers(bought)) == places


def test_a_rule_on_deliveries_keeps_the_country_that_sold(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.5, denominator="deliveries")
    assert _places(three_sellers(cap)) == {
        (seller, place) for seller in ("CHN", "AUS", "KAZ") for place in (seller, "USA")
    }


def test_a_rule_on_a_suppliers_deliveries_keeps_the_supplier(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN mine", max_share=0.5, denominator="deliveries")
    assert ("CHN/CHN mine", "USA") in _places(three_sellers(cap))


@pytest.mark.parametrize(("origin", "tag"), [({}, "unknown"), ({"opening_country": "CHN"}, "CHN")])
def test_opening_stock_is_of_its_seller_or_unknown(
    three_sellers: Callable[..., Problem],
    rule: Callable[..., Any],
    origin: dict[str, str],
    tag: str,
) -> None:
    cap = rule("share_cap", of="AUS", max_share=0.5, denominator="deliveries")
    problem = three_sellers(cap, stockpiles=[OPEN_VAULT | origin])
    assert (tag, "USA") in _places(problem)
    assert trace(problem).opening_tag == {"vault": tag}


def test_goods_reach_only_where_lanes_lead(three_sellers: Callable[..., Problem]) -> None:
    lanes = [
        {"id": "ck", "origin": "CHN", "destination": "KAZ", "commodities": ["metal"]},
        {"id": "ku", "origin": "KAZ", "destination": "USA", "commodities": ["metal"]},
        {"id": "jc", "origin": "JPN", "destination": "CHN", "commodities": ["metal"]},
    ]
    problem = three_sellers(lanes=lanes)
    assert {country for _, country in _places(problem)} == {"CHN", "AUS", "KAZ", "USA"}
    network = trace(problem)
    assert [lane.id for lane, _, _ in cargo(network)] == ["ck", "ku"]
    assert tagged(network, problem.demand) == [("us", "any")]


def test_a_demand_that_nothing_reaches_has_no_tags(
    three_sellers: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    lane = {"id": "cj", "origin": "CHN", "destination": "JPN", "commodities": ["metal"]}
    problem = three_sellers(lanes=[lane], demand=[need(10, 400)])
    assert tagged(trace(problem), problem.demand) == []


def test_lanes_in_a_circle_are_followed_once(three_sellers: Callable[..., Problem]) -> None:
    circle = ("CHN", "AUS", "USA", "CHN")
    lanes = [
        {
            "id": f"l{i}",
            "origin": circle[i],
            "destination": circle[i + 1],
            "commodities": ["metal"],
        }
        for i in range(3)
    ]
    places = trace(three_sellers(lanes=lanes)).places
    assert len(places) == len(set(places)) == 4
