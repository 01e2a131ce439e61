"""Edits that do not fit are refused with the nearest name; an edit is written as it is read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from instances.edit import Edit, apply, parse_edit

if TYPE_CHECKING:
    from instances.problem import Problem
from tests.instances.edits import refused, two_sellers


@pytest.fixture
def problem() -> Problem:
    return two_sellers()


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
