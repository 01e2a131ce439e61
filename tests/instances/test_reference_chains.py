"""Facilities, recycling, substitutions and cargo that name what is not there or cannot be."""

from __future__ import annotations

import pytest

from instances.parse import parse
from tests.instances.misnamed import (
    Case,
    Change,
    Data,
    assert_found,
    cap,
    findings,
    put,
    recipe,
    separated,
)


@pytest.fixture
def data() -> Data:
    return separated()


def both(*changes: Change) -> Change:
    return lambda data: [change(data) for change in changes]


SEP = "facilities[eneabba].processes[sep]"
GALLERY: list[Case] = [
    # countries
    (
        put("facilities", 0, country="CHX"),
        "facilities[eneabba].country",
        "neither a country",
        "CHN",
        "three-letter",
    ),
    (put("offers", 1, ore="CHX"), "offers[toll].ore", "neither a country", "CHN", "three-letter"),
    (
        put("offers", 1, via=["VNM", "CHX"]),
        "offers[toll].via[1]",
        "neither a country",
        "CHN",
        "three-letter",
    ),
    (put("offers", 1, via=["VNM", "VNM"]), "offers[toll].via[1]", "stands twice", None, "Keep"),
    (
        put("stockpiles", 0, opening_ore="CHX"),
        "stockpiles[vault].opening_ore",
        "neither a country",
        "CHN",
        "three-letter",
    ),
    (
        put("recycling", 0, country="UDA"),
        "recycling[scrap].country",
        "neither a country",
        "USA",
        "code",
    ),
    (
        put("in_transit", 0, country="UDA"),
        "in_transit[ship].country",
        "neither a country",
        "USA",
        "code",
    ),
    (
        put("in_transit", 0, seller="CHX"),
        "in_transit[ship].seller",
        "neither a country",
        "CHN",
        "code",
    ),
    (put("in_transit", 0, ore="CHX"), "in_transit[ship].ore", "neither", "CHN", "code"),
    # commodities
    (
        recipe(inputs={"oree": 1}),
        f"{SEP}.inputs.oree",
        "names a commodity that does not exist",
        "ore",
        "'commodities'",
    ),
    (
        recipe(outputs={"nd": 0.2, "d.y": 0.1}),
        f"{SEP}.outputs[d.y]",
        "names a commodity that does not exist",
        "dy",
        "'commodities'",
    ),
    (
        put("recycling", 0, commodity="metl"),
        "recycling[scrap].commodity",
        "names a commodity",
        "metal",
        "'commodities'",
    ),
    (
        put("substitutions", 0, commodity="dyy"),
        "substitutions[swap].commodity",
        "names a commodity",
        "dy",
        "'commodities'",
    ),
    (
        put("in_transit", 0, commodity="metl"),
        "in_transit[ship].commodity",
        "names a commodity",
        "metal",
        "'commodities'",
    ),
    # other records
    (
        put("expansions", 0, facility="smelte"),
        "expansions[line].facility",
        "names a facility that does not exist",
        "smelter",
        "'facilities'",
    ),
    (
        put("expansions", 0, facility="eneabba"),
        "expansions[line].facility",
        "whose capacity is unlimited",
        None,
        "State facilities[eneabba].capacity (0 for a site to build)",
    ),
    (
        put("recycling", 0, of=["us", "uss"]),
        "recycling[scrap].of[1]",
        "names a demand that does not exist",
        "us",
        "'demand'",
    ),
    (
        put("recycling", 0, of=["us", "us"]),
        "recycling[scrap].of[1]",
        "stands twice",
        None,
        "Keep one",
    ),
    (
        put("recycling", 0, of=[]),
        "recycling[scrap].recovered",
        "is a part of what demands are delivered, but 'of' names none",
        None,
        "or state what comes back as 'given'",
    ),
    (
        put("substitutions", 0, demand="uss"),
        "substitutions[swap].demand",
        "names a demand that does not exist",
        "us",
        "'demand'",
    ),
    (
        put("substitutions", 0, commodity="metal"),
        "substitutions[swap].commodity",
        "is what the demand 'us' asks for already",
        None,
        "Name another commodity",
    ),
    (
        recipe(source="ilka"),
        f"{SEP}.source",
        "names a source that does not exist",
        "iluka",
        "'sources'",
    ),
    (
        recipe(assumption={"costs": "a guess"}),
        f"{SEP}.assumption.costs",
        "a field that this record does not have",
        "cost",
        "Name a field",
    ),
    (
        lambda data: data["groups"].update(smelter=["USA"]),
        "groups[smelter].id",
        "is the id of a facility too",
        None,
        "Rename the group",
    ),
    # more comes back than went
    (
        put("recycling", 0, recovered={2026: 0.5, 2027: 1}),
        "recycling[scrap].recovered",
        "gives back 1 t of 'metal' per tonne delivered to 'us' in 2027, as soon as it is",
        None,
        "Keep the sum below 1",
    ),
    (
        lambda data: data["recycling"].append(
            data["recycling"][0] | {"id": "late", "recovered": 0.9, "lag": 365}
        ),
        "recycling[late].recovered",
        "gives back with the others 1.1 t of 'metal' per tonne delivered to 'us' in 2026",
        None,
        "Keep the sum at 1 or below",
    ),
    # rules
    (
        cap(of="smelte"),
        "rules[cap].of",
        "names nobody",
        "smelter",
        "or a supplier as its offers spell it",
    ),
    (
        cap(of="smelter", origin="traced"),
        "rules[cap].origin",
        "follows the ore of goods by country, but the rule is about the supplier 'smelter'",
        None,
        "or write origin: direct",
    ),
    (
        cap(of="Toller", origin="touched"),
        "rules[cap].origin",
        "follows the steps of goods by country, but the rule is about the supplier 'Toller'",
        None,
        "Name a country or a group under 'of'",
    ),
    (
        cap(commodity="ore"),
        "rules[cap].denominator",
        "counts shares of the demand for 'ore', and there is none",
        None,
        "count supply",
    ),
    (
        cap(commodity={"each": ["metal", "nd"]}),
        "rules[cap].denominator",
        "counts shares of the demand for 'nd', and there is none",
        None,
        "count supply",
    ),
    (
        cap(commodity=None, stage="mine", denominator="deliveries"),
        "rules[cap].denominator",
        "counts shares of the deliveries of 'ore', for which there is no demand",
        None,
        "count supply",
    ),
    (
        cap(denominator="value"),
        "rules[cap].denominator",
        "counts what is paid, but facilities[smelter] makes 'metal', and what is made has no",
        None,
        "denominator: supply",
    ),
    (
        cap(commodity=["ore", "nd"], denominator="value"),
        "rules[cap].denominator",
        "facilities[eneabba] makes 'nd'",
        None,
        "denominator: supply",
    ),
]


