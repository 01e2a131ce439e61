"""Places: from the path of a value back to its file or sheet, row and column."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, shortened
from instances.fields import labels, step
from instances.problem import TABLES
from instances.tables.layout import NESTED, RECIPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from instances.tables.records import Records, Row, Steps
    from instances.tables.sheets import Spot

_MISSING = "is missing"
_ELSEWHERE = {"inputs": RECIPES, "outputs": RECIPES} | {
    entry.field: entry.table for entry in NESTED
}
"""Fields whose values stand in tables of their own."""


@dataclass(eq=False)
class Places:
    """Where the values of a problem stand in its sheets.

    Parameters
    ----------
    outside
        What to call the place of a path that lies in no sheet.
    title_of
        What to call the sheet of a table, whether it is there or not.
    """

    outside: Callable[[str], str]
    title_of: Callable[[str], str]
    silent: bool = False
    """Whether what stands outside the tables could not be read: it may seem to be missing."""
    _spots: dict[str, Spot] = field(default_factory=dict)
    _named: dict[str, tuple[str, Spot]] = field(default_factory=dict)
    _faulty: set[tuple[str, int, int]] = field(default_factory=set)
    _rows: set[tuple[str, int]] = field(default_factory=set)
    _misread: set[str] = field(default_factory=set)
    _headers: dict[str, int] = field(default_factory=dict)

    def add_sheet(self, records: Records) -> None:
        """Remember what of a sheet is said already, and where its header is."""
        title = records.sheet.title
        self._headers[title] = records.header
        self._faulty |= {(title, row, column) for row, column in records.sheet.faulty}
        self._rows |= {(title, row) for row, _ in records.sheet.faulty}
        if records.misread:
            self._misread.add(title)

    def add_records(self, table: str, plain: Sequence[Any], rows: Sequence[Row]) -> None:
        """Remember where the records of a table stand, under the labels findings give them."""
        names = labels([record.get("id") for record in plain])
        for place, (name, row) in enumerate(zip(names, rows, strict=True)):
            for label in dict.fromkeys((name, str(place))):
                if (path := f"{table}[{label}]") not in self._spots:
                    self.add_row(path, row)

    def add_row(self, path: str, row: Row) -> None:
        """Remember where a record and its values stand."""
        self._spots[path] = row.spot
        names = self._names(row)
        for steps, spot in (*row.spots.items(), *row.names.items()):
            by_place = by_name = path
            for number, part in enumerate(steps):
                if isinstance(part, int):
                    by_place += f"[{part}]"
                    by_name += f"[{names.get(steps[: number + 1], part)}]"
                else:
                    by_place, by_name = step(by_place, part), step(by_name, part)
            for inner in (by_place, by_name):
                if inner in self._spots and steps in row.names:
                    self._named[inner] = (shortened(steps[-1]), spot)
                else:
                    self._spots[inner] = spot

    @staticmethod
    def _names(row: Row) -> dict[Steps, str]:
        """Return what findings call the parts of a record: their ids, where they have any."""
        names: dict[Steps, str] = {}
        for name, parts in row.record.items():
            if isinstance(parts, list) and all(isinstance(part, dict) for part in parts):
                for place, label in enumerate(labels([part.get("id") for part in parts])):
                    names[name, place] = label
        return names

    def doubt(self, rows: Iterable[Row]) -> None:
        """Remember rows that may seem to lack what could not be read."""
        self._rows |= {(row.spot.title, row.spot.row) for row in rows}

    def add(self, path: str, spot: Spot) -> None:
        """Remember where one value stands."""
        self._spots[path] = spot

    def placed(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return findings about paths as findings about cells.

        What follows from a cell or header that could not be read is left out, and a column that is
        not there is said once.
        """
        found: dict[Finding, None] = {}
        for item in findings:
            path, spot = self._nearest(item.where)
            if path in self._named and item.value == self._named[path][0]:
                spot = self._named[path][1]
            if spot is None:
                if (placed := self._outside(item)) is not None:
                    found[placed] = None
            elif not self._follows(item, path, spot):
                found[self._at(item, path, spot)] = None
        return list(found)

    def _nearest(self, path: str) -> tuple[str, Spot | None]:
        for end in (len(path), *(n for n in range(len(path) - 1, 0, -1) if path[n] in ".[")):
            if path[:end] in self._spots:
                return path[:end], self._spots[path[:end]]
        return "", None

    def _follows(self, item: Finding, path: str, spot: Spot) -> bool:
        if spot.column is not None:
            return (spot.title, spot.row, spot.column) in self._faulty
        whole = path == item.where or item.what == _MISSING
        return whole and (spot.title in self._misread or (spot.title, spot.row) in self._rows)

    def _at(self, item: Finding, path: str, spot: Spot) -> Finding:
        rest = item.where[len(path) :].lstrip(".")
        if item.what == _MISSING and rest and spot.column is None:
            if (table := _ELSEWHERE.get(rest)) is not None:
                what = f"has no '{rest}'"
                return Finding(str(spot), what, remedy=f"Add them to the table '{table}'.")
            header = self._headers.get(spot.title, 1)
            return Finding(
                f"{spot.title}: row {header}",
                f"has no column '{rest}'",
                remedy=item.remedy,
            )
        return replace(item, where=str(spot))

    def _outside(self, item: Finding) -> Finding | None:
        top = item.where.partition(".")[0].partition("[")[0]
        if top in TABLES:
            return replace(item, where=self.title_of(top))
        if self.silent and item.what == _MISSING:
            return None
        return replace(item, where=self.outside(item.where)) if item.where else item
