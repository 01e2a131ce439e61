"""Totals: the ledger of a plan, drawn from its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from instances.ledger import Ledger, Lot, Lots, Seller
from instances.tags import ANY, UNKNOWN
from instances.tree import periods_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


NOT_KEPT = Seller("", "")


def seller_of(tag: str) -> Seller | None:
    """Return whom a tag names; ``None`` if nobody knows who sold the lot."""
    if tag == UNKNOWN:
        return None
    if tag == ANY:
        return NOT_KEPT
    country, _, supplier = tag.partition("/")
    return Seller(country, supplier)


def draw_ledger(terms: Terms, entries: Entries) -> Ledger:
    """Return the totals of ``entries`` that the rules of the problem ask for."""
    problem = terms.problem
    node, part, tonnes = entries.columns("purchases", "node", "tranche", "tonnes")
    dollars = terms.slices.price[node, part] * tonnes
    delivered = _received(terms, entries, "deliveries", problem.demand, "demand")
    sold = _received(terms, entries, "sales", problem.outlets, "outlet")
    return Ledger(
        directory=problem.directory,
        periods=periods_of(terms.nodes),
        horizon=problem.periods,
        purchases=Lots(_bought(terms, node, part, tonnes)),
        payments=Lots(_bought(terms, node, part, dollars)),
        receipts=Lots([*delivered, *sold, *_stored(terms, entries)]),
        deliveries=Lots(delivered),
        sales=Lots(sold),
        needs=Lots(_needs(terms)),
        stocks=_stocks(terms, entries),
        excesses=_excesses(terms, entries),
        rates={demand.id: demand.quantity for demand in problem.demand},
        local_demands={
            store.id: tuple(
                demand.id
                for demand in problem.demand
                if (demand.commodity, demand.country) == (store.commodity, store.country)
            )
            for store in problem.stockpiles
        },
    )


def _sums(*keys: Ints, amount: Floats) -> Iterator[tuple[tuple[int, ...], float]]:
    rows = pd.DataFrame({f"key{number}": key for number, key in enumerate(keys)})
    names = list(rows)
    rows["amount"] = amount
    # most rows of a plan are 0 t
    sums = rows[rows["amount"] != 0].groupby(names)["amount"].sum()
    yield from zip(sums.index, sums.tolist(), strict=True)


def _bought(terms: Terms, node: Ints, part: Ints, amount: Floats) -> Iterator[Lot]:
    offers = terms.problem.offers
    for (number, offer), total in _sums(node, terms.slices.offer[part], amount=amount):
        item = offers[offer]
        seller = Seller(item.country, item.supplier)
        yield Lot(terms.nodes[number].id, item.commodity, "", "", seller, total)


def _received(
    terms: Terms, entries: Entries, table: str, records: Sequence[Any], column: str
) -> list[Lot]:
    node, record, tag, tonnes = entries.columns(table, "node", column, "tag", "tonnes")
    sellers = [seller_of(label) for label in entries.tags]
    return [
        Lot(
            terms.nodes[number].id,
            records[item].commodity,
            records[item].country,
            getattr(records[item], "demand_class", ""),
            sellers[label],
            total,
        )
        for (number, item, label), total in _sums(node, record, tag, amount=tonnes)
    ]


def _stored(terms: Terms, entries: Entries) -> Iterator[Lot]:
    stores = terms.problem.stockpiles
    node, store, tag, fill, draw = entries.columns(
        "stocks", "node", "stockpile", "tag", "fill", "draw"
    )
    for (number, item, label), total in _sums(node, store, tag, amount=fill - draw):
        place, seller = stores[item], seller_of(entries.tags[label])
        yield Lot(terms.nodes[number].id, place.commodity, place.country, "", seller, total)


def _needs(terms: Terms) -> Iterator[Lot]:
    for number, node in enumerate(terms.nodes):
        for item, demand in enumerate(terms.problem.demand):
            tonnes = float(terms.demanded[number, item])
            yield Lot(
                node.id, demand.commodity, demand.country, demand.demand_class, NOT_KEPT, tonnes
            )


def _stocks(terms: Terms, entries: Entries) -> dict[tuple[str, str], float]:
    stores = terms.problem.stockpiles
    node, store, tonnes = entries.columns("stocks", "node", "stockpile", "stock")
    return {
        (stores[item].id, terms.nodes[number].id): total
        for (number, item), total in _sums(node, store, amount=tonnes)
    }


def _excesses(terms: Terms, entries: Entries) -> dict[tuple[str, str, str, str], float]:
    columns = entries.columns("excesses", "rule", "who", "goods", "node", "amount")
    return {
        (rule, who, goods, terms.nodes[node].id): float(amount)
        for rule, who, goods, node, amount in zip(*columns, strict=True)
    }
