"""What stands in brackets after a list: which of its records an edit means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, nearest_name, shortened
from instances.fields import fields_of, part_of

if TYPE_CHECKING:
    from instances.record import Part

_CONDITION = re.compile(
    r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(\"[^\"]*\"|'[^']*'|[^,\"']*?)\s*(?:,|$)"
)


class Miss(Exception):
    """A step of a path leads nowhere from one record; from another it may.

    Parameters
    ----------
    what, remedy, value, nearest
        As in a `Finding`; the path is added where all of it is known.
    """

    def __init__(
        self, what: str, remedy: str, value: str | None = None, nearest: str | None = None
    ) -> None:
        super().__init__(what)
        self.finding = Finding("", what, value, nearest, remedy)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of records.

    Parameters
    ----------
    name
        The field that holds it.
    owner
        Record class that has the field.
    records
        The records as plain data.
    """

    name: str
    owner: type[Part]
    records: Sequence[dict[str, Any]]

    def kind(self, number: int) -> type[Part]:
        """Return the record class of one of them."""
        kind = part_of(self.owner, self.name, self.records[number])
        assert kind is not None
        return kind

    def chosen(self, pick: str | None) -> Sequence[int]:
        """Return the places of the records that brackets choose, at least one.

        Raises
        ------
        Miss
            They choose none.
        """
        if pick is None:
            raise Miss(
                f"does not say which of '{self.name}'",
                f"Write {self.name}[*] for all, or choose: {self.name}[{self._ids(1) or 0}].",
            )
        if not self.records or "id" not in self.records[0]:
            return by_place(self.name, len(self.records), pick)
        if pick.strip() == "*":
            return range(len(self.records))
        if "=" in pick:
            return self._by_fields(pick)
        for number, record in enumerate(self.records):
            if record["id"] == pick.strip():
                return [number]
        raise Miss(
            f"names no record of '{self.name}'",
            f"There are: {self._ids(8)}.",
            shortened(pick.strip()),
            nearest_name(pick.strip()[:80], [record["id"] for record in self.records]),
        )

    def _ids(self, most: int) -> str:
        ids = [str(record.get("id", "")) for record in self.records[:most]]
        return ", ".join(ids) + (", ..." if 1 < most < len(self.records) else "")

    def _by_fields(self, pick: str) -> Sequence[int]:
        numbers = range(len(self.records))
        fitting = set(numbers)
        for field, wanted in _conditions(self.name, pick):
            names = {name for number in numbers for name in fields_of(self.kind(number))}
            if field not in names:
                raise Miss(
                    f"chooses by the field '{field}', which no record of '{self.name}' has",
                    "Name a field of the records.",
                    nearest=nearest_name(field, sorted(names)),
                )
            stated = [self._stated(number, field) for number in numbers]
            if not any(wanted in texts for texts in stated):
                known = sorted({text for texts in stated for text in texts})
                raise Miss(
                    f"chooses by a '{field}' that no record of '{self.name}' has",
                    "Correct it, or write [*] for all records.",
                    shortened(wanted),
                    nearest_name(wanted[:80], known),
                )
            fitting &= {number for number in numbers if wanted in stated[number]}
        if not fitting:
            raise Miss(
                f"chooses by values that no record of '{self.name}' has together",
                "Leave one of them out.",
                shortened(pick),
            )
        return sorted(fitting)

    def _stated(self, number: int, field: str) -> list[str]:
        """Return what a record states in a field, or takes by default, as texts."""
        kind = self.kind(number)
        if field not in fields_of(kind):
            return []
        value = stated_or_default(self.records[number], kind, field)
        if isinstance(value, Mapping):
            value = value.get("each")
        values = value if isinstance(value, list | tuple) else [value]
        return [
            f"{item:g}" if isinstance(item, float) else str(item)
            for item in values
            if item is not None
        ]


def stated_or_default(record: Mapping[str, Any], kind: type[Part], field: str) -> Any:
    """Return the value of a record's field as plain data, its default where none is stated."""
    if field in record:
        return record[field]
    default = fields_of(kind)[field].default
    return default.to_plain() if hasattr(default, "to_plain") else default


def by_place(name: str, count: int, pick: str) -> Sequence[int]:
    """Return the places in a list that brackets choose: one, counted from 0, or all.

    Raises
    ------
    Miss
        There is no such place.
    """
    text = pick.strip()
    if text == "*" and count:
        return range(count)
    if text.isdecimal() and len(text) < 10 and int(text) < count:
        return [int(text)]
    there = f"There are places 0 to {count - 1}." if count else "The list is empty."
    raise Miss(f"names no place in '{name}'", there, shortened(text))


def _conditions(name: str, pick: str) -> Iterator[tuple[str, str]]:
    end = 0
    while end < len(pick):
        match = _CONDITION.match(pick, end)
        if match is None:
            raise Miss(
                f"has brackets after '{name}' that cannot be read",
                "Write fields and values with commas between: [country=CHN,commodity=gallium].",
                shortened(pick),
            )
        yield match[1], match[2].strip("\"'")
        end = match.end()
