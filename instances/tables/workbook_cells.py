"""The cells of a workbook's sheet: plain values, and a finding for whatever else stands in one."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, ReadError, shortened
from instances.tables.cells import Percentage
from instances.tables.sheets import Sheet, Spot, letters

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CELLS = 2_000_000
"""Cells between the first and the last of a sheet, empty ones too."""


def sheet_of(content: Worksheet, title: str) -> tuple[Sheet, list[Finding]]:
    """Return the cells of a sheet and what is wrong with them.

    Parameters
    ----------
    content
        The sheet.
    title
        What to call it in findings.

    Raises
    ------
    ReadError
        It spans too many cells.
    """
    findings: list[Finding] = []
    rows: list[list[Any]] = []
    sheet = Sheet(content.title, title, rows)
    if content.max_row * content.max_column > MOST_CELLS:
        last = f"{letters(content.max_column - 1)}{content.max_row}"
        raise ReadError(
            [
                Finding(
                    title,
                    f"spans more than {MOST_CELLS:,} cells, up to {last}",
                    remedy="Delete the rows and columns beyond the table.",
                )
            ]
        )
    for merged in content.merged_cells.ranges:
        findings.append(
            Finding(
                str(Spot(title, merged.min_row, merged.min_col - 1)),
                f"is merged with other cells: {merged.coord}",
                remedy="Unmerge them, and write the value into each cell that has it.",
            )
        )
        sheet.faulty |= {
            (row, column - 1)
            for row in range(merged.min_row, merged.max_row + 1)
            for column in range(merged.min_col, merged.max_col + 1)
        }
    for row in content.iter_rows():
        rows.append([_value(sheet, cell, findings) for cell in row])
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    return sheet, findings


def _value(sheet: Sheet, cell: Any, findings: list[Finding]) -> Any:
    """Return what a cell holds: text, a number, a date or a truth value; ``None`` if nothing."""
    value = cell.value
    if value is None or (cell.row, cell.column - 1) in sheet.faulty:
        return None
    if cell.data_type == "f":
        fault = ("is a formula, which is not computed here", "Paste its value in its place.")
    elif cell.data_type == "e":
        fault = ("holds an error", "Mend it, or empty the cell.")
    elif isinstance(value, datetime):
        if value.time() == time():
            return value.date()
        fault = ("has a time of day", "Write a date alone.")
    elif isinstance(value, bool | date):
        return value
    elif isinstance(value, int | float):
        return Percentage(value) if "%" in str(cell.number_format) else value
    elif isinstance(value, str):
        return value.strip().replace("\r\n", "\n") or None
    else:
        fault = ("is a time", "Write a number with its unit, or a date.")
    shown = value if isinstance(value, str) else getattr(value, "text", value)
    spot = Spot(sheet.title, cell.row, cell.column - 1)
    findings.append(Finding(str(spot), fault[0], shortened(shown), None, fault[1]))
    sheet.faulty.add((cell.row, cell.column - 1))
    return None
