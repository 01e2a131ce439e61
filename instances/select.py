"""Selectors: the part of an edit that says which values of a problem are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

from instances.brackets import Listing, Miss, by_place, stated_or_default
from instances.errors import InputError, nearest_name
from instances.fields import fields_of, holds_map, holds_schedule, part_of, step
from instances.problem import Problem
from instances.record import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Found = TypeVar("Found")

_BRACKETS = r"\[((?:\"[^\"]*\"|'[^']*'|[^\]\"'])*)\]"
_STEP = rf"([A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*)(?:{_BRACKETS})?"
_NEXT = re.compile(rf"{_STEP}(?:\.|$)")
PATH = re.compile(rf"\s*{_STEP}(?:\.{_STEP})*")
"""Steps with dots between; each a field, with at most one pair of brackets."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One value that is meant.

    Parameters
    ----------
    holder, key
        What the value stands in, and under which field or place.
    owner, field
        The record class and the field of it that the value belongs to.
    day
        The year, date or period of a schedule that is meant; ``None`` for all of it.
    where
        Path of the value.
    """

    holder: Any
    key: str | int
    owner: type[Part]
    field: str
    day: str | None
    where: str

    def value(self) -> Any:
        """Return the value as plain data, the field's default where none is stated."""
        if self.key != self.field:
            # an item of a list, or a value of a map that may not be there
            return (
                self.holder[self.key] if isinstance(self.key, int) else self.holder.get(self.key)
            )
        return stated_or_default(self.holder, self.owner, self.field)


@dataclass(frozen=True, slots=True)
class _Place:
    """A record on the way."""

    record: dict[str, Any]
    kind: type[Part]
    where: str
    map: str | None = None
    """The field that holds the record, where that is a map and no record with fields."""

    def check(self, name: str) -> None:
        if self.map is not None:
            raise Miss(f"goes into '{name}', which has no fields", "End the path there.")
        names = fields_of(self.kind)
        if name not in names:
            near = nearest_name(name, names)
            raise Miss(
                f"names the field '{name}', which {self.where or 'a problem'} does not have",
                "Correct the name." if near else f"There are: {', '.join(names)}.",
                nearest=near,
            )


def select(plain: dict[str, Any], path: str) -> Sequence[Spot]:
    """Return every value of a problem that a path means, at least one.

    Parameters
    ----------
    plain
        The problem as plain data.
    path
        Such as ``offers[country=CHN].price``.

    Raises
    ------
    InputError
        It means nothing; with the nearest names.
    """
    try:
        if PATH.fullmatch(path) is None:
            raise Miss(
                "is no path to a value",
                "Write fields with dots between and ids in brackets: rules[cn-cap].max_share.",
            )
        steps = [(match[1], match[2]) for match in _NEXT.finditer(path.strip())]
        places = [_Place(plain, Problem, "")]
        for name, pick in steps[:-1]:
            places = _from_each(places, _onward, name, pick)
        return _from_each(places, _spots, *steps[-1])
    except Miss as miss:
        raise InputError([replace(miss.finding, where=path)]) from None


def _from_each(
    places: Iterable[_Place],
    advance: Callable[[_Place, str, str | None], list[Found]],
    name: str,
    pick: str | None,
) -> list[Found]:
    found: list[Found] = []
    misses: list[Miss] = []
    for place in places:
        try:
            found += advance(place, name, pick)
        except Miss as miss:
            misses.append(miss)
    if misses and not found:
        raise misses[0]
    return found


def _onward(place: _Place, name: str, pick: str | None) -> list[_Place]:
    """Return the records in a field that the next step goes on from."""
    place.check(name)
    where = step(place.where, name)
    content = place.record.get(name)
    if content is None and isinstance(fields_of(place.kind)[name].default, Part):
        content = place.record.setdefault(name, {})
    if isinstance(content, list) and all(isinstance(item, dict) for item in content):
        listing = Listing(name, place.kind, content)
        return [
            _Place(content[number], listing.kind(number), f"{where}[{_label(content, number)}]")
            for number in listing.chosen(pick)
        ]
    if holds_map(place.kind, name) and isinstance(content, dict | NoneType):
        if pick is not None:
            raise Miss(
                f"goes into a value of '{name}', which has no fields", "End the path there."
            )
        content = place.record.setdefault(name, {}) if content is None else content
        return [_Place(content, place.kind, where, name)]
    kind = part_of(place.kind, name, content)
    if isinstance(content, dict) and kind is not None and not holds_schedule(place.kind, name):
        if pick is not None:
            raise _no_brackets(name)
        return [_Place(content, kind, where)]
    if content is None:
        raise Miss(f"goes into '{name}', which is not stated", "Set it as a whole first.")
    raise Miss(f"goes into '{name}', which has no fields", "End the path there.")


def _label(records: Sequence[dict[str, Any]], number: int) -> object:
    return records[number].get("id", number)


def _no_brackets(name: str) -> Miss:
    return Miss(f"has brackets after '{name}', which is one value", "Remove them.")


def _spots(place: _Place, name: str, pick: str | None) -> list[Spot]:
    """Return the values in a field that the last step means."""
    if place.map is not None:
        if pick is not None:
            raise _no_brackets(name)
        return [_value_of(place, place.map, name)]
    place.check(name)
    where = step(place.where, name)
    content = place.record.get(name)
    if pick is None:
        return [Spot(place.record, name, place.kind, name, None, where)]
    if holds_map(place.kind, name) and isinstance(content, dict | NoneType):
        content = place.record.setdefault(name, {}) if content is None else content
        inside = _Place(content, place.kind, where, name)
        named = list(content) if pick.strip() == "*" else [pick.strip().strip("\"'")]
        if not named:
            raise Miss(f"means all of '{name}', which is empty", "Name what to state there.")
        return [_value_of(inside, name, key) for key in named]
    if not isinstance(content, list):
        if not holds_schedule(place.kind, name):
            raise _no_brackets(name)
        day = pick.strip()
        return [Spot(place.record, name, place.kind, name, day, f"{where}[{day}]")]
    if content and isinstance(content[0], dict):
        Listing(name, place.kind, content).chosen(pick)
        raise Miss(
            "means whole records", f"Name one of their fields: {_field(name, pick, content)}."
        )
    return [
        Spot(content, number, place.kind, name, None, f"{where}[{number}]")
        for number in by_place(name, len(content), pick)
    ]


def _value_of(place: _Place, field: str, key: str) -> Spot:
    return Spot(place.record, key, place.kind, field, None, step(place.where, key))


def _field(name: str, pick: str, records: Sequence[dict[str, Any]]) -> str:
    stated = [field for field in records[0] if field != "id"]
    return f"{name}[{pick}].{stated[0] if stated else 'id'}"
