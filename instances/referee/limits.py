"""Limits: nothing passes what a record takes, and all goes a way and has a tag that it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.referee.choices import Use, check_use
from instances.referee.faults import Faults, figure, tolerance
from instances.referee.sums import summed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


def within(
    terms: Terms,
    faults: Faults,
    names: Sequence[str],
    verb: str,
    amount: Floats,
    most: Floats,
) -> None:
    """Add to ``faults`` where ``amount`` is more than ``most``, by node and record."""
    over = (amount > most + tolerance(most)).ravel()

    def say(position: int) -> str:
        node, record = divmod(position, amount.shape[1])
        return (
            f"{names[record]} {verb} {figure(amount[node, record])} t in "
            f"{terms.nodes[node].id}, more than {figure(most[node, record])} t."
        )

    faults.where(over, say)


class Limits:
    """The checks of a plan's tables against the terms, row by row and in total."""

    def __init__(self, terms: Terms, entries: Entries, faults: Faults) -> None:
        self.terms = terms
        self.entries = entries
        self.faults = faults

    def check(self) -> None:
        """Add to the faults whatever passes a limit."""
        self._offers()
        self._lanes()
        self._shortfalls()
        self._backlogs()
        self._outlets()
        self._stockpiles()
        self._recoveries()
        self._substitutes()
        self._tags()

    def _offers(self) -> None:
        slices = self.terms.slices
        node, part, tonnes = self.entries.columns("purchases", "node", "tranche", "tonnes")
        bought = summed(slices.most.shape, node, part, tonnes)
        within(self.terms, self.faults, slices.names, "sells", bought, slices.most)

    def _lanes(self) -> None:
        ways, ids = self.terms.ways, self.terms.ids
        names = self._names("Lane", "lane")
        node, lane, goods, tonnes = self.entries.columns(
            "shipments", "node", "lane", "commodity", "tonnes"
        )
        loaded = summed(ways.most.shape, node, lane, tonnes)
        within(self.terms, self.faults, names, "loads", loaded, ways.most)
        use = Use("sailing", "lane", "loads", loaded, ways.most, ways.least, ways.chooses)
        check_use(self.terms, self.entries, use, self.faults)

        def row(number: int) -> str:
            return f"{names[lane[number]]} loads {figure(tonnes[number])} t of " + (
                f"{ids['commodity'][goods[number]]!r} in {ids['node'][node[number]]}"
            )

        self.faults.where(
            ~ways.carries[lane, goods],
            lambda number: f"{row(number)}, which it does not carry.",
        )

    def _shortfalls(self) -> None:
        tiers = self.terms.tiers
        node, tier, tonnes = self.entries.columns("shortfalls", "node", "tier", "tonnes")
        unmet = summed(tiers.most.shape, node, tier, tonnes)
        within(self.terms, self.faults, tiers.names, "leaves unmet", unmet, tiers.most)

    def _backlogs(self) -> None:
        node, number, tonnes = self.entries.columns("backlogs", "node", "demand", "tonnes")
        last = np.array([item.last for item in self.terms.nodes], dtype=bool)
        patient = np.array(
            [item.backlog_cost is not None for item in self.terms.problem.demand], dtype=bool
        )
        most = np.where(patient & ~last[:, None], np.inf, 0.0)
        owed = summed(most.shape, node, number, tonnes)
        within(self.terms, self.faults, self._names("Demand", "demand"), "is owed", owed, most)

    def _outlets(self) -> None:
        node, outlet, tonnes = self.entries.columns("sales", "node", "outlet", "tonnes")
        most, names = self.terms.outlet_most, self._names("Outlet", "outlet")
        sold = summed(most.shape, node, outlet, tonnes)
        within(self.terms, self.faults, names, "takes", sold, most)

    def _stockpiles(self) -> None:
        stores, names = self.terms.stores, self._names("Stockpile", "stockpile")
        capacity = np.broadcast_to(stores.capacity, stores.fill_most.shape)
        for column, verb, most in (
            ("fill", "takes in", stores.fill_most),
            ("draw", "gives out", stores.draw_most),
            ("stock", "holds", capacity),
        ):
            node, store, tonnes = self.entries.columns("stocks", "node", "stockpile", column)
            amount = summed(most.shape, node, store, tonnes)
            within(self.terms, self.faults, names, verb, amount, most)

    def _recoveries(self) -> None:
        back = self.terms.recoveries
        node, number, tonnes = self.entries.columns("recoveries", "node", "recycling", "tonnes")
        most = back.given + self._returned()
        recovered = summed(most.shape, node, number, tonnes)
        within(
            self.terms,
            self.faults,
            self._names("Recycling", "recycling"),
            "gives back",
            recovered,
            most,
        )

    def _returned(self) -> Floats:
        """Return what past deliveries let each recycling give, by node and recycling."""
        terms = self.terms
        node, demand, tonnes = self.entries.columns("deliveries", "node", "demand", "tonnes")
        delivered = summed(terms.demanded.shape, node, demand, tonnes)
        returned = np.zeros_like(terms.recoveries.given)
        for column, source in enumerate(terms.problem.recycling):
            past = delivered[:, np.unique(terms.find("demand", source.of))].sum(axis=1)
            falling = terms.windows.falling(int(terms.recoveries.lag[column]))
            returned[:, column] = past @ falling * terms.recoveries.recovered[:, column]
        return returned

    def _substitutes(self) -> None:
        most = self.terms.swaps.most
        node, number, tonnes = self.entries.columns(
            "substitutes", "node", "substitution", "tonnes"
        )
        served = summed(most.shape, node, number, tonnes)
        names = self._names("Substitution", "substitution")
        within(self.terms, self.faults, names, "serves", served, most)

    def _tags(self) -> None:
        terms, tags = self.terms, self.entries.tags
        goods_ids = terms.ids["commodity"]
        may_have = np.zeros((len(goods_ids), len(tags)), dtype=bool)
        for number, commodity in enumerate(goods_ids):
            may_have[number] = tags.isin(terms.tags_of[commodity])
        for table, what, places in (
            ("shipments", "lane", None),
            ("deliveries", "demand", terms.demand_at),
            ("sales", "outlet", terms.outlet_at),
            ("stocks", "stockpile", terms.stores.at),
            ("substitutes", "substitution", terms.swaps.at),
            ("uses", "facility", None),
            ("disposals", "country", None),
        ):
            node, record, tag = self.entries.columns(table, "node", what, "tag")
            goods = (
                self.entries.columns(table, "commodity")[0]
                if places is None
                else places.commodity[record]
            )
            lots = [terms.ids["node"][node], terms.ids[what][record], goods_ids[goods], tags[tag]]
            self._tagged(table, lots, ~may_have[goods, tag])

    def _tagged(self, table: str, lots: Sequence[pd.Index[Any]], wrong: NDArray[np.bool_]) -> None:
        def say(row: int) -> str:
            node, record, commodity, tag = (column[row] for column in lots)
            known = ", ".join(self.terms.tags_of[commodity])
            return (
                f"Table {table} has {commodity!r} with tag {tag!r} ({record}, {node}); its tags "
                f"are {known}."
            )

        self.faults.where(wrong, say)

    def _names(self, word: str, what: str) -> tuple[str, ...]:
        return tuple(f"{word} {id!r}" for id in self.terms.ids[what])
