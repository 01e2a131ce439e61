"""Fronts of cost and a second objective, worked by hand."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from instances import Problem, load, parse
from instances.edit import apply
from optimizer import Options, front


def _market(**more: Any) -> Problem:
    """100 t, sold in three countries at 10, 30 and 50 USD/t."""
    return parse(
        {
            "name": "three-sellers",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": "ga", "stage": "metal", "basis": "Ga"}],
            "offers": [
                {"id": code.lower(), "supplier": code, "country": code, "commodity": "ga"}
                | {"price": price}
                for code, price in (("CHN", 10), ("AUS", 30), ("CAN", 50))
            ],
            "demand": [
                {"id": "us", "commodity": "ga", "country": "USA", "quantity": 100}
                | {"shortfall_cost": 40}
            ],
            **more,
        }
    )


def _edited(problem: Problem, *edits: str) -> Problem:
    return apply(problem, edits)


def _met(problem: Problem) -> Problem:
    """All demand must be met."""
    return _edited(problem, "demand[us].shortfall_cost=null")


def test_concentration_falls_along_two_straight_pieces() -> None:
    # the largest share s: China and Australia 1,000 s + 3,000 (1 - s) down to s = 1/2, then both
    # have s and Canada 1 - 2 s: 5,000 - 6,000 s down to a third each, 3,000 USD
    found = front(_met(_market()), "concentration")
    assert (found.exact, found.complete) == (True, True)
    table = found.table
    assert table["objective_usd"].tolist() == pytest.approx([1000, 2000, 3000], rel=1e-5)
    assert table["concentration"].tolist() == pytest.approx([1, 1 / 2, 1 / 3], rel=1e-5)
    assert table["usd_per_unit_less"].tolist()[:2] == pytest.approx([2000, 6000], rel=1e-4)
    assert "each 0.01 less costs 20 USD" in found.summary()


def test_unmet_demand_is_bought_off_where_that_is_met() -> None:
    # China 50 t, Australia 20 t; the other 30 t cost 40 short or 50 from Canada: 10 USD/t more
    problem = _edited(_market(), "offers[chn].capacity=50", "offers[aus].capacity=20")
    table = front(problem, "shortfall").table
    cheapest = 50 * 10 + 20 * 30 + 30 * 40
    assert table["objective_usd"].tolist() == pytest.approx([cheapest, cheapest + 300], rel=1e-5)
    assert table["shortfall"].tolist() == pytest.approx([0.3, 0], abs=1e-5)
    assert table["usd_per_unit_less"].tolist()[0] == pytest.approx(1000, rel=1e-4)


def test_with_choices_a_grid_of_plans_that_better_one_another() -> None:
    # a lot of 40 t at least: Canada has none, or 40 t and more; the largest share is at least 0.3
    problem = _edited(_met(_market()), "offers[can].minimum_lot=40", "offers[can].capacity=100")
    found = front(problem, "concentration", most=9)
    assert not found.exact
    assert "yes/no" in (found.reason or "")
    table = found.table
    assert table["objective_usd"].is_monotonic_increasing
    assert table["concentration"].is_monotonic_decreasing
    assert table["concentration"].tolist()[0] == pytest.approx(1.0)
    # 40 t of Canada's, 30 and 30: 2,000 + 900 + 300; or 40 and 40 and 20: 2,000 + 400 + 600
    assert table["concentration"].tolist()[-1] == pytest.approx(0.4, rel=1e-5)
    assert table["objective_usd"].tolist()[-1] == pytest.approx(3000, rel=1e-5)


def test_what_may_go_unmet_is_concentrated_nowhere() -> None:
    # a third each, 3,000 USD, and then nothing at all: 100 t short at 1,000 USD/t
    found = front(_edited(_market(), "demand[us].shortfall_cost=1000"), "concentration")
    assert found.table["unmet_t"].tolist()[-2:] == pytest.approx([0, 100], abs=1e-3)
    assert found.table["objective_usd"].tolist()[-1] == pytest.approx(100_000, rel=1e-5)


def test_nothing_to_trade_is_one_point() -> None:
    found = front(_met(_market()), "shortfall")
    assert len(found.points) == 1
    assert "nothing to trade" in found.summary()


def test_no_plan_is_no_front() -> None:
    problem = _market(
        rules=[
            {"id": f"{code}-cap", "kind": "share_cap", "of": code, "commodity": "ga"}
            | {"denominator": "supply", "max_share": 0.1}
            for code in ("CHN", "AUS", "CAN")
        ]
    )
    problem = _edited(problem, "demand[us].shortfall_cost=null")
    found = front(problem)
    assert found.points == ()
    assert "No plan at any cost" in found.summary()


def test_a_stopped_search_says_so() -> None:
    stop = threading.Event()
    stop.set()
    found = front(_market(), cancel=stop)
    assert (found.complete, found.points) == (False, ())
    late = front(load("gallium-usa"), "concentration", options=Options(time_limit=1e-6))
    assert not late.complete
    assert "Stopped early" in late.summary()
