"""Cells to plain data: numbers with the unit of their column, lists, schedules, quoted text.

Several values in a cell stand apart by semicolons. A schedule in a cell is
``2026: 0.9; 2030: 0.4``, with ``interpolate: true`` at its end for a straight line. Text in double
quotes is taken as it stands. A list of one value ends with a semicolon where a single value means
something else.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from instances.errors import shortened
from instances.tables.form import form_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.tables.form import Form

SEPARATOR = ";"
EACH = "each:"
EMPTY: dict[str, Any] = {"[]": [], "{}": {}}
"""How a list and a map without entries are written."""
_ITEM = re.compile(r'\s*("(?:[^"\\]|\\.)*+"\s*+(?=;|\Z)|[^;]*+)(?:;|\Z)', re.DOTALL)
_BARE = re.compile(r"[+-]?[\d,]*\.?\d*(?:[eE][+-]?\d+)?")


class Percentage(float):
    """A number that a workbook shows as per cent: it is a fraction already."""


class CellError(Exception):
    """A cell cannot be read.

    Parameters
    ----------
    what, remedy
        As in a `Finding`.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def plain_of(value: Any, form: Form, unit: str | None) -> Any:
    """Return what a cell holds as plain data, for the schema to judge.

    Parameters
    ----------
    value
        A number, date, truth value, or text without space around it.
    form
        Form of the field.
    unit
        Unit that stands in the header, if any: that of bare numbers.

    Raises
    ------
    CellError
        It is neither a list, nor a schedule, nor text in whole quotes.
    """
    if not isinstance(value, str):
        number = _number(value, form, unit)
        return [number] if form.many and not form.text else number
    if value in EMPTY and (form.many or form.map or form.part):
        return type(EMPTY[value])()
    if form.schedule:
        return _schedule(value, form, unit)
    if form.each is not None and value.lower().startswith(EACH):
        rest = value[len(EACH) :].strip()
        return {"each": plain_of(rest, form_of(form.each, "each"), None)}
    if form.many:
        items = [_number(_unquoted(item), form, unit) for item in _items(value)]
        single = form.text and len(items) == 1 and not value.endswith(SEPARATOR)
        return items[0] if single else items
    if form.unit is not None:
        return _number(value, form, unit)
    return _unquoted(value)


def one_number(value: Any, form: Form, unit: str | None) -> Any:
    """Return a cell that holds one number, as `plain_of`."""
    return _number(value, form, unit)


def _schedule(value: str, form: Form, unit: str | None) -> Any:
    if ":" not in value and SEPARATOR not in value:
        return _number(value, form, unit)
    points: dict[str, Any] = {}
    for item in _items(value):
        key, colon, number = (part.strip() for part in item.partition(":"))
        if not colon:
            raise CellError(
                "has a value without a date",
                "Write a schedule like '2026: 0.9; 2030: 0.4', or one value.",
            )
        if key in points:
            raise CellError(f"names {shortened(key)} twice", "Keep one of them.")
        points[key] = (
            {"true": True, "false": False}.get(number.lower(), number)
            if key == "interpolate"
            else _number(number, form, unit)
        )
    return points


def _items(value: str) -> Iterator[str]:
    end = 0
    while end < len(value):
        match = _ITEM.match(value, end)
        # the second form of an item takes anything
        assert match is not None
        yield match[1].strip()
        end = match.end()


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    try:
        held = json.loads(text, strict=False)
    except json.JSONDecodeError:
        raise CellError(
            "begins with a quote but is no text in quotes",
            'End it with a quote, and write a quote inside as \\" and a backslash as \\\\.',
        ) from None
    return str(held)


def _number(value: Any, form: Form, unit: str | None) -> Any:
    """Return a value with the unit of its column; a value with a unit of its own keeps that."""
    if isinstance(value, Percentage):
        if form.unit not in ("fraction", "1/yr", "t/t"):
            raise CellError(
                "is shown as per cent, but no fraction belongs here",
                "Format the cell as a plain number.",
            )
        return float(value)
    if form.unit is None or unit in (None, form.unit) or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return f"{value!r} {unit}"
    if isinstance(value, str) and any(sign.isdigit() for sign in value) and _BARE.fullmatch(value):
        return f"{value} {unit}"
    return value
