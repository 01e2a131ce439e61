"""Limits: nothing passes what a record takes, and all goes a way and has a tag that it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.referee.faults import Faults, figure, tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def totals(count: int, position: Ints, amount: Floats) -> Floats:
    """Return ``count`` sums of ``amount`` by ``position``."""
    return np.bincount(position, weights=amount, minlength=count).astype(np.float64, copy=False)


def summed(shape: tuple[int, ...], row: Ints, column: Ints, amount: Floats) -> Floats:
    """Return the table of ``shape`` (two axes) that has ``amount`` added up by row and column."""
    rows, columns = shape
    return totals(rows * columns, row * columns + column, amount).reshape(rows, columns)


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
        self._outlets()
        self._stockpiles()
        self._tags()

    def _offers(self) -> None:
        slices = self.terms.slices
        node, part, tonnes = self.entries.columns("purchases", "node", "tranche", "tonnes")
        bought = summed(slices.most.shape, node, part, tonnes)
        self._within(slices.names, "sells", bought, slices.most)

    def _lanes(self) -> None:
        ways, ids = self.terms.ways, self.terms.ids
        names = self._names("Lane", "lane")
        node, lane, goods, tonnes = self.entries.columns(
            "shipments", "node", "lane", "commodity", "tonnes"
        )
        loaded = summed(ways.most.shape, node, lane, tonnes)
        self._within(names, "loads", loaded, ways.most)

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
        self._within(tiers.names, "leaves unmet", unmet, tiers.most)

    def _outlets(self) -> None:
        node, outlet, tonnes = self.entries.columns("sales", "node", "outlet", "tonnes")
        most, names = self.terms.outlet_most, self._names("Outlet", "outlet")
        sold = summed(most.shape, node, outlet, tonnes)
        self._within(names, "takes", sold, most)

    def _stockpiles(self) -> None:
        stores, names = self.terms.stores, self._names("Stockpile", "stockpile")
        capacity = np.broadcast_to(stores.capacity, stores.fill_most.shape)
        for column, verb, most in (
            ("fill", "takes in", stores.fill_most),
            ("draw", "gives out", stores.draw_most),
            ("stock", "holds", capacity),
        ):
            node, store, tonnes = self.entries.columns("stocks", "node", "stockpile", column)
            self._within(names, verb, summed(most.shape, node, store, tonnes), most)

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

    def _within(self, names: Sequence[str], verb: str, amount: Floats, most: Floats) -> None:
        over = (amount > most + tolerance(most)).ravel()

        def say(position: int) -> str:
            node, record = divmod(position, amount.shape[1])
            return (
                f"{names[record]} {verb} {figure(amount[node, record])} t in "
                f"{self.terms.nodes[node].id}, more than {figure(most[node, record])} t."
            )

        self.faults.where(over, say)
