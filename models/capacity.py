"""Capacity: what a facility can run, what is added and when, and yes/no running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.construction import usable
from models.horizon import Horizon, ends, steps
from models.index import Index, stacked

if TYPE_CHECKING:
    from collections.abc import Container, Hashable, Iterable

    import pyomo.environ as pyo

    from instances.expansion import Expansion
    from instances.facility import Facility
    from models.frame import Frame
    from models.index import Values
    from models.network import Members, Network

EXPANSION = ("expansion",)


def declare_capacity(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare what is built (t/yr, decided at a node) and whether a facility runs (0 or 1)."""
    expansions = network.problem.expansions
    index = Index.of(EXPANSION, [item.id for item in expansions]).cross(time.index)
    frame.add_set("BUILD", index)
    open_ = [time.years_within(item.start, item.end) > 0 for item in expansions]
    # what costs nothing, for it will not be, may not outlast it
    most = [
        np.where(can, item.size, 0.0) * time.likely
        for can, item in zip(open_, expansions, strict=True)
    ]
    frame.add_variable("build", "BUILD", index, stacked(most))
    lumps = [item for item in expansions if item.lumpy]
    lumpy = Index.of(EXPANSION, [item.id for item in lumps]).cross(time.index)
    frame.add_set("LUMP", lumpy)
    may = [can * time.likely for can, item in zip(open_, expansions, strict=True) if item.lumpy]
    frame.add_variable("start", "LUMP", lumpy, stacked(may), binary=True)
    chosen = [item for item in network.problem.facilities if item.chooses]
    on = Index.of(("facility",), [item.id for item in chosen]).cross(time.index)
    frame.add_set("ON", on)
    frame.add_variable("on", "ON", on, 1.0, binary=True)


def constrain_capacity(frame: Frame, network: Network, time: Horizon) -> None:
    """Add capacities, sizes, whole lumps, minimum runs and growth."""
    problem = network.problem
    index = Index.of(("facility",), [item.id for item in problem.facilities])
    frame.add_set("FACILITY", index)
    activity = network.blend_table.by_facility([item.id for item in problem.facilities])
    frame.add_members("ACTIVITY", "FACILITY", 2, activity)
    running = set(network.blend_table.index.labels[0])
    _limit_runs(frame, network, time, running)
    _limit_builds(frame, network, time)
    _switch(frame, network, time, running)
    slow = [item for item in problem.facilities if item.growth is not None and item.id in running]
    rows = Index.of(("facility",), [item.id for item in slow]).cross(steps(time))
    years = dict(zip([node.id for node in time.nodes], time.years.tolist(), strict=True))
    rates = Index.of(("node",), years)
    frame.add_parameter("per_year", rates, np.array([1 / value for value in years.values()]))
    growth = {item.id: item.growth or 0.0 for item in slow}
    allowed = [growth[str(name)] * years[str(node)] for name, node in _pairs(rows)]
    frame.add_parameter("most_growth", rows, np.array(allowed))
    frame.add_constraint(run_growth, rows)


def facility_capacity(model: pyo.ConcreteModel, facility: str, node: str) -> Any:
    r"""A facility runs within what it has and what was added in time.

    .. math::
        \sum_{(p,b)} run_{f,p,b,n} \le room_{f,n}
        + \sum_{(e,m)} usable_{e,m,n}\, build_{e,m}

    For all: facility f with a capacity, node n; room is expected capacity times utilisation
    times the years it stands open; m are the nodes on the way to n at which expansion e of f can
    be decided, usable the years of n after commissioning, ramped up, times utilisation and the
    probability of delivery.
    Units: t of activity in the period of n.
    Source: capacity with additions after a lead time; Manne (ed.), Investments for Capacity
    Expansion (1967).
    """
    return sum(
        model.run[facility, process, blend, node] for process, blend in model.ACTIVITY[facility]
    ) <= model.room[facility, node] + sum(
        model.usable[expansion, decided, node] * model.build[expansion, decided]
        for expansion, decided in model.ADDED[facility, node]
    )


def expansion_size(model: pyo.ConcreteModel, expansion: str, node: str) -> Any:
    r"""An expansion adds at most its size over the horizon.

    .. math:: \sum_{m} build_{e,m} \le size_e

    For all: expansion e, node n at which the horizon ends; m are the nodes on the way to n.
    Units: t of activity per year.
    Source: the expansion's record.
    """
    return (
        sum(model.build[expansion, decided] for decided in model.PATH[node])
        <= model.size[expansion]
    )


def whole_lump(model: pyo.ConcreteModel, expansion: str, node: str) -> Any:
    r"""A lumpy expansion is built whole or not at all.

    .. math:: build_{e,n} = size_e\, start_{e,n}

    For all: lumpy expansion e, node n.
    Units: t of activity per year.
    Source: the expansion's record; the size itself is the big-M.
    """
    return model.build[expansion, node] == model.size[expansion] * model.start[expansion, node]


