"""Pools: stockpiles that several countries share, each drawing on its share or borrowing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.index import Index, stacked

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from instances.stockpile import Member, Stockpile
    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Members, Network

MEMBER = ("stockpile", "member")


def declare_pools(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare what members draw and borrow, how they make up for it, what they may draw (t)."""
    shares = pool_shares(network)
    heads = Index.of(MEMBER, [(store.id, member.country) for store, member in shares])
    index = heads.cross(time.index)
    frame.add_set("MEMBER", index)
    nodes = len(time.nodes)
    open_ = [np.full(nodes, 0.0 if store.loan_days is None else np.inf) for store, _ in shares]
    frame.add_variable("withdraw", "MEMBER", index)
    for name in ("overdraw", "give_back", "set_off"):
        frame.add_variable(name, "MEMBER", index, stacked(open_))
    frame.add_variable("entitled", "MEMBER", index)


def constrain_pools(frame: Frame, network: Network, time: Horizon) -> None:
    """Add who a pool's releases are booked to, what members may draw and borrow of it."""
    shares = pool_shares(network)
    pools = [store for store in network.problem.stockpiles if store.members]
    heads = Index.of(("stockpile",), [store.id for store in pools])
    frame.add_set("POOL", heads)
    members: Members = {store.id: [item.country for item in store.members] for store in pools}
    frame.add_members("MEMBERS", "POOL", 1, members)
    frame.add_constraint(pool_drawn, heads.cross(time.index))
    lending = [store.id for store in pools if store.loan_days is not None]
    frame.add_constraint(pool_refilled, Index.of(("stockpile",), lending).cross(time.index))

    heads = Index.of(MEMBER, [(store.id, member.country) for store, member in shares])
    frame.add_parameter("share", heads, np.array([member.share for _, member in shares]))
    root = np.array([node.parent is None for node in time.nodes], dtype=float)
    opening = [
        root * member.share * store.opening * (1 - store.decay) ** time.years
        for store, member in shares
    ]
    frame.add_parameter("entitled_opening", heads.cross(time.index), stacked(opening))
    frame.add_constraint(entitlement, heads.cross(time.index))
    _borrow(frame, network, time)


