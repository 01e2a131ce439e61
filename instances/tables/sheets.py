"""Sheets: the cells of one table as a carrier hands them over, and what to call each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instances.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a sheet.

    Parameters
    ----------
    title
        What findings call the sheet.
    row
        Row, counted from 1.
    column
        Column, counted from 0; ``None`` for the row as a whole.
    header
        The column's header.
    """

    title: str
    row: int
    column: int | None = None
    header: str = ""

    def __str__(self) -> str:
        text = f"{self.title}: row {self.row}"
        if self.column is None:
            return text
        return f"{text}, column {letters(self.column)}" + (
            f" '{self.header}'" if self.header else ""
        )


def letters(column: int) -> str:
    """Return the name that spreadsheets give a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@dataclass(eq=False)
class Sheet:
    """The cells of a table.

    Parameters
    ----------
    table
        Name of the table.
    title
        What findings call it.
    rows
        Its rows in order, each a list of cells: text without space around, ``None`` if empty.
    faulty
        Rows and columns (from 1 and 0) of cells whose fault is already said.
    broken
        Whether the sheet as a whole could not be read, which is said already.
    """

    table: str
    title: str
    rows: Sequence[Sequence[Any]]
    faulty: set[tuple[int, int]] = field(default_factory=set)
    broken: bool = False

    def split(self) -> tuple[int, Sequence[Any], list[tuple[int, Sequence[Any]]]]:
        """Return the header's row and cells, and the numbered rows below; comments left out."""
        filled = list(self._filled())
        if not filled:
            return 1, (), []
        (number, header), *rest = filled
        return number, header, rest

    def _filled(self) -> Iterator[tuple[int, Sequence[Any]]]:
        for number, row in enumerate(self.rows, 1):
            faulty = any((number, place) in self.faulty for place in range(len(row)))
            if (faulty or any(cell is not None for cell in row)) and not is_comment(row):
                yield number, row

    def empty(self) -> Finding:
        """Return the finding that there is no header."""
        return Finding(self.title, "has no header row", remedy="Begin with the names of columns.")

    def beyond(self, number: int, row: Sequence[Any], header: Sequence[Any]) -> Iterator[Finding]:
        """Yield a finding for each cell of a row that stands under no header."""
        for place, cell in enumerate(row):
            named = place < len(header) and header[place] is not None
            if cell is not None and not named:
                yield Finding(
                    str(Spot(self.title, number, place)),
                    "stands under no header",
                    remedy="Name the column, or empty the cell.",
                )


def is_comment(row: Sequence[Any]) -> bool:
    """Return whether a row is a remark: its first cell begins with a hash."""
    return bool(row) and isinstance(row[0], str) and row[0].startswith(COMMENT)
