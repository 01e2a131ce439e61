"""Goals: what a plan reaches of each, recomputed from its tables alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.referee.faults import figure, tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instances.check import Verdict
    from instances.plan import Plan
    from instances.problem import Problem


def check_goals(
    problem: Problem,
    plan: Plan,
    verdict: Verdict,
    claims: Iterable[tuple[str, str | None, float]],
) -> tuple[str, ...]:
    """Return a sentence for each goal whose value is not the claimed one.

    Parameters
    ----------
    claims
        Goal, class of demand for a shortfall, and the value claimed: USD, or demands.
    """
    faults = []
    for goal, demand_class, claimed in claims:
        if goal == "cost":
            found = verdict.objective
        elif goal == "concentration":
            found = concentration(problem, plan)
        else:
            found = shortfall(problem, plan, demand_class)
        if not abs(found - claimed) <= tolerance(found):
            whose = f" of class {demand_class}" if demand_class else ""
            faults.append(
                f"Goal {goal}{whose} is {figure(found)} in the plan, but the solver claims "
                f"{figure(claimed)}."
            )
    return tuple(faults)


def shortfall(problem: Problem, plan: Plan, demand_class: str | None) -> float:
    """Return the sum over demands of a class and nodes of the fraction left unmet."""
    needs = _needs(problem)
    chance = {node.id: node.probability for node in problem.nodes}
    whose = {item.id: item.demand_class for item in problem.demand}
    total: float = sum(
        chance[node] * amount / needs[node, demand]
        for node, demand, _, amount in plan.shortfalls.itertuples(index=False)
        if whose[demand] == demand_class and needs[node, demand] > 0
    )
    return total


def concentration(problem: Problem, plan: Plan) -> float:
    """Return the sum over commodities and nodes of the largest country's supply over demand."""
    needs: dict[tuple[str, str], float] = {}
    goods = {item.id: item.commodity for item in problem.demand}
    for (node, demand), needed in _needs(problem).items():
        needs[node, goods[demand]] = needs.get((node, goods[demand]), 0.0) + needed
    offers = {item.id: item for item in problem.offers}
    supply: dict[tuple[str, str], dict[str, float]] = {}
    for node, name, _, amount in plan.purchases.itertuples(index=False):
        sellers = supply.setdefault((node, offers[name].commodity), {})
        sellers[offers[name].country] = sellers.get(offers[name].country, 0.0) + amount
    sites = {item.id: item for item in problem.realised.facilities}
    where = {node.id: node for node in problem.nodes}
    for node, site, name, _, amount in plan.runs.itertuples(index=False):
        recipe = next(item for item in sites[site].processes if item.id == name)
        for commodity, ratio in recipe.given(where[node].period.start, where[node].branch).items():
            makers = supply.setdefault((node, commodity), {})
            country = sites[site].country
            makers[country] = makers.get(country, 0.0) + amount * ratio
    chance = {node.id: node.probability for node in problem.nodes}
    return sum(
        chance[key[0]] * max(amounts.values()) / needs[key]
        for key, amounts in supply.items()
        if needs.get(key, 0.0) > 0
    )


def _needs(problem: Problem) -> dict[tuple[str, str], float]:
    return {
        (node.id, item.id): (item.quantity.at(node.period.start, node.branch) or 0.0)
        * node.period.years
        for node in problem.nodes
        for item in problem.realised.demand
    }
