"""Rules that name nobody, or what is not theirs to name; and what they may name."""

from __future__ import annotations

from typing import Any

import pytest

from instances.parse import parse
from instances.reference_scope import MOST_SEARCHES
from tests.instances.misnamed import (
    Case,
    Change,
    Data,
    assert_found,
    cap,
    findings,
    put,
    two_metals,
)


@pytest.fixture
def data() -> Data:
    return two_metals()


def reserve(place: Data, **fields: Any) -> Change:
    """Add a stockpile and a target of 30 days for it."""

    def change(data: Data) -> None:
        data["stockpiles"].append({"id": "store", **place})
        data["rules"][1].update({"stockpile": "store", "cover_days": 30, **fields})

    return change


GALLERY: list[Case] = [
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
    assert_found(found[where], what, nearest, remedy)


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


def test_searching_for_near_names_ends_where_nobody_reads_on(data: Data) -> None:
    data["rules"] = [
        data["rules"][0] | {"id": f"r{n}", "of": f"Chinalco {n}"}
        for n in range(MOST_SEARCHES + 50)
    ]
    found = findings(data)
    assert found[0].nearest == "Chinalco"
    assert sum(finding.nearest is not None for finding in found) == MOST_SEARCHES
