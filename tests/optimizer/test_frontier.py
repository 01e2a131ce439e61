"""Frontiers: kinks worked by hand, impossible stretches, and curves that have no exact kinks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from instances import load, parse
from instances.errors import InputError
from optimizer import Options, frontier

if TYPE_CHECKING:
    from instances.problem import Problem


def _g1(denominator: str = "demand", shortfall_cost: float | None = 400.0) -> Problem:
    """Demand 100 t; CHN 50 USD/t, AUS 80 up to 30 t, KAZ 95 up to 50 t; unmet 400."""
    offers = [
        {"id": code.lower(), "supplier": code, "country": code, "commodity": "metal"}
        | {"price": price, "capacity": capacity}
        for code, price, capacity in (("CHN", 50, 200), ("AUS", 80, 30), ("KAZ", 95, 50))
    ]
    demand: dict[str, Any] = {"id": "need", "commodity": "metal", "country": "USA"}
    demand |= {"quantity": 100, "shortfall_cost": shortfall_cost}
    cap = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal"}
    return parse(
        {
            "name": "g1",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "metal"}],
            "offers": offers,
            "demand": [{key: value for key, value in demand.items() if value is not None}],
            "rules": [cap | {"max_share": 0.9, "denominator": denominator}],
        }
    )


def test_the_cap_of_g1_has_kinks_at_70_and_20_per_cent_with_slopes_30_45_and_350() -> None:
    # above 70 %: AUS at 80 replaces CHN at 50, 30 USD/t, a point of 100 t is 1 t;
    # to 20 %: KAZ at 95, 45 USD/t; below, nothing is left: 400 - 50 = 350 USD/t
    curve = frontier(_g1(), "cap")
    assert curve.exact
    assert [vertex.at for vertex in curve.kinks] == pytest.approx([0.2, 0.7])
    slopes = [-stretch.slope / 100 for stretch in curve.stretches]
    assert slopes == pytest.approx([350.0, 45.0, 30.0])
    costs = [vertex.objective for vertex in curve.vertices]
    assert costs == pytest.approx([15_150.0, 8_150.0, 5_900.0, 5_000.0])
    assert curve.solves <= 2 * 2 + 3
    assert [vertex.unmet_t for vertex in curve.vertices] == pytest.approx([20, 0, 0, 0])
    middle = curve.stretches[1].moved_t
    assert middle == pytest.approx({("metal", "CHN"): 50.0, ("metal", "KAZ"): -50.0})


def test_a_cap_of_supply_is_curved_and_says_so() -> None:
    curve = frontier(_g1("supply"), "cap", low=0.0, high=0.2, most=33)
    assert not curve.exact
    assert "coefficient" in str(curve.reason)
    # 10 %: 80 t of others are 90 % of 88.889 t; 8.889 t of CHN, 11.111 t unmet:
    # 8.889 x 50 + 30 x 80 + 50 x 95 + 11.111 x 400 = 12,038.89
    table = curve.table
    row = table[(table["value"] - 0.1).abs() < 1e-9]
    assert row["objective_usd"].tolist() == pytest.approx([12_038.888889])
    assert "drawn through a grid" in curve.summary()


def test_without_shortfall_a_cap_below_20_per_cent_is_impossible() -> None:
    curve = frontier(_g1(shortfall_cost=None), "cap")
    assert curve.exact
    assert curve.impossible_below == pytest.approx(0.2, abs=1e-6)
    assert curve.impossible_above is None
    assert [vertex.at for vertex in curve.kinks] == pytest.approx([0.7])
    assert "No plan below 20 %" in curve.summary()


def test_a_supply_cap_below_20_per_cent_is_impossible_on_the_grid_too() -> None:
    curve = frontier(_g1("supply", shortfall_cost=None), "cap", low=0.1, high=0.3)
    assert curve.impossible_below == pytest.approx(0.2, abs=2e-3)


def test_no_plan_anywhere_is_an_answer() -> None:
    curve = frontier(_g1(shortfall_cost=None), "cap", low=0.0, high=0.1)
    assert curve.vertices == ()
    assert "No plan at any value" in curve.summary()


def test_a_price_gives_a_concave_curve_with_a_kink_where_the_offer_is_undersold() -> None:
    # cap 90 %: 90 t of CHN while it is cheapest; dearer than 80 only what AUS and KAZ cannot give
    curve = frontier(_g1(), path="offers[chn].price", low=50.0, high=120.0)
    assert curve.exact
    assert [vertex.at for vertex in curve.kinks] == pytest.approx([80.0, 95.0])
    # 90 t of CHN below 80; 70 t between 80 and 95; 20 t above
    assert [stretch.slope for stretch in curve.stretches] == pytest.approx([90.0, 70.0, 20.0])


def test_a_target_in_days_and_a_demand_are_right_hand_sides() -> None:
    problem = load("gallium-usa")
    assert frontier(problem, "ga-cover", high=360.0).exact
    assert frontier(problem, path="demand[usa-gallium].quantity", low=10.0, high=30.0).exact


def test_yes_no_choices_get_a_grid() -> None:
    problem = load("facility-location")
    path = f"demand[{problem.demand[0].id}].quantity"
    quantity = problem.demand[0].quantity.points[0][1]
    curve = frontier(problem, path=path, low=0.5 * quantity, high=quantity, most=12)
    assert not curve.exact
    assert "yes/no" in str(curve.reason)
    costs = [vertex.objective for vertex in curve.vertices]
    assert costs == sorted(costs)


def test_a_cancelled_search_returns_what_it_has() -> None:
    cancel = threading.Event()
    cancel.set()
    curve = frontier(_g1(), "cap", cancel=cancel)
    assert not curve.complete
    assert "Stopped early" in curve.summary()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"rule": "kap"}, "Did you mean 'cap'"),
        ({}, "either a rule or a path"),
        ({"rule": "cap", "low": 0.5, "high": 0.5}, "the lower first"),
        ({"path": "offers[chn].prise", "low": 1.0, "high": 2.0}, "Did you mean 'price'"),
        ({"path": "offers[chn].price"}, "Give its low and its high end"),
    ],
)
def test_what_cannot_be_drawn_is_said(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        frontier(_g1(), **keys)


def test_a_curve_is_plain_data() -> None:
    plain = frontier(_g1(), "cap", options=Options(time_limit=60)).to_plain()
    assert plain["exact"] is True
    assert plain["complete"] is True
    assert [row["value"] for row in plain["vertices"]] == pytest.approx([0.0, 0.2, 0.7, 1.0])
    assert plain["vertices"][-1]["slope_usd_per_unit"] is None
