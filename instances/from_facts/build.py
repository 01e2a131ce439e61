"""The problem: who sells, at what price, what users need, which caps hold and what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, shortened
from instances.facts import fact, facts, origins
from instances.from_facts.limits import demand, reserve, rules
from instances.from_facts.markets import BUYER, Market, market
from instances.from_facts.sellers import LEADER, UNNAMED, marked, offers, rounded
from instances.parse import parse

if TYPE_CHECKING:
    from instances.problem import Problem

_MOST_YEARS = 40
_BOX = 20.0
"""Tonnes in a container of 40 feet."""
_ASIA = {"CHN", "HKG", "IDN", "JPN", "KOR", "MYS", "PHL", "THA", "TWN", "VNM"}
_EUROPE = {
    "AUT", "BEL", "CHE", "CZE", "DEU", "ESP", "EST", "FIN", "FRA", "GBR", "IRL", "ITA", "LVA",
    "NLD", "NOR", "POL", "SWE",
}  # fmt: skip
_ROUTES = {
    "asia": "Shanghai to Los Angeles",
    "europe": "Rotterdam to New York",
    "": "composite to composite",
}


def from_facts(mineral: str, buyer: str = BUYER, first: int = 2026, last: int = 2035) -> Problem:
    """Return a problem that can be solved: a buyer's need of a mineral and all who could meet it.

    Every number is a found figure, named by its source, or an assumption that says what it rests
    on. Offers are countries: what they make and what of it the buyer can have.

    Parameters
    ----------
    mineral
        As the facts name it.
    buyer
        ISO code; the facts tell the use and the imports of the United States alone.
    first, last
        First and last year.

    Raises
    ------
    InputError
        No such mineral or buyer, years in the wrong order, rows at fault, or facts missing: every
        one of them.
    """
    findings = []
    if buyer != BUYER:
        findings.append(
            Finding("buyer", "is none whose use the facts tell", shortened(buyer), BUYER)
        )
    if not 1900 <= first <= last < min(first + _MOST_YEARS, 2200):
        findings.append(
            Finding(
                "years",
                f"must run from a first to a last, at most {_MOST_YEARS} of them",
                f"{first} to {last}",
            )
        )
    if findings:
        raise InputError(findings)
    return parse(plain(market(mineral), first, last))


def plain(known: Market, first: int, last: int) -> dict[str, Any]:
    """Return the problem as plain data."""
    recipe, mineral = known.recipe, known.mineral
    sold = offers(known)
    others = sorted({offer["country"] for offer in sold} - {BUYER, LEADER})
    good: dict[str, Any] = {
        "id": mineral,
        "name": recipe.name,
        "stage": recipe.stage,
        "basis": recipe.basis,
        "customs_value": rounded(known.usd_per_tonne) if recipe.price_per else known.usd_per_tonne,
    }
    held = recipe.price_per
    note = f"Divided by {held[0]:.4f} t {held[1]}." if held else ""
    marked(good, known.price, "customs_value", note)
    made: dict[str, Any] = {
        "schema": 1,
        "name": f"{mineral.replace('_', '-')}-usa",
        "about": f"{recipe.name.capitalize()} for the United States, {first}-{last}: who can sell "
        "it, at what cost the share of China and of any one seller falls, and a reserve grows. "
        f"Built from the facts. {recipe.caveat}".strip(),
        "buyers": [BUYER],
        "periods": {
            "start": f"{first}-01-01",
            "count": last - first + 1,
            "length": "1 yr",
            "assumption": "The horizon asked about: a planner's choice.",
        },
        "discount": {
            "rate": 0.05,
            "assumption": "Real rate for public money; no source prescribes one.",
        },
        "commodities": [good],
        "offers": sold,
        "lanes": [_lane(known, code) for code in sorted({o["country"] for o in sold} - {BUYER})],
        "demand": [demand(known)],
        "stockpiles": [reserve(known)],
        "rules": rules(known, sold, first, last),
    }
    if UNNAMED in others:
        made["countries"] = [{"id": UNNAMED, "name": "countries not named"}]
    if others:
        made["groups"] = {"others": others}
    made["sources"] = _sources(made)
    return made


def _lane(known: Market, code: str) -> dict[str, Any]:
    route = _ROUTES["asia" if code in _ASIA else "europe" if code in _EUROPE else ""]
    box = fact("tariffs_and_logistics", source="page_drewry_2025", item=route)
    lane: dict[str, Any] = {
        "id": f"{code.lower()}-usa",
        "origin": code,
        "destination": BUYER,
        "commodities": [known.mineral],
        "freight": rounded(box.to("USD") / _BOX),
    }
    marked(lane, box, "freight", f"A container of 40 ft, {route}, with 20 t in it.")
    if code != LEADER:
        return lane
    word = "natural graphite" if known.mineral == "graphite_natural" else known.mineral
    duties = [
        row
        for row in facts("tariffs_and_logistics", kind="tariff_section301", origin=LEADER)
        if row.value is not None and word in row.row["item"]
    ]
    if duties:
        lane["tariff"] = duties[0].to("fraction")
        marked(lane, duties[0], "tariff")
    else:
        lane["tariff"] = 0.0
        lane["assumption"]["tariff"] = "No duty on it was found among the facts: none is counted."
    return lane


def _sources(made: dict[str, Any]) -> list[dict[str, str]]:
    """Return the sources that are cited, or named in an assumption."""
    told = str({key: value for key, value in made.items() if key != "sources"})
    return [
        {
            "id": origin.key,
            "title": origin.title,
            "publisher": origin.publisher,
            "licence": origin.licence,
        }
        for origin in origins().values()
        if f"'{origin.key}'" in told or f"({origin.key}," in told
    ]
