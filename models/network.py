"""Index tables of the physical network: what can be bought, moved, used and stored, and where.

A *place* is a commodity with a tag in a country. Tags exist only where a rule asks for them, and a
place only where goods with that tag can arrive.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from instances.contract import Contract
from instances.keep import keeps
from instances.routes import all_lanes
from instances.tags import offer_tag, opening_tag, recycled_tag
from models.blend_table import BlendTable, blend_table
from models.blends import Blend, Mix, Place, blends
from models.index import Index, MemberTable
from models.loads import Loads, loads_of
from models.rows import RuleRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.facility import Facility
    from instances.network import Demand, Lane, Outlet
    from instances.problem import Problem
    from instances.stockpile import Stockpile
    from instances.supply import Offer
    from models.frame import Frame

Members = dict[Hashable, list[Hashable]]


@dataclass(frozen=True, eq=False)
class Network:
    """The problem's network with tags, before time is added.

    Parameters
    ----------
    problem
        The problem.
    lanes
        Declared and free lanes.
    offer_tag, opening_tag, recycled_tag, afloat_tag
        Tag of what each offer sells, each stockpile opens with, each recycling gives and each
        cargo in transit brings.
    places
        Every (commodity, tag, country) that goods can reach, in a fixed order.
    blends
        Every mix of tagged inputs that a process can run on.
    """

    problem: Problem
    lanes: tuple[Lane, ...]
    offer_tag: Mapping[str, str]
    opening_tag: Mapping[str, str]
    recycled_tag: Mapping[str, str]
    afloat_tag: Mapping[str, str]
    places: tuple[Place, ...]
    blends: tuple[Blend, ...]

    def tags(self, commodity: str, country: str) -> list[str]:
        """Return the tags with which ``commodity`` can be in ``country``."""
        return self._tags.get((commodity, country), [])

    @cached_property
    def _tags(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for commodity, tag, country in self.places:
            found.setdefault((commodity, country), []).append(tag)
        return found

    @cached_property
    def place_index(self) -> Index:
        """The places as an index table."""
        return Index.of(("commodity", "tag", "country"), self.places)

    @cached_property
    def rows(self) -> RuleRows:
        """The rows of the problem's rules."""
        return RuleRows(self.problem)

    @cached_property
    def blend_table(self) -> BlendTable:
        """The blends as columns."""
        return blend_table(self.blends, self.place_index)

    @cached_property
    def makers(self) -> Mapping[str, list[tuple[Facility, list[tuple[Blend, str]]]]]:
        """The blends that make each commodity by facility, with the tag of what they make."""
        found: dict[str, dict[str, tuple[Facility, list[tuple[Blend, str]]]]] = {}
        for blend in self.blends:
            for name, tag in blend.made.items():
                sites = found.setdefault(name, {})
                _, made = sites.setdefault(blend.facility.id, (blend.facility, []))
                made.append((blend, tag))
        return {name: list(sites.values()) for name, sites in found.items()}

    @cached_property
    def users(self) -> Mapping[str, list[Blend]]:
        """The blends that take in each commodity."""
        found: dict[str, list[Blend]] = {}
        for blend in self.blends:
            for name in blend.taken:
                found.setdefault(name, []).append(blend)
        return found

    @cached_property
    def loads(self) -> Loads:
        """What can be loaded: every lane with each commodity and tag that can be at its origin."""
        return loads_of(self.lanes, self.place_index)

    def offers(self) -> Iterable[tuple[Offer, int]]:
        """Yield every offer with each way to buy of it: tranches from 0, then contracts."""
        for offer in self.problem.offers:
            for tranche in range(len(self.problem.ways_to_buy[offer.id])):
                yield offer, tranche

    @cached_property
    def offers_of(self) -> Mapping[str, list[tuple[Offer, int]]]:
        """The ways to buy each commodity, as `offers` yields them."""
        found: dict[str, list[tuple[Offer, int]]] = {}
        for offer, tranche in self.offers():
            found.setdefault(offer.commodity, []).append((offer, tranche))
        return found

    def contracts(self) -> Iterable[tuple[Contract, Offer, int]]:
        """Yield every contract with its offer and the number of its tranche there."""
        for offer, tranche in self.offers():
            way = self.problem.ways_to_buy[offer.id][tranche]
            if isinstance(way, Contract):
                yield way, offer, tranche


