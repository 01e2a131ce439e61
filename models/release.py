"""Release: what leaves a reserve for good is declared, paced, and kept for its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.handling import STORE, store_rows
from models.index import Index
from models.network import Members, Network, tagged

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from instances.stockpile import Stockpile
    from models.frame import Frame
    from models.horizon import Horizon


def constrain_release(frame: Frame, network: Network, time: Horizon) -> None:
    """Add declared releases with their pace, and the demand classes a reserve is kept for."""
    _release(frame, network, time)
    _serve(frame, network, time)


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


def _release(frame: Frame, network: Network, time: Horizon) -> None:
    stores = [item for item in network.problem.stockpiles if item.release == "declared"]
    tags = {store.id: network.tags(store.commodity, store.country) for store in stores}
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
    problem = network.problem
    tags = {store.id: network.tags(store.commodity, store.country) for store in problem.stockpiles}
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
    frame.add_constraint(release_by_class, store_rows(time, choosy))
