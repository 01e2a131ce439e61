"""Scenarios that fit together: probabilities, dates, effects that agree, a tree small enough."""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING

from instances.errors import Finding, shortened
from instances.periods import timeline
from instances.scenarios.scenario import SUM_TOLERANCE
from instances.tree import MOST_NODES, nodes_needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from instances.periods import Period
    from instances.reference_scope import Scope
    from instances.scenarios.branch import Branch
    from instances.scenarios.event import Event

_TABLES = ("events", "combinations", "scenarios")
MOST_PAIRS = 200_000
"""Pairs of events that are compared."""


def scenario_findings(scope: Scope) -> Iterator[Finding]:
    """Yield what scenarios name that is not there, and what does not fit together."""
    problem = scope.problem
    yield from _names(scope)
    if not (problem.events or problem.scenarios or problem.combinations):
        return
    if not scope.complete(*_TABLES):
        return
    yield from _ids(scope)
    yield from _probabilities(scope)
    yield from _contradictions(problem.branches)
    if scope.known.horizon:
        yield from _dates(scope, timeline(problem.periods))
        needed = nodes_needed(problem.periods, problem.branches)
        if needed > MOST_NODES:
            yield Finding(
                "scenarios" if problem.scenarios else "combinations",
                f"make a tree of more than {MOST_NODES:,} nodes (a period in a branch each)",
                f"{len(problem.branches):,} scenarios",
                remedy="Take fewer scenarios, or longer periods.",
            )


def _names(scope: Scope) -> Iterator[Finding]:
    for table in ("scenarios", "combinations"):
        for place, record in enumerate(getattr(scope.problem, table)):
            where = f"{scope.where(table, place)}.events"
            yield from scope.repeated(where, record.events)
            for number, name in enumerate(record.events):
                yield from scope.unknown(f"{where}[{number}]", "events", name, "an event")
    certain = {event.id for event in scope.problem.events if event.certain}
    for place, item in enumerate(scope.problem.combinations):
        where = f"{scope.where('combinations', place)}.event"
        yield from scope.unknown(where, "events", item.event, "an event")
        if item.event in certain:
            yield Finding(
                where,
                "is certain, so that it happens as stated in every scenario, too",
                item.event,
                remedy="Drop 'certain' from the event that is varied.",
            )
        ends = {event.id for event in scope.problem.events if event.end is not None}
        if item.starts is not None and item.lengths is None and item.event in ends:
            yield Finding(
                f"{scope.where('combinations', place)}.starts",
                f"move events[{item.event}], which ends on one day however late it begins",
                remedy="Give 'lengths', or give the event a 'length' in place of its 'end'.",
            )


def _ids(scope: Scope) -> Iterator[Finding]:
    seen: set[str] = set()
    for branch in scope.problem.branches:
        if branch.id in seen:
            yield Finding(
                "combinations",
                "make two scenarios of one name",
                shortened(branch.id),
                remedy="Give scenarios and combinations ids that do not run into each other.",
            )
        seen.add(branch.id)


def _probabilities(scope: Scope) -> Iterator[Finding]:
    problem = scope.problem
    if not (problem.scenarios or problem.combinations):
        return
    total = sum(branch.probability for branch in problem.branches)
    if abs(total - 1) <= SUM_TOLERANCE:
        return
    missing = 1 - total
    remedy = (
        "Lower some of them."
        if missing < 0
        else (
            f"Raise some of them, or add a scenario without events of probability {missing:.6g}."
        )
    )
    yield Finding(
        "scenarios" if problem.scenarios else "combinations",
        "have probabilities that do not add up to 1",
        f"{total:.6g}",
        remedy=remedy,
    )


def _dates(scope: Scope, periods: tuple[Period, ...]) -> Iterator[Finding]:
    problem = scope.problem
    first, last = periods[0].start, periods[-1].end
    listed = {name for item in problem.scenarios for name in item.events}
    listed |= {name for item in problem.combinations for name in item.events}
    span = f"the horizon, which runs from {first} to {last}"
    for place, event in enumerate(problem.events):
        if event.certain or event.id in listed:
            field = _outside(event.start, event.until, first, last)
            if field is not None:
                yield Finding(
                    f"{scope.where('events', place)}.{field}",
                    f"lies outside {span}",
                    str(event.start if field == "start" else event.until),
                    remedy="Correct the date, or take the event out of the scenarios.",
                )
    for place, item in enumerate(problem.combinations):
        for number, start in enumerate(item.starts or ()):
            if not first <= start < last:
                yield Finding(
                    f"{scope.where('combinations', place)}.starts[{number}]",
                    f"lies outside {span}",
                    str(start),
                    remedy="Correct the date, or drop it.",
                )


def _outside(start: date, end: date | None, first: date, last: date) -> str | None:
    if start >= last:
        return "start"
    return "end" if end is not None and end <= first else None


def _contradictions(branches: Iterable[Branch]) -> Iterator[Finding]:
    told: set[tuple[str, str, str]] = set()
    pairs = (
        (branch, one, other)
        for branch in branches
        for one, other in combinations(branch.events, 2)
    )
    for branch, one, other in islice(pairs, MOST_PAIRS):
        if _scope(one) != _scope(other) or not _overlap(one, other):
            continue
        for effect in one.effects:
            key = (one.id, other.id, effect)
            if effect in other.effects and key not in told:
                told.add(key)
                values = f"{getattr(one, effect):g} and {getattr(other, effect):g}"
                yield Finding(
                    f"events[{other.id}].{effect}",
                    f"contradicts events[{one.id}] in scenario '{branch.id}': both say what it is "
                    "for the same goods of the same party at the same time",
                    values,
                    remedy="Let one end before the other begins, or state one of them only.",
                )


def _scope(event: Event) -> tuple[object, ...]:
    of = (event.of,) if isinstance(event.of, str) else event.of
    fields = (of, event.lanes, event.commodities, event.stages, event.buyers)
    return tuple(None if names is None else frozenset(names) for names in fields)


def _overlap(one: Event, other: Event) -> bool:
    return (one.until is None or other.start < one.until) and (
        other.until is None or one.start < other.until
    )
