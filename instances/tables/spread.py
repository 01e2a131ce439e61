"""A problem to tables: each with its header and rows, numbers in base units, schedules by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.problem import TABLES
from instances.tables.headers import form_in, header_of
from instances.tables.layout import (
    NESTED,
    RATIO,
    RECIPE_KEYS,
    RECIPES,
    SIDES,
    STRETCHES,
    classes_of,
    headings,
    keys_of,
    table_names,
)
from instances.tables.texts import cell_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instances.problem import Problem
    from instances.record import Part

MOST_DATES = 60
"""Dates of a field that get columns of their own; a schedule in a cell holds any number."""
Records = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table to write.

    Parameters
    ----------
    name
        Its name.
    rows
        Its rows of cells, header first; ``None`` is an empty cell.
    """

    name: str
    rows: list[list[Any]]


def spread(problem: Problem, stretches: bool) -> tuple[dict[str, Any], list[Table]]:
    """Return what of a problem stands outside the tables, and its tables that are not empty.

    Parameters
    ----------
    problem
        The problem.
    stretches
        Whether a horizon of several parts becomes a table, too.
    """
    plain = problem.to_plain()
    outside = {name: value for name, value in plain.items() if name not in TABLES}
    records: dict[str, Records] = {table: plain[table] for table in TABLES if plain.get(table)}
    for entry in NESTED:
        records[entry.table] = [
            {entry.key: owner["id"], **part}
            for owner in records.get(entry.owner, ())
            if isinstance(owner.get(entry.field), list)
            for part in owner[entry.field]
        ]
    for facility in records.get("facilities", ()):
        records.setdefault(RECIPES, []).extend(_recipes(facility))
    if stretches and "parts" in outside["periods"]:
        records[STRETCHES] = outside["periods"]["parts"]
        rest = {name: value for name, value in outside["periods"].items() if name != "parts"}
        outside = outside | {"periods": rest}
    return outside, [_table(name, records[name]) for name in table_names() if records.get(name)]


def _recipes(facility: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for process in facility["processes"]:
        for side, name in SIDES.items():
            for commodity, ratio in process.get(name, {}).items():
                keys = (facility["id"], process["id"], side, commodity)
                yield dict(zip(RECIPE_KEYS, keys, strict=True)) | {RATIO: ratio}


def _table(name: str, records: Records) -> Table:
    kinds = [_kind(name, record) for record in records]
    header: list[Any] = []
    columns: list[list[Any]] = []
    for field in headings(name):
        values = [record.get(field) for record in records]
        for title, cells in _columns(name, field, values, kinds):
            header.append(title)
            columns.append(cells)
    return Table(name, [header, *(list(row) for row in zip(*columns, strict=True))])


def _kind(table: str, record: Mapping[str, Any]) -> type[Part] | None:
    if table in (RECIPES, *keys_of(table)):
        return None
    for part in classes_of(table):
        if "kind" in part.model_fields and part.model_fields["kind"].default == record["kind"]:
            return part
    return None


def _columns(
    table: str, field: str, values: Sequence[Any], kinds: Sequence[type[Part] | None]
) -> Iterator[tuple[str, list[Any]]]:
    """Yield the header and cells of each column that a field needs; none if nothing is stated."""
    form = form_in(table, field)
    split: set[str] = set()
    if form.map or (form.schedule and _by_date(values)):
        split = {str(key) for value in values if _splits(value) for key in value}
    whole = [
        _cell(table, field, None if split and _splits(value) else value, kind)
        for value, kind in zip(values, kinds, strict=True)
    ]
    if any(cell is not None for cell in whole):
        yield header_of(table, field), whole
    for key in sorted(split):
        cells = [value.get(key) if _splits(value) else None for value in values]
        if form.map:
            texts = [None if cell is None else _cell(table, field, cell, None) for cell in cells]
            yield header_of(table, field, key=key), texts
        else:
            yield header_of(table, field, day=key), cells


def _splits(value: Any) -> bool:
    """Return whether a value can stand in several columns; an interpolated one cannot."""
    return isinstance(value, Mapping) and bool(value) and value.get("interpolate") is not True


def _by_date(values: Sequence[Any]) -> bool:
    days = {key for value in values if _splits(value) for key in value}
    return 0 < len(days) <= MOST_DATES


def _cell(table: str, field: str, value: Any, kind: type[Part] | None) -> Any:
    form = form_in(table, field, kind)
    if value is None or (form.part is not None and isinstance(value, list) and value):
        return None
    return cell_of(value, form)
