"""A result as an Excel workbook: what was found and what it rests on, and a sheet per table.

Text is never a formula, whatever it begins with; numbers are numbers; a cell without a value is
empty, and the sheet ``notes`` says why.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from instances.catalog import assumptions
from instances.errors import Finding, InputError
from instances.tables.sheets import letters
from optimizer.absent import absences
from optimizer.column_units import unit_of
from optimizer.plain import rows
from optimizer.summary import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from optimizer.result import Result

Line = tuple[Any, ...]
MOST_ROWS = 1_048_576
"""Rows of a sheet."""
MOST_SIGNS = 32_767
"""Signs of a cell."""
WIDEST = 60
FORMATS = {
    "t": "#,##0.00",
    "t/yr": "#,##0.00",
    "USD": "#,##0",
    "USD/t": "#,##0.00",
    "days": "#,##0.0",
    "fraction of 1": "0.0 %",
}
"""How numbers of a unit are shown; the cells hold them in full."""


def workbook_bytes(result: Result) -> bytes:
    """Return the workbook of a result.

    Sheets: ``result`` (the answer in a sentence, status, objective, what repeats the run),
    ``notes`` (warnings, why cells are empty), ``columns`` (the unit of every column of numbers),
    ``sources`` and ``assumptions`` of the problem, then every table of `Result.tables`.

    Raises
    ------
    InputError
        A table has more rows than a sheet.
    """
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    _fill(book.create_sheet("result"), ("field", "value", "unit"), list(_facts(result)))
    _fill(book.create_sheet("notes"), ("sheet", "column", "cells", "note"), list(_notes(result)))
    columns = ("sheet", "column", "unit")
    _fill(book.create_sheet("columns"), columns, list(_units(result)))
    kept = result.problem.sources
    cited = [(item.id, item.title, item.publisher, item.licence, item.note) for item in kept]
    header = ("source", "title", "publisher", "licence", "note")
    _fill(book.create_sheet("sources"), header, cited)
    assumed = [(item.where, item.reason) for item in assumptions(result.problem)]
    _fill(book.create_sheet("assumptions"), ("where", "why"), assumed)
    for name, table in result.tables().items():
        names = [str(column) for column in table.columns]
        lines = [tuple(row.values()) for row in rows(table)]
        shown = [FORMATS.get(unit_of(name, column) or "") for column in names]
        _fill(book.create_sheet(name), names, lines, shown)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _facts(result: Result) -> Iterator[Line]:
    problem, record = result.problem, result.record
    yield "problem", problem.name, None
    yield "about", problem.about, None
    yield "answer", sentence(result), None
    yield "solver stopped", str(result.status.stop), None
    yield "held", str(result.status.point), None
    yield "objective", result.objective, "USD, discounted"
    yield "bound", result.bound, "USD, discounted"
    yield "gap", result.gap, "fraction of 1"
    yield "perspective", problem.perspective, None
    yield "base year", problem.base_year, None
    yield "discount rate", problem.discount.rate, "fraction of 1 a year"
    yield "custody", result.custody, None
    for item in result.broken:
        yield "has to give", item.sentence, None
    yield "solved at", record.get("solved_at"), "UTC"
    yield "instance", record.get("instance"), None
    yield "file", record.get("file"), None
    for edit in record.get("edits") or ():
        yield "changed", edit, None
    yield "SHA-256 of the inputs", record.get("inputs_hash"), None
    for group, unit in (("versions", None), ("options", None), ("seconds", "s"), ("model", None)):
        for name, value in _flat(record.get(group) or {}):
            yield f"{group}: {name}", value, unit
    for name, table in result.tables().items():
        yield f"sheet {name}", len(table), "rows"


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        plain = value is None or isinstance(value, bool | int | float | str)
        yield name, value if plain else str(value)


def _notes(result: Result) -> Iterator[Line]:
    for warning in result.warnings:
        yield "result", None, None, warning
    if not result.has_plan:
        yield "result", "objective", 1, f"the solve ended {result.status}: there is no plan"
    for name, table in result.tables().items():
        if table.empty:
            yield name, None, None, "has no rows: the plan has nothing of the kind"
        for column, cells, reason in absences(name, table):
            yield name, column, cells, f"empty: {reason}"


def _units(result: Result) -> Iterator[Line]:
    for name, table in result.tables().items():
        for column in table.columns:
            unit = unit_of(name, str(column))
            if unit is not None:
                yield name, str(column), unit


def _fill(
    sheet: Worksheet,
    header: Sequence[str],
    lines: Sequence[Line],
    shown: Sequence[str | None] = (),
) -> None:
    """Write a table to a sheet, its header in the first row.

    Parameters
    ----------
    shown
        How the numbers of each column are shown.
    """
    from openpyxl.styles import Font

    if len(lines) >= MOST_ROWS:
        raise InputError(
            [
                Finding(
                    f"sheet '{sheet.title}'",
                    f"would have more than the {MOST_ROWS:,} rows of a sheet",
                    f"{len(lines):,}",
                    remedy="Write a folder of CSV tables.",
                )
            ]
        )
    for place, name in enumerate(header):
        _put(sheet.cell(1, place + 1), name)
        sheet.cell(1, place + 1).font = Font(bold=True)
        widest = max((len(str(line[place])) for line in lines[:200]), default=0)
        width = min(WIDEST, max(len(name), widest) + 2)
        sheet.column_dimensions[letters(place)].width = width
    for number, line in enumerate(lines, 2):
        for place, value in enumerate(line):
            cell = sheet.cell(number, place + 1)
            _put(cell, value)
            form = shown[place] if place < len(shown) else None
            if form is not None and cell.data_type == "n" and value is not None:
                cell.number_format = form
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{letters(len(header) - 1)}{len(lines) + 1}"


def _put(cell: Cell | Any, value: Any) -> None:
    """Put a value into a cell: text stays text, what is no number leaves the cell empty."""
    if value == "":
        return
    if isinstance(value, str):
        cell.value = value[:MOST_SIGNS]
        # openpyxl takes '=1' for a formula and '#N/A' for an error
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in {"=", "+", "-", "@"}
    elif value is not None and not (isinstance(value, float) and not math.isfinite(value)):
        cell.value = value
