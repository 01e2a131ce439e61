"""Hits: which numbers of which records an event changes, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from instances.facility import Facility
    from instances.network import Lane
    from instances.problem import Problem
    from instances.scenarios.event import Event
    from instances.supply import Offer


@dataclass(frozen=True, slots=True)
class Hit:
    """A schedule of a record that an event changes.

    Parameters
    ----------
    effect
        Field of the event.
    table, place
        Table of the record and its place there.
    path
        Field of the record; or field, place in a list, and field of the part.
    how
        Whether the effect multiplies, or adds to the value.
    """

    effect: str
    table: str
    place: int
    path: tuple[str | int, ...]
    how: Literal["times", "plus"]


def hits_of(problem: Problem, event: Event) -> Iterator[Hit]:
    """Yield everything that ``event`` changes."""
    target = _Target(problem, event)
    stated = event.effects
    if "availability" in stated:
        yield from _availability(problem, event, target)
    if "price" in stated:
        yield from _price(problem, event, target)
    for effect, field in (("tariff", "tariff"), ("delay", "delay")):
        if effect in stated:
            for place, lane in enumerate(problem.lanes):
                if target.moves(lane):
                    yield Hit(effect, "lanes", place, (field,), "plus")
    if "demand" in stated:
        for place, demand in enumerate(problem.demand):
            if demand.commodity in target.goods and target.holds(demand.country):
                yield Hit("demand", "demand", place, ("quantity",), "times")
    if "yields" in stated:
        yield from _yields(problem, target)
    if event.lanes is None and not stated.keys().isdisjoint({"capex", "lead_time"}):
        yield from _building(problem, stated, target)


class _Target:
    """Whom an event hits."""

    def __init__(self, problem: Problem, event: Event) -> None:
        directory = problem.directory
        self._event = event
        names = (event.of,) if isinstance(event.of, str) else event.of
        self._named = None if names is None else frozenset(names)
        self._parties = [directory.party(name) for name in names or ()]
        self._buyers = None if event.buyers is None else directory.places(event.buyers)
        stages = event.stages
        if event.commodities is not None:
            self.goods = frozenset(event.commodities)
        else:
            self.goods = frozenset(
                name for name, stage in directory.stages.items() if not stages or stage in stages
            )

    def holds(self, country: str) -> bool:
        """Return whether a country is hit."""
        return self._named is None or any(country in item.countries for item in self._parties)

    def sells(self, offer: Offer) -> bool:
        """Return whether an offer is hit."""
        whom = self._named is None or any(
            item.includes(offer.country, offer.supplier) for item in self._parties
        )
        return whom and offer.commodity in self.goods

    def names(self, site: Facility) -> bool:
        """Return whether a facility is hit by its own id."""
        return self._named is not None and site.id in self._named

    def makes(self, site: Facility) -> bool:
        """Return whether a facility is hit, by id or country."""
        made = {name for process in site.processes for name in process.outputs}
        return bool(made & self.goods) and (self.names(site) or self.holds(site.country))

    def moves(self, lane: Lane) -> bool:
        """Return whether a lane is hit."""
        if self._event.lanes is not None:
            return lane.id in self._event.lanes
        return (
            self.holds(lane.origin)
            and (self._buyers is None or lane.destination in self._buyers)
            and bool(self.goods & set(lane.commodities))
        )


def _availability(problem: Problem, event: Event, target: _Target) -> Iterator[Hit]:
    if event.lanes is not None or event.buyers is not None:
        for place, lane in enumerate(problem.lanes):
            if target.moves(lane):
                yield Hit("availability", "lanes", place, ("available",), "times")
        return
    for place, offer in enumerate(problem.offers):
        if target.sells(offer):
            yield Hit("availability", "offers", place, ("available",), "times")
    for place, site in enumerate(problem.facilities):
        if target.makes(site):
            yield Hit("availability", "facilities", place, ("utilisation",), "times")


def _yields(problem: Problem, target: _Target) -> Iterator[Hit]:
    for place, site in enumerate(problem.facilities):
        if target.names(site) or target.holds(site.country):
            for part, process in enumerate(site.processes):
                if target.goods & process.outputs.keys():
                    yield Hit(
                        "yields", "facilities", place, ("processes", part, "yields"), "times"
                    )


def _building(problem: Problem, stated: Container[str], target: _Target) -> Iterator[Hit]:
    hit = {site.id for site in problem.facilities if target.makes(site)}
    for place, expansion in enumerate(problem.expansions):
        if expansion.facility in hit:
            if "capex" in stated:
                yield Hit("capex", "expansions", place, ("capex",), "times")
            if "lead_time" in stated:
                yield Hit("lead_time", "expansions", place, ("delay",), "plus")


def _price(problem: Problem, event: Event, target: _Target) -> Iterator[Hit]:
    if event.lanes is not None:
        for place, lane in enumerate(problem.lanes):
            if target.moves(lane):
                yield Hit("price", "lanes", place, ("freight",), "times")
                for part in range(len(lane.freights)):
                    yield Hit("price", "lanes", place, ("freights", part, "freight"), "times")
        return
    sold: set[str] = set()
    for place, offer in enumerate(problem.offers):
        if not target.sells(offer):
            continue
        sold.add(offer.id)
        if offer.tranches is None:
            yield Hit("price", "offers", place, ("price",), "times")
        for part in range(len(offer.tranches or ())):
            yield Hit("price", "offers", place, ("tranches", part, "price"), "times")
    for place, contract in enumerate(problem.contracts):
        if contract.offer in sold and contract.reference_price is not None:
            yield Hit("price", "contracts", place, ("reference_price",), "times")
    for place, site in enumerate(problem.facilities):
        if target.names(site):
            for part in range(len(site.processes)):
                yield Hit("price", "facilities", place, ("processes", part, "cost"), "times")
