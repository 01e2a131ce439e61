from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.errors import Finding, InputError
from instances.parse import parse

Data = dict[str, Any]
Change = Callable[[Data], object]


@pytest.fixture
def data() -> Data:
    """Ore is separated at Eneabba, made to metal in the USA and used; some of it comes back."""
    return {
        "name": "chains",
        "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        "groups": {"covered": ["CHN"]},
        "sources": [{"id": "iluka", "title": "Iluka, annual report"}],
        "commodities": [
            {"id": "ore", "stage": "mine", "basis": "REO"},
            {"id": "nd", "stage": "oxide", "basis": "REO"},
            {"id": "dy", "stage": "oxide", "basis": "REO"},
            {"id": "metal", "stage": "metal", "basis": "product"},
        ],
        "offers": [
            {"id": "mine", "supplier": "Iluka", "country": "AUS", "commodity": "ore", "price": 5},
            {
                "id": "toll",
                "supplier": "Toller",
                "country": "MYS",
                "commodity": "metal",
                "price": 99,
                "ore": "CHN",
                "via": ["VNM", "CHN"],
            },
        ],
        "facilities": [
            {
                "id": "eneabba",
                "country": "AUS",
                "processes": [{"id": "sep", "inputs": {"ore": 1}, "outputs": {"nd": 0.2}}],
            },
            {
                "id": "smelter",
                "country": "USA",
                "capacity": 10,
                "processes": [{"id": "melt", "inputs": {"nd": 1.2}, "outputs": {"metal": 1}}],
            },
        ],
        "expansions": [{"id": "line", "facility": "smelter", "size": 50, "capex": 900}],
        "demand": [{"id": "us", "commodity": "metal", "country": "USA", "quantity": 3}],
        "recycling": [
            {"id": "scrap", "country": "USA", "commodity": "metal", "of": ["us"], "recovered": 0.2}
        ],
        "substitutions": [{"id": "swap", "demand": "us", "commodity": "dy", "limit": 0.1}],
        "stockpiles": [
            {
                "id": "vault",
                "commodity": "metal",
                "country": "USA",
                "opening": 2,
                "opening_ore": "AUS",
            }
        ],
        "in_transit": [
            {
                "id": "ship",
                "commodity": "metal",
                "country": "USA",
                "tonnes": 4,
                "arrives": "2026-03-01",
            }
        ],
        "rules": [
            {
                "id": "cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "metal",
                "max_share": 0.9,
                "denominator": "demand",
            }
        ],
    }


def findings(data: Data) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        parse(data)
    return caught.value.findings


def put(table: str, place: int, **fields: Any) -> Change:
    return lambda data: data[table][place].update(fields)


def recipe(**fields: Any) -> Change:
    return lambda data: data["facilities"][0]["processes"][0].update(fields)


def cap(**fields: Any) -> Change:
    return put("rules", 0, **fields)


def both(*changes: Change) -> Change:
    return lambda data: [change(data) for change in changes]


SEP = "facilities[eneabba].processes[sep]"
GALLERY: list[tuple[Change, str, str, str | None, str]] = [
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
    assert what in finding.what
    assert finding.nearest == nearest
    assert finding.remedy is not None
    assert remedy in finding.remedy


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


FAULTS: list[tuple[Change, str, str]] = [
    (recipe(inputs={7: 1}), f"{SEP}.inputs[7]", "is not text"),
    (recipe(inputs={"a b": 1}), f"{SEP}.inputs.'a b'", "is not an id"),
    (recipe(inputs={"ore": "lots"}), f"{SEP}.inputs.ore", "is not a number or a quantity"),
    (recipe(inputs={"ore": -1}), f"{SEP}.inputs.ore", "is below 0"),
    (recipe(inputs=3), f"{SEP}.inputs", "is not a map of names and values"),
    (recipe(outputs={}), f"{SEP}.outputs", "has too few entries"),
    (recipe(outputs={"ore": 1}), SEP, "is both an input and an output"),
    (recipe(carrier="nd"), SEP, "'carrier' 'nd' is none of the inputs"),
    (recipe(carier="ore"), f"{SEP}.carier", "is not a field here"),
    (recipe(cost="9 t"), f"{SEP}.cost", "does not measure the same as 'USD/t'"),
    (put("facilities", 0, start=2026), "facilities[eneabba].start", "is not a date"),
    (
        put("facilities", 0, start="2027-01-01", end="2026-01-01"),
        "facilities[eneabba]",
        "the end must come later",
    ),
    (put("facilities", 0, minimum_run=1), "facilities[eneabba]", "but no 'capacity'"),
    (
        lambda data: data["facilities"][0]["processes"].append(
            data["facilities"][0]["processes"][0]
        ),
        "facilities[eneabba]",
        "more than one process with the id sep",
    ),
    (put("expansions", 0, size=0), "expansions[line].size", "is not above 0"),
    (put("expansions", 0, ramp=[0.5, 2]), "expansions[line].ramp[1]", "is above 1"),
    (
        put("expansions", 0, start="2027-01-01", end="2026-01-01"),
        "expansions[line]",
        "the end must come later",
    ),
    (put("in_transit", 0, arrives=2026), "in_transit[ship].arrives", "is not a date"),
    (put("substitutions", 0, ratio=0), "substitutions[swap].ratio", "is not above 0"),
]


@pytest.mark.parametrize(
    ("change", "where", "what"), FAULTS, ids=[f"{where}-{what[:20]}" for _, where, what in FAULTS]
)
def test_a_record_that_is_wrong_in_itself_is_found_at_its_place(
    data: Data, change: Change, where: str, what: str
) -> None:
    change(data)
    (finding,) = findings(data)
    assert finding.where == where
    assert what in finding.what
    assert finding.remedy
