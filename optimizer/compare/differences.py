"""Differences: what two problems state differently, path by path, and by which cause."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from instances.fields import base_unit, fields_of, step
from instances.parse import parse
from instances.problem import TABLES, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from instances.record import Part

Cause = Literal["demand", "price", "tariff", "capacity", "cap", "target", "scenario", "other"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
"""Causes in the order in which the ordered bridge takes them."""
WORDS = ("name", "about", "sources", "base_year", "source", "assumption")
"""Fields that say something to people and change no plan."""
OF_TABLES: Mapping[str, Cause] = {
    "demand": "demand",
    "tariffs": "tariff",
    "minimum_import_prices": "tariff",
    "price_floors": "price",
    "offers": "capacity",
    "contracts": "capacity",
    "facilities": "capacity",
    "expansions": "capacity",
    "lanes": "capacity",
    "recycling": "capacity",
    "substitutions": "capacity",
    "outlets": "capacity",
    "stockpiles": "capacity",
    "in_transit": "capacity",
    "funds": "capacity",
    "events": "scenario",
    "combinations": "scenario",
    "scenarios": "scenario",
}
"""Cause of a whole record, and of its fields that are neither money nor duty."""
DUTIES = ("tariff", "customs_value")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two problems state differently.

    Parameters
    ----------
    path
        Where, as edits write it.
    cause
        What kind of change it is.
    old, new
        What is stated in the first and in the second; ``None`` where nothing is (the default
        holds, or the record is not there).
    keys
        Table, id and field (and place of a tranche, and its field) on the way to it.
    """

    path: str
    cause: Cause
    old: Any
    new: Any
    keys: tuple[str | int, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return the difference as plain data."""
        return {"path": self.path, "cause": self.cause, "old": self.old, "new": self.new}


def differences_of(first: Problem, second: Problem) -> tuple[Difference, ...]:
    """Return what differs, table by table in the order of a file."""
    old, new = first.to_plain(), second.to_plain()
    found: list[Difference] = []
    levers = {
        rule.id: rule.levers()[0].direction
        for rule in (*second.rules, *first.rules)
        if rule.levers()
    }
    for name in dict.fromkeys((*old, *new)):
        if name in WORDS or name == "schema" or old.get(name) == new.get(name):
            continue
        if name in TABLES:
            found += _of_table(name, old.get(name, []), new.get(name, []), levers)
        else:
            cause: Cause = "scenario" if name == "risk" else "other"
            found.append(Difference(name, cause, old.get(name), new.get(name), (name,)))
    return tuple(found)


def _of_table(
    table: str,
    old: list[dict[str, Any]],
    new: list[dict[str, Any]],
    levers: Mapping[str, int],
) -> Iterator[Difference]:
    before, after = ({item["id"]: item for item in records} for records in (old, new))
    for id in dict.fromkeys((*before, *after)):
        path = f"{table}[{id}]"
        whole = OF_TABLES.get(table, "other")
        if table == "rules":
            whole = "cap" if levers.get(id, 1) > 0 else "target"
        if id not in before or id not in after:
            yield Difference(path, whole, before.get(id), after.get(id), (table, id))
            continue
        kind = _kind(table, before[id])
        mine, theirs = before[id], after[id]
        for field in dict.fromkeys((*mine, *theirs)):
            if field in WORDS or mine.get(field) == theirs.get(field):
                continue
            yield from _of_field(
                (table, id, field),
                step(path, field),
                mine.get(field),
                theirs.get(field),
                kind,
                whole,
            )


def _of_field(
    keys: tuple[str | int, ...],
    path: str,
    old: Any,
    new: Any,
    kind: type[Part] | None,
    whole: Cause,
) -> Iterator[Difference]:
    """Yield a field, or the fields of its parts where both list as many parts without ids."""
    field = str(keys[-1])
    if (
        isinstance(old, list)
        and isinstance(new, list)
        and len(old) == len(new)
        and all(isinstance(item, dict) and "id" not in item for item in (*old, *new))
    ):
        for place, (mine, theirs) in enumerate(zip(old, new, strict=True)):
            for inner in dict.fromkeys((*mine, *theirs)):
                if mine.get(inner) != theirs.get(inner):
                    cause: Cause = "price" if inner in ("price", "cost", "freight") else whole
                    yield Difference(
                        f"{path}[{place}].{inner}",
                        cause,
                        mine.get(inner),
                        theirs.get(inner),
                        (*keys, place, inner),
                    )
        return
    table = keys[0]
    unit = None if kind is None or field not in fields_of(kind) else base_unit(kind, field)
    cause = whole
    if field in DUTIES:
        cause = "tariff"
    elif table != "rules" and (field == "shortfall_cost" or "USD" in (unit or "")):
        cause = "price"
    yield Difference(path, cause, old, new, keys)


def _kind(table: str, record: Mapping[str, Any]) -> type[Part] | None:
    from instances.fields import part_of

    return part_of(Problem, table, record)


def mixed(first: Problem, chosen: Iterable[Difference]) -> Problem:
    """Return the first problem with some differences taken from the second.

    Raises
    ------
    InputError
        Together they make no valid problem.
    """
    plain = copy.deepcopy(first.to_plain())
    for item in chosen:
        _take(plain, item)
    return parse(plain)


def _take(plain: dict[str, Any], item: Difference) -> None:
    new = copy.deepcopy(item.new)
    table = str(item.keys[0])
    if len(item.keys) == 1:
        _put(plain, table, new)
        return
    records = plain.setdefault(table, [])
    place = next((at for at, one in enumerate(records) if one["id"] == item.keys[1]), None)
    if len(item.keys) == 2:
        if place is None:
            records.append(new)
        elif new is None:
            records.pop(place)
            if not records:
                plain.pop(table)
        return
    assert place is not None
    holder: Any = records[place]
    for key in item.keys[2:-1]:
        holder = holder[key]
    _put(holder, item.keys[-1], new)


def _put(holder: Any, key: str | int, value: Any) -> None:
    """State a value, or state it no longer."""
    if value is None:
        holder.pop(key, None)
    else:
        holder[key] = value
