from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.errors import Finding, InputError
from instances.parse import parse
from instances.problem import Problem
from instances.reference_scope import MOST_SEARCHES, Known
from instances.references import reference_findings

Data = dict[str, Any]
Change = Callable[[Data], object]


@pytest.fixture
def data() -> Data:
    """Two metals from three sellers for two users, a lane with a tariff, a vault and rules."""
    return {
        "name": "references",
        "buyers": ["USA"],
        "countries": [{"id": "XAP", "name": "Port"}],
        "groups": [{"id": "partners", "members": ["AUS", "CAN"]}],
        "sources": [{"id": "usgs", "title": "Mineral Commodity Summaries"}],
        "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        "commodities": [
            {"id": "gallium", "stage": "metal", "basis": "Ga", "customs_value": 400},
            {"id": "bauxite", "stage": "mine", "basis": "product"},
        ],
        "offers": [
            {
                "id": "cn",
                "supplier": "Chinalco",
                "country": "CHN",
                "commodity": "gallium",
                "price": 370,
                "capacity": 750,
                "source": "usgs",
            },
            {
                "id": "au",
                "supplier": "Wagerup",
                "country": "AUS",
                "commodity": "gallium",
                "tranches": [{"price": 100, "capacity": 5}, {"price": 200}],
                "start": "2027-01-01",
            },
        ],
        "lanes": [
            {
                "id": "cn-us",
                "origin": "CHN",
                "destination": "USA",
                "commodities": ["gallium"],
                "tariff": "3 %",
            },
            {"id": "port", "origin": "XAP", "destination": "USA", "commodities": ["gallium"]},
        ],
        "demand": [
            {
                "id": "us",
                "commodity": "gallium",
                "country": "USA",
                "quantity": 19,
                "demand_class": "defence",
                "shortfall_cost": [{"share": 0.5, "cost": 1000}, {"share": 0.5, "cost": 9000}],
            },
            {"id": "ore", "commodity": "bauxite", "country": "JPN", "quantity": 1},
        ],
        "outlets": [{"id": "scrap", "commodity": "gallium", "country": "USA", "price": 5}],
        "stockpiles": [
            {
                "id": "vault",
                "commodity": "gallium",
                "country": "USA",
                "opening": 2,
                "opening_country": "CHN",
            }
        ],
        "rules": [
            {
                "id": "cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "gallium",
                "max_share": 0.9,
                "denominator": "demand",
            },
            {"id": "cover", "kind": "stock_target", "stockpile": "vault", "cover_days": 60},
        ],
    }


def findings(data: Data) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        parse(data)
    return caught.value.findings


def put(table: str, place: int, **fields: Any) -> Change:
    return lambda data: data[table][place].update(fields)


def add(table: str, record: Data) -> Change:
    return lambda data: data[table].append(record)


def cap(**fields: Any) -> Change:
    return put("rules", 0, **fields)


def reserve(place: Data, **fields: Any) -> Change:
    """Add a stockpile and a target of 30 days for it."""

    def change(data: Data) -> None:
        data["stockpiles"].append({"id": "store", **place})
        data["rules"][1].update({"stockpile": "store", "cover_days": 30, **fields})

    return change


