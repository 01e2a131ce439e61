"""Demand: delivered or left short, in slices of rising cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.horizon import Horizon, ends, steps
from models.index import Index, stacked
from models.network import Members, Network, tagged

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame


def declare_demand(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare deliveries and shortfalls, tonnes in the period, and what is owed at its end.

    Every demand has one tier more than its record states: it is closed (bound 0) unless an elastic
    re-solve opens it to find out what a hard demand lacks. In a cut-off it is open: only survival
    rules say how much has to be met there.
    """
    demands = network.problem.demand
    deliver = Index.of(("demand", "tag"), tagged(network, demands))
    deliver = deliver.cross(time.index)
    frame.add_set("DELIVER", deliver)
    frame.add_variable("deliver", "DELIVER", deliver)

    tiers, most = [], []
    for demand in demands:
        amount = time.over(demand.quantity, 0.0) * time.years
        shares = [tier.share for tier in demand.tiers]
        tiers += [(demand.id, number) for number in range(len(shares) + 1)]
        most += [share * amount for share in shares]
        most.append(np.where(time.cut_off, np.inf, 0.0))
    short = Index.of(("demand", "tier"), tiers)
    short = short.cross(time.index)
    frame.add_set("SHORT", short)
    frame.add_variable("short", "SHORT", short, stacked(most))

    patient = Index.of(("demand",), [item.id for item in demands if item.backlog_cost is not None])
    late = patient.cross(time.index)
    frame.add_set("LATE", late)
    closed = set(ends(time).column("node"))
    owed = np.array([0.0 if node in closed else np.inf for node in late.column("node")])
    frame.add_variable("late", "LATE", late, owed)


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
    patient = [item.id for item in demands if item.backlog_cost is not None]
    frame.add_members("OWED", "DEMAND", 1, {name: [name] for name in patient})
    frame.add_set("DEMAND_NODE", index.cross(time.index))
    before: Members = {
        (name, node): [parent]
        for name in patient
        for node, parent in zip(*map(steps(time).column, ("node", "parent")), strict=True)
    }
    frame.add_members("OWED_BEFORE", "DEMAND_NODE", 1, before)
    needed = [time.over(demand.quantity, 0.0) * time.years for demand in demands]
    frame.add_parameter("needed", index.cross(time.index), stacked(needed))
    frame.add_constraint(demand_met, index.cross(time.index))


def demand_met(model: pyo.ConcreteModel, demand: str, node: str) -> Any:
    r"""What is delivered, substituted, left short or owed adds up to the demand and older debts.

    .. math::
        \sum_{\tau} deliver_{d,\tau,n} + \sum_{(u,\tau)} substitute_{u,\tau,n}
        + \sum_{k} short_{d,k,n} + late_{d,n}
        = quantity_{d,n} \, years_n + late_{d,parent(n)}

    For all: demand d, node n; tier k short of at most its share of the demand (a bound); late only
    where the demand has a backlog cost, and 0 where the horizon ends.
    Units: t in the period of n.
    Source: the demand's record; tiered value of lost load as in US National Defense Stockpile
    practice (shortfall by class of demand); inventory balance with backlog, Johnson and
    Montgomery, Operations Research in Production Planning (1974).
    """
    return sum(model.deliver[demand, tag, node] for tag in model.DEMAND_TAGS[demand]) + sum(
        model.substitute[swap, tag, node] for swap, tag in model.SERVED_BY[demand]
    ) + sum(model.short[demand, tier, node] for tier in model.TIERS[demand]) + sum(
        model.late[owed, node] for owed in model.OWED[demand]
    ) == model.needed[demand, node] + sum(
        model.late[demand, parent] for parent in model.OWED_BEFORE[demand, node]
    )
