"""Custody of pools: what is booked to a member goes to its country, or is used there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.index import Index
from models.pools import pool_shares

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyomo.environ as pyo

    from instances.network import Demand, Outlet
    from instances.substitution import Substitution
    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Members, Network

REACH = ("commodity", "country", "member")


def constrain_custody(frame: Frame, network: Network, time: Horizon) -> None:
    """Add that what members draw goes to them."""
    abroad: Members = {}
    home: Members = {}
    for store, item in pool_shares(network):
        place = (store.commodity, store.country)
        if item.country == store.country:
            home.setdefault(place, []).append(store.id)
        else:
            abroad.setdefault((*place, item.country), []).append(store.id)
    rows = Index.of(REACH, list(abroad))
    frame.add_set("POOL_REACH", rows)
    frame.add_members("POOLS_FOR", "POOL_REACH", 1, abroad)
    towards: Members = {}
    for lane in network.lanes:
        for good in lane.commodities:
            key = (good, lane.origin, lane.destination)
            if key in abroad:
                loads = [(lane.id, tag) for tag in network.tags(good, lane.origin)]
                towards.setdefault(key, []).extend(loads)
    frame.add_members("TOWARDS", "POOL_REACH", 2, towards)
    frame.add_constraint(member_shipped, rows.cross(time.index))

    rows = Index.of(REACH[:2], list(home))
    frame.add_set("POOL_HOME", rows)
    frame.add_members("POOLS_AT_HOME", "POOL_HOME", 1, home)
    problem = network.problem
    used = [
        ((name, blend.facility.country), (*blend.key, tag))
        for blend in network.blends
        for name, tags in blend.taken.items()
        for tag in tags
        if (name, blend.facility.country) in home
    ]
    places = {item.id: item.country for item in problem.demand}
    takers: dict[str, list[tuple[Demand | Substitution | Outlet, str]]] = {
        "SERVED_AT_HOME": [(item, item.country) for item in problem.demand],
        "SWAPPED_AT_HOME": [(item, places[item.demand]) for item in problem.substitutions],
        "SOLD_AT_HOME": [(item, item.country) for item in problem.outlets],
    }
    frame.add_members("USED_AT_HOME", "POOL_HOME", 4, _grouped(used))
    for name, records in takers.items():
        taken = [
            ((item.commodity, country), (item.id, tag))
            for item, country in records
            for tag in network.tags(item.commodity, country)
        ]
        frame.add_members(name, "POOL_HOME", 2, _grouped(taken))
    frame.add_constraint(member_used, rows.cross(time.index))


def _grouped(pairs: Iterable[tuple[tuple[str, str], tuple[str, ...]]]) -> Members:
    members: Members = {}
    for place, item in pairs:
        members.setdefault(place, []).append(item)
    return members


def member_shipped(
    model: pyo.ConcreteModel, commodity: str, country: str, member: str, node: str
) -> Any:
    r"""What members abroad draw is loaded towards them.

    .. math::
        \sum_{s} (withdraw_{s,m,n} + overdraw_{s,m,n}) \le \sum_{(l,\tau)} ship_{l,g,\tau,n}

    For all: commodity g in country c with pools s that have member m elsewhere, node n; l are the
    lanes from c to m.
    Units: t in the period of n, counted where it is loaded.
    Source: custody in aggregate: what goes to a member is any of the goods there.
    """
    return (
        sum(
            model.withdraw[store, member, node] + model.overdraw[store, member, node]
            for store in model.POOLS_FOR[commodity, country, member]
        )
        - sum(
            model.ship[lane, commodity, tag, node]
            for lane, tag in model.TOWARDS[commodity, country, member]
        )
        <= 0
    )


def member_used(model: pyo.ConcreteModel, commodity: str, country: str, node: str) -> Any:
    r"""What the country of a pool draws as its member is used or sold there.

    .. math::
        \sum_{s} (withdraw_{s,c,n} + overdraw_{s,c,n})
        \le \sum_{\tau} \Bigl( \sum_{(f,p,b)} use_{f,p,b,g,\tau,n} + \sum_{d} deliver_{d,\tau,n}
        + \sum_{u} ratio_u\, substitute_{u,\tau,n} + \sum_{x} sell_{x,\tau,n} \Bigr)

    For all: commodity g in country c with pools s that have c itself as a member, node n; the
    sums are over what stands there.
    Units: t in the period of n.
    Source: custody in aggregate: what is used may be any of the goods there.
    """
    used = sum(
        model.use[facility, process, blend, commodity, tag, node]
        for facility, process, blend, tag in model.USED_AT_HOME[commodity, country]
    )
    delivered = sum(
        model.deliver[demand, tag, node]
        for demand, tag in model.SERVED_AT_HOME[commodity, country]
    )
    substituted = sum(
        model.ratio[swap] * model.substitute[swap, tag, node]
        for swap, tag in model.SWAPPED_AT_HOME[commodity, country]
    )
    sold = sum(
        model.sell[outlet, tag, node] for outlet, tag in model.SOLD_AT_HOME[commodity, country]
    )
    return (
        sum(
            model.withdraw[store, country, node] + model.overdraw[store, country, node]
            for store in model.POOLS_AT_HOME[commodity, country]
        )
        <= used + delivered + substituted + sold
    )
