"""Balances: what comes to a place leaves it, demand is met or left short, and stock carries over.

For each node n, commodity, country and tag:

    bought + made + recycled + arrived + landed + drawn
        = loaded + used + delivered + substituting + sold + filled + thrown away
    stock[n] = (1 - decay)^years(n) * stock[parent of n] + fill - draw

with the opening stock in place of a parent's at a root; and for each demand

    delivered + substituted + shortfall + owed = quantity * years + owed[parent]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from instances.referee.faults import Faults, figure, tolerance
from instances.referee.flows import flows
from instances.referee.sums import summed

if TYPE_CHECKING:
    from instances.referee.entries import Entries
    from instances.referee.terms import Terms


def check_balances(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` every balance of ``entries`` that does not close."""
    _goods(terms, entries, faults)
    _demand(terms, entries, faults)
    _stock(terms, entries, faults)


def _goods(terms: Terms, entries: Entries, faults: Faults) -> None:
    node, goods, country, tag, tonnes = (
        np.concatenate(column) for column in zip(*flows(terms, entries), strict=True)
    )
    shape = tuple(len(terms.ids[what]) for what in ("node", "commodity", "country"))
    shape = (*shape, len(entries.tags))
    place = ((node * shape[1] + goods) * shape[2] + country) * shape[3] + tag
    rows = pd.DataFrame(
        {
            "place": place,
            "into": np.maximum(tonnes, 0.0),
            "out": np.maximum(-tonnes, 0.0),
            "size": np.abs(tonnes),
        }
    ).groupby("place")
    sums = rows[["into", "out"]].sum()
    into, out, places = sums["into"].to_numpy(), sums["out"].to_numpy(), sums.index.to_numpy()
    wrong = np.abs(into - out) > tolerance(rows["size"].max().to_numpy())

    def say(position: int) -> str:
        node, goods, country, tag = np.unravel_index(places[position], shape)
        return (
            f"Balance of {terms.ids['commodity'][goods]!r} (tag {entries.tags[tag]!r}) in "
            f"{terms.ids['country'][country]} in {terms.ids['node'][node]}: "
            f"{figure(into[position])} t come in, {figure(out[position])} t go out."
        )

    faults.where(wrong, say)


def _demand(terms: Terms, entries: Entries, faults: Faults) -> None:
    asked = terms.demanded
    node, demand, tonnes = entries.columns("deliveries", "node", "demand", "tonnes")
    delivered = summed(asked.shape, node, demand, tonnes)
    node, tier, tonnes = entries.columns("shortfalls", "node", "tier", "tonnes")
    unmet = summed(asked.shape, node, terms.tiers.demand[tier], tonnes)
    node, number, tonnes = entries.columns("substitutes", "node", "substitution", "tonnes")
    instead = summed(asked.shape, node, terms.swaps.demand[number], tonnes)
    node, number, tonnes = entries.columns("backlogs", "node", "demand", "tonnes")
    owed = summed(asked.shape, node, number, tonnes)
    before = np.where(terms.parents[:, None] < 0, 0.0, owed[terms.parents])
    due = asked + before - owed
    wrong = np.abs(delivered + instead + unmet - due) > tolerance(np.maximum(asked, before))

    def say(position: int) -> str:
        row = divmod(position, asked.shape[1])
        swapped = f", {figure(instead[row])} t substituted" if instead[row] else ""
        waits = f" and {figure(before[row])} t owed" if before[row] else ""
        left = f"; {figure(owed[row])} t stay owed" if owed[row] else ""
        return (
            f"Demand {terms.ids['demand'][row[1]]!r} in {terms.nodes[row[0]].id}: "
            f"{figure(delivered[row])} t delivered{swapped} and {figure(unmet[row])} t short are "
            f"not the {figure(asked[row])} t demanded{waits}{left}."
        )

    faults.where(wrong.ravel(), say)


def _stock(terms: Terms, entries: Entries, faults: Faults) -> None:
    stores, tags = terms.stores, entries.tags
    node, store, tag = entries.columns("stocks", "node", "stockpile", "tag")
    # every pair that the plan or the opening stock knows, whether or not the plan has a row for it
    opening = np.arange(len(stores.opening)) * len(tags) + stores.opening_tag
    pairs, pair = np.unique(
        np.concatenate([opening, store * len(tags) + tag]), return_inverse=True
    )
    shape = (len(terms.nodes), len(pairs))
    held, fill, draw = (
        summed(shape, node, pair[len(opening) :], entries.columns("stocks", column)[0])
        for column in ("stock", "fill", "draw")
    )
    opened = np.zeros(len(pairs))
    opened[pair[: len(opening)]] = stores.opening
    before = np.where(terms.parents[:, None] < 0, opened, held[terms.parents])
    kept = stores.kept[:, pairs // len(tags)] * before
    due = kept + fill - draw
    size = np.max([np.abs(held), np.abs(before), fill, draw], axis=0)

    def say(position: int) -> str:
        row = divmod(position, shape[1])
        number, tag = divmod(int(pairs[row[1]]), len(tags))
        return (
            f"Stockpile {terms.ids['stockpile'][number]!r} (tag {tags[tag]!r}) in "
            f"{terms.nodes[row[0]].id}: {figure(held[row])} t held, but {figure(kept[row])} t "
            f"kept + {figure(fill[row])} t filled - {figure(draw[row])} t drawn are "
            f"{figure(due[row])} t."
        )

    faults.where((np.abs(held - due) > tolerance(size)).ravel(), say)
