"""CSV text to the cells of a sheet and back: commas, double quotes, one header row."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, shortened
from instances.tables.sheets import COMMENT, Sheet, Spot
from instances.tables.texts import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
"""What spreadsheets write into a cell that they could not compute."""


def parse_csv(text: str, table: str, title: str) -> tuple[Sheet, list[Finding]]:
    """Return the cells of a CSV file and what is wrong with them.

    Parameters
    ----------
    text
        The text of the file.
    table
        Name of the table.
    title
        What to call the file in findings.
    """
    rows: list[list[Any]] = []
    sheet = Sheet(table, title, rows)
    findings: list[Finding] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        sheet.broken = True
        return sheet, [Finding(title, "is not text: it has null signs", remedy="Give a CSV file.")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            rows.append(
                [
                    _cell(sheet, len(rows) + 1, place, cell, findings)
                    for place, cell in enumerate(row)
                ]
            )
    except csv.Error as error:
        sheet.broken = True
        findings.append(
            Finding(
                f"{title}: line {reader.line_num}",
                f"is not CSV: {error}",
                remedy="Look at the quotes here and before; one inside a cell is written twice.",
            )
        )
    findings += _separated_otherwise(sheet)
    return sheet, findings


def _cell(sheet: Sheet, row: int, place: int, text: str, findings: list[Finding]) -> str | None:
    cell = text.strip()
    fault = None
    if cell in ERRORS:
        fault = ("holds an error of a spreadsheet", "Mend it there, and save the table again.")
    elif cell.startswith("="):
        fault = (
            "is a formula, which is not computed here",
            "Write its value, or put text in double quotes.",
        )
    if fault is None:
        return cell or None
    sheet.faulty.add((row, place))
    findings.append(
        Finding(str(Spot(sheet.title, row, place)), fault[0], shortened(cell), None, fault[1])
    )
    return None


def _separated_otherwise(sheet: Sheet) -> list[Finding]:
    number, header, _ = sheet.split()
    cells = [cell for cell in header if cell is not None]
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(cells) == 1 and sign in cells[0]:
            sheet.broken = True
            return [
                Finding(
                    f"{sheet.title}: row {number}",
                    f"has {name} between its cells",
                    remedy="Save the table with commas between cells.",
                )
            ]
    return []


def format_csv(rows: Sequence[Sequence[Any]], remarks: Sequence[str] = ()) -> str:
    """Return rows of cells as CSV text.

    Parameters
    ----------
    rows
        Header first.
    remarks
        Lines that stand above the header and are not read.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([f"{COMMENT} {remark}"] for remark in remarks)
    writer.writerows([_shown(cell) for cell in row] for row in rows)
    return stream.getvalue()


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_text(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
