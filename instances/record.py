"""What every record shares: it is frozen, refuses unknown keys, and names its sources."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Mapping


def _clean(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("text", "has control characters. Keep to printable text.")
    return text


def _clean_lines(text: str) -> str:
    # it is printed on terminals: line breaks, tabs and any space are fine, escape codes are not
    if not all(sign.isprintable() or sign in "\n\t" or category(sign) == "Zs" for sign in text):
        raise PydanticCustomError(
            "text", "has control characters. Keep to printable text and line breaks."
        )
    return text


def _day(value: object) -> object:
    # pydantic alone would read 2026 as seconds since 1970
    if isinstance(value, str) and re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", value):
        return value.strip()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("day", "is not a date. Write it like 2027-01-01.")


def _whole(value: object) -> object:
    # pydantic alone would read true as 1
    if isinstance(value, bool):
        raise PydanticCustomError(
            "whole", "is not a whole number. Write a number without a point, such as 5."
        )
    return value


Id = Annotated[
    str,
    StringConstraints(pattern=re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$").pattern),
]
"""Letters, digits, dot, dash and underscore; used by edits, rows and reports."""

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 3166-1 alpha-3, or a code the problem declares under ``countries`` (XAA to XZZ)."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_clean)]
LongText = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_clean_lines)]

Day = Annotated[date, BeforeValidator(_day)]
"""A date: ISO text or a date, never a bare number."""

Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number; true and false are none."""


Kind = TypeVar("Kind", bound="Part")


class Part(BaseModel):
    """A piece of a problem without an identity of its own."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        populate_by_name=True,
        strict=False,
        use_attribute_docstrings=True,
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with other fields if asked, and without what the old ones came to."""
        made = super().model_copy(update=update, deep=deep)
        for name in made.__dict__.keys() - type(self).model_fields.keys():
            # a cached property
            del made.__dict__[name]
        return made


class Record(Part):
    """A piece of a problem with an identity and a provenance."""

    id: Id
    """Unique in its table."""
    source: Text | dict[Id, Text] | None = None
    """Key of the source of this record's numbers; or a map from field to key where they differ."""
    assumption: Text | dict[Id, Text] | None = None
    """Why a number without a source is what it is; or a map from field to reason. Users see it."""


def with_fields(part: Kind, **changes: Any) -> Kind:
    """Return a part with other fields: `Part.model_copy` by keywords, for any kind of part."""
    return part.model_copy(update=changes)


class Source(Part):
    """Where numbers come from."""

    id: Id
    title: LongText
    publisher: LongText = ""
    licence: LongText = ""
    note: LongText = ""


Places = Annotated[tuple[CountryCode, ...], Field(min_length=1)]


def check_dates(start: date | None, end: date | None) -> None:
    """Raise pydantic's error when a stretch of time ends before it starts."""
    if start and end and start >= end:
        raise PydanticCustomError(
            "dates",
            "starts on {start} and ends on {end}: the end must come later.",
            {"start": start.isoformat(), "end": end.isoformat()},
        )
