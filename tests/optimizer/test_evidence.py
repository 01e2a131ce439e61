from __future__ import annotations

import pytest

from instances import Problem, apply, load, parse, parse_edit
from instances.from_facts import from_facts
from optimizer import Options, evidence, solve
from optimizer.assumed import assumed_numbers


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
    told = evidence(_problem(), workers=1)
    # 60 t at 50 and 40 t at 80 = 3,000 + 3,200; the 40 t rest on a capacity that is a guess
    assert told.cost_usd == pytest.approx(6_200)
    assert told.assumed_bought == pytest.approx(0.4)
    assert told.assumed_needed == 1.0
    # both prices are sourced, and nothing runs short
    assert told.assumed_cost == 0.0
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
    assert (told.complete, told.untried) == (True, ())


def test_what_cannot_be_is_told_apart_from_what_leaves_no_plan() -> None:
    plain = _problem().to_plain()
    plain["demand"][0]["shortfall_cost"] = None
    plain["offers"][1]["capacity"] = 40
    plain["rules"] = [
        {
            "id": "near-cap",
            "kind": "share_cap",
            "of": "CHN",
            "commodity": "ore",
            "max_share": 0.95,
            "denominator": "demand",
            "start": "2026-01-01",
            "assumption": "Chosen.",
        }
    ]
    told = evidence(parse(plain), workers=1).table.set_index("where")
    # 60 + 40 t are all there is: 36 t from afar are too few, 44 change nothing, 110 t of need
    # are too many, 90 t spare 10 of the dear ones
    capacity, need = told.loc["offers[far].capacity"], told.loc["demand[use].quantity"]
    assert (capacity["up"], capacity["down"]) == ("optimal", "infeasible")
    assert (need["up"], need["down"], need["down_usd"]) == (
        "infeasible",
        "optimal",
        pytest.approx(-800),
    )
    # 104.5 % is no share
    cap = told.loc["rules[near-cap].max_share"]
    assert (cap["up"], cap["down"], cap["down_usd"]) == ("invalid", "optimal", 0.0)


def test_the_numbers_of_records_within_records_are_found() -> None:
    numbers, _ = assumed_numbers(load("magnets-usa"))
    assert "facilities[mountain-pass-mine].processes[mine].outputs.con-mountain-pass" in numbers
    assert not any(path.endswith((".id", ".commodity", ".country")) for path in numbers)
    tiers, dates = assumed_numbers(load("cobalt-usa"))
    # thrift and what stops are two numbers, and so are their parts of demand
    assert "demand[usa-cobalt].shortfall_cost[0].cost" in tiers
    assert all(where not in tiers for where in dates)


def test_influence_is_the_difference_of_two_solves() -> None:
    problem = from_facts("cobalt", first=2026, last=2028)
    told = evidence(problem, workers=1)
    sizes = [item.size for item in told.influences]
    assert sizes == sorted(sizes, reverse=True)
    first = told.influences[0]
    again = solve(apply(problem, [parse_edit(f"{first.where}*=1.1")])).objective
    assert again is not None
    assert told.cost_usd is not None
    assert first.up_usd == pytest.approx(again - told.cost_usd, rel=1e-6)
    assert "demand[usa-cobalt].shortfall_cost[1].cost" in told.table["where"].tolist()


def test_time_that_runs_out_is_told() -> None:
    problem = from_facts("cobalt", first=2026, last=2028)
    assert not evidence(problem, Options(time_limit=0.2), workers=1).complete
