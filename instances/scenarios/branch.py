"""Branches: every scenario of a problem with the events that happen in it, as one list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from instances.record import with_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instances.scenarios.event import Event
    from instances.scenarios.scenario import Cell, Combination, Scenario

CERTAIN = "certain"
"""Id of the one branch of a problem without scenarios."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One course of things.

    Parameters
    ----------
    id
        Id of the scenario, or of the combination and what was combined.
    probability
        How likely it is.
    events
        What happens in it, those that are certain among them, in order of id.
    """

    id: str
    probability: float
    events: tuple[Event, ...]


ALONE = Branch(CERTAIN, 1.0, ())
"""The one branch of a problem to which nothing happens."""


def branches_of(
    events: Iterable[Event],
    scenarios: Iterable[Scenario],
    combinations: Iterable[Combination],
) -> tuple[Branch, ...]:
    """Return all branches: scenarios, then the members of combinations; one if there are none."""
    known = {event.id: event for event in events}
    certain = {event.id for event in known.values() if event.certain}

    def named(names: Iterable[str]) -> tuple[Event, ...]:
        # a name that is not there is told elsewhere
        return tuple(known[name] for name in sorted({*names, *certain} & known.keys()))

    found = [Branch(item.id, item.probability, named(item.events)) for item in scenarios]
    for item in combinations:
        varied = known.get(item.event)
        for cell in item.cells():
            happening = list(named(item.events))
            if varied is not None:
                chosen = _varied(varied, cell)
                happening = [event for event in happening if event.id != varied.id]
                happening = sorted([*happening, chosen], key=lambda event: event.id)
            found.append(Branch(cell.id, cell.probability, tuple(happening)))
    return tuple(found) or (replace(ALONE, events=named(())),)


def _varied(event: Event, cell: Cell) -> Event:
    """Return an event as a cell has it: as long before its start announced as it was."""
    changes: dict[str, object] = {}
    if cell.availability is not None:
        changes["availability"] = cell.availability
    if cell.length is not None:
        changes |= {"length": cell.length, "end": None}
    if cell.start is not None:
        changes["start"] = cell.start
        if event.announced is not None:
            changes["announced"] = cell.start - (event.start - event.announced)
    return with_fields(event, **changes)
