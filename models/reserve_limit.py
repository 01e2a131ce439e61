"""Reserve limits: what is taken out of a party's ground over the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.reserve_limit import ReserveLimit
from models.horizon import horizon
from models.index import Index
from models.rows import ROW, family_rows

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pyomo.environ as pyo

    from models.frame import Frame
    from models.network import Members, Network
    from models.rows import Row


def add_reserve_limits(frame: Frame, network: Network) -> None:
    """Add a row for the end of each branch under each reserve limit."""
    time = horizon(network.problem)
    rows = family_rows(network.problem, ReserveLimit)
    index = Index.of(ROW, [row.key for row in rows])
    frame.add_set("RESERVED", index)
    bought: Members = {}
    dug: Members = {}
    for row in rows:
        way = time.way(row.node)
        bought[row.key] = [(*key, at) for key in _sold(network, row) for at in way]
        dug[row.key] = [(*key, at) for key in _mined(network, row) for at in way]
    frame.add_members("TAKEN_BOUGHT", "RESERVED", 3, bought)
    frame.add_members("TAKEN_DUG", "RESERVED", 5, dug)
    frame.add_parameter("reserves", index, np.array([row.limit for row in rows]))
    frame.add_constraint(reserves_last, index)


def reserves_last(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""No more comes out of a party's ground over the horizon than it holds.

    .. math::
        \sum_{m} \left( \sum_{(o,k)} buy_{o,k,m}
        + \sum_{(f,p,b)} given_{p,g,m}\, run_{f,p,b,m} \right)
        \le reserves_r + excess_{r,w,g,n}

    For all: reserve limit r of party w, goods g, node n at which the horizon ends; m are the nodes
    on the way to n, o the offers of ore from there, p the processes of facilities there that take
    nothing in.
    Units: t over the horizon.
    Source: cumulative extraction within reserves; Hotelling, Journal of Political Economy 39
    (1931) 137.
    """
    return (
        sum(
            model.buy[offer, tranche, at]
            for offer, tranche, at in model.TAKEN_BOUGHT[rule, who, goods, node]
        )
        + sum(
            model.given[facility, process, blend, commodity, at]
            * model.run[facility, process, blend, at]
            for facility, process, blend, commodity, at in model.TAKEN_DUG[rule, who, goods, node]
        )
        <= model.reserves[rule, who, goods, node] + model.excess[rule, who, goods, node]
    )


def _sold(network: Network, row: Row[ReserveLimit]) -> list[tuple[Hashable, ...]]:
    party = row.line.party
    assert party is not None
    return [
        (offer.id, tranche)
        for name in row.line.commodities
        for offer, tranche in network.offers_of.get(name, ())
        if party.includes(offer.ore or offer.country, offer.supplier)
    ]


def _mined(network: Network, row: Row[ReserveLimit]) -> list[tuple[Hashable, ...]]:
    party = row.line.party
    assert party is not None
    found: list[tuple[Hashable, ...]] = []
    for name in row.line.commodities:
        for facility, made in network.makers.get(name, ()):
            dig = {process.id for process in facility.processes if not process.inputs}
            if party.includes(facility.country, facility.id):
                found += [(*blend.key, name) for blend, _ in made if blend.key[1] in dig]
    return found
