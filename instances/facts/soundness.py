"""Soundness of fact tables: every row that nothing may be built on, with its file and line.

An unknown unit, a country that ISO 3166-1 does not have, a source without a licence, and two
sources of the same rank that disagree: each is a finding, all of them come at once.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from instances.errors import Finding, InputError, nearest_name
from instances.facts.loader import (
    TABLES,
    Fact,
    assumed,
    assumed_origins,
    facts,
    origins,
    rank,
)
from instances.units import UnitError, factor
from instances.words import country_codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from instances.facts.loader import Origin

WORLD, OTHERS, KOSOVO = "WLD", "OTH", "XKX"
_NO_COUNTRIES = frozenset({WORLD, OTHERS, KOSOVO, ""})
_BASES = ("t", "t/yr", "USD", "USD/t", "fraction")
_COUNTRIES = ("country", "origin", "destination")


@cache
def _measures(unit: str) -> bool:
    for base in _BASES:
        try:
            factor(unit, base)
        except UnitError:
            continue
        return True
    return False


def faults(rows: Iterable[Fact], known: Mapping[str, Origin]) -> tuple[Finding, ...]:
    """Return everything wrong with rows of facts.

    Parameters
    ----------
    rows
        Rows of one table or several.
    known
        The sources, by key.
    """
    held = tuple(rows)
    found = [finding for row in held for finding in _faults(row, known)]
    return (*found, *_clashes(held, known))


def _faults(row: Fact, known: Mapping[str, Origin]) -> Iterator[Finding]:
    if row.unit and not _measures(row.unit):
        yield Finding(
            row.where,
            "has an unknown unit",
            row.row.get("unit"),
            remedy="Write it in t, kg, kt, t/yr, USD/t, USD/kg, USD/lb, USD or pct.",
        )
    for column in _COUNTRIES:
        code = row.row.get(column, "")
        if code not in _NO_COUNTRIES and code not in country_codes():
            yield Finding(
                row.where,
                f"has a {column} that is not in ISO 3166-1",
                code,
                nearest_name(code, country_codes()),
                "Use the alpha-3 code, WLD for the world or OTH for all others.",
            )
    source = known.get(row.source)
    if source is None:
        yield Finding(
            row.where,
            "names a source that is not in sources.csv",
            row.source,
            nearest_name(row.source, known),
        )
    elif not source.licence.strip():
        yield Finding(
            row.where,
            "rests on a source without a licence",
            row.source,
            remedy="Say in sources.csv under which terms its figures may be used.",
        )


def _clashes(rows: Iterable[Fact], known: Mapping[str, Origin]) -> Iterator[Finding]:
    by_subject: dict[tuple[object, ...], list[Fact]] = {}
    for row in rows:
        if row.value is not None and row.source in known:
            place = (row.table, row.subject, row.status, rank(row.source, known))
            by_subject.setdefault(place, []).append(row)
    for items in by_subject.values():
        if len({(item.value, item.unit, item.basis) for item in items}) > 1:
            told = ", ".join(
                f"{item.value:g} {item.unit} ({item.source}, {item.where})" for item in items
            )
            yield Finding(
                items[0].where,
                f"disagrees with a source of the same rank on {' / '.join(items[0].subject)}",
                told,
                remedy="Keep one of the rows, or put one source before the other in PRECEDENCE.",
            )


@cache
def _of(mineral: str | None) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for rows_of, known in ((facts, origins()), (assumed, assumed_origins())):
        for table in TABLES:
            rows = rows_of(table)
            if mineral is not None and rows and "mineral" in rows[0].row:
                rows = tuple(row for row in rows if row.row["mineral"] == mineral)
            found += faults(rows, known)
    return tuple(found)


def require_sound(mineral: str | None = None) -> None:
    """Make sure that a problem may be built on the facts of a mineral, or on all of them.

    Raises
    ------
    InputError
        Rows are at fault: every one of them, with file and line.
    """
    if found := _of(mineral):
        raise InputError(found)
