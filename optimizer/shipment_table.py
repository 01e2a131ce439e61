"""The table of shipments: what moves, and what it pays on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from instances.routes import all_lanes
from instances.tags import UNKNOWN, read_tag
from optimizer.tables import at_or_nothing, sellers

if TYPE_CHECKING:
    from instances.plan import Plan
    from instances.problem import Problem


def shipments(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return what moves: on which lane, how much is loaded and arrives, what it pays."""
    return loads(problem, plan.shipments)


def loads(problem: Problem, table: pd.DataFrame) -> pd.DataFrame:
    """Return the same of any loads: ``node``, ``lane``, ``commodity``, ``tag`` and ``tonnes``."""
    lanes = {lane.id: lane for lane in all_lanes(problem)}
    values = {item.id: item.customs_value for item in problem.commodities}
    nodes = {node.id: node for node in problem.nodes}
    found = [lanes[name] for name in table["lane"]]
    loaded = table["tonnes"].to_numpy(float)
    arrived = loaded * np.array([1 - lane.loss for lane in found])
    when = [(nodes[node].period.start, nodes[node].branch) for node in table["node"]]
    freight = np.array(
        [
            lane.freight_of(commodity).at(*spot)
            for lane, commodity, spot in zip(found, table["commodity"], when, strict=True)
        ],
        float,
    )
    duty = [
        at_or_nothing(lane.tariff, *spot) * at_or_nothing(values[commodity], *spot)
        for lane, spot, commodity in zip(found, when, table["commodity"], strict=True)
    ]
    return pd.DataFrame(
        {
            "node": table["node"],
            "lane": table["lane"],
            "origin": [lane.origin for lane in found],
            "destination": [lane.destination for lane in found],
            "commodity": table["commodity"],
            "seller": sellers(table["tag"]),
            "loaded_t": loaded,
            "arrived_t": arrived,
            "freight_usd": loaded * freight,
            "tariff_usd": arrived * (np.array(duty, dtype=float) + _by_origin(problem, table)),
        }
    )


def _by_origin(problem: Problem, table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return USD per tonne that arrives of the tariffs by origin, for each shipment."""
    directory = problem.directory
    periods = {node.id: node.period for node in problem.nodes}
    lanes = {lane.id: lane for lane in all_lanes(problem)}
    values = {item.id: item.customs_value for item in problem.commodities}
    duty = np.zeros(len(table))
    for tariff in problem.tariffs:
        goods = directory.goods(tariff.commodity, tariff.stage)
        into, of = directory.places(tariff.into), directory.places(tariff.of)
        columns = (table[name] for name in ("node", "lane", "commodity", "tag"))
        for number, (node, name, commodity, tag) in enumerate(zip(*columns, strict=True)):
            lane, period = lanes[name], periods[node]
            seller = (read_tag(tag).seller or UNKNOWN).partition("/")[0]
            enters = lane.destination in into and lane.origin not in into
            if enters and commodity in goods and seller in of:
                part = period.years_within(tariff.start, tariff.end) / period.years
                rate = at_or_nothing(tariff.rate, period.start) * part
                duty[number] += rate * at_or_nothing(values[commodity], period.start)
    return duty
