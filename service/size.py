"""How large a problem is before it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.routes import all_lanes
from instances.tags import Tagging, taggings

if TYPE_CHECKING:
    from instances import Problem


def variables(problem: Problem) -> int:
    """Return about how many variables the model of ``problem`` has.

    Per node: a purchase for each tranche; for each tag that its commodity's lots may carry a
    shipment on each lane, a delivery to each demand, a sale to each outlet and three amounts of
    each stockpile; a shortfall for each tier and an excess for each line of a rule.
    """
    tags = _tags(problem)
    count = sum(len(offer.slices) for offer in problem.offers)
    count += sum(tags[name] for lane in all_lanes(problem) for name in lane.commodities)
    count += sum(tags[item.commodity] + len(item.tiers) + 1 for item in problem.demand)
    count += sum(tags[item.commodity] for item in problem.outlets)
    count += sum(3 * tags[item.commodity] for item in problem.stockpiles)
    count += sum(len(rule.lines(problem.directory)) for rule in problem.rules)
    return count * len(problem.nodes)


def _tags(problem: Problem) -> dict[str, int]:
    """Return, for each commodity, how many tags its lots may carry."""
    sellers: dict[str, set[str]] = {commodity.id: set() for commodity in problem.commodities}
    kept = taggings(problem)
    for offer in problem.offers:
        by = offer.supplier if kept[offer.commodity] is Tagging.SUPPLIER else ""
        sellers[offer.commodity].add(f"{offer.country}/{by}")
    # one more for opening stock of an unknown seller
    return {
        name: 1 if kept[name] is Tagging.NONE else len(found) + 1
        for name, found in sellers.items()
    }
