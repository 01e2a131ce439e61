"""The fields of the records: what a path such as ``rules[cn-cap].max_share`` points at.

Findings and edits share one way to write a path: a dot before a field, and in brackets a record's
id, a place in a list counted from 0, or the year or date of a schedule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import Tag, WithJsonSchema

from instances.errors import shortened
from instances.record import Part

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,63}")
_DATED = re.compile(r"\d{4}(-\d\d-\d\d)?")


@cache
def fields_of(part: type[Part]) -> Mapping[str, FieldInfo]:
    """Return the fields of a record by the name they have in files."""
    return {info.alias or name: info for name, info in part.model_fields.items()}


def _pieces(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _pieces(argument)


@cache
def _contents(part: type[Part], name: str) -> tuple[Any, ...]:
    info = fields_of(part)[name]
    return (*_pieces(info.annotation), *info.metadata)


def part_of(part: type[Part], name: str, value: object) -> type[Part] | None:
    """Return the record class that ``value`` (or an item of it) is read as under a field.

    ``None`` when the field holds no records, or when ``value`` does not say which kind it is.
    """
    if name not in fields_of(part):
        return None
    classes = [
        piece
        for piece in _contents(part, name)
        if isinstance(piece, type) and issubclass(piece, Part)
    ]
    if len(classes) < 2:
        return classes[0] if classes else None
    kind = value.get("kind") if isinstance(value, Mapping) else None
    for candidate in classes:
        if fields_of(candidate)["kind"].default == kind:
            return candidate
    return None


def base_unit(part: type[Part], name: str) -> str | None:
    """Return the base unit of the numbers in a field, ``None`` when they have none."""
    for piece in _contents(part, name):
        if isinstance(piece, WithJsonSchema) and piece.json_schema and "unit" in piece.json_schema:
            return str(piece.json_schema["unit"])
    return None


def holds_schedule(part: type[Part], name: str) -> bool:
    """Return whether a field may hold values over time."""
    return any(
        isinstance(piece, Tag) and piece.tag == "by_date" for piece in _contents(part, name)
    )


def holds_map(part: type[Part], name: str) -> bool:
    """Return whether a field holds values by name, such as the tonnes of a recipe by commodity."""
    return any(get_origin(piece) is dict for piece in _contents(part, name)) and not (
        holds_schedule(part, name)
    )


def labels(ids: Iterable[object]) -> list[str]:
    """Return what to call the records of a table: a unique id, else the place."""
    names = list(ids)
    times = Counter(name for name in names if isinstance(name, str))
    return [
        name
        if isinstance(name, str) and times[name] == 1 and _PLAIN.fullmatch(name)
        else str(place)
        for place, name in enumerate(names)
    ]


def step(path: str, name: str) -> str:
    """Return ``path`` followed by a field: ``offers[cn-ga].price``."""
    if _DATED.fullmatch(name) or (path and "." in name and _PLAIN.fullmatch(name)):
        return f"{path}[{name}]"
    shown = name if _PLAIN.fullmatch(name) else shortened(name)
    return f"{path}.{shown}" if path else shown
