"""Benchmarks: capacity at a stage reaches a share of consumption."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.benchmark import Benchmark
from models.construction import commissioned
from models.horizon import horizon
from models.index import Index
from models.rows import ROW, Row, family_rows

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pyomo.environ as pyo

    from instances.facility import Facility
    from instances.problem import Problem
    from instances.rules.rule import RuleRecord
    from models.frame import Frame
    from models.network import Members, Network

REACHED = (*ROW, "material")


def materials_of(network: Network, row: Row[Benchmark]) -> dict[str, float]:
    """Return the yearly consumption of each material of a row, tonnes of it; none of 0."""
    found = _consumption(network.problem, row)
    return {name: amount for name, amount in found.items() if amount > 0}


def consumed(problem: Problem, row: Row[RuleRecord]) -> float:
    """Return the yearly consumption of all materials of a row: what a share missing weighs."""
    return sum(_consumption(problem, row).values())


def benchmark_rows(network: Network) -> list[Row[Benchmark]]:
    """Return the rows of all benchmarks under which something is consumed."""
    rows = family_rows(network.problem, Benchmark)
    return [row for row in rows if materials_of(network, row)]


def declare_reached(frame: Frame, network: Network) -> None:
    """Declare ``reached``: the share of a material's consumption that capacity reaches, to 1."""
    keys = [
        (*row.key, material)
        for row in benchmark_rows(network)
        for material in materials_of(network, row)
    ]
    frame.add_set("REACHED", Index.of(REACHED, keys))
    frame.add_variable("reached", "REACHED", Index.of(REACHED, keys), 1.0)


def add_benchmarks(frame: Frame, network: Network) -> None:
    """Add what capacity reaches of each material, and the share that is to be reached."""
    rows = benchmark_rows(network)
    index = Index.of(ROW, [row.key for row in rows])
    frame.add_set("BENCHMARK", index)
    found = {row.key: materials_of(network, row) for row in rows}
    members: Members = {key: list(materials) for key, materials in found.items()}
    frame.add_members("MATERIALS", "BENCHMARK", 1, members)
    frame.add_parameter("least_share", index, np.array([row.limit for row in rows]))
    weight = np.array([1 / len(found[row.key]) for row in rows])
    frame.add_parameter("material_weight", index, weight)
    frame.add_constraint(benchmark_met, index)

    reached = frame.variables["reached"]
    standing, used, keys, numbers = [], [], [], []
    built: Members = {}
    for row in rows:
        for material, amount in found[row.key].items():
            used.append(amount)
            standing.append(_standing(network, row, material))
            here: list[Hashable] = []
            for expansion, decided, tonnes in _built(network, row, material):
                here.append((expansion, decided))
                keys.append((*row.key, material, expansion, decided))
                numbers.append(tonnes)
            built[(*row.key, material)] = here
    frame.add_parameter("consumed", reached, np.array(used))
    frame.add_parameter("standing", reached, np.array(standing))
    frame.add_members("BUILT", "REACHED", 2, built)
    frame.add_parameter(
        "capacity_built", Index.of((*REACHED, "expansion", "decided"), keys), np.array(numbers)
    )
    frame.add_constraint(material_reached, reached)


