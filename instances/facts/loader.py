"""Facts: rows of the CSV tables beside this module, each with its source key and status.

Several sources may state the same thing. `facts` returns all of them, the preferred source first;
`fact` returns the preferred one and never an average; `conflicts` lists where they disagree.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from instances.units import factor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Official data releases first, then transcriptions, agencies, geological surveys and shares.
PRECEDENCE = (
    "mcs2026",
    "mcs2026_t7",
    "mcs2026_fig3",
    "mcs2025_ree",
    "mcs2025_atlas",
    "iea_cm2025",
    "wmd2026",
    "bgs_wms_premise",
    "premise_shares",
)
"""Sources in order of preference; any other source comes after these, by its quality grade."""

_QUALITY = "ABCDR"
_FOLDER = Path(__file__).parent
_TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "prices": ("price", ("mineral", "form", "year")),
        "production": ("quantity", ("mineral", "stage", "product", "country", "year")),
        "projects": ("capacity", ("name", "stage", "mineral")),
        "us_demand": ("value", ("mineral", "form", "metric", "year")),
        "us_import_sources": ("share_pct", ("mineral", "form", "country", "period")),
        "tariffs_and_logistics": ("value", ("kind", "item", "origin", "destination", "effective")),
        "country_governance": ("value", ("country", "indicator", "year")),
        "rare_earth_basket": ("pct_of_treo", ("deposit", "oxide")),
        "lithium_deposits": ("cost_usd2022_per_t_li", ("name",)),
    }
)
# Columns without a unit of their own.
_UNITS = {
    "us_import_sources": "pct",
    "rare_earth_basket": "pct",
    "country_governance": "",
    "lithium_deposits": "USD/t Li",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where facts come from.

    Parameters
    ----------
    key
        The key that rows and problem files name it by.
    title, publisher, where_found, licence, note
        In words.
    quality
        A official, B transcription or reputable secondary, C company or press, D weak, R recalled.
    """

    key: str
    title: str
    publisher: str
    where_found: str
    licence: str
    quality: str
    note: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One stated figure.

    Parameters
    ----------
    table
        Name of the CSV table.
    row
        The row as it stands.
    value
        The figure in ``unit``; ``None`` where the row states something without one.
    unit
        What can be converted: "t", "t/yr", "kt", "USD/kg", "pct".
    basis
        What a tonne is a tonne of, and whatever else follows the unit: "REO", "Ga", "ad valorem".
    source
        Key of the origin.
    status
        "found", "recalled" or "model_estimate".
    """

    table: str
    row: Mapping[str, str] = field(hash=False)
    value: float | None
    unit: str
    basis: str
    source: str
    status: str

    @property
    def subject(self) -> tuple[str, ...]:
        """What the figure is about; figures with one subject should agree."""
        return tuple(self.row[column] for column in _TABLES[self.table][1])

    @property
    def note(self) -> str:
        """The caveat of the row."""
        return self.row.get("note", "")

    def to(self, base: str) -> float:
        """Return the figure in ``base``, such as "t/yr" or "USD/t"; "fraction" for per cent.

        Raises
        ------
        ValueError
            The row has no figure, or its unit does not measure the same.
        """
        if self.value is None:
            raise ValueError(f"{self.table}: {' / '.join(self.subject)} states no figure.")
        return self.value * factor(self.unit, base)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that state different figures for one subject.

    Parameters
    ----------
    table, subject
        Which figure.
    facts
        The rows, the preferred source first.
    """

    table: str
    subject: tuple[str, ...]
    facts: tuple[Fact, ...]

    def __str__(self) -> str:
        stated = ", ".join(f"{item.value:g} {item.unit} ({item.source})" for item in self.facts)
        return f"{self.table}: {' / '.join(self.subject)}: {stated}"


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def origins() -> Mapping[str, Origin]:
    """Return every source, by key."""
    return MappingProxyType({line["key"]: Origin(**line) for line in _lines("sources")})


def _rank(fact: Fact) -> tuple[int, int]:
    if fact.source in PRECEDENCE:
        return (PRECEDENCE.index(fact.source), 0)
    return (len(PRECEDENCE), _QUALITY.index(origins()[fact.source].quality))


def _fact(table: str, line: dict[str, str]) -> Fact:
    number = line[_TABLES[table][0]]
    unit, _, basis = _UNITS.get(table, line.get("unit", "")).partition(" ")
    # "t REO/yr" puts the basis inside the unit
    if basis.endswith("/yr"):
        unit, basis = f"{unit}/yr", basis.removesuffix("/yr")
    return Fact(
        table=table,
        row=MappingProxyType(line),
        value=float(number) if number else None,
        unit=unit,
        basis=basis,
        source=line["source"],
        status=line["status"],
    )


@cache
def _table(table: str) -> tuple[Fact, ...]:
    if table not in _TABLES:
        raise ValueError(f"there is no table {table!r} of facts; there are {', '.join(_TABLES)}.")
    return tuple(sorted((_fact(table, line) for line in _lines(table)), key=_rank))


def facts(table: str, **where: str) -> tuple[Fact, ...]:
    """Return the rows of ``table`` whose columns equal ``where``, the preferred source first.

    Raises
    ------
    ValueError
        There is no such table or column.
    """
    rows = _table(table)
    for column in where:
        if rows and column not in rows[0].row:
            raise ValueError(f"facts table {table!r} has no column {column!r}.")
    return tuple(
        item for item in rows if all(item.row[column] == text for column, text in where.items())
    )


def fact(table: str, **where: str) -> Fact:
    """Return the one row of ``table`` that ``where`` means, from the preferred source.

    Raises
    ------
    ValueError
        No row fits, or the rows that fit are about different things.
    """
    found = facts(table, **where)
    asked = ", ".join(f"{column}={text!r}" for column, text in where.items())
    if not found:
        raise ValueError(f"no fact in {table!r} has {asked}.")
    subjects = {item.subject for item in found}
    if len(subjects) > 1:
        named = "; ".join(" / ".join(subject) for subject in sorted(subjects)[:5])
        raise ValueError(f"{len(subjects)} facts in {table!r} have {asked}: {named}. Name one.")
    return found[0]


def conflicts(table: str) -> tuple[Conflict, ...]:
    """Return where the sources of ``table`` state different figures for one subject."""
    by_subject: dict[tuple[str, ...], list[Fact]] = {}
    for item in _table(table):
        if item.value is not None:
            by_subject.setdefault(item.subject, []).append(item)
    return tuple(
        Conflict(table, subject, tuple(items))
        for subject, items in by_subject.items()
        if len({item.value for item in items}) > 1
    )
