"""What is known of a mineral: figures by topic, who says so, how sure, and what is missing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, nearest_name, shortened
from instances.facts.loader import (
    TABLES,
    Fact,
    assumed,
    assumed_origins,
    conflicts,
    facts,
    origins,
)
from instances.facts.series import import_shares, output

if TYPE_CHECKING:
    from collections.abc import Sequence

GRADES = {
    "A": "official",
    "B": "transcribed or reputable",
    "C": "company or press",
    "R": "from memory: verify",
}
_METRICS = {
    "consumption": ("apparent_consumption", "reported_consumption", "estimated_consumption"),
    "reliance": ("net_import_reliance",),
}
TOPICS = (
    "mine output",
    "refined output",
    "reserves",
    "consumption",
    "reliance",
    "import shares",
    "prices",
    "projects",
)
"""What an analyst asks of a mineral, in this order."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its provenance.

    Parameters
    ----------
    what
        Country, form or plant.
    value
        The figure in ``unit``; ``None`` where a row states none.
    unit
        Unit and basis as the source writes them.
    year
        Year or span of years.
    source
        Key of the source.
    sure
        How sure it is, in words.
    where
        File and row.
    """

    what: str
    value: float | None
    unit: str
    year: str
    source: str
    sure: str
    where: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known of a mineral.

    Parameters
    ----------
    mineral
        Its name in the facts.
    topics
        Figures by topic, in the order of `TOPICS`; empty topics are listed in ``missing``.
    conflicts
        Where sources disagree, a sentence each.
    missing
        Topics of which nothing was found.
    """

    mineral: str
    topics: dict[str, tuple[Figure, ...]]
    conflicts: tuple[str, ...]
    missing: tuple[str, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@cache
def minerals() -> tuple[str, ...]:
    """Return the minerals of which anything is known, in alphabetical order."""
    found = {
        row.row["mineral"]
        for table in TABLES
        for rows_of in (facts, assumed)
        for row in rows_of(table)
        if "mineral" in row.row
    }
    return tuple(sorted(found))


def require_mineral(mineral: str) -> None:
    """Make sure that the facts name a mineral.

    Raises
    ------
    InputError
        They do not: with the nearest name.
    """
    if mineral not in minerals():
        raise InputError(
            [
                Finding(
                    "mineral",
                    "is none that the facts name",
                    shortened(mineral),
                    nearest_name(str(mineral)[:80], minerals()),
                    f"There are: {', '.join(minerals())}.",
                )
            ]
        )


def known(mineral: str) -> Known:
    """Return what is known of a mineral.

    Raises
    ------
    InputError
        The facts name no such mineral: with the nearest name.
    """
    require_mineral(mineral)
    rows: dict[str, Sequence[Fact]] = {
        "mine output": output(mineral, "mine"),
        "refined output": output(mineral, "refined") or _shares_of(mineral),
        "reserves": _both("reserves", mineral),
        "import shares": import_shares(mineral),
        "prices": _both("prices", mineral),
        "projects": _both("projects", mineral),
    }
    for topic, metrics in _METRICS.items():
        rows[topic] = [row for row in _both("us_demand", mineral) if row.row["metric"] in metrics]
    topics = {topic: tuple(_figure(row) for row in rows[topic]) for topic in TOPICS}
    return Known(
        mineral=mineral,
        topics={topic: held for topic, held in topics.items() if held},
        conflicts=tuple(
            str(clash)
            for table in ("production", "reserves", "us_demand", "us_import_sources", "prices")
            for clash in conflicts(table)
            if clash.subject[0] == mineral
        ),
        missing=tuple(topic for topic in TOPICS if not topics[topic]),
    )


def _both(table: str, mineral: str) -> tuple[Fact, ...]:
    return (*facts(table, mineral=mineral), *assumed(table, mineral=mineral))


def _shares_of(mineral: str) -> tuple[Fact, ...]:
    return facts("production", mineral=mineral, stage="refined", unit="share only")


def _figure(row: Fact) -> Figure:
    origin = origins().get(row.source) or assumed_origins()[row.source]
    value, unit = row.value, row.row.get("unit", "pct")
    if value is None and row.row.get("share_pct"):
        value, unit = float(row.row["share_pct"]), "pct of the world"
    names = [row.row.get(column, "") for column in ("name", "country", "form", "metric")]
    return Figure(
        what=", ".join(name for name in names if name),
        value=value,
        unit=unit,
        year=row.row.get("year") or row.row.get("period") or row.row.get("start_year") or "",
        source=row.source,
        sure=GRADES[origin.quality],
        where=row.where,
    )
