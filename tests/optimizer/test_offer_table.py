"""The tables of what is for sale and of the tree, worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import instances
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def test_what_is_for_sale_is_shown_whether_bought_or_not(
    three_sellers: Callable[..., Problem], rule: Callable[..., dict[str, Any]]
) -> None:
    cap = rule("share_cap", of="CHN", denominator="demand", max_share=0.4)
    rows = solve(three_sellers(cap)).offers.set_index("country")
    # 100 t needed: 40 of China's 200, all 30 of Australia, 30 of Kazakhstan's 50
    assert rows["room_t"].to_dict() == {"CHN": 200.0, "AUS": 30.0, "KAZ": 50.0}
    assert rows["bought_t"].to_dict() == pytest.approx({"CHN": 40.0, "AUS": 30.0, "KAZ": 30.0})
    assert rows["price_usd_per_t"].to_dict() == {"CHN": 50.0, "AUS": 80.0, "KAZ": 95.0}
    # no lane names the metal: it moves at no cost
    assert rows["landed_usd_per_t"].to_dict() == {"CHN": 50.0, "AUS": 80.0, "KAZ": 95.0}


def test_landed_is_price_freight_and_tariff_per_tonne_that_arrives(
    three_sellers: Callable[..., Problem],
) -> None:
    lane = {"destination": "USA", "commodities": ["metal"]}
    problem = three_sellers(
        lanes=[
            lane | {"id": "chn", "origin": "CHN", "freight": 10, "loss": 0.5},
            lane | {"id": "chn-dear", "origin": "CHN", "freight": 99},
            lane | {"id": "aus", "origin": "AUS", "freight": 4, "tariff": 0.25},
        ],
        commodities=[{"id": "metal", "stage": "metal", "basis": "metal", "customs_value": 80}],
    )
    rows = solve(problem).offers.set_index("country")["landed_usd_per_t"]
    # half of China's arrives: (50 + 10) / 0.5 = 120, by the other lane 50 + 99 = 149
    # Australia: 80 + 4 + 0.25 x 80 = 104
    assert rows["CHN"] == pytest.approx(120.0)
    assert rows["AUS"] == pytest.approx(104.0)
    assert rows.isna()["KAZ"]


def test_what_is_announced_counts_with_its_chance_of_delivery(
    three_sellers: Callable[..., Problem], offer: Callable[..., dict[str, Any]]
) -> None:
    sellers = [
        offer("CHN", 50, 200),
        offer("AUS", 40, 100) | {"available": 0.6, "delivery_probability": 0.5},
    ]
    rows = solve(three_sellers(offers=sellers, groups={})).offers.set_index("country")
    # 100 t x 0.6 x 0.5 = 30 t, all of them bought
    assert rows.loc["AUS", ["room_t", "bought_t"]].tolist() == pytest.approx([30.0, 30.0])


def test_bought_tonnes_are_those_of_the_purchases() -> None:
    result = solve(instances.load("rare-earths-usa"))
    keys = ["node", "offer", "tranche"]
    table = result.offers.set_index(keys)
    assert table["bought_t"].sum() == pytest.approx(result.purchases["bought_t"].sum())
    limited = table.dropna(subset="room_t")
    assert (limited["bought_t"] <= limited["room_t"] * (1 + 1e-9) + 1e-9).all()


def test_every_node_has_its_parent_and_the_scenarios_that_pass() -> None:
    result = solve(instances.load("farmer"))
    nodes = result.nodes.set_index("node")
    # spring is shared; in autumn each of three weathers, each as likely, is a node of its own
    assert nodes["parent"].isna().sum() == 1
    spring = nodes.loc["2026"]
    assert (spring["probability"], spring["start"]) == (1.0, "2026-01-01")
    assert sorted(spring["scenarios"].split(", ")) == sorted(
        name for name in nodes["scenarios"] if ", " not in name
    )
    autumn = nodes[nodes["parent"] == "2026"]
    assert autumn["probability"].tolist() == pytest.approx([1 / 3] * 3)
    named = set(result.costs["node"])
    assert named <= set(nodes.index)


def test_a_problem_of_one_branch_names_no_scenario(
    three_sellers: Callable[..., Problem],
) -> None:
    nodes = solve(three_sellers()).nodes
    assert nodes["scenarios"].isna().all()
    assert nodes["probability"].tolist() == [1.0]
