"""The form of a field: what its cells may hold, told from the type it has in its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from instances.fields import base_unit, fields_of, holds_schedule
from instances.record import Part

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Form:
    """What a field may hold.

    Parameters
    ----------
    unit
        Base unit of its numbers, ``None`` when it holds none.
    schedule, text, many, map, day
        Whether it may be a schedule, a single text, a list of plain values, a map, a date.
    each
        Record class of the form ``{each: ...}``, if it may have it.
    part
        Record class of its nested parts, if it may hold some.
    """

    unit: str | None = None
    schedule: bool = False
    text: bool = False
    many: bool = False
    map: bool = False
    day: bool = False
    each: type[Part] | None = None
    part: type[Part] | None = None

    @property
    def in_cell(self) -> bool:
        """Whether a cell can hold it; nested parts and recipes have tables of their own."""
        recipe = self.map and not self.text
        only_parts = self.part is not None and not self.schedule
        return not (recipe or only_parts)


@cache
def form_of(part: type[Part], name: str) -> Form:
    """Return the form of a field of a record class."""
    held: dict[str, Any] = {"unit": base_unit(part, name), "schedule": holds_schedule(part, name)}
    for piece in _alternatives(fields_of(part)[name].annotation):
        origin = get_origin(piece)
        if origin is tuple:
            item = next(_alternatives((get_args(piece) or (str,))[0]), str)
            if _is_part(item):
                held["part"] = item
            else:
                held["many"] = True
        elif origin is dict:
            held["map"] = True
        elif origin is Literal or piece is str:
            held["text"] = True
        elif piece is date:
            held["day"] = True
        elif _is_part(piece):
            held["each" if "each" in fields_of(piece) else "part"] = piece
    return Form(**held)


def _is_part(piece: Any) -> bool:
    return isinstance(piece, type) and issubclass(piece, Part)


def _alternatives(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for piece in get_args(annotation):
            yield from _alternatives(piece)
    elif annotation not in (NoneType, Any):
        yield annotation