def pool_drawn(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""What is released from a pool is booked to its members.

    .. math::
        \sum_{m} (withdraw_{s,m,n} + overdraw_{s,m,n}) = \sum_{\tau} draw_{s,\tau,n} - rotate_{s,n}

    For all: pool s, node n; m are its members.
    Units: t in the period of n.
    Source: accounts of a common stock.
    """
    return (
        sum(
            model.withdraw[stockpile, member, node] + model.overdraw[stockpile, member, node]
            for member in model.MEMBERS[stockpile]
        )
        == sum(model.draw[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        - model.rotate[stockpile, node]
    )


def pool_refilled(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""What members give back is put in.

    .. math:: \sum_{m} give\_back_{s,m,n} \le \sum_{\tau} fill_{s,\tau,n} - rotate_{s,n}

    For all: pool s with borrowing, node n; the rest of the fill is put in by all, by share.
    Units: t in the period of n.
    Source: accounts of a common stock.
    """
    return (
        sum(model.give_back[stockpile, member, node] for member in model.MEMBERS[stockpile])
        - sum(model.fill[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        + model.rotate[stockpile, node]
        <= 0
    )


def entitlement(model: pyo.ConcreteModel, stockpile: str, member: str, node: str) -> Any:
    r"""A member may draw its share of what was put in, less what it has drawn or set off.

    .. math::
        entitled_{s,m,n} = (1-decay_s)^{years_n}\, entitled_{s,m,parent(n)}
        + share_{s,m} \Bigl( \sum_{\tau} fill_{s,\tau,n} - rotate_{s,n}
        - \sum_{m'} give\_back_{s,m',n} \Bigr) - withdraw_{s,m,n} - set\_off_{s,m,n}

    For all: member m of pool s, node n; its share of the opening stock in place of a parent's
    entitlement at a root.
    Units: t at the end of the period of n.
    Source: entitlement by contribution, as the SECURE Minerals bill proposes for allies that pay
    into one reserve.
    """
    return (
        model.entitled[stockpile, member, node]
        - sum(
            model.kept[stockpile, node] * model.entitled[stockpile, member, before]
            for before in model.PARENT[node]
        )
        - sum(
            model.share[stockpile, member] * model.fill[stockpile, tag, node]
            for tag in model.STORE_TAGS[stockpile]
        )
        + model.share[stockpile, member] * model.rotate[stockpile, node]
        + sum(
            model.share[stockpile, member] * model.give_back[stockpile, other, node]
            for other in model.MEMBERS[stockpile]
        )
        + model.withdraw[stockpile, member, node]
        + model.set_off[stockpile, member, node]
        == model.entitled_opening[stockpile, member, node]
    )


def borrowing_limit(model: pyo.ConcreteModel, stockpile: str, member: str, node: str) -> Any:
    r"""A member owes the others no more than its limit.

    .. math::
        \sum_{i} (overdraw_{s,m,i} - give\_back_{s,m,i} - set\_off_{s,m,i}) \le borrowing_{s,m}

    For all: member m of pool s with a limit on borrowing, node n; i are the nodes on the way to
    n.
    Units: t at the end of the period of n.
    Source: the member's record.
    """
    return (
        sum(
            model.overdraw[stockpile, member, before]
            - model.give_back[stockpile, member, before]
            - model.set_off[stockpile, member, before]
            for before in model.PATH[node]
        )
        <= model.borrowing[stockpile, member]
    )


def borrowing_due(model: pyo.ConcreteModel, stockpile: str, member: str, node: str) -> Any:
    r"""What a member borrows is made up for when it is due: in kind, or by what it is entitled to.

    .. math::
        \sum_{i} (give\_back_{s,m,i} + set\_off_{s,m,i}) \ge \sum_{i} due_{s,i,n}\,
        overdraw_{s,m,i}

    For all: member m of pool s with borrowing, node n; i are the nodes on the way to n, due as for
    loans of stock: all of it when n is last.
    Units: t.
    Source: loan-and-return among members of a common stock.
    """
    return (
        sum(
            model.give_back[stockpile, member, before]
            + model.set_off[stockpile, member, before]
            - model.due[stockpile, before, node] * model.overdraw[stockpile, member, before]
            for before in model.PATH[node]
        )
        >= 0
    )


def borrowing_owed(model: pyo.ConcreteModel, stockpile: str, member: str, node: str) -> Any:
    r"""A member makes up for no more than it borrowed.

    .. math::
        \sum_{i} (give\_back_{s,m,i} + set\_off_{s,m,i}) \le \sum_{i} overdraw_{s,m,i}

    For all: member m of pool s with borrowing, node n; i are the nodes on the way to n.
    Units: t.
    Source: balance of loans.
    """
    return (
        sum(
            model.give_back[stockpile, member, before]
            + model.set_off[stockpile, member, before]
            - model.overdraw[stockpile, member, before]
            for before in model.PATH[node]
        )
        <= 0
    )


def pool_shares(network: Network) -> list[tuple[Stockpile, Member]]:
    """Return every pool with each of its members."""
    return [(store, item) for store in network.problem.stockpiles for item in store.members]


def _borrow(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the limits on borrowing; when it is due is declared with loans of stock."""
    lending = [
        (store, item) for store, item in pool_shares(network) if store.loan_days is not None
    ]
    rows = Index.of(MEMBER, [(store.id, item.country) for store, item in lending])
    rows = rows.cross(time.index)
    limited = [(store.id, item) for store, item in lending if item.borrowing is not None]
    heads = Index.of(MEMBER, [(name, item.country) for name, item in limited])
    frame.add_parameter("borrowing", heads, np.array([item.borrowing for _, item in limited]))
    frame.add_constraint(borrowing_limit, heads.cross(time.index))
    frame.add_constraint(borrowing_due, rows)
    frame.add_constraint(borrowing_owed, rows)