def run_if_on(model: pyo.ConcreteModel, facility: str, node: str) -> Any:
    r"""A facility that can stand idle runs only when it is on.

    .. math:: \sum_{(p,b)} run_{f,p,b,n} \le most_{f,n}\, on_{f,n}

    For all: facility f with a minimum run or a fixed cost, node n; most is all that its capacity
    and its expansions can give, or all that demand, stocks and outlets can take.
    Units: t of activity in the period of n.
    Source: fixed-charge model; Balinski, Naval Research Logistics Quarterly 8 (1961) 41.
    """
    return (
        sum(
            model.run[facility, process, blend, node]
            for process, blend in model.ACTIVITY[facility]
        )
        <= model.most_run[facility, node] * model.on[facility, node]
    )


def minimum_run(model: pyo.ConcreteModel, facility: str, node: str) -> Any:
    r"""A facility that is on runs at least its minimum.

    .. math:: \sum_{(p,b)} run_{f,p,b,n} \ge minimum\_run_f\, years_n\, on_{f,n}

    For all: facility f with a minimum run, node n.
    Units: t of activity in the period of n.
    Source: the facility's record; semi-continuous activity.
    """
    return (
        sum(
            model.run[facility, process, blend, node]
            for process, blend in model.ACTIVITY[facility]
        )
        >= model.least_run[facility, node] * model.on[facility, node]
    )


def run_growth(model: pyo.ConcreteModel, facility: str, node: str, parent: str) -> Any:
    r"""The yearly rate of a facility rises by no more than its growth allows.

    .. math::
        \sum_{(p,b)} \frac{run_{f,p,b,n}}{years_n} - \sum_{(p,b)} \frac{run_{f,p,b,m}}{years_m}
        \le growth_f\, years_n

    For all: facility f with a growth limit, node n with parent m.
    Units: t of activity per year.
    Source: the facility's record; Sprecher et al., Environ. Sci. Technol. 51 (2017) 3860 for
    observed rates.
    """
    return (
        sum(
            model.per_year[node] * model.run[facility, process, blend, node]
            for process, blend in model.ACTIVITY[facility]
        )
        - sum(
            model.per_year[parent] * model.run[facility, process, blend, parent]
            for process, blend in model.ACTIVITY[facility]
        )
        <= model.most_growth[facility, node, parent]
    )


def _limit_runs(
    frame: Frame, network: Network, time: Horizon, running: Container[Hashable]
) -> None:
    problem = network.problem
    limited = [
        item for item in problem.facilities if item.id in running and item.capacity is not None
    ]
    rows = Index.of(("facility",), [item.id for item in limited]).cross(time.index)
    frame.add_set("LIMITED_FACILITY", rows)
    frame.add_parameter("room", rows, stacked([_room(item, time) for item in limited]))
    added: Members = {}
    keys, numbers = [], []
    for item in limited:
        for expansion in problem.expansions:
            if expansion.facility != item.id:
                continue
            for decided, node, years in usable(expansion, item, time):
                added.setdefault((item.id, node), []).append((expansion.id, decided))
                keys.append((expansion.id, decided, node))
                numbers.append(years)
    frame.add_members("ADDED", "LIMITED_FACILITY", 2, added)
    index = Index.of(("expansion", "decided", "node"), keys)
    frame.add_parameter("usable", index, np.array(numbers))
    frame.add_constraint(facility_capacity, rows)


def _limit_builds(frame: Frame, network: Network, time: Horizon) -> None:
    expansions = network.problem.expansions
    index = Index.of(EXPANSION, [item.id for item in expansions])
    frame.add_parameter("size", index, np.array([item.size for item in expansions]))
    frame.add_constraint(expansion_size, index.cross(ends(time)))
    lumps = Index.of(EXPANSION, [item.id for item in expansions if item.lumpy])
    frame.add_constraint(whole_lump, lumps.cross(time.index))


def _switch(frame: Frame, network: Network, time: Horizon, running: Container[Hashable]) -> None:
    problem = network.problem
    chosen = [item for item in problem.facilities if item.chooses and item.id in running]
    rows = Index.of(("facility",), [item.id for item in chosen]).cross(time.index)
    most = []
    for item in chosen:
        most.append(most_run(item, problem.expansions, time))
    frame.add_parameter("most_run", rows, stacked(most))
    frame.add_constraint(run_if_on, rows)
    steady = [item for item in chosen if item.minimum_run > 0]
    rows = Index.of(("facility",), [item.id for item in steady]).cross(time.index)
    least = [item.minimum_run * time.years for item in steady]
    frame.add_parameter("least_run", rows, stacked(least))
    frame.add_constraint(minimum_run, rows)


def most_run(facility: Facility, expansions: Iterable[Expansion], time: Horizon) -> Values:
    """Return by node the tonnes of activity that capacity and expansions allow; else infinite."""
    part = time.over(facility.utilisation, 0.0) * time.years_within(facility.start, facility.end)
    if facility.capacity is None:
        return np.where(part > 0, np.inf, 0.0)
    sizes = sum(
        add.size * add.delivery_probability for add in expansions if add.facility == facility.id
    )
    return _room(facility, time) + sizes * part


def _room(facility: Facility, time: Horizon) -> Values:
    part = time.over(facility.utilisation, 0.0) * time.years_within(facility.start, facility.end)
    return time.over(facility.capacity, 0.0) * facility.delivery_probability * part


def _pairs(rows: Index) -> list[tuple[Any, Any]]:
    return list(zip(rows.column("facility"), rows.column("node"), strict=True))
