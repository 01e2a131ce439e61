"""Buying: tranches in the order in which they may be bought, whole lots, and only who qualifies.

For each node n and offer, with on = 0 or 1 where ordering is a choice,

    minimum lot * years * on[n] <= bought[n] <= the most there is * on[n]
    bought[n] <= the most there is * share of n that follows the end of its qualification

Of an incremental offer a tranche sells once those before it are sold in full; of an all-units
offer one tranche sells, from the sum of the widths before it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.referee.choices import Use, check_use
from instances.referee.faults import TOLERANCE, Faults, figure, tolerance
from instances.referee.sums import summed, totals
from instances.referee.windows import days_after

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms
    from instances.supply import Offer

    Floats = NDArray[np.float64]


def check_buying(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` what is bought out of turn, in too small a lot, or unqualified."""
    slices = terms.slices
    node, part, tonnes = entries.columns("purchases", "node", "tranche", "tonnes")
    bought = summed(slices.most.shape, node, part, tonnes)
    for number, offer in enumerate(terms.problem.offers):
        own = slice(slices.first[number], slices.first[number] + len(offer.slices))
        if offer.pricing == "incremental":
            _in_turn(terms, offer, bought[:, own], slices.width[:, own], faults)
        elif offer.pricing == "all_units":
            _at_one_price(terms, offer, bought[:, own], slices.width[:, own], faults)
    shape = (len(terms.nodes), len(terms.problem.offers))
    of_offer = summed(shape, node, slices.offer[part], tonnes)
    every = np.arange(len(terms.nodes)).repeat(len(slices.offer))
    which = np.tile(slices.offer, len(terms.nodes))
    # a tranche without a limit is no choice's
    can = np.where(np.isfinite(slices.width), slices.width, 0.0)
    most = summed(shape, every, which, can.ravel())
    _orders(terms, entries, of_offer, most, faults)
    _qualified(terms, entries, of_offer, most, faults)


def _in_turn(terms: Terms, offer: Offer, bought: Floats, width: Floats, faults: Faults) -> None:
    sells = bought > tolerance(width)
    full = np.cumprod(bought >= width - tolerance(width), axis=1).astype(bool)
    wrong = np.zeros_like(sells)
    wrong[:, 1:] = sells[:, 1:] & ~full[:, :-1]

    def say(position: int) -> str:
        node, tranche = divmod(position, bought.shape[1])
        short = int(np.argmin(full[node]))
        return (
            f"Offer {offer.id!r} sells {figure(bought[node, tranche])} t of tranche {tranche} in "
            f"{terms.nodes[node].id}, but only {figure(bought[node, short])} of the "
            f"{figure(width[node, short])} t of tranche {short}."
        )

    faults.where(wrong.ravel(), say)


def _at_one_price(
    terms: Terms, offer: Offer, bought: Floats, width: Floats, faults: Faults
) -> None:
    above = np.cumsum(width, axis=1)
    sells = bought > tolerance(above)
    several = sells.sum(axis=1) > 1
    faults.where(
        several,
        lambda node: (
            f"Offer {offer.id!r} sells at {int(sells[node].sum())} prices in "
            f"{terms.nodes[node].id}; one of them holds for all tonnes."
        ),
    )
    below = above - width
    early = sells & (bought < below - tolerance(below))

    def say(position: int) -> str:
        node, tranche = divmod(position, bought.shape[1])
        return (
            f"Offer {offer.id!r} sells {figure(bought[node, tranche])} t at the price of tranche "
            f"{tranche} in {terms.nodes[node].id}, which holds from "
            f"{figure(below[node, tranche])} t on."
        )

    faults.where(early.ravel(), say)


def _open(terms: Terms) -> Floats:
    """Return the years of each node within the dates of each offer."""
    offers = terms.problem.offers
    years = np.zeros((len(terms.nodes), len(offers)))
    for column, item in enumerate(offers):
        years[:, column] = [node.period.years_within(item.start, item.end) for node in terms.nodes]
    return years


def _orders(terms: Terms, entries: Entries, bought: Floats, most: Floats, faults: Faults) -> None:
    offers = terms.problem.offers
    lots = np.array([item.minimum_lot for item in offers], dtype=float)
    chooses = np.array([item.chooses for item in offers], dtype=bool)
    use = Use("ordering", "offer", "sells", bought, most, lots * _open(terms), chooses)
    check_use(terms, entries, use, faults)


def order_cost(terms: Terms) -> Floats:
    """Return the USD by node and offer of a period in which it is ordered."""
    cost = terms.over_time([item.fixed_cost for item in terms.problem.offers])
    return cost * _open(terms)


def qualifying(terms: Terms, entries: Entries) -> Floats:
    """Return the USD by node of qualifying offers."""
    node, offer, on = entries.columns("qualifications", "node", "offer", "on")
    cost = np.array([item.qualification_cost for item in terms.problem.offers], dtype=float)
    return totals(len(terms.nodes), node, cost[offer] * on)


def _qualified(
    terms: Terms, entries: Entries, bought: Floats, most: Floats, faults: Faults
) -> None:
    offers = terms.problem.offers
    node, number, flag = entries.columns("qualifications", "node", "offer", "on")
    tested = np.array([item.qualifies for item in offers], dtype=bool)

    def flagged(row: int) -> str:
        return (
            f"Table qualifications has {offers[number[row]].id!r} at {figure(flag[row])} in "
            + (f"{terms.nodes[node[row]].id}")
        )

    halved = np.minimum(np.abs(flag), np.abs(flag - 1)) > TOLERANCE
    faults.where(halved, lambda row: f"{flagged(row)}, neither 0 nor 1.")
    faults.where(
        ~tested[number], lambda row: f"{flagged(row)}; that offer needs no qualification."
    )
    decided = summed(bought.shape, node, number, flag)
    known = terms.windows.lineage.T.astype(float) @ decided
    last = np.array([item.last for item in terms.nodes])
    twice = (known > 1 + TOLERANCE) & last[:, None] & tested

    def again(position: int) -> str:
        row = divmod(position, len(offers))
        return (
            f"Offer {offers[row[1]].id!r} is qualified {figure(known[row])} times on the way to "
            f"{terms.nodes[row[0]].id}; once is enough."
        )

    faults.where(twice.ravel(), again)
    allowed = np.full_like(bought, np.inf)
    for column in np.flatnonzero(tested):
        opened = _opened(terms, offers[column])
        allowed[:, column] = most[:, column] * (decided[:, column] @ opened)

    def over(position: int) -> str:
        row = divmod(position, len(offers))
        return (
            f"Offer {offers[row[1]].id!r} sells {figure(bought[row])} t in "
            f"{terms.nodes[row[0]].id}, but its qualification allows {figure(allowed[row])} t."
        )

    faults.where((bought > allowed + tolerance(allowed)).ravel(), over)


def _opened(terms: Terms, offer: Offer) -> Floats:
    """Return the fraction of the column's node that is open once qualified at the row's node."""
    share = np.zeros((len(terms.nodes), len(terms.nodes)))
    for row, decided in enumerate(terms.nodes):
        day = days_after(decided.period.start, offer.qualification_time)
        start = day if offer.start is None else max(day, offer.start)
        for column in np.flatnonzero(terms.windows.lineage[row]):
            period = terms.nodes[column].period
            whole = period.years_within(offer.start, offer.end)
            if whole > 0:
                share[row, column] = period.years_within(start, offer.end) / whole
    return share
