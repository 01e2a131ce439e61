"""Edits: what a text selects and changes, and what does not fit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from instances.edit import Edit, apply, parse_edit
from instances.errors import Finding, InputError
from instances.parse import parse
from instances.schedule import Schedule

if TYPE_CHECKING:
    from instances.problem import Problem


@pytest.fixture
def problem() -> Problem:
    """Two sellers, one in tranches, over 2026-2030; a cap of 50 % and a count of sellers."""
    return parse(
        {
            "name": "edits",
            "periods": {"start": "2026-01-01", "count": 5, "length": "1 yr"},
            "groups": {"partners": ["AUS", "CAN"]},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "offers": [
                {
                    "id": "cn",
                    "supplier": "Red, Ltd",
                    "country": "CHN",
                    "commodity": "metal",
                    "price": 100,
                    "capacity": {2026: 50, 2028: 80},
                },
                {
                    "id": "au",
                    "supplier": "Roo",
                    "country": "AUS",
                    "commodity": "metal",
                    "tranches": [{"price": 150, "capacity": 30}, {"price": 200}],
                },
            ],
            "lanes": [
                {
                    "id": "sea",
                    "origin": "CHN",
                    "destination": "USA",
                    "commodities": ["metal"],
                },
                {
                    "id": "air",
                    "origin": "AUS",
                    "destination": "USA",
                    "commodities": ["metal"],
                    "freight": {2026: 10, 2030: 50, "interpolate": True},
                },
            ],
            "demand": [
                {
                    "id": "us",
                    "commodity": "metal",
                    "country": "USA",
                    "quantity": 40,
                    "shortfall_cost": [{"share": 0.5, "cost": 900}, {"share": 0.5, "cost": 1000}],
                }
            ],
            "rules": [
                {
                    "id": "cap",
                    "kind": "share_cap",
                    "of": "CHN",
                    "commodity": "metal",
                    "max_share": 0.5,
                    "denominator": "demand",
                },
                {
                    "id": "sellers",
                    "kind": "min_suppliers",
                    "commodity": "metal",
                    "count": 1,
                    "min_share": 0.1,
                },
            ],
        }
    )


def edited(problem: Problem, *edits: Edit | str) -> dict[str, Any]:
    return apply(problem, edits).to_plain()


def refused(problem: Problem, *edits: Edit | str) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        apply(problem, edits)
    assert all(finding.remedy for finding in caught.value.findings)
    return caught.value.findings


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


@pytest.mark.parametrize(
    ("text", "where", "what", "nearest"),
    [
        # names
        ("ruls[cap].max_share=1", "ruls[cap].max_share", "the field 'ruls'", "rules"),
        ("rules[cap].max_shar=1", "rules[cap].max_shar", "rules[cap] does not have", "max_share"),
        ("rules[sellers].max_share=1", "rules[sellers].max_share", "does not have", "min_share"),
        ("rules[cup].max_share=1", "rules[cup].max_share", "no record of 'rules'", "cap"),
        ("rules[].max_share=1", "rules[].max_share", "no record of 'rules'", None),
        ("offers[contry=CHN].price=1", "offers[contry=CHN].price", "no record of", "country"),
        ("offers[country=CHI].price=1", "offers[country=CHI].price", "no record of", "CHN"),
        (
            "offers[country=CHN,supplier=Roo].price=1",
            "offers[country=CHN,supplier=Roo].price",
            "has together",
            None,
        ),
        ("offers[=].price=1", "offers[=].price", "cannot be read", None),
        ("offers[au].tranches[2].price=1", "offers[au].tranches[2].price", "no place in", None),
        ("offers[au].tranches[-1].price=1", "offers[au].tranches[-1].price", "no place in", None),
        ("groups[partners].members[9]=JPN", "groups[partners].members[9]", "no place in", None),
        ("outlets[*].price=1", "outlets[*].price", "goes into 'outlets', which is not", None),
        # shapes
        ("offers.price=1", "offers.price", "does not say which of 'offers'", None),
        ("offers[au].tranches.price=1", "offers[au].tranches.price", "does not say which", None),
        ("offers[cn]=1", "offers[cn]", "means whole records", None),
        ("offers[au].tranches[0]=1", "offers[au].tranches[0]", "means whole records", None),
        ("offers[cn].price.high=1", "offers[cn].price.high", "which has no fields", None),
        ("offers[cn].price[2026].a=1", "offers[cn].price[2026].a", "which has no fields", None),
        ("periods[0].count=1", "periods[0].count", "brackets after 'periods'", None),
        ("periods.count[0]=1", "periods.count[0]", "brackets after 'count'", None),
        ("offers[cn].tranches[0].price=1", "offers[cn].tranches[0].price", "not stated", None),
        # numbers
        ("offers[cn].supplier*=2", "offers[cn].supplier", "can only be set", None),
        ("periods.length*=2", "periods.length", "can only be set", None),
        ("demand[us].shortfall_cost*=2", "demand[us].shortfall_cost", "can only be set", None),
        ("offers[au].price*=2", "offers[au].price", "has no number to change", None),
        ("offers[au].price[2028]*=2", "offers[au].price[2028]", "no number on that date", None),
        ("offers[cn].price*=two", "offers[cn].price", "multiplied by no number", None),
        ("offers[cn].price*=true", "offers[cn].price", "multiplied by no number", None),
        ("offers[cn].price*=.inf", "offers[cn].price", "multiplied by no number", None),
        ("offers[cn].price*=2 USD/kg", "offers[cn].price", "multiplied by no number", None),
        ("offers[cn].price+=5 kg", "offers[cn].price", "no number in its unit", None),
        ("rules[sellers].count+=1 t", "rules[sellers].count", "no number in its unit", None),
        # dates
        ("rules[cap].max_share[2031]=1", "rules[cap].max_share[2031]", "after the last", None),
        ("rules[cap].max_share[2030-02-01]=1", "rules[cap].max_share[2030-02-01]", "after", None),
        ("rules[cap].max_share[2025]=1", "rules[cap].max_share[2025]", "before the horizon", None),
        ("rules[cap].max_share[soon]=1", "rules[cap].max_share[soon]", "neither a year", None),
        # texts
        ("rules[cap].max_share", "rules[cap].max_share", "is no edit", None),
        ("rules[cap].max_share-=1", "rules[cap].max_share-=1", "is no edit", None),
        ("rules[cap.max_share=1", "rules[cap.max_share=1", "is no edit", None),
        ("=1", "=1", "is no edit", None),
        ("a" * 501 + "=1", "a" * 56 + "..", "is no edit", None),
        ("rules[cap].max_share=", "rules[cap].max_share", "is given no value", None),
        ("offers[cn].price=*x", "offers[cn].price", "is an alias", None),
        ("offers[cn].price=[1", "offers[cn].price", "is not YAML", None),
        # what it leads to
        ("rules[cap].max_share=1.1", "rules[cap].max_share", "is above 1", None),
        ("rules[cap].max_share+=60 pp", "rules[cap].max_share", "is above 1", None),
        ("offers[cn].price=-1", "offers[cn].price", "is below 0", None),
        ("offers[cn].price=1 EUR", "offers[cn].price", "unknown unit 'EUR'", "year"),
        ("offers[cn].commodity=meta", "offers[cn].commodity", "names a commodity", "metal"),
        ("rules[sellers].count*=1.5", "rules[sellers].count", "is not a whole number", None),
        ("lanes[sea].freight=null", "lanes[sea].freight", "is not a number", None),
    ],
)
def test_an_edit_that_does_not_fit_is_told_with_the_nearest_name(
    problem: Problem, text: str, where: str, what: str, nearest: str | None
) -> None:
    (finding,) = refused(problem, text)
    assert finding.where == where
    assert what in finding.what
    assert finding.nearest == nearest


def test_all_edits_that_do_not_fit_are_told_at_once(problem: Problem) -> None:
    found = refused(problem, "ruls.x=1", "offers[cn].price=5", "rules[cup].max_share=2", "what")
    assert [finding.where for finding in found] == ["ruls.x", "rules[cup].max_share", "what"]


def test_an_edit_may_be_built_of_its_parts(problem: Problem) -> None:
    edit = Edit(select="rules[cap].max_share", value=0.4)
    assert edit == parse_edit("rules[cap].max_share=0.4")
    assert apply(problem, [edit]) == apply(problem, ["rules[cap].max_share=0.4"])
    assert Edit(select="offers[*].price", action="add", value="1 USD/kg") == parse_edit(
        "offers[*].price += 1 USD/kg"
    )


def test_a_path_that_is_none_is_refused_in_a_built_edit_too(problem: Problem) -> None:
    (finding,) = refused(problem, Edit(select="rules[cap", value=1))
    assert "is no path" in finding.what


@pytest.mark.parametrize(
    "edit",
    [
        Edit(select="a.b", value=0.4),
        Edit(select="a[c].b", action="multiply", value=2),
        Edit(select="a", action="add", value="5 %"),
        Edit(select="a", value=None),
        Edit(select="a", value=True),
        Edit(select="a", value="true"),
        Edit(select="a", value="5"),
        Edit(select="a", value="a: b # c"),
        Edit(select="a", value=""),
        Edit(select="a", value=["USA", "CAN"]),
        Edit(select="a", value={"each": ["x"]}),
        Edit(select="a", value=date(2026, 1, 1)),
        Edit(select="a", value="2026-01-01"),
    ],
    ids=str,
)
def test_an_edit_is_written_as_it_is_read(edit: Edit) -> None:
    assert parse_edit(str(edit)) == edit
