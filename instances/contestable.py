"""Contestable supply: of which suppliers the buyers could take, or take, more than half.

Others buy from the same mines and refiners. An offer's ``available`` says what they leave; where
it is not stated, all of a supplier's output is for sale to these buyers: every cap looks cheap.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.words import listed, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.plan import Plan
    from instances.problem import Problem
    from instances.supply import Offer
    from instances.tree import Node

TAKEN_OVER = 0.5
"""Fraction of a supplier's capacity beyond which the buyers are told to have taken it over.

Above a half one customer counts for more than all others together: the supplier's price answers to
what the plan buys, so that a price that is taken as given no longer is. Competition law draws the
line at the same place: a share of 50 % is by itself evidence of a dominant position (Court of
Justice of the EU, AKZO v Commission, C-62/86, 1991, paragraph 60).
"""
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Hold:
    """The largest hold that the buyers have, or could have, on a supplier.

    Parameters
    ----------
    supplier, country, commodity
        Whose.
    node
        Where it is largest, the first if at several.
    share
        Tonnes that are for sale to the buyers, or are bought, over the tonnes of its capacity.
    """

    supplier: str
    country: str
    commodity: str
    node: str
    share: float


def open_holds(problem: Problem) -> tuple[Hold, ...]:
    """Return suppliers abroad of which more than half is for sale to the buyers.

    Suppliers in a buyer's own country are its own, and of what is ``allotted`` to it nothing is
    known of others; neither counts, nor does an offer without a capacity, nor a commodity of which
    the problem states the demand of others. Without ``buyers`` the problem does not say who is
    abroad, and nothing is told.
    """
    return _beyond(
        problem,
        {
            (offer.id, node.id): (offer.available.at(node.period.start) or 0.0) * most
            for offer, node, most in _capacities(problem)
        },
    )


def taken_holds(problem: Problem, plan: Plan) -> tuple[Hold, ...]:
    """Return suppliers abroad of which a plan buys more than half of the capacity in a period."""
    bought: dict[tuple[str, str], float] = defaultdict(float)
    columns = (plan.purchases[name].tolist() for name in ("offer", "node", "tonnes"))
    for offer, node, tonnes in zip(*columns, strict=True):
        bought[offer, node] += tonnes
    return _beyond(problem, bought)


def endless_offers(problem: Problem) -> tuple[Offer, ...]:
    """Return offers abroad that state no capacity: nothing keeps the buyers from all of it."""
    return tuple(
        offer
        for offer in problem.offers
        if problem.buyers
        and offer.country not in problem.buyers
        and any(part.capacity is None for part in offer.slices)
    )


def open_sentences(problem: Problem) -> tuple[str, ...]:
    """Say of which suppliers the buyers could take more than half, or any amount."""
    told = []
    if holds := open_holds(problem):
        told.append(
            f"More than {percent(TAKEN_OVER)} of what {_who(problem, holds)} can make is for sale "
            "to these buyers. State in 'available' what others leave of it, or 'allotted: true' "
            "where the capacity is the buyers' part already."
        )
    if endless := endless_offers(problem):
        names = tuple(f"{offer.id}" for offer in endless[:MOST_NAMED])
        told.append(
            f"Offers without a capacity sell any amount: {listed((*names, *_more(endless)))}."
        )
    return tuple(told)


def taken_sentences(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Say of which suppliers a plan buys more than half."""
    holds = taken_holds(problem, plan)
    if not holds:
        return ()
    return (
        f"The plan buys more than {percent(TAKEN_OVER)} of what {_who(problem, holds)} can make: "
        "at such a share the buyer moves the price, and others want it too.",
    )


def _capacities(problem: Problem) -> Iterator[tuple[Offer, Node, float]]:
    """Yield offers that count, likely nodes, and the tonnes that their capacity gives there."""
    contested = {need.commodity for need in problem.demand if need.country not in problem.buyers}
    for offer in problem.offers:
        limits = [part.capacity for part in offer.slices if part.capacity is not None]
        foreign = bool(problem.buyers) and offer.country not in problem.buyers
        apart = offer.allotted or offer.commodity in contested
        if not foreign or apart or len(limits) < len(offer.slices):
            continue
        for node in problem.nodes:
            years = node.period.years_within(offer.start, offer.end)
            if years > 0 and node.probability > 0:
                rate = sum(limit.at(node.period.start) or 0.0 for limit in limits)
                yield offer, node, rate * years


def _beyond(problem: Problem, parts: Mapping[tuple[str, str], float]) -> tuple[Hold, ...]:
    """Return the largest hold on each supplier beyond the threshold, the largest first.

    ``parts`` are the tonnes that are for sale to the buyers or bought, by offer and node.
    """
    whole: dict[tuple[str, str, str, str], float] = defaultdict(float)
    held: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for offer, node, most in _capacities(problem):
        key = (offer.supplier, offer.country, offer.commodity, node.id)
        whole[key] += most
        held[key] += parts.get((offer.id, node.id), 0.0)
    largest: dict[tuple[str, str, str], Hold] = {}
    for key, most in whole.items():
        if most > 0 and held[key] / most > TAKEN_OVER + 1e-9:
            hold = Hold(*key, held[key] / most)
            known = largest.get(key[:3])
            if known is None or hold.share > known.share + 1e-9:
                largest[key[:3]] = hold
    return tuple(sorted(largest.values(), key=lambda hold: -hold.share))


def _who(problem: Problem, holds: tuple[Hold, ...]) -> str:
    names = tuple(
        f"{hold.supplier} ({problem.names.commodity(hold.commodity)}, {percent(hold.share)} in "
        f"{hold.node})"
        for hold in holds[:MOST_NAMED]
    )
    return listed((*names, *_more(holds)))


def _more(items: tuple[object, ...]) -> tuple[str, ...]:
    rest = len(items) - MOST_NAMED
    return (f"{rest} more",) if rest > 0 else ()
