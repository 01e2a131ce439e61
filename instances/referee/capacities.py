"""Capacities: what stands in each country on the last day of each period, used or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instances.ledger import Lot
from instances.referee.building import built, commissioned
from instances.tags import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms


def standing(terms: Terms, entries: Entries) -> Iterator[Lot]:
    """Yield tonnes per year by node, commodity and country: of facilities, and of offers.

    A facility's processes share its capacity; of each output it could give the most that one of
    them does. What is built counts once it is commissioned. Announced capacity counts as expected.
    """
    more: dict[tuple[str, int], float] = {}
    for decided, expansion, size in built(terms, entries):
        first = commissioned(terms, expansion, decided)
        for number, node in enumerate(terms.nodes):
            if terms.windows.lineage[decided, number] and first < node.period.end:
                key = (expansion.facility, number)
                more[key] = more.get(key, 0.0) + size * expansion.delivery_probability
    for number, node in enumerate(terms.nodes):
        day, last = node.period.start, node.period.end - timedelta(days=1)
        for facility in terms.problem.facilities:
            if not _open(facility.start, facility.end, last):
                continue
            stated = 0.0 if facility.capacity is None else facility.capacity.at(day) or 0.0
            stated *= facility.delivery_probability
            capacity = stated + more.get((facility.id, number), 0.0)
            outputs: dict[str, float] = {}
            for process in facility.processes:
                for name, ratio in process.outputs.items():
                    outputs[name] = max(outputs.get(name, 0.0), ratio)
            for name, ratio in outputs.items():
                yield Lot(node.id, name, facility.country, "", ANY, capacity * ratio)
        for offer in terms.problem.offers:
            if _open(offer.start, offer.end, last):
                parts = [part.capacity.at(day) or 0.0 for part in offer.slices if part.capacity]
                due = sum(parts) * offer.delivery_probability
                yield Lot(node.id, offer.commodity, offer.country, "", ANY, due)


def _open(start: date | None, end: date | None, day: date) -> bool:
    return (start is None or start <= day) and (end is None or day < end)
