"""Handling: what is drawn from a reserve is released, rotated or lent, each by its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.index import Index, stacked
from models.network import Members, Network, tagged
from models.voyages import voyages

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyomo.environ as pyo

    from instances.stockpile import Stockpile
    from models.frame import Frame
    from models.horizon import Horizon
    from models.index import Values

STORE = ("stockpile",)


def declare_handling(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare what is rotated and lent of what is drawn, and what loans bring back (t)."""
    stores = network.problem.stockpiles
    index = Index.of(STORE, [store.id for store in stores]).cross(time.index)
    frame.add_set("HANDLING", index)
    nodes = len(time.nodes)
    turned = [np.full(nodes, np.inf if store.rotation > 0 else 0.0) for store in stores]
    lent = [np.full(nodes, 0.0 if store.loan_days is None else np.inf) for store in stores]
    frame.add_variable("rotate", "HANDLING", index, stacked(turned))
    # closed, unless an elastic re-solve asks what cannot be rotated
    frame.add_variable("overdue", "HANDLING", index, 0.0)
    frame.add_variable("lend", "HANDLING", index, stacked(lent))
    frame.add_variable("restore", "HANDLING", index, stacked(lent))


def constrain_handling(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the fill limit of the market, rotation, declared release and loans."""
    stores = network.problem.stockpiles
    shy = [store for store in stores if store.market_share is not None]
    most = [(store.market_share or 0.0) * _offered(network, time, store) for store in shy]
    rows = _rows(time, shy)
    frame.add_parameter("most_of_market", rows, stacked(most))
    frame.add_constraint(market_fill, rows)
    _rotate(frame, network, time)
    handled = _rows(time, [store for store in stores if store.handles])
    frame.add_constraint(drawn_to_return, handled)
    frame.add_constraint(filled_in_return, handled)
    _release(frame, network, time)
    _serve(frame, network, time)
    _lend(frame, network, time)


def market_fill(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A stockpile takes at most a share of what is on offer.

    .. math:: \sum_{\tau} fill_{s,\tau,n} \le share_s\, \sum_{(o,k)} offered_{o,k,n}

    For all: stockpile s with a market share, node n; offered is capacity times availability times
    the years an offer of its commodity stands open.
    Units: t in the period of n.
    Source: fill rate against the world market, so that a reserve does not bid prices up; staggered
    build-up as CETEx proposes for pooled stocks.
    """
    return (
        sum(model.fill[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        <= model.most_of_market[stockpile, node]
    )


def turnover(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A fraction of what was held is replaced by fresh goods.

    .. math::
        rotate_{s,n} + overdue_{s,n}
        \ge rotation_s\, years_n\, \sum_{\tau} stock_{s,\tau,parent(n)}

    For all: stockpile s with a rotation, node n; opening stock in place of a parent's at a root.
    Units: t in the period of n.
    Source: the stockpile's record; rotation against ageing as reserves of perishable grades do.
    """
    return (
        model.rotate[stockpile, node]
        + model.overdue[stockpile, node]
        - sum(
            model.turned[stockpile, node] * model.stock[stockpile, tag, before]
            for tag, before in model.HELD_BEFORE[stockpile, node]
        )
        >= model.turned_opening[stockpile, node]
    )


def drawn_to_return(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""What is rotated or lent is drawn.

    .. math:: rotate_{s,n} + lend_{s,n} \le \sum_{\tau} draw_{s,\tau,n}

    For all: stockpile s with rotation or loans, node n; what is left of the draw is released.
    Units: t in the period of n.
    Source: inventory accounting by purpose.
    """
    return model.rotate[stockpile, node] + model.lend[stockpile, node] <= sum(
        model.draw[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile]
    )


def filled_in_return(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""What replaces rotated goods and what loans bring back is put in.

    .. math:: rotate_{s,n} + restore_{s,n} \le \sum_{\tau} fill_{s,\tau,n}

    For all: stockpile s with rotation or loans, node n; the rest of the fill adds to the stock.
    Units: t in the period of n.
    Source: inventory accounting by purpose.
    """
    return model.rotate[stockpile, node] + model.restore[stockpile, node] <= sum(
        model.fill[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile]
    )


def undeclared_release(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""Nothing is released while no release is declared.

    .. math:: \sum_{\tau} draw_{s,\tau,n} - rotate_{s,n} - lend_{s,n} \le 0

    For all: stockpile s with a declared release, node n without a day of a declaration.
    Units: t in the period of n.
    Source: release rules of strategic reserves; without one a plan uses the reserve as free
    working stock.
    """
    return (
        sum(model.draw[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        - model.rotate[stockpile, node]
        - model.lend[stockpile, node]
        <= 0
    )


def release_pace(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A declared release takes no more per year than a fraction of the stock at its onset.

    .. math::
        \sum_{\tau} draw_{s,\tau,n} - rotate_{s,n} - lend_{s,n}
        \le \sum_{w} pace_s\, years_{w,n}\, \sum_{\tau} stock_{s,\tau,onset(w,n)}

    For all: stockpile s with a pace, node n with days of declarations w; years are those of w in
    n, onset is the parent of the first node on the way to n that w reaches (at a root: opening).
    Units: t in the period of n.
    Source: the stockpile's record; pace of drawdown against a cut whose end is not known.
    """
    return (
        sum(model.draw[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        - model.rotate[stockpile, node]
        - model.lend[stockpile, node]
        - sum(
            model.paced[stockpile, node, onset] * model.stock[stockpile, tag, onset]
            for tag, onset in model.ONSET[stockpile, node]
        )
        <= model.paced_opening[stockpile, node]
    )


def release_by_class(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""Reserves kept for some classes of demand give no more than these receive.

    .. math::
        \sum_{s',\tau} draw_{s',\tau,n} - \sum_{s'} rotate_{s',n}
        \le \sum_{(d,\tau)} deliver_{d,\tau,n}

    For all: stockpile s that names classes, node n; s' are the stockpiles of its commodity and
    country that may serve no other classes, d the demands of its classes there.
    Units: t in the period of n.
    Source: release by demand class as in the US National Defense Stockpile (CRS R47833); custody
    in aggregate: a class may get any goods of the kind.
    """
    return sum(model.draw[store, tag, node] for store, tag in model.KIN_TAGS[stockpile]) - sum(
        model.rotate[store, node] for store in model.KIN[stockpile]
    ) <= sum(model.deliver[demand, tag, node] for demand, tag in model.CLASS_USERS[stockpile])


def loans_due(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""What was lent is back when it is due.

    .. math:: \sum_{m} restore_{s,m} \ge \sum_{m} due_{s,m,n}\, lend_{s,m}

    For all: stockpile s with loans, node n; m are the nodes on the way to n, due is the fraction
    of a loan spread evenly over m that falls due by the end of n, all of it when n is last.
    Units: t.
    Source: loans of stock in kind, as the Korean reserve grants for six months (IEA policy 17940)
    and Project Vault's "may draw but must refill".
    """
    return (
        sum(
            model.restore[stockpile, before]
            - model.due[stockpile, before, node] * model.lend[stockpile, before]
            for before in model.PATH[node]
        )
        >= 0
    )


def loans_owed(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""No more comes back than was lent.

    .. math:: \sum_{m} restore_{s,m} \le \sum_{m} lend_{s,m}

    For all: stockpile s with loans, node n; m are the nodes on the way to n.
    Units: t.
    Source: balance of loans.
    """
    return (
        sum(
            model.restore[stockpile, before] - model.lend[stockpile, before]
            for before in model.PATH[node]
        )
        <= 0
    )


def _rows(time: Horizon, stores: Iterable[Stockpile]) -> Index:
    return Index.of(STORE, [store.id for store in stores]).cross(time.index)


def _offered(network: Network, time: Horizon, store: Stockpile) -> Values:
    """Return the tonnes on offer of a stockpile's commodity, by node."""
    offered = np.zeros(len(time.nodes))
    for offer in network.problem.offers:
        if offer.commodity == store.commodity:
            part = time.over(offer.available, 0.0) * time.years_within(offer.start, offer.end)
            # contracts take of the same output
            for tranche in offer.slices:
                offered = offered + time.over(tranche.capacity, 0.0) * part
    return offered


def _tags(network: Network) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for store, tag in tagged(network, network.problem.stockpiles):
        tags.setdefault(store, []).append(tag)
    return tags


def _rotate(frame: Frame, network: Network, time: Horizon) -> None:
    turned = [store for store in network.problem.stockpiles if store.rotation > 0]
    tags, rows = _tags(network), _rows(time, turned)
    frame.add_set("TURNED", rows)
    before: Members = {
        (store.id, node.id): [(tag, node.parent) for tag in tags[store.id]]
        for store in turned
        for node in time.nodes
        if node.parent is not None
    }
    frame.add_members("HELD_BEFORE", "TURNED", 2, before)
    root = np.array([node.parent is None for node in time.nodes])
    part = [store.rotation * time.years for store in turned]
    opening = [store.opening for store in turned]
    frame.add_parameter("turned", rows, stacked(part))
    due = [np.where(root, share * held, 0.0) for share, held in zip(part, opening, strict=True)]
    frame.add_parameter("turned_opening", rows, stacked(due))
    frame.add_constraint(turnover, rows)


def _release(frame: Frame, network: Network, time: Horizon) -> None:
    stores = [item for item in network.problem.stockpiles if item.release == "declared"]
    tags = _tags(network)
    closed, paced, onsets, opening = [], [], {}, {}
    for store in stores:
        for node in time.nodes:
            key = (store.id, node.id)
            held, from_opening = _onset(time, store, node.id)
            if not held and not from_opening:
                closed.append(key)
            elif store.pace is not None:
                paced.append(key)
                onsets[key] = held
                opening[key] = from_opening * store.opening
    names = ("stockpile", "node")
    frame.add_constraint(undeclared_release, Index.of(names, closed))
    rows = Index.of(names, paced)
    frame.add_set("PACED", rows)
    members: Members = {
        key: [(tag, onset) for onset in onsets[key] for tag in tags[key[0]]] for key in paced
    }
    frame.add_members("ONSET", "PACED", 2, members)
    parts = {(*key, onset): part for key in paced for onset, part in onsets[key].items()}
    frame.add_parameter(
        "paced", Index.of((*names, "onset"), list(parts)), np.array(list(parts.values()))
    )
    frame.add_parameter("paced_opening", rows, np.array([opening[key] for key in paced]))
    frame.add_constraint(release_pace, rows)


def _onset(time: Horizon, store: Stockpile, node: str) -> tuple[dict[str, float], float]:
    """Return what may be released at a node per tonne held at each onset, and per opening tonne.

    Without a pace any number above 0 says that a release is declared.
    """
    held: dict[str, float] = {}
    opening = 0.0
    for window in store.declared:
        years = time.node(node).period.years_within(window.start, window.end)
        if years <= 0:
            continue
        first = next(
            time.node(name)
            for name in time.way(node)
            if time.node(name).period.years_within(window.start, window.end) > 0
        )
        part = years * (1.0 if store.pace is None else store.pace)
        if first.parent is None:
            opening += part
        else:
            held[first.parent] = held.get(first.parent, 0.0) + part
    return held, opening


def _serve(frame: Frame, network: Network, time: Horizon) -> None:
    problem, tags = network.problem, _tags(network)
    choosy = [store for store in problem.stockpiles if store.serves is not None]
    kin: Members = {}
    kin_tags: Members = {}
    users: Members = {}
    for store in choosy:
        classes = set(store.serves or ())
        place = (store.commodity, store.country)
        kin[store.id] = [
            other.id
            for other in choosy
            if (other.commodity, other.country) == place and set(other.serves or ()) <= classes
        ]
        kin_tags[store.id] = [(name, tag) for name in kin[store.id] for tag in tags[str(name)]]
        served = [
            demand
            for demand in problem.demand
            if (demand.commodity, demand.country) == place and demand.demand_class in classes
        ]
        users[store.id] = list(tagged(network, served))
    frame.add_set("CHOOSY", Index.of(STORE, [store.id for store in choosy]))
    frame.add_members("KIN", "CHOOSY", 1, kin)
    frame.add_members("KIN_TAGS", "CHOOSY", 2, kin_tags)
    frame.add_members("CLASS_USERS", "CHOOSY", 2, users)
    frame.add_constraint(release_by_class, _rows(time, choosy))


def _lend(frame: Frame, network: Network, time: Horizon) -> None:
    lending = [store for store in network.problem.stockpiles if store.loan_days is not None]
    due: dict[tuple[str, str, str], float] = {}
    for store in lending:
        falling = {
            (lent, node): part for lent, node, part in voyages(time, store.loan_days or 0.0)
        }
        for node in time.nodes:
            way = time.way(node.id)
            for place, lent in enumerate(way):
                part = sum(falling.get((lent, later), 0.0) for later in way[place:])
                due[store.id, lent, node.id] = 1.0 if node.last else part
    keys = Index.of(("stockpile", "lent", "node"), list(due))
    frame.add_parameter("due", keys, np.array(list(due.values())))
    rows = _rows(time, lending)
    frame.add_constraint(loans_due, rows)
    frame.add_constraint(loans_owed, rows)
