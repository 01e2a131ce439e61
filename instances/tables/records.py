"""Rows to records: each row of a sheet as plain data, with the spot of each value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, nearest_name, shortened
from instances.tables.cells import CellError, one_number, plain_of
from instances.tables.headers import INTERPOLATE, Column, by_field, form_in, read_headers
from instances.tables.layout import classes_of, keys_of
from instances.tables.sheets import Sheet, Spot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instances.record import Part
    from instances.tables.form import Form

Steps = tuple[str | int, ...]


@dataclass(eq=False)
class Row:
    """A row as plain data.

    Parameters
    ----------
    spot
        Where it stands.
    keys
        What its key columns say, as text.
    record
        Fields and values.
    spots
        Where each value stands, by the steps that lead to it from the record; empty cells, too.
    names
        Where the name of a value stands if in a cell, too: the commodity of a recipe.
    owner
        For a part: the row it belongs to (``None`` if in no sheet) and the steps to it.
    """

    spot: Spot
    keys: dict[str, str] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    spots: dict[Steps, Spot] = field(default_factory=dict)
    names: dict[Steps, Spot] = field(default_factory=dict)
    owner: tuple[Row | None, Steps] = (None, ())


@dataclass(eq=False)
class Records:
    """The rows of a sheet.

    Parameters
    ----------
    sheet
        The sheet.
    header
        Row of its headers.
    columns
        Its columns that were understood.
    rows
        Its rows.
    findings
        What is wrong with headers and cells.
    misread
        Whether a header was not understood, so that fields may seem to be missing.
    """

    sheet: Sheet
    header: int
    columns: list[Column]
    rows: list[Row]
    findings: list[Finding]
    misread: bool


def read_records(sheet: Sheet) -> Records:
    """Return the records of a sheet, with every fault of its headers and cells."""
    number, header, body = sheet.split()
    columns, findings = read_headers(
        sheet.table,
        header,
        lambda place: str(Spot(sheet.title, number, place, _text(header[place]))),
    )
    misread = bool(findings) or any(row == number for row, _ in sheet.faulty)
    fields = by_field(columns)
    if not header:
        findings.append(sheet.empty())
    missing = [key for key in keys_of(sheet.table) if key not in fields]
    if missing and header and not misread:
        findings.append(
            Finding(
                f"{sheet.title}: row {number}",
                f"has no column '{missing[0]}'",
                remedy=f"Add '{missing[0]}': it says what a row belongs to.",
            )
        )
    rows = []
    for place, cells in body:
        findings += sheet.beyond(place, cells, header)
        rows.append(_row(sheet, place, cells, fields, findings))
    return Records(sheet, number, columns, rows, findings, misread or bool(missing))


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _row(
    sheet: Sheet,
    number: int,
    cells: Sequence[Any],
    fields: Mapping[str, list[Column]],
    findings: list[Finding],
) -> Row:
    row = Row(Spot(sheet.title, number))
    kind = _kind(sheet.table, fields, cells)
    for name, columns in fields.items():
        form = form_in(sheet.table, name, kind)
        for column in columns:
            spot = Spot(sheet.title, number, column.place, column.header)
            row.spots[_steps(column)] = spot
            # the first of a field's columns is where it goes while they are empty
            row.spots.setdefault((name,), spot)
            value = cells[column.place] if column.place < len(cells) else None
            if value is None:
                continue
            if name in keys_of(sheet.table):
                row.keys[name] = str(value)
                continue
            try:
                _put(row.record, column, value, form)
            except CellError as error:
                sheet.faulty.add((number, column.place))
                findings.append(
                    Finding(str(spot), error.what, shortened(value), None, error.remedy)
                )
    return row


def _kind(
    table: str, fields: Mapping[str, list[Column]], cells: Sequence[Any]
) -> type[Part] | None:
    """Return the class a row is read as: in the table of rules its kind says so."""
    classes = classes_of(table) if "kind" in fields else ()
    place = fields["kind"][0].place if classes else 0
    said = cells[place] if place < len(cells) else None
    return next((part for part in classes if part.model_fields["kind"].default == said), None)


def _steps(column: Column) -> Steps:
    return tuple(part for part in (column.field, column.key, column.day) if part)


def _put(record: dict[str, Any], column: Column, value: Any, form: Form) -> None:
    """Add what a cell says to a record."""
    name = column.field
    if not column.key and not column.day:
        if isinstance(record.get(name), dict):
            raise _twice(name)
        record[name] = plain_of(value, form, column.unit)
        return
    truth = _truth(value)
    if column.day == INTERPOLATE and truth is False:
        return
    inside = record.setdefault(name, {})
    if not isinstance(inside, dict):
        raise _twice(name)
    if column.key:
        inside[column.key] = plain_of(value, form, None)
    elif column.day == INTERPOLATE:
        inside[INTERPOLATE] = truth
    else:
        inside[column.day] = one_number(value, form, column.unit)


def _twice(name: str) -> CellError:
    return CellError(
        f"gives '{name}' both as a whole and in parts", "Empty one of the cells of this row."
    )


def _truth(value: Any) -> Any:
    if isinstance(value, str):
        return {"true": True, "yes": True, "false": False, "no": False}.get(value.lower(), value)
    return value


def unknown_key(row: Row, key: str, known: Sequence[str], one: str) -> Finding:
    """Return the finding that a key column names nothing that is there."""
    name = row.keys.get(key)
    spot = str(row.spots.get((key,), row.spot))
    if name is None:
        return Finding(spot, "is missing", remedy=f"Write the id of {one}.")
    return Finding(
        spot,
        f"names no {one.removeprefix('a ').removeprefix('an ')}",
        shortened(name),
        nearest_name(name[:80], known),
        f"Write the id of {one}.",
    )