def benchmark_met(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""The mean share that capacity reaches is at least the benchmark.

    .. math::
        \frac{1}{|M|} \sum_{m \in M} reached_{r,w,g,n,m} + excess_{r,w,g,n} \ge min\_share_{r,n}

    For all: benchmark r, group w, goods g at the stage, node n at which it holds; M are their
    materials that w consumes.
    Units: fraction of consumption.
    Source: Regulation (EU) 2024/1252, article 5(1)(a): capacity for 10 % of annual consumption in
    extraction, 40 % in processing, 25 % in recycling.
    """
    return (
        sum(
            model.material_weight[rule, who, goods, node]
            * model.reached[rule, who, goods, node, material]
            for material in model.MATERIALS[rule, who, goods, node]
        )
        + model.excess[rule, who, goods, node]
        >= model.least_share[rule, who, goods, node]
    )


def material_reached(
    model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str, material: str
) -> Any:
    r"""No more is reached of a material than the capacity that stands and is built.

    .. math::
        consumption_{w,m,n}\, reached_{r,w,g,n,m} \le capacity_{w,g,m,n}
        + \sum_{(e,d)} content\, ratio\, build_{e,d}

    For all: benchmark r, group w, goods g, node n, material m that w consumes; e are the
    expansions of w's facilities for g, decided at a node d on the way to n and commissioned by the
    end of n.
    Units: t of the material per year.
    Source: Regulation (EU) 2024/1252, article 2: capacity is the maximum annual production volume.
    """
    return model.consumed[rule, who, goods, node, material] * model.reached[
        rule, who, goods, node, material
    ] <= model.standing[rule, who, goods, node, material] + sum(
        model.capacity_built[rule, who, goods, node, material, expansion, decided]
        * model.build[expansion, decided]
        for expansion, decided in model.BUILT[rule, who, goods, node, material]
    )


def _consumption(problem: Problem, row: Row[RuleRecord]) -> dict[str, float]:
    material, party = problem.directory.materials, row.line.party
    assert party is not None
    found = {material[name]: 0.0 for name in row.line.commodities}
    for demand in problem.demand:
        own = material[demand.commodity]
        if own in found and demand.country in party.countries:
            rate = demand.quantity.at(row.period.start, row.branch) or 0.0
            found[own] += problem.directory.contents[demand.commodity] * rate
    return found


def _ratio(network: Network, facility: Facility, row: Row[Benchmark], material: str) -> float:
    """Return the tonnes of the material that a tonne of activity gives at most, over goods."""
    directory = network.problem.directory
    return sum(
        directory.contents[name]
        * max(process.outputs.get(name, 0.0) for process in facility.processes)
        for name in row.line.commodities
        if directory.materials[name] == material
    )


def _members(network: Network, row: Row[Benchmark], material: str) -> list[tuple[Facility, float]]:
    """Return the group's facilities that stand on the last day, with their ratio."""
    assert row.line.party is not None
    last = row.period.end - timedelta(days=1)
    return [
        (facility, ratio)
        for facility in network.problem.facilities
        if facility.country in row.line.party.countries
        and (facility.start is None or facility.start <= last)
        and (facility.end is None or facility.end > last)
        and (ratio := _ratio(network, facility, row, material)) > 0
    ]


def _standing(network: Network, row: Row[Benchmark], material: str) -> float:
    directory, day = network.problem.directory, row.period.start
    last = row.period.end - timedelta(days=1)
    total = sum(
        ratio * (facility.capacity.at(day) or 0.0) * facility.delivery_probability
        for facility, ratio in _members(network, row, material)
        if facility.capacity is not None
    )
    assert row.line.party is not None
    for offer in network.problem.offers:
        if (
            offer.commodity in row.line.commodities
            and directory.materials[offer.commodity] == material
            and offer.country in row.line.party.countries
            and (offer.start is None or offer.start <= last)
            and (offer.end is None or offer.end > last)
        ):
            capacity = [part.capacity.at(day) or 0.0 for part in offer.slices if part.capacity]
            part = directory.contents[offer.commodity] * offer.delivery_probability
            total += part * sum(capacity)
    return total


def _built(network: Network, row: Row[Benchmark], material: str) -> list[tuple[str, str, float]]:
    """Return what counts of expansions: expansion, node of decision, tonnes per tonne built."""
    time = horizon(network.problem)
    ratios = {item.id: ratio for item, ratio in _members(network, row, material)}
    return [
        (expansion.id, decided, ratios[expansion.facility] * expansion.delivery_probability)
        for expansion in network.problem.expansions
        if expansion.facility in ratios
        for decided in time.way(row.node)
        if commissioned(expansion, time.node(decided)) < row.period.end
    ]
