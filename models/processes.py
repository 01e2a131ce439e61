"""Processes: what a facility makes of what it takes in, and the surplus that nobody takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.index import Index, stacked

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Members, Network

BLEND = ("facility", "process", "blend")


def declare_processes(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare activity, what it uses and what is disposed of, tonnes in the node's period.

    ``run`` is activity by facility, process and blend; ``use`` what a blend takes of each
    commodity and tag; ``dispose`` what is thrown away of what is made in a country
    (and may be).
    """
    blends = Index.of(BLEND, [blend.key for blend in network.blends])
    frame.add_set("BLEND", blends)
    run = blends.cross(time.index)
    frame.add_set("RUN", run)
    most = {
        item.id: np.where(time.years_within(item.start, item.end) > 0, np.inf, 0.0)
        for item in network.problem.facilities
    }
    open_ = [most[blend.facility.id] for blend in network.blends]
    frame.add_variable("run", "RUN", run, stacked(open_))
    uses = [
        (*blend.key, name, tag)
        for blend in network.blends
        for name, tags in blend.taken.items()
        for tag in tags
    ]
    use = Index.of((*BLEND, "commodity", "tag"), uses).cross(time.index)
    frame.add_set("USE", use)
    frame.add_variable("use", "USE", use)
    kept = {item.id for item in network.problem.commodities if not item.disposable}
    surplus = dict.fromkeys(
        (name, tag, blend.facility.country)
        for blend in network.blends
        for name, tag in blend.made.items()
        if name not in kept
    )
    dispose = Index.of(("commodity", "tag", "country"), surplus)
    dispose = dispose.cross(time.index)
    frame.add_set("DISPOSE", dispose)
    frame.add_variable("dispose", "DISPOSE", dispose)
    _declare_members(frame, network, time, list(surplus))


def _declare_members(frame: Frame, network: Network, time: Horizon, surplus: list[Any]) -> None:
    """By place: ``MADE_BY`` and ``USED_BY`` (facility, process, blend), ``SURPLUS`` (itself)."""
    made: Members = {}
    used: Members = {}
    for blend in network.blends:
        country = blend.facility.country
        for name, tag in blend.made.items():
            made.setdefault((name, tag, country), []).append(blend.key)
        for name, tags in blend.taken.items():
            for tag in tags:
                used.setdefault((name, tag, country), []).append(blend.key)
    frame.add_members("MADE_BY", "PLACE", 3, made)
    frame.add_members("USED_BY", "PLACE", 3, used)
    frame.add_members("SURPLUS", "PLACE", 1, {place: [place[2]] for place in surplus})
    keys, given = [], []
    for blend in network.blends:
        yields = time.over(blend.process.yields, 0.0)
        for name, ratio in blend.process.outputs.items():
            keys.append((*blend.key, name))
            given.append(ratio * yields)
    outputs = Index.of((*BLEND, "commodity"), keys).cross(time.index)
    frame.add_parameter("given", outputs, stacked(given))


def constrain_processes(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the rows that feed every blend."""
    keys, ratios = [], []
    members: Members = {}
    for blend in network.blends:
        for name, ratio in blend.process.inputs.items():
            keys.append((*blend.key, name))
            ratios.append(ratio)
            members[(*blend.key, name)] = list(blend.taken[name])
    feed = Index.of((*BLEND, "commodity"), keys)
    frame.add_set("FEED", feed)
    frame.add_members("FEED_TAGS", "FEED", 1, members)
    frame.add_parameter("taken", feed, np.array(ratios))
    frame.add_constraint(process_input, feed.cross(time.index))


def process_input(
    model: pyo.ConcreteModel, facility: str, process: str, blend: str, commodity: str, node: str
) -> Any:
    r"""A tonne of activity takes in its recipe's tonnes of every input.

    .. math::
        \sum_{\tau \in FEED\_TAGS} use_{f,p,b,g,\tau,n} = taken_{p,g}\, run_{f,p,b,n}

    For all: facility f, process p, blend b, input g, node n.
    Units: t in the period of n.
    Source: process analysis with fixed coefficients and joint products; Koopmans, Activity
    Analysis of Production and Allocation (1951).
    """
    return (
        sum(
            model.use[facility, process, blend, commodity, tag, node]
            for tag in model.FEED_TAGS[facility, process, blend, commodity]
        )
        == model.taken[facility, process, blend, commodity]
        * model.run[facility, process, blend, node]
    )
