"""The realised problem: schedules that say what holds in each branch, and not only in calm."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from instances.periods import timeline
from instances.record import with_fields
from instances.scenarios.hits import hits_of
from instances.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.periods import Period
    from instances.problem import Problem
    from instances.scenarios.event import Event
    from instances.scenarios.hits import Hit

Whole = TypeVar("Whole", bound="Problem")
Spot = tuple[str, int, tuple[str | int, ...]]


def realised(problem: Whole) -> Whole:
    """Return ``problem`` with what its events do written into the schedules, branch by branch."""
    known: dict[str, tuple[Hit, ...]] = {}
    struck: dict[Spot, dict[str, list[tuple[Event, Hit]]]] = {}
    for branch in problem.courses:
        for event in branch.events:
            if event.content not in known:
                known[event.content] = tuple(hits_of(problem, event))
            for hit in known[event.content]:
                spot = (hit.table, hit.place, hit.path)
                struck.setdefault(spot, {}).setdefault(branch.id, []).append((event, hit))
    if not struck:
        return problem
    tables: dict[str, list[Any]] = {}
    periods = timeline(problem.periods)
    for (table, place, path), by_branch in struck.items():
        records = tables.setdefault(table, list(getattr(problem, table)))
        base = _found(records[place], path)
        branches = dict(_branches(base, records[place], by_branch, periods))
        changed = replace(base or Schedule.always(0.0), branches=branches)
        records[place] = _set(records[place], path, changed)
    return with_fields(problem, **{name: tuple(records) for name, records in tables.items()})


def _found(record: Any, path: tuple[str | int, ...]) -> Schedule | None:
    for step in path:
        record = record[step] if isinstance(step, int) else getattr(record, step)
    found: Schedule | None = record
    return found


def _set(record: Any, path: tuple[str | int, ...], value: Schedule) -> Any:
    field, *rest = path
    assert isinstance(field, str)
    if not rest:
        return with_fields(record, **{field: value})
    place = rest[0]
    assert isinstance(place, int)
    parts = list(getattr(record, field))
    parts[place] = _set(parts[place], tuple(rest[1:]), value)
    return with_fields(record, **{field: tuple(parts)})


def _branches(
    base: Schedule | None,
    record: Any,
    by_branch: dict[str, list[tuple[Event, Hit]]],
    periods: tuple[Period, ...],
) -> Iterator[tuple[str, Schedule]]:
    """Yield branch and schedule; branches in which the same happens share one."""
    made: dict[object, Schedule] = {}
    window = (getattr(record, "start", None), getattr(record, "end", None))
    for branch, struck in by_branch.items():
        key = tuple((event.content, event.until, hit.effect) for event, hit in struck)
        if key not in made:
            points = []
            for period in periods:
                value = 0.0 if base is None else base.at(period.start)
                if value is not None:
                    points.append((period.start, _value(value, struck, period, window)))
            made[key] = Schedule(tuple(points))
        yield branch, made[key]


def _value(
    value: float, struck: list[tuple[Event, Hit]], period: Period, window: tuple[Any, Any]
) -> float:
    """Return a value with the effects of events on it, each by the days on which it holds."""
    open_ = period.years_within(*window)
    for event, hit in struck:
        first = event.start if window[0] is None else max(event.start, window[0])
        ends = [day for day in (event.until, window[1]) if day is not None]
        part = period.years_within(first, min(ends, default=None)) / open_ if open_ > 0 else 0.0
        amount = getattr(event, hit.effect)
        if hit.how == "plus":
            value += part * amount
        else:
            # a whole period must give the very factor, rounding apart
            value *= amount if part >= 1 else 1 + part * (amount - 1)
    return value
