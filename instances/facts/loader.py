"""Facts: rows of the CSV tables beside this module, each with its source key and status.

Figures read in public material stand beside this module; those known from memory alone stand in
the folder ``assumed`` and are reached by `assumed` only, so that nobody takes one for a fact.

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
_ASSUMED = "assumed"
_TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "prices": ("price", ("mineral", "form", "year")),
        "production": ("quantity", ("mineral", "stage", "product", "country", "year")),
        "reserves": ("quantity", ("mineral", "country", "year")),
        "projects": ("capacity", ("name", "stage", "mineral")),
        "us_demand": ("value", ("mineral", "form", "metric", "year")),
        "us_import_sources": ("share_pct", ("mineral", "form", "country", "period")),
        "tariffs_and_logistics": ("value", ("kind", "item", "origin", "destination", "effective")),
        "country_governance": ("value", ("country", "indicator", "year")),
        "rare_earth_basket": ("pct_of_treo", ("deposit", "oxide")),
        "lithium_deposits": ("cost_usd2022_per_t_li", ("name",)),
    }
)
TABLES = tuple(_TABLES)
"""Names of the tables."""

# How sources write units that the registry of units spells otherwise.
_SPELLINGS = {
    "thousand USD": "thousand*USD",
    "million USD": "MUSD",
    "USD/troy_oz": "USD/ozt",
    "share only": "",
}
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
    line
        Line of the file, counting the header as the first.
    """

    table: str
    row: Mapping[str, str] = field(hash=False)
    value: float | None
    unit: str
    basis: str
    source: str
    status: str
    line: int

    @property
    def where(self) -> str:
        """File and line, such as "production.csv: row 17"."""
        folder = "" if self.status == "found" else f"{_ASSUMED}/"
        return f"{folder}{self.table}.csv: row {self.line}"

    @property
    def cited(self) -> str:
        """How a text names the row: by source and subject, which outlive a change of lines."""
        return f"{self.source}, {self.table}: {' / '.join(part for part in self.subject if part)}"

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


def _lines(name: str, shelf: str = "") -> Iterator[tuple[int, dict[str, str]]]:
    path = _FOLDER / shelf / f"{name}.csv"
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=2)


def _origins(shelf: str) -> Mapping[str, Origin]:
    return MappingProxyType({line["key"]: Origin(**line) for _, line in _lines("sources", shelf)})


@cache
def origins() -> Mapping[str, Origin]:
    """Return every source of facts, by key."""
    return _origins("")


@cache
def assumed_origins() -> Mapping[str, Origin]:
    """Return what is said of figures that were not found, by key."""
    return _origins(_ASSUMED)


def rank(source: str, known: Mapping[str, Origin]) -> tuple[int, int]:
    """Return the place of a source in the order of preference, the least first."""
    if source in PRECEDENCE:
        return (PRECEDENCE.index(source), 0)
    return (len(PRECEDENCE), _QUALITY.index(known[source].quality))


def unit_of(table: str, line: Mapping[str, str]) -> tuple[str, str]:
    """Return the unit of a row and its basis: "t REO/yr" is t/yr of REO."""
    text = _UNITS.get(table, line.get("unit", ""))
    if text in _SPELLINGS:
        return _SPELLINGS[text], ""
    unit, _, basis = text.partition(" ")
    # "t REO/yr" puts the basis inside the unit
    if basis.endswith("/yr"):
        unit, basis = f"{unit}/yr", basis.removesuffix("/yr")
    return unit.rstrip(":"), basis


def made_fact(table: str, number: int, line: dict[str, str]) -> Fact:
    """Return a row of a table as a fact; ``number`` is its line in the file."""
    value = line[_TABLES[table][0]]
    unit, basis = unit_of(table, line)
    return Fact(
        table=table,
        row=MappingProxyType(line),
        value=float(value) if value else None,
        unit=unit,
        basis=basis,
        source=line["source"],
        status=line["status"],
        line=number,
    )


@cache
def _table(table: str, shelf: str = "") -> tuple[Fact, ...]:
    if table not in _TABLES:
        raise ValueError(f"there is no table {table!r} of facts; there are {', '.join(_TABLES)}.")
    known = assumed_origins() if shelf else origins()
    made = (made_fact(table, number, line) for number, line in _lines(table, shelf))
    return tuple(sorted(made, key=lambda item: rank(item.source, known)))


def _where(rows: tuple[Fact, ...], table: str, where: Mapping[str, str]) -> tuple[Fact, ...]:
    for column in where:
        if rows and column not in rows[0].row:
            raise ValueError(f"facts table {table!r} has no column {column!r}.")
    return tuple(
        item for item in rows if all(item.row[column] == text for column, text in where.items())
    )


def facts(table: str, **where: str) -> tuple[Fact, ...]:
    """Return the rows of ``table`` whose columns equal ``where``, the preferred source first.

    Raises
    ------
    ValueError
        There is no such table or column.
    """
    return _where(_table(table), table, where)


def assumed(table: str, **where: str) -> tuple[Fact, ...]:
    """Return the rows of ``table`` that were never found in a source: from memory, to be verified.

    Raises
    ------
    ValueError
        There is no such table or column.
    """
    return _where(_table(table, _ASSUMED), table, where)


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
