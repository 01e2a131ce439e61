"""Names of records, countries, sources and lanes that are not there, each with a remedy."""

from __future__ import annotations

import pytest

from instances.parse import parse
from instances.problem import Problem
from instances.reference_scope import Known
from instances.references import reference_findings
from tests.instances.misnamed import (
    Case,
    Change,
    Data,
    add,
    assert_found,
    findings,
    put,
    two_metals,
)


@pytest.fixture
def data() -> Data:
    return two_metals()


GALLERY: list[Case] = [
    # ids
    (
        add("outlets", {"id": "scrap", "commodity": "bauxite", "country": "USA", "price": 1}),
        "outlets[1].id",
        "is the id of outlets[0] too",
        None,
        "id of its own",
    ),
    (
        add("sources", {"id": "usgs", "title": "Twice"}),
        "sources[1].id",
        "is the id of sources[0] too",
        None,
        "id of its own",
    ),
    # countries and groups
    (
        put("offers", 0, country="CHX"),
        "offers[cn].country",
        "neither a country",
        "CHN",
        "XAA to XZZ",
    ),
    (put("lanes", 1, origin="XAQ"), "lanes[port].origin", "neither a country", "XAP", "countries"),
    (
        put("lanes", 0, destination="UDA"),
        "lanes[cn-us].destination",
        "neither a country code",
        "USA",
        "three-letter",
    ),
    (
        put("stockpiles", 0, opening_country="QQQ"),
        "stockpiles[vault].opening_country",
        "neither a country code",
        None,
        "three-letter",
    ),
    (
        put("groups", 0, members=["AUS", "CAM"]),
        "groups[partners].members[1]",
        "neither a country code",
        "CAN",
        "three-letter",
    ),
    (
        put("groups", 0, members=["AUS", "AUS"]),
        "groups[partners].members[1]",
        "stands twice",
        None,
        "Keep one",
    ),
    (
        put("groups", 0, members=None, outside="partner"),
        "groups[partners].outside",
        "names a group that does not exist",
        "partners",
        "name one that is there",
    ),
    (
        put("groups", 0, members=None, outside="partners"),
        "groups[partners].outside",
        "has no members of its own",
        None,
        "lists its 'members'",
    ),
    (
        lambda data: data.update(buyers=["USA", "QQQ"]),
        "buyers[1]",
        "neither a country code",
        None,
        "three-letter",
    ),
    (
        put("countries", 0, id="CHN"),
        "countries[CHN].id",
        "is the ISO 3166 code of China",
        None,
        "XAA to XZZ",
    ),
    (
        put("countries", 0, id="QAB"),
        "countries[QAB].id",
        "leaves to its users",
        None,
        "XAA to XZZ",
    ),
    (
        put("groups", 0, id="FEO"),
        "groups[FEO].id",
        "looks like a country code",
        None,
        "such as 'feo'",
    ),
    (
        put("groups", 0, id="Chinalco"),
        "groups[Chinalco].id",
        "is the name of a supplier too",
        None,
        "Rename the group",
    ),
    (
        lambda data: data.update(buyers=["USA", "CAN"]),
        "buyers[1]",
        "with neither a demand nor a stockpile",
        None,
        "Give it a demand",
    ),
    # names of other records
    (
        put("offers", 0, commodity="galium"),
        "offers[cn].commodity",
        "names a commodity that does not exist",
        "gallium",
        "Declare it under 'commodities'",
    ),
    (
        put("outlets", 0, commodity="Gallium"),
        "outlets[scrap].commodity",
        "names a commodity",
        "gallium",
        "Declare",
    ),
    (
        put("lanes", 1, commodities=["gallium", "iron"]),
        "lanes[port].commodities[1]",
        "names a commodity",
        None,
        "Declare",
    ),
    (
        put("lanes", 1, commodities=["gallium", "gallium"]),
        "lanes[port].commodities[1]",
        "stands twice",
        None,
        "Keep one",
    ),
    # where numbers come from
    (put("offers", 0, source="usg"), "offers[cn].source", "names a source", "usgs", "'sources'"),
    (
        put("offers", 0, source={"price": "usgs", "capacity": "iea"}),
        "offers[cn].source.capacity",
        "names a source",
        None,
        "'sources'",
    ),
    (
        put("offers", 0, source={"prise": "usgs"}),
        "offers[cn].source.prise",
        "does not have",
        "price",
        "Name a field",
    ),
    (
        put("offers", 0, assumption={"id": "guessed"}),
        "offers[cn].assumption.id",
        "does not have",
        None,
        "Name a field",
    ),
    (
        lambda data: data.update(discount={"rate": 0.05, "source": "omb"}),
        "discount.source",
        "names a source",
        None,
        "'sources'",
    ),
    # lanes
    (
        put("lanes", 0, id="free.CHN.USA"),
        "lanes[free.CHN.USA].id",
        "begins with 'free.'",
        None,
        "id",
    ),
    (
        put("lanes", 1, freights=[{"commodity": "bauxit", "freight": 5}]),
        "lanes[port].freights[0].commodity",
        "is not carried by the lane",
        None,
        "remove its freight",
    ),
    (
        put("lanes", 1, destination="XAP"),
        "lanes[port].destination",
        "is where the lane begins",
        None,
        "remove it",
    ),
    (
        put("lanes", 0, commodities=["gallium", "bauxite"]),
        "lanes[cn-us].tariff",
        "customs value of 'bauxite', which has none",
        None,
        "commodities[bauxite].customs_value",
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
    found = {finding.where: finding for finding in findings(data)}
    assert where in found
    assert_found(found[where], what, nearest, remedy)


def test_the_gallery_breaks_a_problem_that_fits_together(data: Data) -> None:
    assert reference_findings(parse(data)) == []


def test_a_faulty_table_is_not_searched_for_what_may_stand_in_it(data: Data) -> None:
    problem = parse(data)
    broken = problem.model_copy(update={"commodities": problem.commodities[1:]})
    missing = {finding.where for finding in reference_findings(broken)}
    assert missing == {
        "offers[cn].commodity",
        "offers[au].commodity",
        "lanes[cn-us].commodities[0]",
        "lanes[port].commodities[0]",
        "demand[us].commodity",
        "outlets[scrap].commodity",
        "stockpiles[vault].commodity",
        "rules[cap].commodity",
    }
    assert reference_findings(broken, Known(ids={"commodities": {"gallium"}})) == []
    assert reference_findings(broken, Known(ids={"commodities": {""}})) == []
    assert reference_findings(broken, Known(ids={"commodities": {"iron"}})) != []


def test_labels_of_the_input_name_the_records(data: Data) -> None:
    problem = parse(data)
    broken = problem.model_copy(
        update={"outlets": (problem.outlets[0].model_copy(update={"country": "QQQ"}),)}
    )
    (finding,) = reference_findings(broken, Known(labels={"outlets": ["7"]}))
    assert finding.where == "outlets[7].country"


def test_a_problem_built_directly_refuses_what_does_not_fit(data: Data) -> None:
    data["offers"][0]["commodity"] = "galium"
    with pytest.raises(ValueError, match=r"offers\[cn\].commodity: names a commodity"):
        Problem.model_validate(data)
