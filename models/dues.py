"""Dues: the money that falls due in a period, by account, in USD per unit of what is decided.

The objective weighs them, a budget adds them up: both read the same table. What is no payment in
a period stands apart (`models/cost.py`): harm, and what is worth something after the horizon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.construction import charges
from models.contracts import contract_dues
from models.due import Due
from models.guaranteed_prices import price_dues
from models.index import Index, stacked
from models.offers import offer_dues
from models.tariffs import tariff_dues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Network


def dues(frame: Frame, network: Network, time: Horizon) -> list[Due]:
    """Return the dues of every account."""
    return [
        *_trading(frame, network, time),
        *offer_dues(network, time),
        *contract_dues(network, time),
        *_making(frame, network, time),
        *_again(network, time),
        *price_dues(frame, network, time),
        *tariff_dues(frame, network, time),
    ]


def _trading(frame: Frame, network: Network, time: Horizon) -> Iterator[Due]:
    problem = network.problem
    ways = problem.ways_to_buy
    gate = time.prices([ways[offer.id][number] for offer, number in network.offers()])
    yield Due("purchase", "purchase_cost", "buy", frame.sets["BUY"], gate.ravel())

    lanes, loads = network.lanes, network.loads
    freight = time.table((lane.freight for lane in lanes), 0.0)[loads.lane]
    code_of = {str(name): code for code, name in enumerate(loads.index.labels[1])}
    for number, lane in enumerate(lanes):
        for item in lane.freights:
            # a commodity that reaches no place has no code
            code = code_of.get(item.commodity, -1)
            own = (loads.lane == number) & (loads.index.codes[1] == code)
            freight[own] = time.over(item.freight, 0.0)
    yield Due("freight", "freight_cost", "ship", frame.sets["SHIP"], freight.ravel())
    extra = time.table((lane.compliance_cost for lane in lanes), 0.0)[loads.lane]
    yield Due(
        "compliance", "compliance_cost", "ship", frame.sets["SHIP"], extra.ravel(), sparse=True
    )
    records = {record.id: record for record in problem.commodities}
    goods = loads.index.labels[1]
    customs = time.table((records[str(name)].customs_value for name in goods), 0.0)
    kept = np.array([1 - lane.loss for lane in lanes]).reshape(-1, 1)
    duty = (time.table((lane.tariff for lane in lanes), 0.0) * kept)[loads.lane]
    duty = duty * customs[loads.index.codes[1]]
    yield Due("tariff", "tariff_cost", "ship", frame.sets["SHIP"], duty.ravel(), sparse=True)

    index = Index.of(("stockpile",), [store.id for store in problem.stockpiles])
    held = [store.holding_cost * time.years for store in problem.stockpiles]
    yield Due("holding", "holding_cost", "stock", index.cross(time.index), stacked(held))
    worn = [np.full(len(time.nodes), store.rotation_cost) for store in problem.stockpiles]
    yield Due("holding", "rotation_cost", "rotate", index.cross(time.index), stacked(worn))
    index = Index.of(("outlet",), [outlet.id for outlet in problem.outlets])
    price = time.table((outlet.price for outlet in problem.outlets), 0.0)
    yield Due("outlet_revenue", "outlet_price", "sell", index.cross(time.index), price.ravel())


def _making(frame: Frame, network: Network, time: Horizon) -> Iterator[Due]:
    problem = network.problem
    table = network.blend_table
    opex = time.table((process.cost for process in table.processes), 0.0)[table.process]
    yield Due("processing", "processing_cost", "run", frame.sets["RUN"], opex.ravel())

    chosen = [item for item in problem.facilities if item.chooses]
    index = Index.of(("facility",), [item.id for item in chosen]).cross(time.index)
    fixed = [time.over(item.fixed_cost, 0.0) * time.years for item in chosen]
    yield Due("fixed", "running_cost", "on", index, stacked(fixed))
    lanes = [lane for lane in network.lanes if lane.chooses]
    index = Index.of(("lane",), [lane.id for lane in lanes]).cross(time.index)
    fixed = [time.over(lane.fixed_cost, 0.0) * time.years for lane in lanes]
    yield Due("fixed", "sailing_cost", "sail", index, stacked(fixed))

    keys, charged, capex, grant = [], [], [], []
    for item in problem.expansions:
        paid = {(decided, due): dollars for decided, due, dollars in charges(item, time)}
        # what is never charged costs nothing, and needs a row to say so
        for node in time.nodes:
            paid.setdefault((node.id, node.id), 0.0)
        for (decided, due), dollars in paid.items():
            keys.append((item.id, decided))
            charged.append(due)
            capex.append(dollars)
            grant.append(dollars * item.grant)
    index = Index.of(("expansion", "node"), keys)
    when = tuple(charged)
    yield Due("capex", "capex", "build", index, np.array(capex, dtype=float), when)
    yield Due("grant", "grant", "build", index, np.array(grant, dtype=float), when)


def _again(network: Network, time: Horizon) -> Iterator[Due]:
    problem = network.problem
    index = Index.of(("recycling",), [item.id for item in problem.recycling]).cross(time.index)
    cost = time.table((item.cost for item in problem.recycling), 0.0)
    yield Due("recycling", "recycling_cost", "recycle", index, cost.ravel())
    index = Index.of(("substitution",), [item.id for item in problem.substitutions])
    cost = time.table((item.cost for item in problem.substitutions), 0.0)
    swapped = index.cross(time.index)
    yield Due("substitution", "substitution_cost", "substitute", swapped, cost.ravel())
    index = Index.of(("commodity",), [item.id for item in problem.commodities]).cross(time.index)
    cost = time.table((item.disposal_cost for item in problem.commodities), 0.0)
    yield Due("disposal", "disposal_cost", "dispose", index, cost.ravel())
