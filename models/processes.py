"""Processes: what a facility makes of what it takes in, and the surplus that nobody takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.blend_table import BLEND
from models.index import MemberTable

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Network


def declare_processes(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare activity, what it uses and what is disposed of, tonnes in the node's period.

    ``run`` is activity by facility, process and blend; ``use`` what a blend takes of each
    commodity and tag; ``dispose`` what is thrown away of what is made in a country
    (and may be).
    """
    table, places = network.blend_table, network.place_index
    frame.add_set("BLEND", table.index)
    run = table.index.cross(time.index)
    frame.add_set("RUN", run)
    facilities = {item.id: item for item in network.problem.facilities}
    sites = [facilities[str(name)] for name in table.index.labels[0]]
    open_ = np.array([time.years_within(site.start, site.end) > 0 for site in sites], dtype=bool)
    most = np.where(open_.reshape(-1, len(time.nodes)), np.inf, 0.0)[table.index.codes[0]]
    frame.add_variable("run", "RUN", run, most.ravel())
    use = table.uses.cross(time.index)
    frame.add_set("USE", use)
    frame.add_variable("use", "USE", use)
    kept = {item.id for item in network.problem.commodities if not item.disposable}
    disposable = np.array([name not in kept for name in places.labels[0]], dtype=bool)
    made_at = table.made_at[disposable[places.codes[0][table.made_at]]]
    surplus = made_at[np.sort(np.unique(made_at, return_index=True)[1])]
    dispose = places.take(surplus).cross(time.index)
    frame.add_set("DISPOSE", dispose)
    frame.add_variable("dispose", "DISPOSE", dispose)
    # by place, who makes and who uses what is there, and the country where it may be thrown away
    for name, owners, members in (
        ("MADE_BY", table.made_at, table.outputs.only(*BLEND)),
        ("USED_BY", table.used_at, table.uses.only(*BLEND)),
        ("SURPLUS", surplus, places.take(surplus).only("country")),
    ):
        frame.add_members(
            name, "PLACE", len(members.dims), MemberTable.grouped(places, owners, members)
        )
    yields = time.table((process.yields for process in table.processes), 0.0)[table.process]
    given = table.given[:, None] * yields[table.made_by]
    frame.add_parameter("given", table.outputs.cross(time.index), given.ravel())


def constrain_processes(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the rows that feed every blend."""
    table = network.blend_table
    frame.add_set("FEED", table.inputs)
    tags = MemberTable.grouped(table.inputs, table.input_of, table.uses.only("tag"))
    frame.add_members("FEED_TAGS", "FEED", 1, tags)
    frame.add_parameter("taken", table.inputs, table.taken)
    frame.add_constraint(process_input, table.inputs.cross(time.index))


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
