"""Declared releases: when a stockpile may release, by what is written and by what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from instances.record import with_fields

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from instances.scenarios.branch import Branch
    from instances.scenarios.event import Event
    from instances.stockpile import Stockpile


class Window(NamedTuple):
    """A stretch in which a release is declared; without an end it outlasts every horizon."""

    start: date
    end: date | None


def declares(store: Stockpile, event: Event) -> bool:
    """Return whether a stockpile may release while an event lasts: by its id, or by an effect."""
    names = store.declared_by or ()
    return event.id in names or any(effect in names for effect in event.effects)


def among(stores: Iterable[Stockpile], events: Iterable[Event]) -> tuple[Stockpile, ...]:
    """Return stockpiles that name only what is among some events as what declares a release."""
    known = {name for event in events for name in (event.id, *event.effects)}
    return tuple(
        store
        if store.declared_by is None
        else with_fields(
            store, declared_by=tuple(name for name in store.declared_by if name in known) or None
        )
        for store in stores
    )


def windows_in(store: Stockpile, branch: Branch) -> tuple[Window, ...]:
    """Return the stretches of a branch in which a release is declared, in order, none touching.

    What is not over by the end of a period is not known there to end: whoever stands at a node may
    look at the part of a stretch within its period, and not beyond.
    """
    stated = [Window(item.start, item.end) for item in store.declared]
    happening = [
        Window(event.start, event.until) for event in branch.events if declares(store, event)
    ]
    # what is written stays as it is written where nothing that happens declares anything
    return tuple(_merged(stated + happening)) if happening else tuple(stated)


def _merged(windows: Iterable[Window]) -> Iterable[Window]:
    found: list[Window] = []
    for window in sorted(windows, key=lambda item: item.start):
        if found and (found[-1].end is None or window.start <= found[-1].end):
            ends = (found[-1].end, window.end)
            last = None if None in ends else max(end for end in ends if end is not None)
            found[-1] = Window(found[-1].start, last)
        else:
            found.append(window)
    return found
