"""Cross-references of a problem: every id in use exists, and what is stated fits together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instances.errors import Finding, shortened
from instances.fields import fields_of
from instances.record import Record
from instances.reference_chains import chain_findings
from instances.reference_dates import date_findings, falling_findings
from instances.reference_events import event_findings
from instances.reference_funds import fund_findings
from instances.reference_money import money_findings
from instances.reference_owners import owner_findings
from instances.reference_rules import rule_findings
from instances.reference_scenarios import scenario_findings
from instances.reference_scope import Known, Scope
from instances.reference_stocks import stock_findings
from instances.reference_survival import survival_findings
from instances.routes import FREE
from instances.words import country_codes, country_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from instances.problem import Problem

_USER_ASSIGNED = re.compile("X[A-Z]{2}")
_LIKE_COUNTRY = re.compile("[A-Z]{3}")
_COUNTRIES = {
    "offers": ("country", "ore"),
    "facilities": ("country",),
    "lanes": ("origin", "destination"),
    "demand": ("country",),
    "recycling": ("country",),
    "outlets": ("country",),
    "stockpiles": ("country", "opening_country", "opening_ore"),
    "in_transit": ("country", "seller", "ore"),
}
"""By table, the fields that hold one country."""
_COMMODITIES = (
    "offers",
    "demand",
    "recycling",
    "substitutions",
    "outlets",
    "stockpiles",
    "in_transit",
)
"""Tables whose records name one commodity."""
_NO_NUMBERS = frozenset({"id", "kind", "source", "assumption"})


def reference_findings(problem: Problem, known: Known | None = None) -> list[Finding]:
    """Return everything about ``problem`` that does not fit together.

    Parameters
    ----------
    problem
        Every record valid in itself.
    known
        What its input holds besides valid records; nothing if not given.
    """
    scope = Scope(problem, known or Known())
    findings = [
        *_identities(scope),
        *_countries(scope),
        *_groups(scope),
        *_buyers(scope),
        *_names(scope),
        *_provenance(scope),
        *owner_findings(scope),
        *_contracts(scope),
        *_lanes(scope),
        *chain_findings(scope),
        *stock_findings(scope),
        *money_findings(scope),
        *fund_findings(scope),
        *rule_findings(scope),
        *event_findings(scope),
        *scenario_findings(scope),
        *survival_findings(scope),
        *falling_findings(scope),
    ]
    if scope.known.horizon:
        findings += date_findings(scope)
    return findings


def _identities(scope: Scope) -> Iterator[Finding]:
    for table, records in scope.tables():
        first: dict[str, str] = dict.fromkeys(scope.known.ids.get(table, ()), "another record")
        for place, record in enumerate(records):
            where = scope.where(table, place)
            if record.id in first:
                yield Finding(
                    f"{where}.id",
                    f"is the id of {first[record.id]} too",
                    shortened(record.id),
                    remedy=f"Give every record of '{table}' an id of its own.",
                )
            else:
                first[record.id] = where


def _countries(scope: Scope) -> Iterator[Finding]:
    for place, country in enumerate(scope.problem.countries):
        where = f"{scope.where('countries', place)}.id"
        if country.id in country_codes():
            if country.name is None and country.governance is not None:
                continue
            yield Finding(
                where,
                f"is the ISO 3166 code of {country_name(country.id)} already",
                country.id,
                remedy="Remove the record, or give the place a code from XAA to XZZ.",
            )
        elif not _USER_ASSIGNED.fullmatch(country.id):
            yield Finding(
                where,
                "is not one of the codes that ISO 3166 leaves to its users",
                country.id,
                remedy="Give the place a code from XAA to XZZ.",
            )
        elif country.name is None:
            yield Finding(
                where.removesuffix("id") + "name",
                "is missing: only countries of ISO 3166 are known by their code",
                country.id,
                remedy="Say what place it is.",
            )
    for table, names in _COUNTRIES.items():
        for place, record in enumerate(getattr(scope.problem, table)):
            for name in names:
                code = getattr(record, name)
                # the path is text: made only where there is something to say
                if code is not None and not scope.has_country(code):
                    yield from scope.unknown_country(f"{scope.where(table, place)}.{name}", code)
    for place, offer in enumerate(scope.problem.offers):
        if offer.via:
            yield from _places(scope, f"{scope.where('offers', place)}.via", offer.via)


def _groups(scope: Scope) -> Iterator[Finding]:
    suppliers = {offer.supplier for offer in scope.problem.offers}
    for place, group in enumerate(scope.problem.groups):
        where = scope.where("groups", place)
        if _LIKE_COUNTRY.fullmatch(group.id):
            yield Finding(
                f"{where}.id",
                "looks like a country code",
                group.id,
                remedy="Give the group a name that is not three capitals, such as "
                f"'{group.id.lower()}'.",
            )
        if group.id in suppliers:
            yield Finding(
                f"{where}.id",
                "is the name of a supplier too, so that a rule could mean either",
                group.id,
                remedy="Rename the group.",
            )
        elif group.id in scope.ids("facilities"):
            yield Finding(
                f"{where}.id",
                "is the id of a facility too, so that a rule could mean either",
                group.id,
                remedy="Rename the group.",
            )
        if group.outside is not None:
            yield from _outside(scope, f"{where}.outside", group.outside)
        else:
            yield from _places(scope, f"{where}.members", group.members or ())


def _outside(scope: Scope, where: str, name: str) -> Iterator[Finding]:
    yield from scope.unknown(where, "groups", name, "a group")
    if any(group.id == name and group.outside is not None for group in scope.problem.groups):
        yield Finding(
            where,
            "is a group that has no members of its own",
            shortened(name),
            remedy="Name a group that lists its 'members'.",
        )


def _buyers(scope: Scope) -> Iterator[Finding]:
    yield from _places(scope, "buyers", scope.problem.buyers)
    yield from scope.without_need("buyers", scope.problem.buyers)


def _places(scope: Scope, where: str, codes: Iterable[str]) -> Iterator[Finding]:
    codes = tuple(codes)
    for place, code in enumerate(codes):
        yield from scope.unknown_country(f"{where}[{place}]", code)
    yield from scope.repeated(where, codes)


def _names(scope: Scope) -> Iterator[Finding]:
    for table in _COMMODITIES:
        for place, record in enumerate(getattr(scope.problem, table)):
            if not scope.has("commodities", record.commodity):
                where = f"{scope.where(table, place)}.commodity"
                yield from scope.unknown(where, "commodities", record.commodity, "a commodity")


def faulty_findings(
    scope: Scope, table: str, where: str, record: Mapping[str, object], faulty: Collection[str]
) -> Iterator[Finding]:
    """Yield the unknown names in a record that is faulty in other fields.

    Parameters
    ----------
    where
        Path of the record.
    record
        Its fields as they stand in the input.
    faulty
        Fields that are told already.
    """
    for name in _COUNTRIES.get(table, ()):
        code = record.get(name)
        if isinstance(code, str) and name not in faulty:
            yield from scope.unknown_country(f"{where}.{name}", code)
    commodity = record.get("commodity")
    if table in _COMMODITIES and isinstance(commodity, str) and "commodity" not in faulty:
        yield from scope.unknown(f"{where}.commodity", "commodities", commodity, "a commodity")


def _provenance(scope: Scope) -> Iterator[Finding]:
    declared = bool(scope.ids("sources"))
    problem = scope.problem
    for name, key in (("periods", problem.periods.source), ("discount", problem.discount.source)):
        if declared and key is not None:
            yield from scope.unknown(f"{name}.source", "sources", key, "a source")
    for table, records in scope.tables():
        for place, record in enumerate(records):
            if isinstance(record, Record) and (record.source or record.assumption):
                yield from _sourced(scope, scope.where(table, place), record, declared)
    for place, facility in enumerate(scope.problem.facilities):
        for process in facility.processes:
            if process.source or process.assumption:
                where = f"{scope.where('facilities', place)}.processes[{process.id}]"
                yield from _sourced(scope, where, process, declared)


def _sourced(scope: Scope, where: str, record: Record, declared: bool) -> Iterator[Finding]:
    for name in ("source", "assumption"):
        stated = getattr(record, name)
        if isinstance(stated, dict):
            yield from _own_fields(scope, f"{where}.{name}", record, stated)
    if declared and record.source is not None:
        keys = record.source if isinstance(record.source, dict) else {"": record.source}
        for name, key in keys.items():
            path = f"{where}.source" + (f".{name}" if name else "")
            yield from scope.unknown(path, "sources", key, "a source")


def _own_fields(
    scope: Scope, where: str, record: Record, stated: Iterable[str]
) -> Iterator[Finding]:
    fields = fields_of(type(record)).keys() - _NO_NUMBERS
    for name in stated:
        if name not in fields:
            yield Finding(
                f"{where}.{name}",
                "is about a field that this record does not have",
                shortened(name),
                scope.nearest(name, fields),
                "Name a field of the record.",
            )


def _contracts(scope: Scope) -> Iterator[Finding]:
    for place, contract in enumerate(scope.problem.contracts):
        where = f"{scope.where('contracts', place)}.offer"
        yield from scope.unknown(where, "offers", contract.offer, "an offer")


def _lanes(scope: Scope) -> Iterator[Finding]:
    valued = {item.id for item in scope.problem.commodities if item.customs_value is not None}
    for place, lane in enumerate(scope.problem.lanes):
        where = scope.where("lanes", place)
        if lane.id.startswith(FREE):
            yield Finding(
                f"{where}.id",
                f"begins with '{FREE}', which marks the free lanes that are not declared",
                lane.id,
                remedy="Give the lane another id.",
            )
        if lane.origin == lane.destination:
            yield Finding(
                f"{where}.destination",
                "is where the lane begins",
                lane.destination,
                remedy="Goods within a country need no lane: remove it, or correct one end.",
            )
        for number, commodity in enumerate(lane.commodities):
            yield from scope.unknown(
                f"{where}.commodities[{number}]", "commodities", commodity, "a commodity"
            )
        yield from scope.repeated(f"{where}.commodities", lane.commodities)
        own = [item.commodity for item in lane.freights]
        yield from scope.repeated(f"{where}.freights", own)
        for number, commodity in enumerate(own):
            if commodity not in lane.commodities:
                yield Finding(
                    f"{where}.freights[{number}].commodity",
                    "is not carried by the lane",
                    shortened(commodity),
                    scope.nearest(commodity, lane.commodities),
                    "Add it to 'commodities', or remove its freight.",
                )
        untaxable = [name for name in lane.commodities if name not in valued]
        if lane.tariff is not None and scope.complete("commodities"):
            for commodity in untaxable:
                if scope.has("commodities", commodity):
                    yield Finding(
                        f"{where}.tariff",
                        f"is a share of the customs value of '{commodity}', which has none",
                        remedy=f"Add commodities[{commodity}].customs_value, or drop the tariff.",
                    )
