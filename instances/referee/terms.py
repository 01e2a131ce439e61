"""The terms of a problem: prices, limits and recipes of its records at each node, as arrays.

Arrays over time have a row per node and a column per record, in the order of the problem. A limit
that is not given is infinite. Where a schedule has no value yet it counts as 0: a problem is only
valid if nothing can happen there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from instances.contract import Contract
from instances.referee.positions import Places
from instances.referee.rights import rights
from instances.referee.works import Works
from instances.supply import Tranche
from instances.tags import offer_tag, opening_tag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.stockpile import Member

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Slices:
    """Every tranche of every offer and every contract on it, offers in order."""

    names: tuple[str, ...]
    offer: Ints
    first: Ints
    """Position of each offer's first tranche; at the end the number of tranches."""
    at: Places
    tag: Ints
    price: Floats
    width: Floats
    """Tonnes of the tranche in the period."""
    most: Floats
    """Tonnes that can be bought at its price; with those before it where that holds for all."""


@dataclass(frozen=True)
class Ways:
    """Every lane, declared or free."""

    origin: Ints
    destination: Ints
    arriving: Floats
    """Fraction of the loaded tonnes that arrives."""
    freight: Floats
    """By node: the common freight of each lane, then that of single commodities."""
    freight_column: Ints
    """By lane and commodity, the column of its freight."""
    tariff: Floats
    most: Floats
    """Tonnes that can be loaded in the period."""
    carries: NDArray[np.bool_]
    """By lane and commodity."""
    lead: Ints
    """Whole days from loading to arrival, by node of loading."""
    compliance: Floats
    least: Floats
    """Tonnes loaded in a period in which it is used."""
    fixed_cost: Floats
    """USD of a period in which it is used."""
    chooses: NDArray[np.bool_]
    terminal_value: Floats


@dataclass(frozen=True)
class Tiers:
    """Every slice of every demand that may stay unmet; after a demand's own, one of 0 t.

    The last is open in a cut-off.
    """

    names: tuple[str, ...]
    demand: Ints
    first: Ints
    """Position of each demand's first tier; at the end the number of tiers."""
    most: Floats
    cost: Floats


@dataclass(frozen=True)
class Stores:
    """Every stockpile."""

    at: Places
    opening: Floats
    opening_tag: Ints
    capacity: Floats
    fill_most: Floats
    draw_most: Floats
    kept: Floats
    """Fraction of what is held that outlasts the period."""
    holding_cost: Floats
    terminal_value: Floats
    rotation: Floats
    """Fraction of what is held before a period that is replaced in it."""
    rotation_cost: Floats


