"""Index tables of the physical network: what can be bought, moved, used and stored, and where.

A *place* is a commodity with a tag in a country. Tags exist only where a rule asks for them, and a
place only where goods with that tag can arrive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.routes import all_lanes
from instances.tags import opening_tag, tag_of, taggings
from models.index import Index

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.network import Demand, Lane, Outlet
    from instances.problem import Problem
    from instances.stockpile import Stockpile
    from instances.supply import Offer
    from models.frame import Frame

Place = tuple[str, str, str]
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
    offer_tag
        Tag that each offer's goods carry.
    places
        Every (commodity, tag, country) that goods can reach, in a fixed order.
    """

    problem: Problem
    lanes: tuple[Lane, ...]
    offer_tag: Mapping[str, str]
    opening_tag: Mapping[str, str]
    places: tuple[Place, ...]

    def tags(self, commodity: str, country: str) -> list[str]:
        """Return the tags with which ``commodity`` can be in ``country``."""
        return [tag for name, tag, where in self.places if (name, where) == (commodity, country)]

    def offers(self) -> Iterable[tuple[Offer, int]]:
        """Yield every offer with each of its tranches, counted from 0."""
        for offer in self.problem.offers:
            for tranche in range(len(offer.slices)):
                yield offer, tranche


def trace(problem: Problem) -> Network:
    """Return the network of ``problem``: follow every tag from its seller along the lanes."""
    kept = taggings(problem)
    lanes = all_lanes(problem)
    onward: dict[tuple[str, str], list[str]] = {}
    for lane in lanes:
        for commodity in lane.commodities:
            onward.setdefault((commodity, lane.origin), []).append(lane.destination)
    offer_tag = {
        offer.id: tag_of(kept[offer.commodity], offer.country, offer.supplier)
        for offer in problem.offers
    }
    opening = {
        store.id: opening_tag(kept[store.commodity], store.opening_country)
        for store in problem.stockpiles
    }
    reached: dict[Place, None] = {}
    waiting: deque[Place] = deque(
        [(offer.commodity, offer_tag[offer.id], offer.country) for offer in problem.offers]
        + [(store.commodity, opening[store.id], store.country) for store in problem.stockpiles]
    )
    while waiting:
        place = waiting.popleft()
        if place in reached:
            continue
        reached[place] = None
        commodity, tag, country = place
        waiting.extend((commodity, tag, there) for there in onward.get((commodity, country), ()))
    return Network(problem, lanes, offer_tag, opening, tuple(sorted(reached)))


def declare_network(frame: Frame, network: Network) -> None:
    """Declare the sets of the network on the model.

    Sets without time: ``PLACE``; and by place ``OFFERED`` (offer, tranche), ``INBOUND`` and
    ``OUTBOUND`` (lane), ``SERVED`` (demand), ``OUTLETS`` (outlet), ``STORES`` (stockpile). By lane
    ``CARGO`` (commodity, tag); by demand, outlet and stockpile the tags that reach it.
    """
    problem = network.problem
    frame.add_set("PLACE", Index.of(("commodity", "tag", "country"), network.places))
    offered: Members = {}
    for offer, tranche in network.offers():
        place = (offer.commodity, network.offer_tag[offer.id], offer.country)
        offered.setdefault(place, []).append((offer.id, tranche))
    frame.add_members("OFFERED", "PLACE", 2, offered)
    inbound: Members = {}
    outbound: Members = {}
    for lane, commodity, tag in cargo(network):
        outbound.setdefault((commodity, tag, lane.origin), []).append(lane.id)
        inbound.setdefault((commodity, tag, lane.destination), []).append(lane.id)
    frame.add_members("INBOUND", "PLACE", 1, inbound)
    frame.add_members("OUTBOUND", "PLACE", 1, outbound)
    for name, records in (
        ("SERVED", problem.demand),
        ("OUTLETS", problem.outlets),
        ("STORES", problem.stockpiles),
    ):
        frame.add_members(name, "PLACE", 1, _by_place(network, records))


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
