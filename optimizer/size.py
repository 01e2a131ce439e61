"""How large a problem's model is, before it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.network import cargo, tagged, trace

if TYPE_CHECKING:
    from instances.problem import Problem


def columns(problem: Problem) -> int:
    """Return about how many columns the model of ``problem`` has.

    Per node: a purchase and perhaps a choice for each way to buy, and what contracts bring with
    them; for each tag that can be there a shipment on each lane, a delivery, a sale, and three
    amounts of each stockpile; the runs, uses and surplus of each blend; builds, yes/no choices,
    tiers of shortfall, and two amounts for each line of a rule.
    """
    network = trace(problem)
    count = sum(2 * len(ways) for ways in problem.ways_to_buy.values())
    count += 5 * len(problem.contracts)
    count += sum(1 for _ in cargo(network))
    count += len(tagged(network, problem.demand)) + len(tagged(network, problem.outlets))
    count += 3 * len(tagged(network, problem.stockpiles))
    count += sum(len(demand.tiers) + 1 for demand in problem.demand)
    for blend in network.blends:
        count += 1 + len(blend.made) + sum(len(tags) for tags in blend.taken.values())
    count += 2 * len(problem.expansions) + len(problem.facilities) + len(problem.recycling)
    places = {demand.id: demand.country for demand in problem.demand}
    count += sum(
        len(network.tags(item.commodity, places[item.demand])) for item in problem.substitutions
    )
    count += 2 * sum(len(rule.lines(problem.directory)) for rule in problem.rules)
    return count * len(problem.nodes)
