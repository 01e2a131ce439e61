from __future__ import annotations

import pytest

from instances import Problem, apply, parse, parse_edit
from instances.from_facts import from_facts
from optimizer import solve
from optimizer.influence import owed_to_assumptions


def _problem() -> Problem:
    return parse(
        {
            "name": "small",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "sources": [{"id": "book", "title": "A book"}],
            "commodities": [{"id": "ore", "stage": "mine", "basis": "gross"}],
            "offers": [
                {
                    "id": "near",
                    "supplier": "Near",
                    "country": "CHN",
                    "commodity": "ore",
                    "price": 50,
                    "capacity": 60,
                    "source": "book",
                },
                {
                    "id": "far",
                    "supplier": "Far",
                    "country": "AUS",
                    "commodity": "ore",
                    "price": 80,
                    "capacity": 100,
                    "source": {"price": "book"},
                    "assumption": {"capacity": "A guess."},
                },
            ],
            "demand": [
                {
                    "id": "use",
                    "commodity": "ore",
                    "country": "USA",
                    "quantity": 100,
                    "shortfall_cost": 400,
                    "assumption": {"quantity": "Held flat.", "shortfall_cost": "Set high."},
                }
            ],
        }
    )


def test_shares_and_influence_by_hand() -> None:
    told = owed_to_assumptions(_problem())
    assert told is not None
    # 60 t at 50 and 40 t at 80 = 3,000 + 3,200; the 40 t rest on a capacity that is a guess
    assert told.cost_usd == pytest.approx(6_200)
    assert told.assumed_tonnes == pytest.approx(0.4)
    assert told.assumed_purchases == 0.0
    first, second, third = told.influences
    # 10 t more or less come from afar: 800 USD
    assert (first.where, first.up_usd, first.down_usd) == (
        "demand[use].quantity",
        pytest.approx(800),
        pytest.approx(-800),
    )
    # a far capacity of 90 or 110 t does not bind, nor does anything run short
    assert {second.where, third.where} == {"offers[far].capacity", "demand[use].shortfall_cost"}
    assert second.size == third.size == 0.0
    assert told.tried == 3


def test_influence_is_the_difference_of_two_solves() -> None:
    problem = from_facts("cobalt", first=2026, last=2028)
    told = owed_to_assumptions(problem)
    assert told is not None
    assert len(told.influences) == 10
    sizes = [item.size for item in told.influences]
    assert sizes == sorted(sizes, reverse=True)
    first = told.influences[0]
    again = solve(apply(problem, [parse_edit(f"{first.where}*=1.1")])).objective
    assert again is not None
    assert first.up_usd == pytest.approx(again - told.cost_usd, rel=1e-6)
    assert "demand[usa-cobalt].shortfall_cost" in told.untried
