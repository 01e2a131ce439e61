"""The table of contents of the model: what is declared, what is constrained, what is minimised."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from instances.rules import (
    Benchmark,
    Budget,
    HHICap,
    MaxNewSellers,
    MinSuppliers,
    Participation,
    ReserveLimit,
    ShareCap,
    ShareFloor,
    StockTarget,
    Survival,
)
from models.allotments import constrain_allotments, declare_allotments
from models.benchmark import add_benchmarks, declare_reached
from models.budget import add_budgets
from models.capacity import constrain_capacity, declare_capacity
from models.choices import declare_choices
from models.contracts import constrain_contracts, declare_contracts
from models.cost import add_cost
from models.demand import constrain_demand, declare_demand
from models.flows import constrain_flows, declare_flows
from models.frame import Frame
from models.funds import constrain_funds, declare_funds
from models.handling import constrain_handling, declare_handling
from models.hhi_cap import add_hhi_caps
from models.horizon import declare_horizon, horizon
from models.loans import constrain_loans
from models.max_new_sellers import add_max_new_sellers
from models.min_suppliers import add_min_suppliers
from models.network import Network, declare_network, trace
from models.offers import constrain_offers, declare_offers
from models.participation import add_participation
from models.pool_custody import constrain_custody
from models.pools import constrain_pools, declare_pools
from models.processes import constrain_processes, declare_processes
from models.recovery import constrain_recovery, declare_recovery
from models.release import constrain_release
from models.reserve_limit import add_reserve_limits
from models.risk import add_risk
from models.rows import declare_excess
from models.sellers import constrain_sellers, declare_sellers
from models.share import constrain_shares, declare_shares
from models.share_cap import add_share_caps
from models.share_floor import add_share_floors
from models.stock_target import add_stock_targets
from models.stockpiles import constrain_stockpiles, declare_stockpiles
from models.survival import add_survival
from models.voyages import constrain_lane_use

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem
    from instances.rules.rule import RuleRecord

FAMILIES: dict[type[RuleRecord], Callable[[Frame, Network], None]] = {
    ShareCap: add_share_caps,
    ShareFloor: add_share_floors,
    StockTarget: add_stock_targets,
    MinSuppliers: add_min_suppliers,
    MaxNewSellers: add_max_new_sellers,
    HHICap: add_hhi_caps,
    Benchmark: add_benchmarks,
    Budget: add_budgets,
    Participation: add_participation,
    ReserveLimit: add_reserve_limits,
    Survival: add_survival,
}


def build(problem: Problem) -> Frame:
    """Return the model of ``problem``: its index tables, numbers and constraint functions."""
    # many small objects are made and kept: looking for garbage in them takes a fifth of the time
    collects = gc.isenabled()
    gc.disable()
    try:
        return _build(problem)
    finally:
        if collects:
            gc.enable()


def _build(problem: Problem) -> Frame:
    problem = problem.realised
    network = trace(problem)
    time = horizon(problem)
    frame = Frame()
    declare_horizon(frame, time)
    declare_network(frame, network)
    declare_flows(frame, network, time)
    declare_offers(frame, network, time)
    declare_contracts(frame, network, time)
    declare_demand(frame, network, time)
    declare_stockpiles(frame, network, time)
    declare_handling(frame, network, time)
    declare_pools(frame, network, time)
    declare_funds(frame, network, time)
    declare_allotments(frame, network, time)
    declare_processes(frame, network, time)
    declare_capacity(frame, network, time)
    declare_recovery(frame, network, time)
    declare_excess(frame, network)
    declare_shares(frame, network, time)
    declare_sellers(frame, network)
    declare_choices(frame, network)
    declare_reached(frame, network)

    constrain_flows(frame, network, time)
    constrain_offers(frame, network, time)
    constrain_contracts(frame, network, time)
    constrain_demand(frame, network, time)
    constrain_stockpiles(frame, network, time)
    constrain_handling(frame, network, time)
    constrain_release(frame, network, time)
    constrain_loans(frame, network, time)
    constrain_pools(frame, network, time)
    constrain_custody(frame, network, time)
    constrain_allotments(frame, network, time)
    constrain_funds(frame, network, time)
    constrain_processes(frame, network, time)
    constrain_capacity(frame, network, time)
    constrain_lane_use(frame, network, time)
    constrain_recovery(frame, network, time)
    constrain_shares(frame, network, time)
    constrain_sellers(frame, network)
    for add in FAMILIES.values():
        add(frame, network)

    add_cost(frame, network, time)
    add_risk(frame, problem, time)
    return frame