class Terms(Works):
    """The terms of a problem."""

    @cached_property
    def slices(self) -> Slices:
        """What is on offer."""
        offers = self.problem.offers
        ways = [self.problem.ways_to_buy[offer.id] for offer in offers]
        counts = [len(parts) for parts in ways]
        offer_of = np.repeat(np.arange(len(offers)), counts)
        share = self.over_time([offer.available for offer in offers])
        share *= np.array([offer.delivery_probability for offer in offers], dtype=float)
        for column, offer in enumerate(offers):
            window = (node.period.years_within(offer.start, offer.end) for node in self.nodes)
            # most offers stand open all the time
            always = offer.start is None and offer.end is None
            share[:, column] *= self.years if always else np.fromiter(window, dtype=float)
        share = share[:, offer_of]
        parts = [part for own in ways for part in own]
        own = np.array([isinstance(part, Tranche) for part in parts], dtype=bool)
        widths = [part.capacity if isinstance(part, Tranche) else None for part in parts]
        rate = self.over_time(widths, absent=np.inf)
        # nothing of an unlimited capacity is nothing; contracts take of what the tranches sell
        width = np.multiply(rate, share, out=np.zeros_like(rate), where=(share > 0) & own)
        most = width.copy()
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        for number, offer in enumerate(offers):
            span = slice(first[number], first[number] + len(offer.slices))
            if offer.pricing == "all_units":
                most[:, span] = np.cumsum(width[:, span], axis=1)
        names = list(_numbered("Offer", "tranche", [offer.id for offer in offers], counts))
        for column, part in enumerate(parts):
            if isinstance(part, Contract):
                names[column] = f"Contract {part.id!r}"
                most[:, column] = rights(self, part)
        at = self.places(offers)
        tags = [offer_tag(self.keep[offer.commodity], offer) for offer in offers]
        return Slices(
            names=tuple(names),
            offer=offer_of,
            first=first,
            at=Places(at.commodity[offer_of], at.country[offer_of]),
            tag=self.find("tag", tags)[offer_of],
            price=np.array(
                [
                    [part.price_on(node.period.start, node.branch) or 0.0 for part in parts]
                    for node in self.nodes
                ]
            ).reshape(len(self.nodes), len(parts)),
            width=width,
            most=most,
        )

    @cached_property
    def ways(self) -> Ways:
        """What can be moved, and how."""
        lanes = self.routes
        carries = np.zeros((len(lanes), len(self.ids["commodity"])), dtype=bool)
        for number, lane in enumerate(lanes):
            carries[number, self.find("commodity", lane.commodities)] = True
        least = np.array([lane.minimum_load for lane in lanes], dtype=float)
        delays = np.array([lane.lead_time for lane in lanes], dtype=float)
        usable = self.over_time([lane.available for lane in lanes])
        most = self.per_period([lane.capacity for lane in lanes])
        return Ways(
            origin=self.find("country", [lane.origin for lane in lanes]),
            destination=self.find("country", [lane.destination for lane in lanes]),
            arriving=np.array([1 - lane.loss for lane in lanes], dtype=float),
            freight=self.over_time(
                [lane.freight for lane in lanes]
                + [item.freight for lane in lanes for item in lane.freights]
            ),
            freight_column=self._freight_columns(),
            tariff=self.over_time([lane.tariff for lane in lanes]),
            # nothing of an unlimited capacity is nothing
            most=np.multiply(most, usable, out=np.zeros_like(most), where=usable > 0),
            carries=carries,
            lead=np.rint(delays + self.over_time([lane.delay for lane in lanes])).astype(np.int64),
            compliance=self.over_time([lane.compliance_cost for lane in lanes]),
            least=least * self.years[:, None],
            fixed_cost=self.over_time([lane.fixed_cost for lane in lanes]) * self.years[:, None],
            chooses=np.array([lane.chooses for lane in lanes], dtype=bool),
            terminal_value=np.array([lane.terminal_value for lane in lanes], dtype=float),
        )

    def _freight_columns(self) -> Ints:
        lanes = self.routes
        columns = np.arange(len(lanes))[:, None] + np.zeros(
            (1, len(self.ids["commodity"])), dtype=np.int64
        )
        own = [(number, item) for number, lane in enumerate(lanes) for item in lane.freights]
        goods = self.find("commodity", [item.commodity for _, item in own])
        for place, (number, _) in enumerate(own):
            columns[number, goods[place]] = len(lanes) + place
        return columns

    @cached_property
    def customs_value(self) -> Floats:
        """USD per tonne of each commodity for the customs."""
        values = [item.customs_value for item in self.problem.commodities]
        return self.over_time(values)

    @cached_property
    def demand_at(self) -> Places:
        """Where each demand stands."""
        return self.places(self.problem.demand)

    @cached_property
    def demanded(self) -> Floats:
        """Tonnes of each demand in the period."""
        return self.per_period([item.quantity for item in self.problem.demand])

    @cached_property
    def tiers(self) -> Tiers:
        """What may stay unmet."""
        demands = self.problem.demand
        tiers = [tier for demand in demands for tier in (*demand.tiers, None)]
        counts = [len(demand.tiers) + 1 for demand in demands]
        demand_of = np.repeat(np.arange(len(demands)), counts)
        share = np.array([0.0 if tier is None else tier.share for tier in tiers])
        costs = [None if tier is None else tier.cost for tier in tiers]
        most = share * self.demanded[:, demand_of]
        # in a cut-off only survival rules say how much has to be met
        hidden = np.array([node.cut_off is not None for node in self.nodes], dtype=bool)
        last = np.array([tier is None for tier in tiers], dtype=bool)
        most[hidden[:, None] & last] = np.inf
        return Tiers(
            names=_numbered("Demand", "tier", [demand.id for demand in demands], counts),
            demand=demand_of,
            first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            most=most,
            cost=self.over_time(costs),
        )

    @cached_property
    def outlet_at(self) -> Places:
        """Where each outlet stands."""
        return self.places(self.problem.outlets)

    @cached_property
    def outlet_price(self) -> Floats:
        """USD per tonne that each outlet pays."""
        return self.over_time([item.price for item in self.problem.outlets])

    @cached_property
    def outlet_most(self) -> Floats:
        """Tonnes that each outlet takes in the period."""
        return self.per_period([item.capacity for item in self.problem.outlets])

    @cached_property
    def stores(self) -> Stores:
        """What can be held."""
        stores = self.problem.stockpiles
        capacities = [np.inf if item.capacity is None else item.capacity for item in stores]
        tags = [
            opening_tag(self.keep[item.commodity], item.opening_country, item.opening_ore)
            for item in stores
        ]
        lasting = np.array([1 - item.decay for item in stores], dtype=float)
        return Stores(
            at=self.places(stores),
            opening=np.array([item.opening for item in stores], dtype=float),
            opening_tag=self.find("tag", tags),
            capacity=np.array(capacities, dtype=float),
            fill_most=self.per_period([item.fill_rate for item in stores]),
            draw_most=self.per_period([item.draw_rate for item in stores]),
            kept=lasting ** self.years[:, None],
            holding_cost=np.array([item.holding_cost for item in stores], dtype=float),
            terminal_value=np.array([item.terminal_value for item in stores], dtype=float),
            rotation=np.array([item.rotation for item in stores]) * self.years[:, None],
            rotation_cost=np.array([item.rotation_cost for item in stores], dtype=float),
        )

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Every member of every pool, stockpiles in order."""
        return tuple(item for store in self.problem.stockpiles for item in store.members)

    @cached_property
    def member_stockpile(self) -> Ints:
        """Position of the stockpile of each member."""
        counts = [len(store.members) for store in self.problem.stockpiles]
        return np.repeat(np.arange(len(counts), dtype=np.int64), counts)


def _numbered(word: str, part: str, ids: list[str], counts: list[int]) -> tuple[str, ...]:
    return tuple(
        f"{word} {id!r} ({part} {number})"
        for id, count in zip(ids, counts, strict=True)
        for number in range(count)
    )
