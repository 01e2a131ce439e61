"""A problem as an Excel workbook: a sheet for each table, and one, ``problem``, for the rest."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, ReadError, nearest_name
from instances.read import LIMIT, bytes_of
from instances.tables.assemble import assemble
from instances.tables.layout import table_names
from instances.tables.overview import OVERVIEW, overview_rows, read_overview
from instances.tables.places import Places
from instances.tables.sheets import COMMENT, Spot, letters
from instances.tables.spread import spread
from instances.tables.workbook_cells import sheet_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from instances.problem import Problem

SUFFIX = ".xlsx"
MOST_UNPACKED = 100_000_000
"""Bytes of a workbook once unpacked."""
MOST_SIGNS = 32_767
"""Signs that a cell of a workbook holds."""
NOTES = frozenset({"notes", "readme"})
"""Sheets that are left alone."""


def read_workbook(path: str | os.PathLike[str], limit: int = LIMIT) -> Problem:
    """Return the problem in an Excel workbook.

    Parameters
    ----------
    path
        The workbook: plain values only, without formulas, merged cells and macros.
    limit
        Most bytes the file may have.

    Raises
    ------
    ReadError
        The file, a header or a cell cannot be read; with every finding.
    InputError
        What it holds is no problem; with every finding.
    """
    return workbook_of(bytes_of(path, limit), Path(path))


def workbook_of(content: bytes, file: Path) -> Problem:
    """Return the problem in the content of the workbook called ``file``; errors as there."""
    from openpyxl import load_workbook

    _check_container(file, content)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of drawings, styles and the like that it drops: none holds data
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), keep_links=False)
    except Exception as error:
        # openpyxl raises whatever its parts raise on a damaged file: KeyError, ValueError, ...
        raise _refused(
            file, f"is no workbook that can be read: {type(error).__name__}", "Save it anew."
        ) from None
    places = Places(
        outside=lambda where: f"{_title(file, OVERVIEW)}: {where}",
        title_of=lambda table: _title(file, table),
    )
    findings: list[Finding] = []
    sheets = {}
    for name in _known(file, book, findings):
        sheets[name], faults = sheet_of(book[name], _title(file, name))
        findings += faults
    overview = sheets.pop(OVERVIEW, None)
    plain: dict[str, Any] = {}
    if overview is None:
        places.silent = True
        near = nearest_name(OVERVIEW, [name for name in book.sheetnames if name not in sheets])
        findings.append(
            Finding(
                f"{file}: sheet '{OVERVIEW}'",
                "is missing",
                nearest=near,
                remedy="Add it, with 'name' and 'periods.start' and the like under 'field' and "
                "'value'.",
            )
        )
    else:
        plain, faults = read_overview(overview, places)
        findings += faults
        places.silent = places.silent or bool(overview.faulty)
    return assemble(sheets.values(), plain, places, findings)


def _check_container(file: Path, content: bytes) -> None:
    """Refuse what is no plain workbook before anything is unpacked."""
    remedy = "Save it as an Excel workbook (.xlsx) without macros and password."
    if file.suffix.lower() != SUFFIX:
        raise _refused(file, f"is not a workbook of the kind {SUFFIX}", remedy)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise _refused(file, "is not a workbook", remedy) from None
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _refused(
            file,
            f"is larger than {MOST_UNPACKED / 1e6:g} MB once unpacked",
            "Leave out what the problem does not need, or keep it as a folder of tables.",
        )
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _refused(file, "holds macros", remedy)


def _refused(file: Path, what: str, remedy: str) -> ReadError:
    return ReadError([Finding(str(file), what, remedy=remedy)])


def _title(file: Path, table: str) -> str:
    return f"{file}: sheet '{table}'"


def _known(file: Path, book: Any, findings: list[Finding]) -> Iterator[str]:
    names = (OVERVIEW, *table_names())
    tables = {sheet.title for sheet in book.worksheets}
    for name in book.sheetnames:
        if name in names and name in tables:
            yield name
        elif name.lower() not in NOTES:
            findings.append(
                Finding(
                    _title(file, name),
                    "is not a table of a problem",
                    nearest=nearest_name(name, names),
                    remedy="Rename or remove it, or call it 'notes' to have it left alone; tables "
                    f"are: {', '.join(names)}.",
                )
            )


def workbook_bytes(problem: Problem, remarks: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """Return a workbook that reads back as an equal problem.

    Parameters
    ----------
    problem
        What to write.
    remarks
        Lines to put above the header of a sheet.

    Raises
    ------
    InputError
        A value is too long for a cell.
    """
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    outside, tables = spread(problem, stretches=True)
    content = {OVERVIEW: overview_rows(outside)} | {table.name: table.rows for table in tables}
    for name, rows in content.items():
        lines = [[f"{COMMENT} {line}"] for line in (remarks or {}).get(name, ())]
        _fill(book.create_sheet(name), [*lines, *rows], len(lines) + 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Any]], header: int) -> None:
    from openpyxl.styles import Font

    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            if value is not None:
                cell = sheet.cell(number, place, _exact(sheet.title, number, place, value))
                if number == header:
                    cell.font = Font(bold=True)
    sheet.freeze_panes = f"A{header + 1}"
    for place, text in enumerate(rows[header - 1]):
        sheet.column_dimensions[letters(place)].width = max(12, len(str(text)) + 2)


def _exact(title: str, row: int, column: int, value: Any) -> Any:
    """Return a value as a cell keeps it: openpyxl writes 16 figures, and some numbers have 17."""
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        return repr(value)
    if isinstance(value, str) and len(value) > MOST_SIGNS:
        raise InputError(
            [
                Finding(
                    str(Spot(f"sheet '{title}'", row, column - 1)),
                    f"is longer than the {MOST_SIGNS:,} signs that a cell of a workbook holds",
                    remedy="Write a folder of tables, or YAML.",
                )
            ]
        )
    return value