GALLERY: list[tuple[Change, str, str, str | None, str]] = [
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
    # rules
    (cap(of="Nobody Inc"), "rules[cap].of", "names nobody", None, "as its offers spell it"),
    (cap(of="Chinalko"), "rules[cap].of", "names nobody", "Chinalco", "supplier"),
    (cap(of="China"), "rules[cap].of", "names nobody", "CHN", "three-letter code"),
    (cap(of="partner"), "rules[cap].of", "names nobody", "partners", "group"),
    (cap(of="QQQ"), "rules[cap].of", "neither a country code", None, "three-letter code"),
    (
        cap(of=["CHN", "Wagerup"]),
        "rules[cap].of[1]",
        "cannot be meant here",
        None,
        "one rule for each",
    ),
    (cap(of=["CHN", "chn"]), "rules[cap].of[1]", "no country or group", "CHN", "or a group."),
    (cap(of=["CHN", "CHN"]), "rules[cap].of[1]", "stands twice", None, "Keep one"),
    (cap(of={"each": "partner"}), "rules[cap].of.each", "names nobody", "partners", "or a group"),
    (
        cap(of={"each": ["CHN", "CHX"]}),
        "rules[cap].of.each[1]",
        "neither a country",
        "CHN",
        "code",
    ),
    (cap(commodity="galium"), "rules[cap].commodity", "names a commodity", "gallium", "Declare"),
    (
        cap(commodity={"each": ["gallium", "iron"]}),
        "rules[cap].commodity.each[1]",
        "names a commodity",
        None,
        "Declare",
    ),
    (
        cap(commodity={"each": ["gallium", "gallium"]}),
        "rules[cap].commodity.each[1]",
        "stands twice",
        None,
        "Keep one",
    ),
    (
        cap(commodity=None, stage="metals"),
        "rules[cap].stage",
        "no commodity is at",
        "metal",
        "stage",
    ),
    (
        cap(denominator="deliveries", demand_class="defense"),
        "rules[cap].demand_class",
        "a class that no demand has",
        "defence",
        "Name the demand_class",
    ),
    (cap(buyers=["USA", "CAN"]), "rules[cap].buyers[1]", "neither a demand nor", None, "Give it"),
    (cap(buyers=["XAB"]), "rules[cap].buyers[0]", "neither a country code", "XAP", "three-letter"),
    (
        put("rules", 1, stockpile="vaultt"),
        "rules[cover].stockpile",
        "names a stockpile",
        "vault",
        "'stockpiles'",
    ),
    (
        put("rules", 1, demand=["us", "uss"]),
        "rules[cover].demand[1]",
        "names a demand",
        "us",
        "'demand'",
    ),
    (
        put("rules", 1, demand=["us", "ore"]),
        "rules[cover].demand[1]",
        "is a demand for 'bauxite', but the stockpile holds 'gallium'",
        None,
        "demands for 'gallium' only",
    ),
    (
        reserve({"commodity": "gallium", "country": "CAN"}),
        "rules[cover].stockpile",
        "CAN has none for 'gallium'",
        None,
        "under 'demand'",
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
    finding = found[where]
    assert what in finding.what
    assert finding.nearest == nearest
    assert finding.remedy is not None
    assert remedy in finding.remedy


def test_the_gallery_breaks_a_problem_that_fits_together(data: Data) -> None:
    assert reference_findings(parse(data)) == []


FITTING: list[Change] = [
    # a country that sells nothing may be capped before it does
    cap(of="KAZ"),
    cap(of="XAP"),
    cap(of="Wagerup"),
    cap(of=["partners", "CHN"]),
    cap(of={"each": "partners"}),
    cap(of={"each": ["CHN", "AUS"]}),
    cap(denominator="deliveries", demand_class="civil"),
    cap(buyers=["JPN", "USA"]),
    cap(commodity=None, stage="mine"),
    # sources are free text while none is declared
    lambda data: (data.pop("sources"), data["offers"][0].update(source="a letter of 2025")),
    put("offers", 0, source={"price": "usgs"}, assumption={"capacity": "a guess"}),
    # a tariff needs the customs value only of what the lane carries
    put("lanes", 0, commodities=["gallium"]),
    reserve({"commodity": "gallium", "country": "CAN"}, demand=["us"]),
    reserve({"commodity": "gallium", "country": "CAN"}, cover_days=None, tonnes=5),
    # the same id in two tables
    put("outlets", 0, id="vault"),
]


@pytest.mark.parametrize("change", FITTING, ids=range(len(FITTING)))
def test_what_fits_together_is_let_through(data: Data, change: Change) -> None:
    change(data)
    parse(data)


def test_a_supplier_of_three_capitals_cannot_be_told_from_a_country(data: Data) -> None:
    data["offers"][0]["supplier"] = "MPM"
    data["rules"][0]["of"] = "MPM"
    (finding,) = findings(data)
    assert finding.where == "rules[cap].of"
    assert finding.remedy is not None
    assert "name in full" in finding.remedy


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


def test_searching_for_near_names_ends_where_nobody_reads_on(data: Data) -> None:
    data["rules"] = [
        data["rules"][0] | {"id": f"r{n}", "of": f"Chinalco {n}"}
        for n in range(MOST_SEARCHES + 50)
    ]
    found = findings(data)
    assert found[0].nearest == "Chinalco"
    assert sum(finding.nearest is not None for finding in found) == MOST_SEARCHES


def test_a_problem_built_directly_refuses_what_does_not_fit(data: Data) -> None:
    data["offers"][0]["commodity"] = "galium"
    with pytest.raises(ValueError, match=r"offers\[cn\].commodity: names a commodity"):
        Problem.model_validate(data)
