"""Series: the figures of one source, year and product that describe a market as a whole.

Several sources count the output of a mineral. One is chosen and taken whole, never mixed: the
preferred one that names a world total or at least three countries, in its latest year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.facts.loader import Fact, assumed, facts

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENOUGH = 3
_ENOUGH_OF_ONE = 2
_PLACES = {"WLD", "OTH"}


def whole(rows: Sequence[Fact], by: Sequence[str], enough: int = _ENOUGH) -> tuple[Fact, ...]:
    """Return the rows of the first source that covers the market, largest figure first.

    Parameters
    ----------
    rows
        Rows of one table, the preferred source first.
    by
        Columns that tell series of one source apart, such as product and unit.
    enough
        Countries that make a market where no total is stated.
    """
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for row in rows:
        if row.value is not None:
            key = (row.source, *(row.row[column] for column in by))
            groups.setdefault(key, []).append(row)
    ranked: list[tuple[int, list[Fact]]] = []
    sources = list(dict.fromkeys(row.source for row in rows))
    for key, held in groups.items():
        latest = max(row.row.get("year", row.row.get("period", "")) for row in held)
        now = [row for row in held if row.row.get("year", row.row.get("period", "")) == latest]
        named = {row.row["country"] for row in now}
        if "WLD" in named or len(named - _PLACES) >= enough:
            ranked.append((sources.index(key[0]), now))
    if not ranked:
        return ()
    best = min(place for place, _ in ranked)
    # of several products of one source, the one that most countries make
    chosen = max((now for place, now in ranked if place == best), key=len)
    return tuple(sorted(chosen, key=lambda row: -(row.value or 0.0)))


def output(mineral: str, stage: str, product: str | None = None) -> tuple[Fact, ...]:
    """Return what countries made of a mineral at a stage, in tonnes of the row's basis."""
    rows = facts("production", mineral=mineral, stage=stage)
    if product is not None:
        rows = tuple(row for row in rows if row.row["product"] == product)
    enough = _ENOUGH if product is None else _ENOUGH_OF_ONE
    return whole(rows, ("product", "unit"), enough)


def import_shares(mineral: str, form: str | None = None) -> tuple[Fact, ...]:
    """Return shares of US imports by country: found ones, else those from memory, else none."""
    for rows_of in (facts, assumed):
        rows = rows_of("us_import_sources", mineral=mineral)
        if form is not None:
            rows = tuple(row for row in rows if row.row["form"] == form)
        if not rows:
            continue
        first = rows[0]
        same = [
            row
            for row in rows
            if (row.source, row.row["form"]) == (first.source, first.row["form"])
        ]
        latest = max(row.row["period"] for row in same)
        return tuple(row for row in same if row.row["period"] == latest)
    return ()


def latest(rows: Sequence[Fact]) -> Fact | None:
    """Return the newest row, of the preferred source where years are equal; ``None`` of none."""
    held = [row for row in rows if row.value is not None]
    return max(held, key=lambda row: row.row["year"]) if held else None
