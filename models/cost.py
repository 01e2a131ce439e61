"""Cost: what the plan is charged, account by account, discounted and weighted by perspective."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.accounts import ACCOUNTS
from models.construction import left
from models.contracts import contract_cost
from models.dues import dues
from models.funding_cost import add_funding_cost, funding
from models.horizon import Horizon, ends
from models.index import Index, Values, stacked
from models.making_cost import making
from models.network import Network, tagged
from models.share import row_unit
from models.voyages import at_sea

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyomo.environ as pyo

    from instances.schedule import Schedule
    from models.frame import Frame


def add_cost(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare the worth on the first day of a tonne in every account."""
    problem = network.problem
    counts = {
        account.name: account.counts(problem.perspective, problem.money) for account in ACCOUNTS
    }
    for due in dues(frame, network, time):
        index, dollars = due.worth(time)
        if due.sparse:
            frame.add_set(due.name.upper(), index)
        frame.add_parameter(due.name, index, counts[due.account] * dollars)
    _add_ends(frame, network, time, counts)

    stores = {store.id: store for store in problem.stockpiles}
    index = Index.of(("stockpile",), stores)
    last = Index.of(("stockpile", "tag"), tagged(network, problem.stockpiles)).cross(ends(time))
    frame.add_set("LAST_STORE", last)
    # in the cash view the stock of a fund is settled with it
    settled = problem.funded if problem.money == "cash" else {}
    value = [
        np.full(len(time.nodes), 0.0 if store.id in settled else store.terminal_value)
        for store in stores.values()
    ]
    worth = counts["terminal_value"] * time.worth_at_end
    frame.add_parameter("stock_value", index.cross(time.index), _worth(value, worth))

    add_funding_cost(frame, network, time, counts)
    tiers: list[tuple[str, int, Schedule | None]] = [
        (demand.id, number, tier.cost)
        for demand in problem.demand
        for number, tier in enumerate(demand.tiers)
    ]
    tiers += [(demand.id, len(demand.tiers), None) for demand in problem.demand]
    index = Index.of(("demand", "tier"), [(name, number) for name, number, _ in tiers])
    harm = [time.over(cost, 0.0) for _, _, cost in tiers]
    worth = counts["shortfall"] * time.worth
    frame.add_parameter("shortfall_cost", index.cross(time.index), _worth(harm, worth))

    owed = [item for item in problem.demand if item.backlog_cost is not None]
    index = Index.of(("demand",), [item.id for item in owed])
    wait = [(item.backlog_cost or 0.0) * time.years for item in owed]
    worth = counts["backlog"] * time.worth
    frame.add_parameter("backlog_cost", index.cross(time.index), _worth(wait, worth))

    rows = network.rows
    worth_at = dict(zip([node.id for node in time.nodes], time.worth.tolist(), strict=True))
    penalty = [
        counts["penalty"] * (rows.charge(row) or 0.0) * row_unit(problem, row) * worth_at[row.node]
        for row in rows.all
    ]
    frame.add_parameter("penalty_cost", rows.index, np.array(penalty))


def _add_ends(frame: Frame, network: Network, time: Horizon, counts: Mapping[str, int]) -> None:
    """Declare what cargo still afloat and lumps still standing are worth on the last day."""
    lanes, loads = network.lanes, network.loads
    nothing = np.zeros(len(time.nodes))
    afloat = [
        lane.terminal_value * at_sea(time, time.lead(lane)) if lane.terminal_value else nothing
        for lane in lanes
    ]
    worth = counts["terminal_value"] * time.worth_at_last
    value = (np.array(afloat).reshape(-1, len(time.nodes)) * worth)[loads.lane].ravel()
    some = np.flatnonzero(value)
    index = frame.sets["SHIP"].take(some)
    frame.add_set("AFLOAT_WORTH", index)
    frame.add_parameter("afloat_worth", index, value[some])

    expansions = network.problem.expansions
    salvage = np.zeros((len(expansions), len(time.nodes)))
    place = {node.id: number for number, node in enumerate(time.nodes)}
    for number, item in enumerate(expansions):
        owned = counts["salvage"] + counts["granted_salvage"] * item.grant
        for decided, end, dollars in left(item, time):
            worth = time.worth_at_end[place[end]]
            salvage[number, place[decided]] += owned * dollars * worth
    index = Index.of(("expansion",), [item.id for item in expansions]).cross(time.index)
    frame.add_parameter("salvage_value", index, salvage.ravel())