@pytest.mark.parametrize(
    ("change", "where", "what", "nearest", "remedy"),
    GALLERY,
    ids=[f"{where}-{what[:20]}" for _, where, what, _, _ in GALLERY],
)
def test_what_does_not_fit_together_is_found_at_its_place_with_a_remedy(
    data: Data, change: Change, where: str, what: str, nearest: str | None, remedy: str
) -> None:
    change(data)
    (finding,) = findings(data)
    assert finding.where == where
    assert_found(finding, what, nearest, remedy)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: None,
        # a facility is somebody who sells, as far as rules go
        cap(of="smelter"),
        # the demand of nothing is no rule, but a stage may hold goods that are only passed on
        cap(commodity=None, stage="metal"),
        cap(commodity="ore", denominator="supply"),
        cap(commodity="ore", denominator="value"),
        # what serves instead is delivered, too
        cap(commodity="dy", denominator="deliveries"),
        cap(of="covered", origin="touched"),
        # all of it, but a year later
        put("recycling", 0, recovered=1, lag=365),
        # what comes back is something else
        put("recycling", 0, commodity="nd", recovered=0.9),
        put("facilities", 1, start="2026-07-01", capacity={2026: 1}),
    ],
)
def test_what_fits_together_is_taken(data: Data, change: Change) -> None:
    change(data)
    parse(data)


def test_a_faulty_facility_is_not_held_against_those_that_name_it(data: Data) -> None:
    data["facilities"][1]["capacity"] = "much"
    data["rules"][0]["of"] = "smelter"
    (finding,) = findings(data)
    assert finding.where == "facilities[smelter].capacity"
