"""What is remembered of each commodity's lots: no more than rules and tariffs ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.rules.sellers import SellerRule
from instances.rules.share import ShareRule
from instances.tags import Keep, Tagging, carrier_of

if TYPE_CHECKING:
    from instances.directory import Party
    from instances.problem import Problem


def keeps(problem: Problem) -> dict[str, Keep]:
    """Return, for each commodity, what is remembered of its lots: no more than is asked for.

    Rules ask, and tariffs by origin ask for the seller. What a rule asks of a commodity is asked
    of everything it is made from, too; who sold it is not.
    """
    seller = dict.fromkeys(problem.directory.stages, Tagging.NONE)
    ore: set[str] = set()
    touched: dict[str, dict[str, Party]] = {name: {} for name in seller}
    for rule in problem.rules:
        if isinstance(rule, SellerRule) and rule.delivered:
            for line in rule.lines(problem.directory):
                (commodity,) = line.commodities
                if rule.by == "supplier" or seller[commodity] is Tagging.NONE:
                    seller[commodity] = Tagging(rule.by)
        if not isinstance(rule, ShareRule) or not rule.needs_tags:
            continue
        for line in rule.lines(problem.directory):
            for commodity in line.commodities:
                if rule.origin == "traced":
                    ore.add(commodity)
                elif rule.origin == "touched" and line.party is not None:
                    touched[commodity][line.party.label] = line.party
                elif line.party is not None and line.party.by_supplier:
                    seller[commodity] = Tagging.SUPPLIER
                elif seller[commodity] is Tagging.NONE:
                    seller[commodity] = Tagging.COUNTRY
    for tariff in problem.tariffs:
        for commodity in problem.directory.goods(tariff.commodity, tariff.stage):
            if seller[commodity] is Tagging.NONE:
                seller[commodity] = Tagging.COUNTRY
    _spread(problem, ore, touched)
    return {name: Keep(seller[name], name in ore, touched[name]) for name in seller}


def _spread(problem: Problem, ore: set[str], touched: dict[str, dict[str, Party]]) -> None:
    """Ask of inputs what is asked of outputs, until nothing more is asked."""
    recipes = [process for facility in problem.facilities for process in facility.processes]
    growing = True
    while growing:
        growing = False
        for process in recipes:
            carrier = carrier_of(process)
            for name in process.outputs:
                if name in ore and carrier is not None and carrier not in ore:
                    ore.add(carrier)
                    growing = True
                for taken in process.inputs:
                    if not touched[name].keys() <= touched[taken].keys():
                        touched[taken].update(touched[name])
                        growing = True
