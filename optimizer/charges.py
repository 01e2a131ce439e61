"""What is charged for a shortfall and not paid: per tonne, and of a cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.accounts import ACCOUNTS

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem


@dataclass(frozen=True, slots=True)
class Charge:
    """What a tonne short of a demand is charged.

    Parameters
    ----------
    demand, commodity, demand_class
        Whose.
    shares, usd_per_t
        Slices of the need, as fractions, cheapest first, and what a tonne in each is charged on
        the first day, USD.
    """

    demand: str
    commodity: str
    demand_class: str
    shares: tuple[float, ...]
    usd_per_t: tuple[float, ...]


def charges_of(problem: Problem) -> tuple[Charge, ...]:
    """Return what is charged for each demand that may stay short."""
    day = problem.nodes[0].period.start
    return tuple(
        Charge(
            demand.id,
            demand.commodity,
            demand.demand_class,
            tuple(tier.share for tier in demand.tiers),
            tuple(tier.cost.at(day) or 0.0 for tier in demand.tiers),
        )
        for demand in problem.demand
        if demand.tiers
    )


def charged_of(problem: Problem, costs: pd.DataFrame) -> float:
    """Return what of a plan's cost is charged: for shortfall, delay and fines.

    USD discounted, expected over scenarios, under the problem's perspective.

    Parameters
    ----------
    costs
        The accounts as the referee counts them.
    """
    harm = {account.name for account in ACCOUNTS if account.harm}
    chance = {node.id: node.probability for node in problem.nodes}
    own = costs[costs["account"].isin(harm)]
    return float((own[f"{problem.perspective}_usd"] * own["node"].map(chance)).sum())
