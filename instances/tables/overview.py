"""The overview: what stands outside the tables (name, periods, discount), as rows of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, nearest_name, shortened
from instances.fields import fields_of
from instances.problem import TABLES, Problem
from instances.tables.cells import CellError, plain_of
from instances.tables.form import form_of
from instances.tables.sheets import Sheet, Spot
from instances.tables.texts import cell_of

if TYPE_CHECKING:
    from instances.record import Part
    from instances.tables.places import Places

OVERVIEW = "problem"
HEADER = ("field", "value")


def overview_fields() -> dict[str, tuple[type[Part], str]]:
    """Return what may stand in the overview (``periods.start``), each with class and field."""
    found: dict[str, tuple[type[Part], str]] = {}
    for name in fields_of(Problem):
        if name in TABLES:
            continue
        part = form_of(Problem, name).part
        if part is None:
            found[name] = (Problem, name)
        else:
            found |= {
                f"{name}.{inner}": (part, inner)
                for inner in fields_of(part)
                if form_of(part, inner).in_cell
            }
    return found


def read_overview(sheet: Sheet, places: Places) -> tuple[dict[str, Any], list[Finding]]:
    """Return what the overview says and what is wrong with it.

    Parameters
    ----------
    sheet
        The sheet.
    places
        Told where each value stands.
    """
    plain: dict[str, Any] = {}
    findings: list[Finding] = []
    known = overview_fields()
    number, header, rows = sheet.split()
    names = tuple(str(cell).lower() for cell in header if cell is not None)
    if names != HEADER:
        findings.append(
            Finding(
                f"{sheet.title}: row {number}",
                "is not the header of this sheet",
                shortened(", ".join(names)),
                remedy="Write 'field' and 'value' over the first two columns, and nothing else.",
            )
        )
        places.silent = True
        return plain, findings
    for row, cells in rows:
        findings += sheet.beyond(row, cells, header)
        name, value = (*cells, None, None)[:2]
        spot = Spot(sheet.title, row, 1, HEADER[1])
        if name not in known:
            findings.append(_unknown(Spot(sheet.title, row, 0, HEADER[0]), name, list(known)))
            places.silent = True
            continue
        path, _, inner = name.partition(".")
        places.add(name, spot)
        places.add(path, spot)
        held = plain.setdefault(path, {}) if inner else plain
        if (key := inner or path) in held:
            findings.append(
                Finding(str(spot), f"gives '{name}' a second time", remedy="Keep one of the two.")
            )
        elif value is not None:
            try:
                held[key] = plain_of(value, form_of(*known[name]), None)
            except CellError as error:
                findings.append(
                    Finding(str(spot), error.what, shortened(value), None, error.remedy)
                )
    return plain, findings


def _unknown(spot: Spot, name: Any, known: list[str]) -> Finding:
    return Finding(
        str(spot),
        "is not a field of a problem",
        None if name is None else shortened(name),
        nearest_name(str(name)[:80], known),
        f"There are: {', '.join(known)}.",
    )


def overview_rows(plain: Mapping[str, Any]) -> list[list[Any]]:
    """Return the rows of the overview, header first."""
    rows: list[list[Any]] = [list(HEADER)]
    for name, (part, field) in overview_fields().items():
        path, _, inner = name.partition(".")
        value = plain.get(path)
        if inner:
            value = value.get(inner) if isinstance(value, Mapping) else None
        if value is not None:
            rows.append([name, cell_of(value, form_of(part, field))])
    return rows
