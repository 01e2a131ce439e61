"""Participation: what a facility earns covers what is owed on all that is built there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.participation import Participation
from models.construction import charges
from models.guaranteed_prices import support_per_tonne
from models.horizon import Horizon, horizon
from models.index import Index
from models.rows import ROW, THOUSAND, family_rows

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pyomo.environ as pyo

    from instances.accounts import Discount
    from instances.facility import Facility, Process
    from models.frame import Frame
    from models.index import Values
    from models.network import Members, Network
    from models.rows import Row

Numbers = dict[tuple[Any, ...], float]


def add_participation(frame: Frame, network: Network) -> None:
    """Add a row for each owner, of thousand USD of the first day."""
    problem = network.problem
    time = horizon(problem)
    rows = family_rows(problem, Participation)
    index = Index.of(ROW, [row.key for row in rows])
    frame.add_set("OWNER", index)
    sites = {item.id: item for item in problem.facilities}
    parts: dict[str, Numbers] = {"margin": {}, "upkeep": {}, "lost": {}, "owed": {}}
    for row in rows:
        worth = _worth(problem.discount, row.rule.rate, time)
        site = sites[row.rule.facility]
        parts["margin"] |= _margins(network, time, row, site, worth)
        if site.chooses:
            fixed = time.over(site.fixed_cost, 0.0) * time.years * worth
            parts["upkeep"] |= _over_nodes((*row.key, site.id), fixed, time)
        parts["lost"] |= _losses(frame, network, time, row, site, worth)
        parts["owed"] |= _owed(network, time, row, worth)
    for name, dims in (
        ("margin", ("facility", "process", "blend", "at")),
        ("upkeep", ("facility", "at")),
        ("lost", ("commodity", "tag", "country", "at")),
        ("owed", ("expansion", "at")),
    ):
        numbers = parts[name]
        members: Members = {}
        for key in numbers:
            members.setdefault(key[: len(ROW)], []).append(key[len(ROW) :])
        frame.add_members(f"OWNER_{name.upper()}", "OWNER", len(dims), members)
        values = np.array(list(numbers.values())) / THOUSAND
        frame.add_parameter(name, Index.of((*ROW, *dims), numbers), values)
    losses = np.array([row.rule.max_loss for row in rows]) / THOUSAND
    frame.add_parameter("max_loss", index, losses)
    frame.add_constraint(participation, index)


def participation(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""What a facility earns covers the capital charges of all that is built there.

    .. math::
        \sum_{(p,b),m} margin_{r,p,m}\, run_{f,p,b,m} - \sum_{m} upkeep_{r,m}\, on_{f,m}
        - \sum_{(g,\tau),m} lost_{r,g,m}\, dispose_{g,\tau,c,m}
        - \sum_{(e,m)} owed_{r,e,m}\, build_{e,m} + excess_r \ge -max\_loss_r

    with margin the price and the support of all outputs less inputs and processing, of a tonne of
    activity; upkeep the fixed cost; lost the price of an output and its disposal; owed the
    annuities at the owner's rate within the horizon, less grants; each at m times probability and
    discount factor at the owner's rate.

    For all: participation r of facility f in country c.
    Units: thousand USD of the first day.
    Source: net present value at the investor's rate; Park, Contemporary Engineering Economics
    (2016), chapter 5; individual rationality of Laffont and Martimort, The Theory of Incentives
    (2002).
    """
    return (
        sum(
            model.margin[rule, who, goods, node, facility, process, blend, at]
            * model.run[facility, process, blend, at]
            for facility, process, blend, at in model.OWNER_MARGIN[rule, who, goods, node]
        )
        - sum(
            model.upkeep[rule, who, goods, node, facility, at] * model.on[facility, at]
            for facility, at in model.OWNER_UPKEEP[rule, who, goods, node]
        )
        - sum(
            model.lost[rule, who, goods, node, commodity, tag, country, at]
            * model.dispose[commodity, tag, country, at]
            for commodity, tag, country, at in model.OWNER_LOST[rule, who, goods, node]
        )
        - sum(
            model.owed[rule, who, goods, node, expansion, at] * model.build[expansion, at]
            for expansion, at in model.OWNER_OWED[rule, who, goods, node]
        )
        + model.excess[rule, who, goods, node]
        >= -model.max_loss[rule, who, goods, node]
    )


def _worth(discount: Discount, rate: float, time: Horizon) -> Values:
    """Return probability times discount factor at the owner's rate, by node."""
    own = discount.model_copy(update={"rate": rate})
    base = time.nodes[0].period.start
    factors = [own.factor(base, node.period.start, node.period.end) for node in time.nodes]
    chance = [node.probability for node in time.nodes]
    return np.asarray(np.array(factors) * np.array(chance), dtype=np.float64)


def _margins(
    network: Network, time: Horizon, row: Row[Participation], site: Facility, worth: Values
) -> Numbers:
    margins: Numbers = {}
    for blend in network.blends:
        if blend.facility.id == site.id:
            margin = _margin(network, time, site, blend.process) * worth
            margins |= _over_nodes((*row.key, *blend.key), margin, time)
    return margins


def _margin(network: Network, time: Horizon, site: Facility, process: Process) -> Values:
    prices = {item.id: item.market_price for item in network.problem.commodities}
    margin = np.negative(time.over(process.cost, 0.0))
    yields = time.over(process.yields, 0.0)
    for name, part in process.outputs.items():
        ratio = part * yields
        margin = margin + ratio * time.over(prices[name], 0.0)
        for floor in network.problem.price_floors:
            if (floor.facility, floor.commodity) == (site.id, name):
                margin = margin + ratio * support_per_tonne(floor, time)
    for name, taken in process.inputs.items():
        margin = margin - taken * time.over(prices[name], 0.0)
    return np.asarray(margin, dtype=np.float64)


def _losses(
    frame: Frame,
    network: Network,
    time: Horizon,
    row: Row[Participation],
    site: Facility,
    worth: Values,
) -> Numbers:
    """Return what a tonne thrown away takes from the owner of ``site``."""
    made = {name for process in site.processes for name in process.outputs}
    place = {node.id: number for number, node in enumerate(time.nodes)}
    lost = {
        item.id: (time.over(item.market_price, 0.0) + time.over(item.disposal_cost, 0.0)) * worth
        for item in network.problem.commodities
        if item.id in made
    }
    losses: Numbers = {}
    for key in frame.variables["dispose"].rows():
        assert isinstance(key, tuple)
        commodity, _, country, node = key
        if commodity in lost and country == site.country:
            losses[*row.key, *key] = float(lost[commodity][place[node]])
    return losses


def _owed(network: Network, time: Horizon, row: Row[Participation], worth: Values) -> Numbers:
    chance = dict(zip([node.id for node in time.nodes], worth.tolist(), strict=True))
    owed: Numbers = {}
    for item in network.problem.expansions:
        if item.facility != row.rule.facility:
            continue
        own = item.model_copy(update={"rate": row.rule.rate, "capex_mode": "annual"})
        for decided, charged, dollars in charges(own, time):
            key = (*row.key, item.id, decided)
            owed[key] = owed.get(key, 0.0) + (1 - item.grant) * dollars * chance[charged]
    return owed


def _over_nodes(key: tuple[Hashable, ...], values: Values, time: Horizon) -> Numbers:
    names = [node.id for node in time.nodes]
    return {(*key, name): number for name, number in zip(names, values.tolist(), strict=True)}
