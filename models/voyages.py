"""Voyages: when what is loaded arrives, what is under way at the ends, and lanes in use."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from models.index import Index, MemberTable, stacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyomo.environ as pyo

    from instances.network import Lane
    from models.frame import Frame
    from models.horizon import Horizon
    from models.index import Codes, Values
    from models.network import Network


def voyages(time: Horizon, days: float | Values) -> Iterator[tuple[str, str, float]]:
    """Yield where what is sent at a node arrives: node of loading, node of arrival, fraction.

    What is loaded evenly over a period arrives ``days`` later (by node of loading, if they
    differ), in the periods that its window overlaps, split by days. On the way to a last node
    fractions add up to less than 1 where the horizon ends first.
    """
    late = np.broadcast_to(days, (len(time.nodes),)).tolist()
    delays = {
        node.id: timedelta(days=round(lead)) for node, lead in zip(time.nodes, late, strict=True)
    }
    for node in time.nodes:
        for sent in time.way(node.id):
            period, delay = time.node(sent).period, delays[sent]
            first, last = period.start + delay, period.end + delay
            overlap = (min(last, node.period.end) - max(first, node.period.start)).days
            if overlap > 0:
                yield sent, node.id, overlap / period.days


def at_sea(time: Horizon, days: Values) -> Values:
    """Return, by node of loading, the fraction that has not arrived when the horizon ends."""
    end = time.nodes[-1].period.end
    parts = []
    for node, lead in zip(time.nodes, days.tolist(), strict=True):
        late = (node.period.end + timedelta(days=round(lead)) - end).days
        parts.append(min(max(late, 0), node.period.days) / node.period.days)
    return np.array(parts)


def most_loaded(lane: Lane, time: Horizon) -> Values:
    """Return the tonnes that a lane with a capacity can load in each period."""
    return time.over(lane.capacity, 0.0) * time.over(lane.available, 0.0) * time.years


def declare_arrivals(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare what part of a shipment arrives when, what is landed, and lanes in use."""
    count = len(time.nodes)
    loads = network.loads
    # lanes that take as long everywhere share a table
    leads = {lead.tobytes(): lead for lead in map(time.lead, network.lanes)}
    tables = {number: _arrivals(time, lead) for number, lead in enumerate(leads.values())}
    numbers = {name: number for number, name in enumerate(leads)}
    delays = np.array([numbers[time.lead(lane).tobytes()] for lane in network.lanes])
    # by place and node at once: a sum over lanes and then nodes would be no template
    frame.add_set("PLACE_NODE", network.place_index.cross(time.index))
    owners, members = [], []
    lanes, parts = [], []
    for days, (sent, node, part) in tables.items():
        load = np.flatnonzero(delays[loads.lane] == days)
        row = np.repeat(load, len(sent))
        owners.append(loads.destination[row] * count + np.tile(node, len(load)))
        members.append((loads.lane[row], np.tile(sent, len(load))))
        lane = np.flatnonzero(delays == days)
        kept = np.array([1 - network.lanes[number].loss for number in lane.tolist()])
        lanes.append(
            (np.repeat(lane, len(sent)), np.tile(sent, len(lane)), np.tile(node, len(lane)))
        )
        parts.append(np.outer(kept, part).ravel())
    names, nodes = loads.index.labels[0], time.index.labels[0]
    arriving = Index(("lane", "sent"), _joined(members, 2), (names, nodes))
    owner = _joined([(column,) for column in owners], 1)[0]
    frame.add_members(
        "ARRIVING", "PLACE_NODE", 2, MemberTable.grouped(frame.sets["PLACE_NODE"], owner, arriving)
    )
    keys = Index(("lane", "sent", "node"), _joined(lanes, 3), (names, nodes, nodes))
    frame.add_parameter("arrives", keys, stacked(parts))
    cargoes = network.problem.in_transit
    landed = [
        np.array(
            [
                item.tonnes if node.period.start <= item.arrives < node.period.end else 0.0
                for node in time.nodes
            ]
        )
        for item in cargoes
    ]
    index = Index.of(("cargo",), [item.id for item in cargoes]).cross(time.index)
    frame.add_parameter("landed", index, stacked(landed))
    chosen = Index.of(("lane",), [lane.id for lane in network.lanes if lane.chooses])
    frame.add_set("SAIL", chosen.cross(time.index))
    frame.add_variable("sail", "SAIL", chosen.cross(time.index), 1.0, binary=True)


def _arrivals(time: Horizon, days: Values) -> tuple[Codes, Codes, Values]:
    """Return the voyages as columns: node of loading, node of arrival, fraction."""
    place = {node.id: number for number, node in enumerate(time.nodes)}
    found = list(voyages(time, days))
    return (
        np.array([place[sent] for sent, _, _ in found], dtype=np.int64),
        np.array([place[node] for _, node, _ in found], dtype=np.int64),
        np.array([part for _, _, part in found]),
    )


def _joined(tables: Sequence[tuple[Codes, ...]], columns: int) -> tuple[Codes, ...]:
    empty = np.zeros(0, dtype=np.int64)
    return tuple(
        np.concatenate([empty, *(table[number] for table in tables)]) for number in range(columns)
    )


def constrain_lane_use(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the rows of lanes whose use is a yes/no choice."""
    chosen = [lane for lane in network.lanes if lane.chooses]
    index = Index.of(("lane",), [lane.id for lane in chosen])
    frame.add_set("CHOSEN_LANE", index)
    frame.add_members("LOADS", "CHOSEN_LANE", 2, network.loads.by_lane(chosen))
    most = [most_loaded(lane, time) for lane in chosen]
    frame.add_parameter("most_loaded", index.cross(time.index), stacked(most))
    frame.add_constraint(load_if_used, index.cross(time.index))
    floors = [lane for lane in chosen if lane.minimum_load > 0]
    rows = Index.of(("lane",), [lane.id for lane in floors]).cross(time.index)
    least = [lane.minimum_load * time.years for lane in floors]
    frame.add_parameter("least_loaded", rows, stacked(least))
    frame.add_constraint(minimum_load, rows)


def load_if_used(model: pyo.ConcreteModel, lane: str, node: str) -> Any:
    r"""A lane whose use is a choice carries goods only when it is used.

    .. math:: \sum_{(g,\tau)} ship_{l,g,\tau,n} \le capacity_{l,n}\, years_n\, sail_{l,n}

    For all: lane l with a fixed cost or a minimum load, node n.
    Units: t in the period of n, counted where it is loaded.
    Source: fixed-charge transportation; Balinski, Naval Research Logistics Quarterly 8 (1961) 41.
    """
    return (
        sum(model.ship[lane, commodity, tag, node] for commodity, tag in model.LOADS[lane])
        <= model.most_loaded[lane, node] * model.sail[lane, node]
    )


def minimum_load(model: pyo.ConcreteModel, lane: str, node: str) -> Any:
    r"""A lane that is used carries at least its minimum.

    .. math:: \sum_{(g,\tau)} ship_{l,g,\tau,n} \ge minimum\_load_l\, years_n\, sail_{l,n}

    For all: lane l with a minimum load, node n.
    Units: t in the period of n, counted where it is loaded.
    Source: the lane's record; semi-continuous flow.
    """
    return (
        sum(model.ship[lane, commodity, tag, node] for commodity, tag in model.LOADS[lane])
        >= model.least_loaded[lane, node] * model.sail[lane, node]
    )
