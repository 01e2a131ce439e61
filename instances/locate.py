"""Where in plain data an error of pydantic's lies: its path, and whose field it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from instances.fields import fields_of, labels, part_of, step
from instances.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

    from instances.record import Part

_NAMES_A_FIELD = frozenset({"missing", "extra_forbidden", "invalid_key"})
_KEY = "[key]"
"""What pydantic calls a key of a map."""
_CHOSEN = frozenset({"always", "by_date", "schedule"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of pydantic's, placed in the data.

    Parameters
    ----------
    error
        The error.
    where
        Path of the value.
    value
        The value as it was given; ``None`` when it is missing.
    owner, name
        The innermost field that the value belongs to, and the record class that has it.
    record
        Record class that the value, or what a missing or unknown field stands in, is read as.
    choice
        Path of the value that pydantic tried to read in several forms; "" if in one form only.
    misfit
        Whether the error is about a form that the value does not have, so that it says nothing.
    """

    error: ErrorDetails
    where: str
    value: Any
    owner: type[Part]
    name: str
    record: type[Part] | None
    choice: str
    misfit: bool


@dataclass
class Locator:
    """Follows the steps of pydantic's errors through the data they are about.

    Parameters
    ----------
    data
        The plain data that was validated.
    """

    data: Mapping[str, Any]
    _labels: dict[str, list[str]] = field(default_factory=dict)
    _places: dict[str, dict[str, int]] = field(default_factory=dict)

    def label(self, table: str, place: int) -> str:
        """Return what to call a record of a table: its id, or its place."""
        return self._label(table, self.data[table], place)

    def _label(self, path: str, records: Sequence[Any], place: int) -> str:
        if path not in self._labels:
            self._labels[path] = labels(
                record.get("id") if isinstance(record, Mapping) else None for record in records
            )
        return self._labels[path][place]

    def place(self, table: str, label: str) -> int:
        """Return the place in its table of the record so called, -1 when there is none."""
        if table not in self._places:
            records = self.data.get(table)
            count = len(records) if isinstance(records, list | tuple) else 0
            self._places[table] = {self.label(table, place): place for place in range(count)}
        return self._places[table].get(label, -1)

    def path(self, steps: tuple[Any, ...]) -> str:
        """Return the path of the value that keys and places lead to."""
        path = ""
        value: Any = self.data
        for key in steps:
            if isinstance(key, int) and isinstance(value, list | tuple):
                path += f"[{self._label(path, value, key)}]"
            else:
                path = f"{path}[{key}]" if isinstance(key, int) else step(path, str(key))
            _, value = _child(value, key)
        return path

    def fault(self, error: ErrorDetails) -> Fault:
        """Place one error; the forms that pydantic tried are steps, too, but not of the data."""
        value: Any = self.data
        owner: type[Part] = Problem
        record: type[Part] | None = Problem
        name, choice, misfit = "", "", False
        walked: tuple[Any, ...] = ()
        for number, key in enumerate(error["loc"]):
            if number == len(error["loc"]) - 1 and error["type"] in _NAMES_A_FIELD:
                walked, name = (*walked, key), str(key)
                value = value.get(key) if isinstance(value, Mapping) else None
                break
            found, child = _child(value, key)
            if key == _KEY and not found and walked:
                # the fault lies in a key of a map, not in what stands under it
                value = walked[-1]
                continue
            if not found:
                forms = _forms(str(key))
                if forms:
                    choice = choice or self.path(walked)
                    misfit = misfit or _form(value) not in forms
                continue
            if not isinstance(key, int) and record is not None and key in fields_of(record):
                owner, name = record, key
            # the items of a list are read as what its field holds
            record = part_of(owner, name, child) if isinstance(child, Mapping) else record
            value, walked = child, (*walked, key)
        return Fault(error, self.path(walked), value, owner, name, record, choice, misfit)


def _child(value: Any, key: int | str) -> tuple[bool, Any]:
    if isinstance(value, Mapping):
        if key in value:
            return True, value[key]
        for other in value:
            # years and dates are keys, too, and pydantic hands them back as text
            if _is_date(other) and str(other) == key:
                return True, value[other]
    elif isinstance(value, list | tuple) and isinstance(key, int) and 0 <= key < len(value):
        return True, value[key]
    return False, None


def _is_date(key: object) -> bool:
    return isinstance(key, date) or (isinstance(key, int) and 0 < key < 10_000)


def _form(value: object) -> str:
    if isinstance(value, Mapping):
        return "map"
    return "list" if isinstance(value, list | tuple) else "scalar"


def _forms(tag: str) -> frozenset[str]:
    """Return the forms that one of pydantic's choices is for; none if it had no choice."""
    if tag in _CHOSEN or (tag.isidentifier() and tag.islower()):
        return frozenset()
    if tag.startswith("tuple["):
        return frozenset({"list"})
    if tag.startswith("dict[") or tag.isidentifier():
        return frozenset({"map"})
    return frozenset({"map", "scalar"} if tag.startswith("tagged-union[") else {"scalar"})


def telling(faults: list[Fault]) -> list[Fault]:
    """Return the faults that say something: of one form if several were tried, no follow-ups."""
    fitting = {fault.choice for fault in faults if not fault.misfit}
    kept: list[Fault] = []
    told: set[str] = set()
    for fault in faults:
        if fault.misfit and (fault.choice in fitting or fault.choice in told):
            continue
        if fault.misfit:
            told.add(fault.choice)
        if not _enough(fault):
            kept.append(fault)
    return kept


def _enough(fault: Fault) -> bool:
    # pydantic does not count faulty items: there may be enough of them
    return (
        fault.error["type"] == "too_short"
        and isinstance(fault.value, list | tuple)
        and len(fault.value) >= fault.error["ctx"]["min_length"]
    )
