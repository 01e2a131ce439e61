"""Leaves: every number, date and length of time in a problem, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.problem import Problem

_WORDS = {"schema", "id", "kind", "name", "about", "supplier", "sources", "goals"}
_WORDS |= {"source", "assumption"}
"""Fields that hold no figure: the schema is that of the file, not a figure of the problem."""
_FIGURE = re.compile(r"\d{4}-\d\d-\d\d|[-+]?\d[\d.,]*( ?[A-Za-z%/]+)?")


@dataclass(frozen=True, slots=True)
class Stated:
    """A field of a problem, or a part of one, and what is said of it.

    Parameters
    ----------
    where
        Its path: ``offers[cn].price``, ``facilities[mill].processes[melt].outputs.metal``.
    value
        As `Problem.to_plain` gives it.
    source, assumption
        As the innermost record says that says anything; ``None`` where none does.
    record
        The record of a table in which it stands; empty for what stands in no table.
    """

    where: str
    value: Any
    source: str | None
    assumption: str | None
    record: Mapping[str, Any]

    @property
    def is_leaf(self) -> bool:
        """Whether it is a number, a date or a length of time."""
        if isinstance(self.value, str):
            return _FIGURE.fullmatch(self.value) is not None
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)


def leaves(problem: Problem) -> Iterator[Stated]:
    """Yield every number, date and length of time of a problem."""
    return (item for item in stated(problem) if item.is_leaf)


def stated(problem: Problem) -> Iterator[Stated]:
    """Yield every field of a problem and every part of it, the outer before the inner.

    What is said of the periods holds for the base year, too.
    """
    plain = problem.to_plain()
    periods = plain["periods"]
    for name, value in plain.items():
        if name in _WORDS:
            continue
        if isinstance(value, Mapping):
            yield from _of_record(name, value, {}, (None, None))
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Mapping):
                    place = f"{name}[{item['id']}]"
                    yield from _of_record(place, item, item, (None, None))
        elif name == "base_year":
            yield Stated(name, value, periods.get("source"), periods.get("assumption"), {})


def said(record: Mapping[str, Any], field: str) -> tuple[str | None, str | None]:
    """Return source and assumption of a field, as its record says."""
    source, assumption = (_said(record, how, field) for how in ("source", "assumption"))
    return source, assumption


def _said(record: Mapping[str, Any], how: str, field: str) -> str | None:
    text = record.get(how)
    if isinstance(text, Mapping):
        return text.get(field)
    # a text for the whole record stands for every field the other map does not name
    other = record.get("assumption" if how == "source" else "source")
    return None if isinstance(other, Mapping) and field in other else text


def _of_record(
    where: str,
    part: Mapping[str, Any],
    record: Mapping[str, Any],
    outer: tuple[str | None, str | None],
) -> Iterator[Stated]:
    """Yield the fields of a part; what it says of none of them, the part around it says."""
    for field, value in part.items():
        if field in _WORDS:
            continue
        here = said(part, field)
        # dates of a schedule and goods of a recipe are keys
        place = f"{where}[{field}]" if field[:1].isdigit() else f"{where}.{field}"
        yield from _of_value(place, value, record, here if any(here) else outer)


def _of_value(
    where: str, value: Any, record: Mapping[str, Any], here: tuple[str | None, str | None]
) -> Iterator[Stated]:
    yield Stated(where, value, *here, record)
    if isinstance(value, Mapping):
        yield from _of_record(where, value, record, here)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            inner = item.get("id", number) if isinstance(item, Mapping) else number
            yield from _of_value(f"{where}[{inner}]", item, record, here)
