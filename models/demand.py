"""Demand: delivered or left short, in slices of rising cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.index import Index, stacked
from models.network import Members, Network, tagged

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon


def declare_demand(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare deliveries and shortfalls, tonnes in the node's period.

    Every demand has one tier more than its record states: it is closed (bound 0) unless an elastic
    re-solve opens it to find out what a hard demand lacks.
    """
    demands = network.problem.demand
    deliver = Index.of(("demand", "tag"), tagged(network, demands))
    frame.add_set("DELIVER", deliver.cross(time.index))
    frame.add_variable("deliver", "DELIVER", deliver.cross(time.index))

    tiers, most = [], []
    for demand in demands:
        amount = time.over(demand.quantity, 0.0) * time.years
        shares = [tier.share for tier in demand.tiers] + [0.0]
        tiers += [(demand.id, number) for number in range(len(shares))]
        most += [share * amount for share in shares]
    short = Index.of(("demand", "tier"), tiers)
    frame.add_set("SHORT", short.cross(time.index))
    frame.add_variable("short", "SHORT", short.cross(time.index), stacked(most))


def constrain_demand(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the rows that meet every demand."""
    demands = network.problem.demand
    index = Index.of(("demand",), [demand.id for demand in demands])
    frame.add_set("DEMAND", index)
    arriving: dict[Any, list[Any]] = {}
    for demand_id, tag in tagged(network, demands):
        arriving.setdefault(demand_id, []).append(tag)
    frame.add_members("DEMAND_TAGS", "DEMAND", 1, arriving)
    tiers: Members = {demand.id: list(range(len(demand.tiers) + 1)) for demand in demands}
    frame.add_members("TIERS", "DEMAND", 1, tiers)
    needed = [time.over(demand.quantity, 0.0) * time.years for demand in demands]
    frame.add_parameter("needed", index.cross(time.index), stacked(needed))
    frame.add_constraint(demand_met, index.cross(time.index))


def demand_met(model: pyo.ConcreteModel, demand: str, node: str) -> Any:
    r"""What is delivered, served by substitutes and left short adds up to the demand.

    .. math::
        \sum_{\tau} deliver_{d,\tau,n} + \sum_{(u,\tau)} substitute_{u,\tau,n}
        + \sum_{k} short_{d,k,n}
        = quantity_{d,n} \, years_n

    For all: demand d, node n; tier k short of at most its share of the demand (a bound).
    Units: t in the period of n.
    Source: the demand's record; tiered value of lost load as in US National Defense Stockpile
    practice (shortfall by class of demand).
    """
    return (
        sum(model.deliver[demand, tag, node] for tag in model.DEMAND_TAGS[demand])
        + sum(model.substitute[swap, tag, node] for swap, tag in model.SERVED_BY[demand])
        + sum(model.short[demand, tier, node] for tier in model.TIERS[demand])
        == model.needed[demand, node]
    )
