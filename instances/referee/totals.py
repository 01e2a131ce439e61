"""Totals: the ledger of a plan, drawn from its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from instances.ledger import Ledger, Lot, Lots
from instances.referee.blends import maker_tag, seller_tag
from instances.referee.building import capital
from instances.referee.capacities import standing
from instances.referee.costs import amounts
from instances.referee.flows import Flow, substituted, used
from instances.referee.owners import owners
from instances.rules import Budget, ReserveLimit
from instances.tags import ANY
from instances.tree import periods_of, ways_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


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
        ways=ways_of(terms.nodes),
        horizon=problem.periods,
        purchases=Lots(_bought(terms, node, part, tonnes)),
        payments=Lots(_bought(terms, node, part, dollars)),
        made=Lots(_made(terms, entries)),
        capacities=Lots(standing(terms, entries)),
        receipts=Lots([*delivered, *sold, *_stored(terms, entries), *_taken(terms, entries)]),
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
                if demand.commodity == store.commodity and demand.country in store.users
            )
            for store in problem.stockpiles
        },
        spending=_spending(terms, entries),
        sites=_sites(terms),
        owners=owners(terms, entries),
        mined=Lots(_mined(terms, entries, node, part, tonnes)),
        unmet=Lots(_unmet(terms, entries)),
        cut_offs={
            node.id: (node.cut_off.who, node.cut_off.rules)
            for node in terms.nodes
            if node.cut_off is not None
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
        tag = seller_tag(terms.keep[item.commodity], item)
        yield Lot(terms.nodes[number].id, item.commodity, "", "", tag, total)


def _made(terms: Terms, entries: Entries) -> Iterator[Lot]:
    node, blend, tonnes = entries.columns("runs", "node", "blend", "tonnes")
    for (number, mix), total in _sums(node, blend, amount=tonnes):
        found = terms.blends[mix]
        step = terms.steps[found.step]
        for commodity, ratio in step.process.outputs.items():
            tag = maker_tag(terms.keep[commodity], step, found)
            made = total * ratio * terms.step_yields[number, found.step]
            yield Lot(terms.nodes[number].id, commodity, step.facility.country, "", tag, made)


def _mined(terms: Terms, entries: Entries, node: Ints, part: Ints, tonnes: Floats) -> list[Lot]:
    """Return what comes out of the ground: bought by its ore's country, and dug without inputs."""
    if not any(isinstance(rule, ReserveLimit) for rule in terms.problem.rules):
        return []
    lots = []
    for (number, sold), total in _sums(node, terms.slices.offer[part], amount=tonnes):
        offer = terms.problem.offers[sold]
        tag = f"{offer.ore or offer.country}/{quote(offer.supplier, safe=' ')}"
        lots.append(Lot(terms.nodes[number].id, offer.commodity, "", "", tag, total))
    place, blend, activity = entries.columns("runs", "node", "blend", "tonnes")
    for (number, mix), total in _sums(place, blend, amount=activity):
        found = terms.blends[mix]
        step = terms.steps[found.step]
        if step.process.inputs:
            continue
        tag = f"{step.facility.country}/{quote(step.facility.id, safe=' ')}"
        for commodity, ratio in step.process.outputs.items():
            dug = total * ratio * terms.step_yields[number, found.step]
            lots.append(Lot(terms.nodes[number].id, commodity, "", "", tag, dug))
    return lots


def _taken(terms: Terms, entries: Entries) -> Iterator[Lot]:
    """Yield what processes and substitutes take where they stand."""
    for flow in (used(terms, entries), substituted(terms, entries)):
        yield from _leaving(terms, entries, flow)


def _leaving(terms: Terms, entries: Entries, flow: Flow) -> Iterator[Lot]:
    keys = (flow.node, flow.commodity, flow.country, flow.tag)
    for (number, goods, country, label), total in _sums(*keys, amount=-flow.tonnes):
        yield Lot(
            terms.nodes[number].id,
            terms.ids["commodity"][goods],
            terms.ids["country"][country],
            "",
            entries.tags[label],
            total,
        )


def _received(
    terms: Terms, entries: Entries, table: str, records: Sequence[Any], column: str
) -> list[Lot]:
    node, record, tag, tonnes = entries.columns(table, "node", column, "tag", "tonnes")
    return [
        Lot(
            terms.nodes[number].id,
            records[item].commodity,
            records[item].country,
            getattr(records[item], "demand_class", ""),
            entries.tags[label],
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
        place = stores[item]
        yield Lot(
            terms.nodes[number].id, place.commodity, place.country, "", entries.tags[label], total
        )


def _needs(terms: Terms) -> Iterator[Lot]:
    for number, node in enumerate(terms.nodes):
        for item, demand in enumerate(terms.problem.demand):
            tonnes = float(terms.demanded[number, item])
            yield Lot(node.id, demand.commodity, demand.country, demand.demand_class, ANY, tonnes)


def _unmet(terms: Terms, entries: Entries) -> Iterator[Lot]:
    """Yield what is left short or owed of each demand."""
    for table in ("shortfalls", "backlogs"):
        node, what, tonnes = entries.columns(
            table, "node", "tier" if table == "shortfalls" else "demand", "tonnes"
        )
        number = terms.tiers.demand[what] if table == "shortfalls" else what
        for (place, item), total in _sums(node, number, amount=tonnes):
            demand = terms.problem.demand[item]
            yield Lot(
                terms.nodes[place].id,
                demand.commodity,
                demand.country,
                demand.demand_class,
                ANY,
                total,
            )


def _stocks(terms: Terms, entries: Entries) -> dict[tuple[str, str], float]:
    stores = terms.problem.stockpiles
    node, store, tonnes = entries.columns("stocks", "node", "stockpile", "stock")
    return {
        (stores[item].id, terms.nodes[number].id): total
        for (number, item), total in _sums(node, store, amount=tonnes)
    }


def _spending(terms: Terms, entries: Entries) -> dict[tuple[str, str, str], float]:
    """Return the USD by account, node and what is built."""
    if not any(isinstance(rule, Budget) for rule in terms.problem.rules):
        return {}
    by_account: list[tuple[str, str, Any]] = [
        (account, "", dollars)
        for account, dollars in amounts(terms, entries, np.zeros(len(terms.nodes))).items()
        if account not in ("capex", "grant")
    ]
    for name, (capex, grant) in capital(terms, entries).items():
        by_account += [("capex", name, capex), ("grant", name, grant)]
    return {
        (account, node.id, name): float(dollars[number])
        for account, name, dollars in by_account
        for number, node in enumerate(terms.nodes)
        # most accounts of most nodes are empty
        if dollars[number]
    }


def _sites(terms: Terms) -> dict[str, tuple[str, str]]:
    countries = {site.id: site.country for site in terms.problem.facilities}
    return {
        item.id: (countries[item.facility], item.facility) for item in terms.problem.expansions
    }


def _excesses(terms: Terms, entries: Entries) -> dict[tuple[str, str, str, str], float]:
    columns = entries.columns("excesses", "rule", "who", "goods", "node", "amount")
    return {
        (rule, who, goods, terms.nodes[node].id): float(amount)
        for rule, who, goods, node, amount in zip(*columns, strict=True)
    }
