"""Sums of a plan by node, commodity and country, as the indices take them: dense arrays."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from instances.indices import Floats, ratio
from instances.tags import RECYCLED, UNKNOWN, read_tag
from optimizer.recipes import recipes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    import pandas as pd

    from instances.plan import Plan
    from instances.problem import Problem
    from instances.schedule import Schedule

Flags = NDArray[np.bool_]
_PLACES = ("country", "opening_country", "opening_ore", "ore", "seller", "origin", "destination")


class Sums:
    """Tonnes of a plan over (node, commodity, country), and of its buyers over (node, commodity).

    The buyers are those the problem names, else the countries that need something.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._problem, self._plan = problem, plan
        self.nodes = [node.id for node in problem.nodes]
        self.goods = [item.id for item in problem.commodities]
        self.countries = _countries(problem)
        self._node = {name: number for number, name in enumerate(self.nodes)}
        self._good = {name: number for number, name in enumerate(self.goods)}
        self._country = {name: number for number, name in enumerate(self.countries)}
        self.years = np.array([node.period.years for node in problem.nodes])
        buyers = problem.buyers or tuple({item.country for item in problem.demand})
        self.domestic: Flags = np.isin(self.countries, buyers)

    @cached_property
    def supply(self) -> Floats:
        """Tonnes bought or made, where."""
        return self._bought + self._made

    @cached_property
    def delivered(self) -> Floats:
        """Tonnes delivered to demands, by the country that sold or made them, or "unknown"."""
        return self._delivered(lambda tag: (read_tag(tag).seller or UNKNOWN).partition("/")[0])

    @cached_property
    def traced(self) -> Floats:
        """Tonnes delivered to demands, by the country of their ore, "unknown" or "recycled"."""
        return self._delivered(lambda tag: read_tag(tag).ore or UNKNOWN)

    @cached_property
    def capacity(self) -> Floats:
        """Expected tonnes that offers and facilities could supply to anybody, or infinite."""
        rates: list[tuple[str, str, Floats]] = []
        for offer in self._problem.offers:
            rate = np.sum([self._over(part.capacity) for part in offer.slices], axis=0)
            rate = rate * offer.delivery_probability
            most = self._within(rate, offer.start, offer.end)
            rates.append((offer.commodity, offer.country, most))
        for site in self._problem.facilities:
            rate = self._over(site.capacity) * site.delivery_probability
            most = self._within(rate, site.start, site.end)
            best: dict[str, float] = {}
            for process in site.processes:
                for name, amount in process.outputs.items():
                    best[name] = max(best.get(name, 0.0), amount)
            rates += [
                (name, site.country, most * amount) for name, amount in best.items() if amount > 0
            ]
        sums = self._zeros
        for name, country, rate in rates:
            sums[:, self._good[name], self._country[country]] += rate
        return sums

    @cached_property
    def demand(self) -> Floats:
        """Tonnes needed (met or not) or taken by processes and substitutes, where."""
        sums = self._taken.copy()
        for item in self._problem.demand:
            asked = self._over(item.quantity, 0.0) * self.years
            sums[:, self._good[item.commodity], self._country[item.country]] += asked
        return sums

    @cached_property
    def production(self) -> Floats:
        """Tonnes that the buyers' own countries sell, make or recycle."""
        return self._home(self.supply) + self.recycled

    @cached_property
    def recycled(self) -> Floats:
        """Tonnes recycled in the buyers' countries."""
        return self._home(
            self._of(self._plan.recoveries, self._problem.recycling, "recycling", "tonnes")
        )

    @cached_property
    def consumption(self) -> Floats:
        """Tonnes delivered, processed, substituting, sold or thrown away in the buyers' countries.

        It is the apparent consumption: what is made and imported, less what is exported and put
        into stock.
        """
        plan, problem = self._plan, self._problem
        used = self._of(plan.deliveries, problem.demand, "demand", "tonnes")
        used += self._of(plan.sales, problem.outlets, "outlet", "tonnes")
        gone = plan.disposals
        used += self._sum(gone["node"], gone["commodity"], gone["country"], gone["tonnes"])
        return self._home(used + self._taken)

    @cached_property
    def into_stock(self) -> Floats:
        """Tonnes put into the buyers' stockpiles less those taken out."""
        plan, stores = self._plan, self._problem.stockpiles
        fill, draw = (self._of(plan.stocks, stores, "stockpile", way) for way in ("fill", "draw"))
        return self._home(fill - draw)

    @cached_property
    def stock(self) -> Floats:
        """Tonnes in the buyers' stockpiles at the end of a node."""
        stores = self._problem.stockpiles
        return self._home(self._of(self._plan.stocks, stores, "stockpile", "stock"))

    @cached_property
    def net_imports(self) -> Floats:
        """Tonnes that the buyers import less those they export: what their balance leaves."""
        return self.consumption + self.into_stock - self.production

    @cached_property
    def import_price(self) -> Floats:
        """USD per tonne at the gate, on average, of what is bought abroad; NaN without any."""
        ways = self._problem.ways_to_buy
        nodes = {node.id: node for node in self._problem.nodes}
        table = self._plan.purchases
        price = [
            ways[name][part].price_on(nodes[node].period.start, nodes[node].branch) or 0.0
            for name, part, node in zip(
                table["offer"], table["tranche"], table["node"], strict=True
            )
        ]
        paid = table.assign(dollars=table["tonnes"] * np.array(price, dtype=float))
        dollars = self._of(paid, self._problem.offers, "offer", "dollars")
        abroad = ~self.domestic
        return ratio(dollars[..., abroad].sum(-1), self._bought[..., abroad].sum(-1))

    @property
    def needs(self) -> Flags:
        """Whether a commodity is the object of a demand."""
        return np.isin(self.goods, [item.commodity for item in self._problem.demand])

    @cached_property
    def _bought(self) -> Floats:
        return self._of(self._plan.purchases, self._problem.offers, "offer", "tonnes")

    @cached_property
    def _made(self) -> Floats:
        runs = self._plan.runs.groupby(["node", "facility", "process"])["tonnes"].sum()
        recipe = recipes_of(self._problem)
        sums = self._zeros
        for (node, site, process), tonnes in zip(runs.index, runs.tolist(), strict=True):
            country, outputs = recipe(site, process, node)
            for name, amount in outputs.items():
                place = self._node[node], self._good[name], self._country[country]
                sums[place] += tonnes * amount
        return sums

    @cached_property
    def _taken(self) -> Floats:
        """Tonnes that processes take in and that serve in place of another commodity."""
        plan, problem = self._plan, self._problem
        sites = {item.id: item.country for item in problem.facilities}
        uses = plan.uses
        sums = self._sum(
            uses["node"], uses["commodity"], uses["facility"].map(sites), uses["tonnes"]
        )
        homes = {item.id: item.country for item in problem.demand}
        swaps = {item.id: item for item in problem.substitutions}
        rows = plan.substitutes
        found = [swaps[name] for name in rows["substitution"]]
        return sums + self._sum(
            rows["node"],
            [swap.commodity for swap in found],
            [homes[swap.demand] for swap in found],
            rows["tonnes"].to_numpy(float) * np.array([swap.ratio for swap in found], dtype=float),
        )

    def _delivered(self, whose: Callable[[str], str]) -> Floats:
        rows = self._plan.deliveries
        tags = {tag: whose(tag) for tag in rows["tag"].unique()}
        goods = {item.id: item.commodity for item in self._problem.demand}
        return self._sum(
            rows["node"], rows["demand"].map(goods), rows["tag"].map(tags), rows["tonnes"]
        )

    def _of(self, rows: pd.DataFrame, records: Sequence[Any], column: str, amount: str) -> Floats:
        """Return the sums of a column whose records have a commodity and a country."""
        goods = {item.id: item.commodity for item in records}
        places = {item.id: item.country for item in records}
        return self._sum(
            rows["node"], rows[column].map(goods), rows[column].map(places), rows[amount]
        )

    def _sum(
        self,
        nodes: Iterable[str],
        goods: Iterable[str],
        countries: Iterable[str],
        amounts: Iterable[float],
    ) -> Floats:
        shape = (len(self.nodes), len(self.goods), len(self.countries))
        places: tuple[Any, ...] = (
            np.array([self._node[name] for name in nodes], dtype=np.int64),
            np.array([self._good[name] for name in goods], dtype=np.int64),
            np.array([self._country[name] for name in countries], dtype=np.int64),
        )
        weights = np.fromiter(amounts, dtype=float)
        flat = np.ravel_multi_index(places, shape)
        # of nothing numpy counts in whole numbers
        sums = np.bincount(flat, weights, minlength=int(np.prod(shape))).astype(float)
        return np.asarray(sums.reshape(shape))

    def _home(self, amounts: Floats) -> Floats:
        return np.asarray(amounts[..., self.domestic].sum(axis=-1))

    def _over(self, schedule: Schedule | None, missing: float = np.inf) -> Floats:
        if schedule is None:
            return np.full(len(self.nodes), missing)
        nodes = self._problem.nodes
        values = [schedule.at(node.period.start, node.branch) or 0.0 for node in nodes]
        return np.array(values, dtype=float)

    def _within(self, rate: Floats, start: date | None, end: date | None) -> Floats:
        """Return the tonnes of a rate between two dates; nothing in no time, whatever the rate."""
        periods = (node.period for node in self._problem.nodes)
        years = np.array([period.years_within(start, end) for period in periods])
        amounts: Floats = np.zeros_like(years)
        np.multiply(rate, years, out=amounts, where=years > 0)
        return amounts

    @property
    def _zeros(self) -> Floats:
        return np.zeros((len(self.nodes), len(self.goods), len(self.countries)))


def _countries(problem: Problem) -> list[str]:
    records = (
        *problem.offers,
        *problem.facilities,
        *problem.demand,
        *problem.recycling,
        *problem.outlets,
        *problem.stockpiles,
        *problem.in_transit,
        *problem.lanes,
    )
    found = {getattr(item, place, None): None for item in records for place in _PLACES}
    return [*(name for name in found if name is not None), UNKNOWN, RECYCLED]
