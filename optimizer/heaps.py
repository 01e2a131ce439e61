"""Heaps: what comes into each country's goods and each stockpile, from the totals of a plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instances.routes import all_lanes
from instances.tags import (
    Keep,
    Tagging,
    belongs,
    offer_tag,
    opening_tag,
    recycled_tag,
)
from models.voyages import voyages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.directory import Party
    from instances.facility import Facility, Process
    from instances.plan import Plan
    from instances.problem import Problem
    from instances.rules.share import ShareRule
    from models.horizon import Horizon

Key = tuple[str, ...]
"""A heap at a node: place, commodity, country, node; store, id, node; made, site, process, node"""


@dataclass
class Heap:
    """What comes in: tonnes of a known share, and tonnes out of other heaps."""

    known: list[tuple[float, float]] = field(default_factory=list)
    taken: list[tuple[float, Key]] = field(default_factory=list)


class Source:
    """Whether what a source gives counts as a party's: 1 or 0."""

    def __init__(self, rule: ShareRule, party: Party) -> None:
        seller = Tagging.SUPPLIER if rule.origin == "direct" else Tagging.NONE
        touched = {party.label: party} if rule.origin == "touched" else None
        self._keep = Keep(seller, rule.origin == "traced", touched)
        self.rule, self.party = rule, party

    def offer(self, offer: Any) -> float:
        """Return the share of what an offer sells."""
        return self._share(offer_tag(self._keep, offer))

    def opening(self, store: Any) -> float:
        """Return the share of what a stockpile opens with."""
        return self._share(opening_tag(self._keep, store.opening_country, store.opening_ore))

    def cargo(self, cargo: Any) -> float:
        """Return the share of a cargo in transit."""
        return self._share(opening_tag(self._keep, cargo.seller, cargo.ore))

    def recycled(self, country: str) -> float:
        """Return the share of what is recycled in a country."""
        return self._share(recycled_tag(self._keep, country))

    def _share(self, tag: str) -> float:
        known = belongs(tag, self.party, self.rule.origin)
        return float(self.rule.counts_unknown if known is None else known)


