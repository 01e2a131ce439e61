"""Plain data to cells: what `cells` reads back as the same values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from instances.tables.cells import EACH, EMPTY, SEPARATOR

if TYPE_CHECKING:
    from instances.tables.form import Form

_RISKY = ('"', "=", "+", "-", "@", "#")
"""Signs that begin a formula or a comment in one program or another."""
_JOINT = f"{SEPARATOR} "
_OLDEST = date(1900, 3, 1)


def cell_of(value: Any, form: Form) -> Any:
    """Return plain data as a cell: a number, a truth value, a date, or text.

    Parameters
    ----------
    value
        What a field of `Problem.to_plain` holds; no nested parts.
    form
        Form of the field.
    """
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return _map(value, form)
    if isinstance(value, list | tuple):
        return _list(value, single=form.text)
    if form.day:
        day = date.fromisoformat(value)
        # workbooks have no earlier days
        return day if day >= _OLDEST else value
    return _text(str(value), inside=form.many or form.each is not None)


def number_text(number: float) -> str:
    """Return a number as the shortest text that reads back as the same number."""
    return repr(number).removesuffix(".0")


def _map(value: Mapping[str, Any], form: Form) -> str:
    if not value:
        return "{}"
    if form.each is not None:
        inside = value["each"]
        # a single listed item is told from a single name by the semicolon at its end
        text = inside if isinstance(inside, str) else _list(inside, single=True)
        return f"{EACH} {_text(text, inside=True) if isinstance(inside, str) else text}"
    return _JOINT.join(
        f"{key}: {'true' if number is True else number_text(number)}"
        for key, number in value.items()
    )


def _list(items: list[Any] | tuple[Any, ...], single: bool) -> str:
    if not items:
        return "[]"
    texts = [
        _text(item, inside=True) if isinstance(item, str) else number_text(item) for item in items
    ]
    return texts[0] + SEPARATOR if single and len(texts) == 1 else _JOINT.join(texts)


def _text(text: str, inside: bool) -> str:
    ambiguous = inside and (SEPARATOR in text or text.lower().startswith(EACH))
    plain = text and text == text.strip() and not text.startswith(_RISKY) and text not in EMPTY
    return text if plain and not ambiguous else json.dumps(text, ensure_ascii=False)
