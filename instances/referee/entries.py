"""The entries of a plan: its tables with ids as positions, and what is ill-formed about them.

A row with an id the problem does not know is reported and left out; an amount that is no finite
number is reported and counted as 0. The rest is judged as it stands. A row that is not there means
0 t.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from instances.plan import COLUMNS
from instances.referee.faults import TOLERANCE, Faults, figure
from instances.referee.positions import index_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.plan import Plan
    from instances.referee.terms import Terms

AMOUNTS = frozenset(
    {"tonnes", "fill", "draw", "stock", "rotate", "lend", "restore"}
    | {"withdraw", "overdraw", "give_back", "set_off", "entitled"}
    | {"equity", "borrow", "repay", "debt", "cash"}
    | {"size", "on", "chosen", "share", "amount"}
)
NAMES = frozenset({"rule", "who", "goods", "seller"})
"""Columns that the check of the rules looks up."""
PARTS = {"tranche": "offer", "tier": "demand"}
"""Columns that count the parts of a record, and the column that says of which."""
NAMED_PARTS = {"process": "facility", "blend": "process", "member": "stockpile"}
"""Columns that name the parts of a record, and the column that says of which."""


@dataclass(frozen=True)
class Entries:
    """The tables of a plan, with positions.

    ``tranche``, ``tier``, ``process``, ``blend`` and ``member`` are counted over all records.

    Parameters
    ----------
    tables
        By the name of the plan's table; the index is the number of the row there.
    tags
        Tags by position: those of the problem, then any that only the plan has.
    """

    tables: dict[str, pd.DataFrame]
    tags: pd.Index[Any]

    def columns(self, table: str, *names: str) -> list[NDArray[Any]]:
        """Return columns of a table as arrays."""
        return [self.tables[table][name].to_numpy() for name in names]


def read_entries(terms: Terms, plan: Plan, faults: Faults) -> Entries:
    """Return the entries of ``plan``, and add to ``faults`` what is ill-formed."""
    raw = plan.tables()
    tags = _all_tags(terms, raw)
    read = {name: _Reader(name, raw[name], terms, tags, faults).entries() for name in COLUMNS}
    return Entries(read, tags)


def _all_tags(terms: Terms, raw: dict[str, pd.DataFrame]) -> pd.Index[Any]:
    given = [table["tag"].dropna().unique() for table in raw.values() if "tag" in table]
    return index_of(chain(terms.ids["tag"], *given))


class _Reader:
    """Reads one table."""

    def __init__(
        self, name: str, table: pd.DataFrame, terms: Terms, tags: pd.Index[Any], faults: Faults
    ) -> None:
        self.name = name
        self.table = table
        self.terms = terms
        self.known = {**terms.ids, "tag": tags}
        self.faults = faults

    def entries(self) -> pd.DataFrame:
        """Return the rows that can be judged."""
        columns = COLUMNS[self.name]
        lacking = [column for column in columns if column not in self.table]
        if lacking:
            self.faults.add(f"Table {self.name} has no column {', '.join(map(repr, lacking))}.")
            return pd.DataFrame({column: np.zeros(0, dtype=np.int64) for column in columns})
        read: dict[str, NDArray[Any]] = {}
        valid = np.ones(len(self.table), dtype=bool)
        for column in columns:
            if column in AMOUNTS:
                read[column] = self._amounts(column)
            elif column in NAMES:
                read[column] = self.table[column].to_numpy(dtype=object)
            else:
                if column in PARTS:
                    read[column] = self._parts(column, read[PARTS[column]])
                elif column in NAMED_PARTS:
                    read[column] = self._named_parts(column, read[NAMED_PARTS[column]])
                else:
                    read[column] = self._ids(column)
                valid &= read[column] >= 0
        rows = pd.DataFrame(read)[valid]
        keys = [column for column in columns if column not in AMOUNTS]
        repeated = np.zeros(len(self.table), dtype=bool)
        repeated[rows.index.to_numpy()] = rows.duplicated(keys).to_numpy()
        self.faults.where(repeated, lambda row: f"{self._row(row)} stands twice.")
        return rows

    def _row(self, row: int) -> str:
        keys = [column for column in COLUMNS[self.name] if column not in AMOUNTS]
        words = ", ".join(f"{column} {self.table[column].iat[row]}" for column in keys)
        return f"Table {self.name}, row {row} ({words})"

    def _ids(self, column: str) -> NDArray[np.int64]:
        found = self.known[column].get_indexer(pd.Index(self.table[column], dtype=object))
        values = self.table[column]
        self.faults.where(
            found < 0,
            lambda row: f"{self._row(row)}: {column} {values.iat[row]!r} does not exist.",
        )
        return found.astype(np.int64)

    def _parts(self, column: str, whole: NDArray[np.int64]) -> NDArray[np.int64]:
        first = (self.terms.slices if column == "tranche" else self.terms.tiers).first
        number = pd.to_numeric(self.table[column], errors="coerce").to_numpy(dtype=np.float64)
        number = np.where(np.isfinite(number) & (number == np.floor(number)), number, -1)
        count = np.where(whole >= 0, np.diff(first, append=0)[whole], 0)
        inside = (number >= 0) & (number < count)
        values = self.table[column]
        self.faults.where(
            (whole >= 0) & ~inside,
            lambda row: (
                f"{self._row(row)}: {column} {values.iat[row]!r} does not exist; "
                f"there are {count[row]}, counted from 0."
            ),
        )
        return np.where(inside, first[whole] + number, -1).astype(np.int64)

    def _named_parts(self, column: str, whole: NDArray[np.int64]) -> NDArray[np.int64]:
        names, wholes = {
            "process": lambda terms: (
                [step.process.id for step in terms.steps],
                terms.step_facility,
            ),
            "blend": lambda terms: ([blend.label for blend in terms.blends], terms.blend_step),
            "member": lambda terms: (
                [member.country for member in terms.members],
                terms.member_stockpile,
            ),
        }[column](self.terms)
        labels = index_of(names)
        codes = labels.get_indexer(pd.Index(names, dtype=object))
        given = labels.get_indexer(pd.Index(self.table[column], dtype=object))
        parts = pd.Index(wholes * len(labels) + codes)
        inside = (whole >= 0) & (given >= 0)
        wanted = np.where(inside, whole * len(labels) + given, -1)
        found = np.asarray(parts.get_indexer(pd.Index(wanted)), dtype=np.int64)
        values = self.table[column]
        self.faults.where(
            (whole >= 0) & (found < 0),
            lambda row: f"{self._row(row)}: {column} {values.iat[row]!r} does not exist.",
        )
        return found

    def _amounts(self, column: str) -> NDArray[np.float64]:
        values = pd.to_numeric(self.table[column], errors="coerce").to_numpy(dtype=np.float64)
        finite = np.isfinite(values)
        given = self.table[column]
        self.faults.where(
            ~finite,
            lambda row: f"{self._row(row)}: {column} is {given.iat[row]!r}, not a finite number.",
        )
        self.faults.where(
            finite & (values < -TOLERANCE),
            lambda row: f"{self._row(row)}: {column} is {figure(values[row])}, below 0.",
        )
        return np.where(finite, values, 0.0)