def trace(problem: Problem) -> Network:
    """Return the network of ``problem``: follow every tag from its source by lane and process."""
    keep = keeps(problem)
    lanes = all_lanes(problem)
    onward: dict[tuple[str, str], list[str]] = {}
    for lane in lanes:
        for commodity in lane.commodities:
            onward.setdefault((commodity, lane.origin), []).append(lane.destination)
    offered = {item.id: offer_tag(keep[item.commodity], item) for item in problem.offers}
    opening = {
        item.id: opening_tag(keep[item.commodity], item.opening_country, item.opening_ore)
        for item in problem.stockpiles
    }
    afloat = {
        item.id: opening_tag(keep[item.commodity], item.seller, item.ore)
        for item in problem.in_transit
    }
    recycled = {
        item.id: recycled_tag(keep[item.commodity], item.country) for item in problem.recycling
    }
    sources = [
        (item.commodity, tags[item.id], item.country)
        for records, tags in (
            (problem.offers, offered),
            (problem.stockpiles, opening),
            (problem.recycling, recycled),
            (problem.in_transit, afloat),
        )
        for item in records
    ]
    reached: dict[tuple[str, str], set[str]] = {}
    found: dict[tuple[str, str], tuple[Blend, ...]] = {}
    known: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    mixes: dict[Hashable, tuple[Mix, ...]] = {}
    first = True
    while sources or first:
        first = False
        _follow(sources, onward, reached)
        at: dict[tuple[str, str], list[str]] = {}
        for (commodity, tag), countries in reached.items():
            for country in countries:
                at.setdefault((country, commodity), []).append(tag)
        fresh: list[Blend] = []
        for facility in problem.facilities:
            for process in facility.processes:
                tags = {
                    name: tuple(sorted(at.get((facility.country, name), ())))
                    for name in process.inputs
                }
                key = (facility.id, process.id)
                if tags != known.get(key):
                    known[key] = tags
                    found[key] = tuple(blends(facility, process, keep, tags, mixes))
                    fresh += found[key]
        sources = [
            (name, tag, country)
            for blend in fresh
            for name, tag in blend.made.items()
            if (country := blend.facility.country) not in reached.get((name, tag), ())
        ]
    return Network(
        problem,
        lanes,
        offered,
        opening,
        recycled,
        afloat,
        tuple((*lot, country) for lot in sorted(reached) for country in sorted(reached[lot])),
        tuple(blend for some in found.values() for blend in some),
    )


def _follow(
    sources: Iterable[Place],
    onward: Mapping[tuple[str, str], list[str]],
    reached: dict[tuple[str, str], set[str]],
) -> None:
    """Add to ``reached`` the countries to which lanes carry each commodity and tag."""
    starts: dict[tuple[str, str], set[str]] = {}
    for commodity, tag, country in sources:
        starts.setdefault((commodity, tag), set()).add(country)
    for lot, countries in starts.items():
        there = reached.setdefault(lot, set())
        ahead = countries - there
        while ahead:
            there |= ahead
            nearby = (onward.get((lot[0], country), ()) for country in ahead)
            ahead = set[str]().union(*nearby) - there


def declare_network(frame: Frame, network: Network) -> None:
    """Declare the sets of the network on the model.

    Sets without time: ``PLACE``; and by place ``OFFERED`` (offer, tranche), ``OUTBOUND``
    (lane), ``RECYCLED`` and ``AFLOAT`` (record), ``SERVED`` (demand), ``OUTLETS`` (outlet),
    ``STORES`` (stockpile). By demand, outlet and stockpile the tags that reach it.
    """
    problem = network.problem
    frame.add_set("PLACE", network.place_index)
    offered: Members = {}
    for offer, tranche in network.offers():
        place = (offer.commodity, network.offer_tag[offer.id], offer.country)
        offered.setdefault(place, []).append((offer.id, tranche))
    frame.add_members("OFFERED", "PLACE", 2, offered)
    for name, records, tags in (
        ("RECYCLED", problem.recycling, network.recycled_tag),
        ("AFLOAT", problem.in_transit, network.afloat_tag),
    ):
        sources: Members = {}
        for record in records:
            place = (record.commodity, tags[record.id], record.country)
            sources.setdefault(place, []).append(record.id)
        frame.add_members(name, "PLACE", 1, sources)
    loads = network.loads
    outbound = MemberTable.grouped(network.place_index, loads.origin, loads.index.only("lane"))
    frame.add_members("OUTBOUND", "PLACE", 1, outbound)
    frame.add_members("SERVED", "PLACE", 1, _by_place(network, problem.demand))
    frame.add_members("OUTLETS", "PLACE", 1, _by_place(network, problem.outlets))
    frame.add_members("STORES", "PLACE", 1, _by_place(network, problem.stockpiles))


def _by_place(
    network: Network, records: Iterable[Demand] | Iterable[Outlet] | Iterable[Stockpile]
) -> Members:
    members: Members = {}
    for record in records:
        for tag in network.tags(record.commodity, record.country):
            members.setdefault((record.commodity, tag, record.country), []).append(record.id)
    return members


def cargo(network: Network) -> Iterable[tuple[Lane, str, str]]:
    """Yield every lane with each commodity and tag that can be loaded on it."""
    for lane in network.lanes:
        for commodity in lane.commodities:
            for tag in network.tags(commodity, lane.origin):
                yield lane, commodity, tag


def tagged(
    network: Network, records: Iterable[Demand] | Iterable[Outlet] | Iterable[Stockpile]
) -> list[tuple[str, str]]:
    """Return (id, tag) for every tag that reaches each of ``records``."""
    return [
        (record.id, tag)
        for record in records
        for tag in network.tags(record.commodity, record.country)
    ]
