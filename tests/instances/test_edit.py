"""Edits: what a text selects and changes, and what does not fit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from instances.edit import apply
from instances.schedule import Schedule

if TYPE_CHECKING:
    from instances.problem import Problem
from tests.instances.edits import edited, two_sellers


@pytest.fixture
def problem() -> Problem:
    return two_sellers()


@pytest.mark.parametrize(
    ("text", "table", "place", "field", "value"),
    [
        # a number
        ("rules[cap].max_share=0.4", "rules", 0, "max_share", 0.4),
        ("rules[cap].max_share = 40 %", "rules", 0, "max_share", 0.4),
        ("rules[cap].max_share*=0.5", "rules", 0, "max_share", 0.25),
        ("rules[cap].max_share *= 50 %", "rules", 0, "max_share", 0.25),
        ("rules[cap].max_share+=5 pp", "rules", 0, "max_share", 0.55),
        ("rules[cap].max_share+=-0.25", "rules", 0, "max_share", 0.25),
        ("offers[cn].price=1.5 USD/kg", "offers", 0, "price", 1500.0),
        ("offers[cn].price+=1 USD/kg", "offers", 0, "price", 1100.0),
        ("rules[sellers].count=2", "rules", 1, "count", 2),
        ("rules[sellers].count*=2", "rules", 1, "count", 2),
        # one number replaces a whole schedule; a factor or an amount changes all of it
        ("offers[cn].capacity=70", "offers", 0, "capacity", 70.0),
        ("offers[cn].capacity*=2", "offers", 0, "capacity", {"2026": 100.0, "2028": 160.0}),
        ("offers[cn].capacity+=1 t/month", "offers", 0, "capacity", {"2026": 62.0, "2028": 92.0}),
        (
            "lanes[air].freight*=2",
            "lanes",
            1,
            "freight",
            {"2026": 20.0, "2030": 100.0, "interpolate": True},
        ),
        # a schedule
        (
            "rules[cap].max_share={2026: 90 %, 2028: 0.5}",
            "rules",
            0,
            "max_share",
            {"2026": 0.9, "2028": 0.5},
        ),
        # from a date on
        ("rules[cap].max_share[2028]=0.4", "rules", 0, "max_share", {"2026": 0.5, "2028": 0.4}),
        ("rules[cap].max_share[2028]*=0.5", "rules", 0, "max_share", {"2026": 0.5, "2028": 0.25}),
        ("rules[cap].max_share[2026]=0.4", "rules", 0, "max_share", {"2026": 0.4}),
        (
            "rules[cap].max_share[2028-07-01]=0.4",
            "rules",
            0,
            "max_share",
            {"2026": 0.5, "2028-07-01": 0.4},
        ),
        # dates that are stated later keep their values
        (
            "offers[cn].capacity[2027]=60",
            "offers",
            0,
            "capacity",
            {"2026": 50.0, "2027": 60.0, "2028": 80.0},
        ),
        ("offers[cn].capacity[2028]+=1", "offers", 0, "capacity", {"2026": 50.0, "2028": 81.0}),
        (
            "offers[cn].capacity[2030]*=0.5",
            "offers",
            0,
            "capacity",
            {"2026": 50.0, "2028": 80.0, "2030": 40.0},
        ),
        # on the line from 10 to 50, 2028 has 30
        (
            "lanes[air].freight[2028]+=5",
            "lanes",
            1,
            "freight",
            {"2026": 10.0, "2028": 35.0, "2030": 50.0, "interpolate": True},
        ),
        # what is not stated has its default
        ("lanes[sea].freight+=7", "lanes", 0, "freight", 7.0),
        ("offers[cn].available*=0.5", "offers", 0, "available", 0.5),
        ("offers[cn].available[2029]=0", "offers", 0, "available", {"2026": 1.0, "2029": 0.0}),
        ("rules[cap].penalty=5 USD/kg", "rules", 0, "penalty", 5000.0),
        ("offers[au].end=2029-01-01", "offers", 1, "end", "2029-01-01"),
        # words and lists
        ("rules[cap].of=AUS", "rules", 0, "of", "AUS"),
        ("rules[cap].of={each: partners}", "rules", 0, "of", {"each": "partners"}),
        ("groups[partners].members=[AUS]", "groups", 0, "members", ["AUS"]),
        ("groups[partners].members[1]=JPN", "groups", 0, "members", ["AUS", "JPN"]),
    ],
)
def test_an_edit_changes_what_it_names_and_nothing_else(
    problem: Problem, text: str, table: str, place: int, field: str, value: Any
) -> None:
    before, after = problem.to_plain(), edited(problem, text)
    assert after[table][place].pop(field) == pytest.approx(value)
    before[table][place].pop(field, None)
    assert after == before


@pytest.mark.parametrize(
    ("text", "prices"),
    [
        ("offers[*].tranches[*].price*=2", [300.0, 400.0]),
        ("offers[au].tranches[0].price=90", [90.0, 200.0]),
        ("offers[country=AUS].tranches[1].price+=0.1 USD/kg", [150.0, 300.0]),
        ("offers[au].tranches[1].price[2028]=250", [150.0, {"2026": 200.0, "2028": 250.0}]),
    ],
)
def test_tranches_are_chosen_by_place(problem: Problem, text: str, prices: list[Any]) -> None:
    tranches = edited(problem, text)["offers"][1]["tranches"]
    assert [tranche["price"] for tranche in tranches] == prices


def test_slices_of_shortfall_are_chosen_by_place(problem: Problem) -> None:
    (demand,) = edited(problem, "demand[us].shortfall_cost[*].cost*=2")["demand"]
    assert [slice["cost"] for slice in demand["shortfall_cost"]] == [1800.0, 2000.0]


@pytest.mark.parametrize(
    ("selector", "changed"),
    [
        ("*", ["cn", "au"]),
        ("cn", ["cn"]),
        ("country=CHN", ["cn"]),
        ("country=AUS,commodity=metal", ["au"]),
        ("commodity=metal", ["cn", "au"]),
        ("supplier='Red, Ltd'", ["cn"]),
        ('supplier="Red, Ltd", country=CHN', ["cn"]),
        ("available=1", ["cn", "au"]),
        ("price=100", ["cn"]),
    ],
)
def test_selectors_choose_records(problem: Problem, selector: str, changed: list[str]) -> None:
    after = edited(problem, f"offers[{selector}].available=0.5")
    assert [offer["id"] for offer in after["offers"] if "available" in offer] == changed


def test_rules_are_chosen_by_what_is_in_their_lists(problem: Problem) -> None:
    wide = apply(problem, ["rules[cap].commodity={each: [metal]}"])
    after = edited(wide, "rules[commodity=metal].end=2028-01-01")
    assert [rule["end"] for rule in after["rules"]] == ["2028-01-01"] * 2


def test_all_of_a_table_is_all_that_have_the_field(problem: Problem) -> None:
    after = edited(problem, "rules[*].max_share=0.4", "offers[*].price*=2")
    assert after["rules"][0]["max_share"] == 0.4
    assert after["offers"][0]["price"] == 200.0


def test_parts_of_the_problem_itself_can_be_edited(problem: Problem) -> None:
    after = edited(problem, "periods.count=3", "discount.rate=5 %", "name=other", "buyers=[USA]")
    assert after["periods"]["count"] == 3
    assert after["discount"] == {"rate": 0.05}
    assert (after["name"], after["buyers"]) == ("other", ["USA"])
    assert edited(problem, "discount.rate+=1 %")["discount"] == {"rate": 0.01}


def test_null_takes_a_statement_back(problem: Problem) -> None:
    assert "capacity" not in edited(problem, "offers[cn].capacity=null")["offers"][0]


def test_edits_are_made_one_after_the_other(problem: Problem) -> None:
    after = edited(
        problem, "rules[cap].max_share=40 %", "rules[cap].max_share*=0.5", "rules[cap].id=lid"
    )
    assert after["rules"][0]["max_share"] == 0.2
    assert after["rules"][0]["id"] == "lid"
    twice = edited(problem, "rules[cap].max_share[2028]=40 %", "rules[cap].max_share[2029]+=10 %")
    assert twice["rules"][0]["max_share"] == {"2026": 0.5, "2028": 0.4, "2029": 0.5}


def test_the_problem_that_is_edited_stays_as_it_is(problem: Problem) -> None:
    before = problem.to_plain()
    apply(problem, ["offers[*].price*=2", "periods.count=1", "offers[au].tranches[0].price=1"])
    assert problem.to_plain() == before
    assert apply(problem, []) == problem


def test_a_year_that_begins_before_the_horizon_stands_for_its_first_day(problem: Problem) -> None:
    fiscal = apply(problem, ["periods.start=2026-07-01", "offers[cn].capacity=50"])
    after = apply(fiscal, ["rules[cap].max_share[2026]=0.3", "offers[cn].capacity[2026]*=2"])
    cap = after.rules[0]
    assert cap.limit(after.nodes[0].period) == 0.3
    assert after.offers[0].capacity == Schedule(((date(2026, 7, 1), 100.0),))


def test_a_period_may_be_named_by_its_label(problem: Problem) -> None:
    quarters = apply(problem, ["periods.length=3 months"])
    after = edited(quarters, "rules[cap].max_share[2026-Q3]=0.4")
    assert after["rules"][0]["max_share"] == {"2026": 0.5, "2026-07-01": 0.4}