def total_cost(model: pyo.ConcreteModel) -> Any:
    """What the perspective is charged, discounted to the first day, expected over branches."""
    return (
        purchase(model)
        + top_up(model)
        + price_support(model)
        + contract_cost(model)
        + making(model)
        + freight(model)
        + compliance(model)
        + tariff(model)
        + holding(model)
        + rotation(model)
        + shortfall(model)
        + backlog(model)
        + penalty(model)
        + outlet_revenue(model)
        + terminal_value(model)
        + afloat_value(model)
        + funding(model)
    )


def purchase(model: pyo.ConcreteModel) -> Any:
    """Tonnes bought at the gate price of their tranche or contract."""
    return sum(model.purchase_cost[o, k, n] * model.buy[o, k, n] for o, k, n in model.BUY)


def top_up(model: pyo.ConcreteModel) -> Any:
    """Tonnes bought from outside a zone at what their price lacks of the least, to the seller."""
    return sum(model.top_up_cost[o, k, n] * model.buy[o, k, n] for o, k, n in model.TOP_UP_COST)


def price_support(model: pyo.ConcreteModel) -> Any:
    """Tonnes made or bought at what a floor adds to the reference price: public to producer."""
    return sum(
        model.support_of_run[f, p, b, n] * model.run[f, p, b, n]
        for f, p, b, n in model.SUPPORT_OF_RUN
    ) + sum(model.support_of_buy[o, k, n] * model.buy[o, k, n] for o, k, n in model.SUPPORT_OF_BUY)


def freight(model: pyo.ConcreteModel) -> Any:
    """Tonnes loaded at the freight of their lane."""
    return sum(
        model.freight_cost[lane, g, tag, n] * model.ship[lane, g, tag, n]
        for lane, g, tag, n in model.SHIP
    )


def tariff(model: pyo.ConcreteModel) -> Any:
    """Duties of lanes and by origin, and those that adjust to a least price: buyer to public."""
    return (
        sum(
            model.tariff_cost[lane, g, tag, n] * model.ship[lane, g, tag, n]
            for lane, g, tag, n in model.TARIFF_COST
        )
        + sum(
            model.origin_duty[lane, g, tag, n] * model.ship[lane, g, tag, n]
            for lane, g, tag, n in model.ORIGIN_DUTY
        )
        + sum(
            model.adjustable_duty[o, k, n] * model.buy[o, k, n]
            for o, k, n in model.ADJUSTABLE_DUTY
        )
    )


def compliance(model: pyo.ConcreteModel) -> Any:
    """Tonnes loaded at the cost of licences, certificates and tracing of their lane."""
    return sum(
        model.compliance_cost[lane, g, tag, n] * model.ship[lane, g, tag, n]
        for lane, g, tag, n in model.COMPLIANCE_COST
    )


def holding(model: pyo.ConcreteModel) -> Any:
    """Tonnes held at the end of a period, for its years."""
    return sum(model.holding_cost[s, n] * model.stock[s, tag, n] for s, tag, n in model.STORE)


def rotation(model: pyo.ConcreteModel) -> Any:
    """Tonnes of stock replaced by fresh ones, part of the cost of holding."""
    return sum(model.rotation_cost[s, n] * model.rotate[s, n] for s, n in model.HANDLING)


def shortfall(model: pyo.ConcreteModel) -> Any:
    """Tonnes left short at the cost of their tier."""
    return sum(model.shortfall_cost[d, k, n] * model.short[d, k, n] for d, k, n in model.SHORT)


def backlog(model: pyo.ConcreteModel) -> Any:
    """Tonnes owed at the end of a period, for its years."""
    return sum(model.backlog_cost[d, n] * model.late[d, n] for d, n in model.LATE)


def penalty(model: pyo.ConcreteModel) -> Any:
    """What lies beyond the limit of a soft rule at its penalty."""
    return sum(
        model.penalty_cost[r, who, g, n] * model.excess[r, who, g, n]
        for r, who, g, n in model.EXCESS
    )


def outlet_revenue(model: pyo.ConcreteModel) -> Any:
    """Tonnes sold to outlets at their price, an income."""
    return sum(model.outlet_price[x, n] * model.sell[x, tag, n] for x, tag, n in model.SELL)


def terminal_value(model: pyo.ConcreteModel) -> Any:
    """Tonnes held at the end of the horizon at their terminal value, an income on its last day."""
    return sum(model.stock_value[s, n] * model.stock[s, tag, n] for s, tag, n in model.LAST_STORE)


def afloat_value(model: pyo.ConcreteModel) -> Any:
    """Tonnes under way at the end at their terminal value, an income on the last day."""
    return sum(
        model.afloat_worth[lane, g, tag, n] * model.ship[lane, g, tag, n]
        for lane, g, tag, n in model.AFLOAT_WORTH
    )


def _worth(rows: list[Values], worth: Values) -> Values:
    return stacked([row * worth for row in rows])
