from __future__ import annotations

from typing import Any

from instances.problem import Problem
from instances.routes import all_lanes, free_commodities, free_lanes

Data = dict[str, Any]


def test_only_goods_that_no_lane_names_move_freely(depot: Problem) -> None:
    assert free_commodities(depot) == ("slag",)


def test_declared_lanes_come_first_and_free_ones_cost_nothing(trade_data: Data) -> None:
    trade_data["commodities"].append({"id": "ore", "stage": "mine", "basis": "product"})
    trade_data["lanes"] = [
        {
            "id": "sea",
            "origin": "CHN",
            "destination": "USA",
            "commodities": ["ore"],
            "freight": 5,
        }
    ]
    lanes = all_lanes(Problem.model_validate(trade_data))
    assert lanes[0].id == "sea"
    for lane in lanes[1:]:
        assert lane.freight.values == (0.0,)
        assert lane.tariff is None
        assert lane.loss == 0
        assert lane.capacity is None
        assert lane.commodities == ("metal",)


def test_free_lanes_run_from_each_place_that_has_to_each_that_takes(trade_data: Data) -> None:
    lanes = free_lanes(Problem.model_validate(trade_data))
    # offers in China and Australia, a vault in the USA; demand in the USA and Japan
    assert {lane.id for lane in lanes} == {
        "free.CHN.USA",
        "free.CHN.JPN",
        "free.AUS.USA",
        "free.AUS.JPN",
        "free.USA.JPN",
    }


def test_goods_that_share_a_free_lane_stand_on_it_together(trade_data: Data) -> None:
    trade_data["commodities"].append({"id": "ore", "stage": "mine", "basis": "product"})
    trade_data["offers"].append(
        {"id": "pit", "supplier": "Pit", "country": "CHN", "commodity": "ore", "price": 1}
    )
    trade_data["outlets"].append({"id": "heap", "commodity": "ore", "country": "USA", "price": 0})
    lanes = {lane.id: lane for lane in free_lanes(Problem.model_validate(trade_data))}
    assert lanes["free.CHN.USA"].commodities == ("metal", "ore")
    assert lanes["free.AUS.USA"].commodities == ("metal",)


def test_nothing_moves_where_all_is_at_home(trade_data: Data) -> None:
    trade_data["offers"] = trade_data["offers"][:1]
    trade_data["offers"][0]["country"] = "USA"
    trade_data["demand"] = trade_data["demand"][:2]
    trade_data["outlets"] = []
    trade_data["rules"] = []
    assert free_lanes(Problem.model_validate(trade_data)) == ()
