"""Mixing: what a party's share would be if everything in one place were one mix.

Custody by lot lets a plan choose which lot goes to whom. Had every country one heap of each
commodity and every stockpile one heap of its own, each customer would get the same mix. With the
totals of a plan known, the share of each heap follows from what comes in:

    share of a heap = sum of (tonnes that come in * their share) / sum of tonnes that come in

To optimise over such mixes is bilinear, and not done here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from instances.rules.share_scope import Basis
from instances.tags import carrier_of
from optimizer.heaps import Heap, Key, Source, Totals

if TYPE_CHECKING:
    from instances.directory import Party
    from instances.plan import Plan
    from instances.problem import Problem
    from instances.rules.share import ShareRule
    from models.horizon import Horizon
    from models.rows import Row

SAME = 1e-12
MOST_SWEEPS = 10_000
"""Goods that go round in a circle settle long before."""
NO_PRICE = "a share by value has no mix: what is made has no price"
OPEN = "several mixes go into one process, so that what of its output is touched is open"


class Mixing:
    """The totals of a plan, and the mixes that follow from them."""

    def __init__(self, problem: Problem, plan: Plan, time: Horizon) -> None:
        self._totals = Totals(problem, plan, time)
        self._solved: dict[tuple[object, ...], dict[Key, float]] = {}

    def share(self, row: Row[ShareRule], whole: float) -> tuple[float | None, str | None]:
        """Return the party's share of ``whole`` tonnes if all is mixed, or else why not."""
        rule, party = row.rule, row.line.party
        assert party is not None
        if rule.denominator == "value":
            return None, NO_PRICE
        source = Source(rule, party)
        key = (rule.origin, party, rule.counts_unknown)
        if key not in self._solved:
            self._solved[key] = self._solve(source)
        counted = self._counted(row, source, self._solved[key])
        return (counted / whole, None) if math.isfinite(counted) else (None, OPEN)

    def _counted(self, row: Row[ShareRule], source: Source, shares: dict[Key, float]) -> float:
        rule, goods = row.rule, row.line.commodities
        if rule.basis is Basis.BOUGHT:
            return self._bought(goods, row.node, source, shares)
        total = 0.0
        for commodity, country, user, tonnes, heap in self._totals.receipts(row.node):
            wanted = commodity in goods and (rule.buyers is None or country in rule.buyers)
            if rule.basis is Basis.DELIVERED:
                wanted = wanted and user is not None and rule.demand_class in (None, user)
            if wanted and tonnes:
                total += tonnes * shares.get(heap, 0.0)
        return total

    def _bought(
        self, goods: tuple[str, ...], node: str, source: Source, shares: dict[Key, float]
    ) -> float:
        totals, total = self._totals, 0.0
        for (name,), tonnes in totals.at("purchases", node, "offer").items():
            if totals.offers[name].commodity in goods:
                total += tonnes * source.offer(totals.offers[name])
        for key, tonnes in totals.at("runs", node, "facility", "process").items():
            outputs = totals.given(node, totals.processes[key][1])
            made = sum(ratio for commodity, ratio in outputs.items() if commodity in goods)
            total += tonnes * made * shares[("made", *key, node)] if made else 0.0
        return total

    def _solve(self, source: Source) -> dict[Key, float]:
        """Return the share of every heap at every node, nodes in order."""
        shares: dict[Key, float] = {}
        for node in self._totals.time.nodes:
            heaps = self._totals.heaps(source, node.id, node.parent)
            makers = [("made", *key, node.id) for key in self._totals.processes]
            shares |= dict.fromkeys([*makers, *heaps], 0.0)
            for _ in range(MOST_SWEEPS):
                before = [shares[name] for name in (*makers, *heaps)]
                for name in makers:
                    shares[name] = self._output(source, name, shares)
                for name, heap in heaps.items():
                    shares[name] = _mixed(heap, shares)
                after = [shares[name] for name in (*makers, *heaps)]
                if all(_same(old, new) for old, new in zip(before, after, strict=True)):
                    break
            else:
                shares |= dict.fromkeys(heaps, math.nan)
        return shares

    def _output(self, source: Source, name: Key, shares: dict[Key, float]) -> float:
        """Return the share of what a process makes at a node."""
        _, facility, recipe, node = name
        site, process = self._totals.processes[facility, recipe]
        party: Party = source.party

        def taken(commodity: str) -> float:
            return shares.get(("place", commodity, site.country, node), 0.0)

        if source.rule.origin == "direct":
            return float(party.includes(site.country, site.id))
        if source.rule.origin == "traced":
            carrier = carrier_of(process)
            return float(site.country in party.countries) if carrier is None else taken(carrier)
        if site.country in party.countries:
            return 1.0
        parts = [share for share in map(taken, process.inputs) if not share <= SAME]
        if any(share >= 1 - SAME for share in parts):
            return 1.0
        return math.nan if len(parts) > 1 else sum(parts)


def _mixed(heap: Heap, shares: dict[Key, float]) -> float:
    parts = [*heap.known, *((tonnes, shares.get(name, 0.0)) for tonnes, name in heap.taken)]
    parts = [part for part in parts if part[0] > 0]
    whole = sum(tonnes for tonnes, _ in parts)
    return sum(tonnes * share for tonnes, share in parts) / whole if whole > 0 else 0.0


def _same(old: float, new: float) -> bool:
    return abs(old - new) <= SAME or (math.isnan(old) and math.isnan(new))
