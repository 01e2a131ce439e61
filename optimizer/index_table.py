"""The table of indices: concentration, governance risk, import reliance and cover of a plan.

Every index says its ``basis``:

- ``bought``: bought or made in the period, by the country that sells or makes it;
- ``delivered``: delivered to demands, out of stock too, by that country, where a rule keeps it;
- ``traced``: delivered to demands, by the country of the ore, where a rule keeps it; what is
  recycled has none and is not counted;
- ``capacity``: what offers and facilities, as stated, could supply to anybody: the world's supply
  as far as the problem tells it;
- ``buyers``: the balance of the buyers' countries.

``n_minus_1_coverage`` takes away the largest supplier abroad: a buyer is not cut off from itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from instances import indices
from instances.governance import political_stability
from instances.keep import keeps
from instances.tags import RECYCLED, UNKNOWN, Tagging
from optimizer.index_rows import Index, long_table
from optimizer.index_sums import Sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from instances.indices import Floats
    from instances.plan import Plan
    from instances.problem import Problem
    from optimizer.index_sums import Flags

NOTHING = 1e-9
"""Tonnes that are solver noise, of which no share is taken."""
NAMED = 3
"""Countries that a reason names; of more it gives the number."""
STABILITY = "WGI political stability"
"""The figure that stands for governance."""
RISK = f"{STABILITY}; no substitute (SI 1), no trade factor (t 1)"


def index_table(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return every index at every node for every commodity: long, one number a row.

    ``value`` is in ``unit`` ("fraction", "d", "USD/t", or "-"); where there is none ``reason``
    says why, and where a method fills a gap ``assumption`` says with what. A basis that no rule
    keeps has the one row ``hhi``.
    """
    table = _Table(problem, Sums(problem, plan))
    found = [*table.buyers(), *table.world(), *table.bought()]
    found += [*table.received("delivered"), *table.received("traced")]
    return long_table(problem, table.sums, found)


