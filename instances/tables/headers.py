"""Headers: ``price [USD/kg] 2027`` is a field, the unit of bare numbers and their date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, nearest_name, shortened
from instances.facility import Process
from instances.tables.form import Form, form_of
from instances.tables.layout import RATIO, RECIPES, columns_of, headings, keys_of
from instances.units import UnitError, factor, how_to_write, unit_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from instances.record import Part

INTERPOLATE = "interpolate"
LONGEST = 200
"""Signs of a header that is worth taking apart."""
_HEADER = re.compile(
    r"(?P<name>[^\[\]]*?)\s*(?:\[(?P<unit>[^\[\]]*)\])?\s*"
    r"(?P<day>\b\d{4}(?:-\d\d-\d\d)?|\binterpolate)?",
)
_TEXT = Form(text=True)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that was understood.

    Parameters
    ----------
    place
        Its place in the row, from 0.
    header
        Its header as it stands.
    field
        The field, or the key column, it fills.
    key
        For a map: which entry; "" for the whole.
    day
        Year or date its values hold from, "interpolate", or "" for always.
    unit
        Unit of bare numbers, ``None`` for the base unit.
    """

    place: int
    header: str
    field: str
    key: str = ""
    day: str = ""
    unit: str | None = None

    @property
    def step(self) -> str:
        """What it fills, in one word."""
        return ".".join(part for part in (self.field, self.key, self.day) if part)


def form_in(table: str, field: str, kind: type[Part] | None = None) -> Form:
    """Return the form of a field in a table, as the class ``kind`` has it or else the first."""
    if table == RECIPES:
        return Form(unit=form_of(Process, "inputs").unit) if field == RATIO else _TEXT
    if field in keys_of(table):
        return _TEXT
    fields = columns_of(table)
    if kind is not None and field in kind.model_fields:
        return form_of(kind, field)
    return form_of(fields[field], field)


def read_headers(
    table: str, cells: Sequence[Any], where: Callable[[int], str]
) -> tuple[list[Column], list[Finding]]:
    """Return the columns of a table and what is wrong with its headers.

    Parameters
    ----------
    table
        Name of the table.
    cells
        The cells of the header row.
    where
        What to call the header of the column at a place.
    """
    columns: dict[str, Column] = {}
    findings: list[Finding] = []
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        column = _column(table, place, cell)
        if isinstance(column, Finding):
            findings.append(_at(where(place), column))
        elif column.step in columns:
            first = columns[column.step].place
            findings.append(
                Finding(
                    where(place),
                    f"is a second column for '{column.step}'; the first is {where(first)}",
                    remedy="Keep one of the two.",
                )
            )
        else:
            columns[column.step] = column
    return list(columns.values()), findings


def _column(table: str, place: int, cell: Any) -> Column | Finding:
    text = str(cell).strip()
    match = _HEADER.fullmatch(text) if len(text) <= LONGEST else None
    name, unit, day = match.groups() if match is not None else (text, None, None)
    field, _, key = name.partition(".")
    names = headings(table)
    form = form_in(table, field) if field in names else None
    if form is None or (key and not form.map):
        return Finding(
            "",
            "is not a column of this table",
            nearest=nearest_name(name[:80], names),
            remedy=f"There are: {', '.join(names)}.",
        )
    if day and not form.schedule:
        return Finding(
            "", f"gives '{field}' over time, but it has one value", remedy=f"Write '{field}'."
        )
    unit = unit.strip() if unit is not None else None
    wrong = _unit(field, unit, form) if unit is not None else None
    return wrong or Column(place, text, field, key, day or "", unit)


def _unit(field: str, unit: str, form: Form) -> Finding | None:
    if form.unit is None:
        return Finding(
            "", f"has a unit, but '{field}' takes none", unit, remedy=f"Write '{field}'."
        )
    if unit == form.unit:
        return None
    try:
        factor(unit, form.unit)
    except UnitError as error:
        return Finding(
            "",
            error.reason,
            nearest=nearest_name(error.unknown, unit_names()) if error.unknown else None,
            remedy=f"Write '{field} [{form.unit}]', or give each cell its unit: "
            f"{how_to_write(form.unit)}.",
        )
    return None


def _at(where: str, finding: Finding) -> Finding:
    return Finding(
        where,
        finding.what,
        None if finding.value is None else shortened(finding.value),
        finding.nearest,
        finding.remedy,
    )


def header_of(table: str, field: str, key: str = "", day: str = "") -> str:
    """Return the header of a column: the field, its base unit, the date it holds from."""
    unit = form_in(table, field).unit
    name = f"{field}.{key}" if key else field
    return " ".join(part for part in (name, f"[{unit}]" if unit else "", day) if part)


def by_field(columns: Sequence[Column]) -> Mapping[str, list[Column]]:
    """Return the columns of each field, in their order."""
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(column.field, []).append(column)
    return found
