"""Recovery: what recycling brings back from past deliveries, and what substitution saves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.index import Index, stacked
from models.voyages import voyages

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Members, Network


def declare_recovery(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare what is recycled, and what demand is substituted: tonnes in the period."""
    problem = network.problem
    index = Index.of(("recycling",), [item.id for item in problem.recycling]).cross(time.index)
    frame.add_set("RECYCLE", index)
    frame.add_variable("recycle", "RECYCLE", index)
    places = {item.id: item.country for item in problem.demand}
    pairs = [
        (item.id, tag)
        for item in problem.substitutions
        for tag in network.tags(item.commodity, places[item.demand])
    ]
    swap = Index.of(("substitution", "tag"), pairs).cross(time.index)
    frame.add_set("SUBSTITUTE", swap)
    frame.add_variable("substitute", "SUBSTITUTE", swap)
    at: Members = {}
    for item in problem.substitutions:
        for tag in network.tags(item.commodity, places[item.demand]):
            at.setdefault((item.commodity, tag, places[item.demand]), []).append(item.id)
    frame.add_members("SWAPS", "PLACE", 1, at)
    names = Index.of(("substitution",), [item.id for item in problem.substitutions])
    frame.add_parameter("ratio", names, np.array([item.ratio for item in problem.substitutions]))
    serving: Members = {}
    for name, tag in pairs:
        demand = next(item.demand for item in problem.substitutions if item.id == name)
        serving.setdefault(demand, []).append((name, tag))
    frame.add_set("DEMANDED", Index.of(("demand",), places))
    frame.add_members("SERVED_BY", "DEMANDED", 2, serving)


def constrain_recovery(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the limits of recycling and of substitution."""
    problem = network.problem
    rows = Index.of(("recycling",), [item.id for item in problem.recycling]).cross(time.index)
    frame.add_set("RETURN", rows)
    given = [time.over(item.given, 0.0) * time.years for item in problem.recycling]
    frame.add_parameter("returned_anyway", rows, stacked(given))
    back: Members = {}
    keys, parts = [], []
    for item in problem.recycling:
        recovered = dict(
            zip([node.id for node in time.nodes], time.over(item.recovered, 0.0), strict=True)
        )
        for sent, node, part in voyages(time, item.lag):
            for demand in item.of:
                record = next(found for found in problem.demand if found.id == demand)
                for tag in network.tags(record.commodity, record.country):
                    back.setdefault((item.id, node), []).append((demand, tag, sent))
                    keys.append((item.id, demand, tag, sent, node))
                    parts.append(part * float(recovered[node]))
    frame.add_members("RETURNS", "RETURN", 3, back)
    index = Index.of(("recycling", "demand", "tag", "sent", "node"), keys)
    frame.add_parameter("returns", index, np.array(parts))
    frame.add_constraint(recycling_limit, rows)

    swaps = problem.substitutions
    rows = Index.of(("substitution",), [item.id for item in swaps]).cross(time.index)
    demands = {item.id: item for item in problem.demand}
    most = [
        time.over(item.limit, 0.0) * time.over(demands[item.demand].quantity, 0.0) * time.years
        for item in swaps
    ]
    frame.add_set("SWAP", Index.of(("substitution",), [item.id for item in swaps]))
    tags: Members = {
        item.id: list(network.tags(item.commodity, demands[item.demand].country)) for item in swaps
    }
    frame.add_members("SWAP_TAGS", "SWAP", 1, tags)
    served = [item for item in swaps if tags[item.id]]
    kept = Index.of(("substitution",), [item.id for item in served]).cross(time.index)
    frame.add_parameter("most_substituted", rows, stacked(most))
    frame.add_constraint(substitution_limit, kept)


def recycling_limit(model: pyo.ConcreteModel, recycling: str, node: str) -> Any:
    r"""No more is recycled than comes back: what is given, and a part of past deliveries.

    .. math::
        recycle_{y,n} \le given_{y,n}\, years_n
        + \sum_{(d,\tau,m)} returns_{y,m,n}\, deliver_{d,\tau,m}

    For all: recycling y, node n; m are the nodes on the way to n whose deliveries come back in n,
    returns the part of them that does, times the fraction recovered.
    Units: t in the period of n.
    Source: lagged returns of a closed loop; Sprecher et al., Environ. Sci. Technol. 51 (2017)
    3860.
    """
    return model.recycle[recycling, node] <= model.returned_anyway[recycling, node] + sum(
        model.returns[recycling, demand, tag, sent, node] * model.deliver[demand, tag, sent]
        for demand, tag, sent in model.RETURNS[recycling, node]
    )


def substitution_limit(model: pyo.ConcreteModel, substitution: str, node: str) -> Any:
    r"""At most a part of a demand is served by a substitute.

    .. math:: \sum_{\tau} substitute_{u,\tau,n} \le limit_{u,n}\, quantity_{d,n}\, years_n

    For all: substitution u of demand d, node n.
    Units: t of demand in the period of n.
    Source: the substitution's record.
    """
    return (
        sum(model.substitute[substitution, tag, node] for tag in model.SWAP_TAGS[substitution])
        <= model.most_substituted[substitution, node]
    )