class _Table:
    """The indices of a plan."""

    def __init__(self, problem: Problem, sums: Sums) -> None:
        self.sums = sums
        kept = keeps(problem)
        self._kept = {
            "delivered": np.array([kept[name].seller is not Tagging.NONE for name in sums.goods]),
            "traced": np.array([kept[name].ore for name in sums.goods]),
        }
        known = political_stability()
        self._wgi = np.array([known.get(name, np.nan) for name in sums.countries])
        self._risk = indices.governance_risk(self._wgi)
        self._unit = np.zeros((len(sums.nodes), len(sums.goods)))

    def buyers(self) -> list[Index]:
        """Return what follows from the balance of the buyers' countries."""
        sums = self.sums
        years = sums.years[:, None]
        used = np.where(sums.consumption > NOTHING, sums.consumption, 0.0)
        made, stock = sums.production, sums.stock
        reliance = indices.net_import_reliance(sums.net_imports, sums.into_stock, used)
        net = indices.cover_of_net_use(stock, used / years, made / years)
        none = "nothing is used in the buyers' countries"
        enough = self._said(used > 0, "what the buyers' countries make is all they use", none)
        kept = self._said(stock > NOTHING, none, "nothing is in stock")
        days = np.where(stock > NOTHING, indices.cover_of_consumption(stock, used / years), np.nan)
        net = np.where((stock > NOTHING) & (used - made > NOTHING), net, np.nan)
        return [
            Index("apparent_consumption", "buyers", sums.consumption, None, "t"),
            Index("net_import_reliance", "buyers", reliance, none, "fraction"),
            Index("cover_of_consumption", "buyers", days, kept, "d"),
            Index("cover_of_net_use", "buyers", net, np.where(kept == none, enough, kept), "d"),
        ]

    def world(self) -> list[Index]:
        """Return the concentration of what could be supplied to anybody."""
        amounts, reason = self._world()
        return [
            *_concentration("capacity", amounts, reason),
            self._governed("capacity", amounts, reason),
        ]

    def bought(self) -> list[Index]:
        """Return the indices of what is bought or made, and its price as a risk."""
        amounts = _clean(self.sums.supply)
        found = self._sourced("bought", amounts, "nothing is bought or made")
        score = found[-1]
        price = self.sums.import_price
        reason = np.where(np.isnan(score.value), score.reason, "nothing is bought abroad")
        factor = indices.geopolrisk_factor(score.value, price)
        return [
            *found,
            Index("geopolrisk_factor", "bought", factor, reason, "USD/t", score.assumption),
        ]

    def received(self, basis: str) -> list[Index]:
        """Return the indices of what is delivered, by who sold it or by its ore."""
        needed, kept = self.sums.needs, self._kept[basis]
        lost = "seller" if basis == "delivered" else "ore"
        found = []
        if (kept & needed).any():
            amounts = self.sums.delivered if basis == "delivered" else self.sums.traced
            amounts = _clean(amounts)
            places = np.array(self.sums.countries)
            unknown = amounts[..., places == UNKNOWN].sum(-1)
            total = amounts.sum(-1)
            amounts = np.where(places == RECYCLED, 0.0, amounts)
            amounts[unknown > 0] = 0.0
            reason = self._said(total > 0, "", "nothing is delivered")
            for place in zip(*np.nonzero(unknown > 0), strict=True):
                part = 100 * unknown[place] / total[place]
                reason[place] = f"the {lost} of {part:.3g} % of what is delivered is not known"
            found = self._sourced(basis, amounts, reason)
            found = [replace(item, of=kept & needed) for item in found]
        absent = np.full_like(self._unit, np.nan)
        reason = f"no rule keeps the {lost} of lots to their delivery"
        return [*found, Index("hhi", basis, absent, reason, of=needed & ~kept)]

    def _sourced(self, basis: str, amounts: Floats, reason: Any) -> list[Index]:
        """Return the indices of a sourcing by country; GeoPolRisk last."""
        demand = self.sums.demand
        abroad = ~self.sums.domestic
        coverage = indices.static_coverage(amounts, _clean(demand), abroad)
        some = amounts.sum(-1) > 0
        alone = self._said(some, "no demand lies outside the largest foreign supplier", reason)
        governed = self._governed(basis, amounts, reason)
        return [
            *_concentration(basis, amounts, reason),
            Index("n_minus_1_coverage", basis, coverage, alone, "fraction"),
            governed,
            self._supply_risk(governed),
            self._geopolrisk(basis, amounts, reason),
        ]

    def _governed(self, basis: str, amounts: Floats, reason: Any) -> Index:
        value = indices.hhi_wgi(amounts, self._risk)
        said = self._said(amounts.sum(-1) > 0, "", reason)
        for place, names in self._named((amounts > 0) & np.isnan(self._wgi)):
            said[place] = f"no governance figure for {names}"
        return Index("hhi_wgi", basis, value, said, assumption=STABILITY)

    def _supply_risk(self, sourcing: Index) -> Index:
        sums = self.sums
        amounts, reason = self._world()
        world = self._governed("capacity", amounts, reason)
        made = sums.production
        dependence = indices.import_dependence(sums.net_imports, made)
        recycled = indices.ratio(sums.recycled, sums.supply.sum(-1) + sums.recycled)
        value = indices.supply_risk(world.value, sourcing.value, dependence, recycled)
        said = np.where(np.isnan(sourcing.value), sourcing.reason, "")
        said = np.where(said == "", np.where(np.isnan(world.value), world.reason, ""), said)
        said = np.where(said == "", "nothing is used in the buyers' countries", said)
        return Index("eu_supply_risk", sourcing.basis, value, said, assumption=RISK)

    def _geopolrisk(self, basis: str, amounts: Floats, reason: Any) -> Index:
        home = self.sums.domestic
        world, unlimited = self._world()
        instability = np.where(np.isnan(self._risk), indices.NO_FIGURE, self._risk / 10)
        imports = np.where(home, 0.0, amounts)
        made = amounts[..., home].sum(-1)
        value = indices.geopolrisk(indices.hhi(world), imports, instability, made)
        said = np.where(amounts.sum(-1) > 0, unlimited, reason)
        assumed = np.full(value.shape, STABILITY, dtype=object)
        for place, names in self._named((imports > 0) & np.isnan(self._wgi)):
            assumed[place] = f"{STABILITY}; {indices.NO_FIGURE} for {names}, without a figure"
        return Index("geopolrisk", basis, value, said, assumption=assumed)

    def _world(self) -> tuple[Floats, Any]:
        """Return what could be supplied where that is limited, else nothing, and why nothing."""
        amounts = self.sums.capacity
        endless = np.isinf(amounts)
        reason = self._said(True, "nothing can be supplied", None)
        for place, names in self._named(endless):
            reason[place] = f"no capacity is stated of all supply from {names}"
        return np.where(endless.any(axis=-1, keepdims=True), 0.0, amounts), reason

    def _named(self, flags: Flags) -> Iterator[tuple[Any, str]]:
        """Yield where a flag is up for a country, and the countries."""
        for place in zip(*np.nonzero(flags.any(-1)), strict=True):
            names = np.array(self.sums.countries)[flags[place]].tolist()
            rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            yield place, ", ".join(names[:NAMED]) + rest

    def _said(self, true: Any, this: Any, that: Any) -> Any:
        """Return texts at every node and commodity."""
        flags = np.broadcast_to(np.asarray(true, bool), self._unit.shape)
        return np.where(flags, np.asarray(this, object), np.asarray(that, object))


def _concentration(basis: str, amounts: Floats, reason: Any) -> list[Index]:
    return [
        Index("hhi", basis, indices.hhi(amounts), reason),
        Index("effective_suppliers", basis, indices.effective_suppliers(amounts), reason),
        Index("cr1", basis, indices.concentration_ratio(amounts, 1), reason, "fraction"),
        Index("cr3", basis, indices.concentration_ratio(amounts, 3), reason, "fraction"),
    ]


def _clean(amounts: Floats) -> Floats:
    return np.where(amounts > NOTHING, amounts, 0.0)