class Totals:
    """The tonnes of a plan by node and record, whoever's the lots are."""

    def __init__(self, problem: Problem, plan: Plan, time: Horizon) -> None:
        self.problem, self._plan, self.time = problem, plan, time
        self._known: dict[tuple[str, str], dict[str, dict[Key, float]]] = {}
        self._lanes = {lane.id: lane for lane in all_lanes(problem)}
        leads = {name: time.lead(lane) for name, lane in self._lanes.items()}
        tables = {
            lead.tobytes(): {(sent, node): part for sent, node, part in voyages(time, lead)}
            for lead in leads.values()
        }
        self._parts = {name: tables[lead.tobytes()] for name, lead in leads.items()}
        self.offers = {item.id: item for item in problem.offers}
        self.stores = {item.id: item for item in problem.stockpiles}
        self.processes: dict[Key, tuple[Facility, Process]] = {
            (site.id, process.id): (site, process)
            for site in problem.facilities
            for process in site.processes
        }

    def at(self, table: str, node: str, *dims: str, amount: str = "tonnes") -> dict[Key, float]:
        """Return the tonnes of a table at a node by ``dims``."""
        if (table, amount) not in self._known:
            found: dict[str, dict[Key, float]] = defaultdict(dict)
            rows = getattr(self._plan, table).groupby(["node", *dims])[amount].sum()
            for (name, *key), tonnes in zip(rows.index, rows.tolist(), strict=True):
                found[name][tuple(key)] = tonnes
            self._known[table, amount] = found
        return self._known[table, amount].get(node, {})

    def stock(self, store: str, node: str, column: str) -> float:
        """Return what is put into, drawn from or held by a stockpile."""
        return self.at("stocks", node, "stockpile", amount=column).get((store,), 0.0)

    def heaps(self, source: Source, node: str, parent: str | None) -> dict[Key, Heap]:
        """Return what comes into every heap at a node."""
        heaps: dict[Key, Heap] = defaultdict(Heap)
        for (name,), tonnes in self.at("purchases", node, "offer").items():
            offer = self.offers[name]
            place: Key = ("place", offer.commodity, offer.country, node)
            heaps[place].known.append((tonnes, source.offer(offer)))
        for (name,), tonnes in self.at("recoveries", node, "recycling").items():
            item = next(item for item in self.problem.recycling if item.id == name)
            place = ("place", item.commodity, item.country, node)
            heaps[place].known.append((tonnes, source.recycled(item.country)))
        period = self.time.node(node).period
        for cargo in self.problem.in_transit:
            if period.start <= cargo.arrives < period.end:
                place = ("place", cargo.commodity, cargo.country, node)
                heaps[place].known.append((cargo.tonnes, source.cargo(cargo)))
        for place, tonnes, origin in self._made(node):
            heaps[place].taken.append((tonnes, origin))
        for sent in self.time.way(node):
            for (name, goods), tonnes in self.at("shipments", sent, "lane", "commodity").items():
                lane = self._lanes[name]
                part = self._parts[name].get((sent, node), 0.0) * (1 - lane.loss)
                place = ("place", goods, lane.destination, node)
                heaps[place].taken.append((tonnes * part, ("place", goods, lane.origin, sent)))
        self._store(heaps, source, node, parent)
        return heaps

    def given(self, node: str, process: Process) -> Mapping[str, float]:
        """Return what a tonne of activity gives at a node."""
        found = self.time.node(node)
        return process.given(found.period.start, found.branch)

    def _made(self, node: str) -> Iterator[tuple[Key, float, Key]]:
        for key, tonnes in self.at("runs", node, "facility", "process").items():
            site, process = self.processes[key]
            for commodity, ratio in self.given(node, process).items():
                place = ("place", commodity, site.country, node)
                yield place, tonnes * ratio, ("made", *key, node)

    def _store(
        self, heaps: dict[Key, Heap], source: Source, node: str, parent: str | None
    ) -> None:
        for name, store in self.stores.items():
            heap = heaps[("store", name, node)]
            kept = (1 - store.decay) ** self.time.node(node).period.years
            if parent is None:
                heap.known.append((kept * store.opening, source.opening(store)))
            else:
                held = kept * self.stock(name, parent, "stock")
                heap.taken.append((held, ("store", name, parent)))
            place = ("place", store.commodity, store.country, node)
            heap.taken.append((self.stock(name, node, "fill"), place))
            heaps[place].taken.append((self.stock(name, node, "draw"), ("store", name, node)))

    def receipts(self, node: str) -> Iterator[tuple[str, str, str | None, float, Key]]:
        """Yield what reaches users: commodity, country, class (of a demand), tonnes, its heap.

        What is put into stock counts as received, and what is drawn as given back.
        """
        problem = self.problem
        demands = {item.id: item for item in problem.demand}
        swaps = {item.id: item for item in problem.substitutions}
        outlets = {item.id: item for item in problem.outlets}
        sites = {item.id: item.country for item in problem.facilities}

        def row(
            commodity: str, country: str, user: str | None, tonnes: float
        ) -> tuple[str, str, str | None, float, Key]:
            return commodity, country, user, tonnes, ("place", commodity, country, node)

        for (name,), tonnes in self.at("deliveries", node, "demand").items():
            demand = demands[name]
            yield row(demand.commodity, demand.country, demand.demand_class, tonnes)
        for (site, goods), tonnes in self.at("uses", node, "facility", "commodity").items():
            yield row(goods, sites[site], None, tonnes)
        for (name,), tonnes in self.at("substitutes", node, "substitution").items():
            swap = swaps[name]
            yield row(swap.commodity, demands[swap.demand].country, None, tonnes * swap.ratio)
        for (name,), tonnes in self.at("sales", node, "outlet").items():
            yield row(outlets[name].commodity, outlets[name].country, None, tonnes)
        for name, store in self.stores.items():
            fill, draw = (self.stock(name, node, column) for column in ("fill", "draw"))
            yield row(store.commodity, store.country, None, fill)
            yield store.commodity, store.country, None, -draw, ("store", name, node)
