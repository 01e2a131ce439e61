"""What the policies of stockpiles name, and what they would make of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.errors import Finding, shortened
from instances.scenarios.declared import declares
from instances.scenarios.event import EFFECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.reference_scope import Scope
    from instances.stockpile import Stockpile


def stock_findings(scope: Scope) -> Iterator[Finding]:
    """Yield what stockpiles name that is not there, and limits on nothing."""
    for place, store in enumerate(scope.problem.stockpiles):
        where = scope.where("stockpiles", place)
        yield from _market(scope, f"{where}.market_share", store)
        yield from _classes(scope, f"{where}.serves", store)
        yield from _members(scope, f"{where}.members", store)
        yield from _declared_by(scope, f"{where}.declared_by", store)


def _declared_by(scope: Scope, where: str, store: Stockpile) -> Iterator[Finding]:
    """Yield names of no event, and events that only their names tell from those that declare."""
    names = store.declared_by or ()
    yield from scope.repeated(where, names)
    known = scope.ids("events")
    for number, name in enumerate(names):
        if name in EFFECTS:
            if not any(name in event.effects for event in scope.problem.events):
                yield Finding(
                    f"{where}[{number}]",
                    "is an effect that no event has",
                    shortened(name),
                    remedy="Name an event, or drop it.",
                )
        elif not scope.has("events", name):
            yield Finding(
                f"{where}[{number}]",
                "is neither an event nor an effect of events",
                shortened(name),
                scope.nearest(name, {*known, *EFFECTS}),
                "Name an event under 'events', or an effect such as availability.",
            )
    if not names or not scope.complete("events", "combinations", "scenarios"):
        return
    happening = {event for branch in scope.problem.branches for event in branch.events}
    told = {event.content: event.id for event in happening if declares(store, event)}
    for event in sorted(happening, key=lambda item: item.id):
        if event.content in told and not declares(store, event):
            yield Finding(
                where,
                f"tells events[{event.id}] from events[{told[event.content]}], which are the same "
                "but for their ids, so that nobody knows which of them has begun",
                remedy="Name both, or neither.",
            )
            told.pop(event.content)


def _market(scope: Scope, where: str, store: Stockpile) -> Iterator[Finding]:
    if store.market_share is None or not scope.complete("offers"):
        return
    offers = [offer for offer in scope.problem.offers if offer.commodity == store.commodity]
    if not offers:
        yield Finding(
            where,
            f"is a share of what is on offer of '{store.commodity}', which nobody offers",
            remedy="State 'fill_rate' in its place.",
        )
    for offer in offers:
        if any(tranche.capacity is None for tranche in offer.slices):
            yield Finding(
                where,
                f"is a share of what is on offer of '{store.commodity}', of which "
                f"offers[{offer.id}] is unlimited",
                remedy="Give every tranche of that offer a capacity, or state 'fill_rate' in "
                "place of 'market_share'.",
            )


def _classes(scope: Scope, where: str, store: Stockpile) -> Iterator[Finding]:
    yield from scope.repeated(where, store.serves or ())
    if not scope.complete("demand"):
        return
    classes = {
        demand.demand_class
        for demand in scope.problem.demand
        if (demand.commodity, demand.country) == (store.commodity, store.country)
    }
    for number, name in enumerate(store.serves or ()):
        if name not in classes:
            yield Finding(
                f"{where}[{number}]",
                f"is the class of no demand for '{store.commodity}' in {store.country}",
                shortened(name),
                scope.nearest(name, classes),
                "Name the class of a demand there, or drop 'serves'.",
            )


def _members(scope: Scope, where: str, store: Stockpile) -> Iterator[Finding]:
    """Yield members that are named twice, are no countries, or that nothing can reach."""
    yield from scope.repeated(where, [member.country for member in store.members])
    for number, member in enumerate(store.members):
        path = f"{where}[{number}].country"
        yield from scope.unknown_country(path, member.country)
        if member.borrowing is not None and store.loan_days is None:
            yield Finding(
                f"{where}[{number}].borrowing",
                "limits what a member may owe, but the stockpile has no 'loan_days', so that "
                "nobody may borrow",
                f"{member.borrowing:g}",
                remedy=f"State stockpiles[{store.id}].loan_days, or drop 'borrowing'.",
            )
        if member.country != store.country and not _reached(scope, store, member.country):
            yield Finding(
                path,
                f"is a country to which nothing carries '{store.commodity}' from {store.country}",
                member.country,
                remedy=f"Add a lane from {store.country} to {member.country} that carries "
                f"'{store.commodity}', or drop the member.",
            )


def _reached(scope: Scope, store: Stockpile, country: str) -> bool:
    """Return whether a lane leads to ``country``, or goods move freely to someone there."""
    problem = scope.problem
    if not scope.complete("lanes", "demand", "outlets", "facilities", "substitutions"):
        return True
    ways = [lane for lane in problem.lanes if store.commodity in lane.commodities]
    if ways:
        return any((lane.origin, lane.destination) == (store.country, country) for lane in ways)
    served = {demand.id: demand.country for demand in problem.demand}
    takers = [(item.commodity, item.country) for item in problem.demand]
    takers += [(item.commodity, item.country) for item in problem.outlets]
    takers += [(item.commodity, item.country) for item in problem.stockpiles]
    takers += [(item.commodity, served.get(item.demand, "")) for item in problem.substitutions]
    takers += [
        (name, site.country)
        for site in problem.facilities
        for process in site.processes
        for name in process.inputs
    ]
    return (store.commodity, country) in takers
