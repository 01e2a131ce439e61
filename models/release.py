"""Release: what leaves a reserve for good is declared, paced, and kept for its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.scenarios.branch import CERTAIN
from instances.scenarios.declared import Window, windows_in
from models.handling import STORE, store_rows
from models.index import Index
from models.network import Members, Network, tagged

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon


def constrain_release(frame: Frame, network: Network, time: Horizon) -> None:
    """Add declared releases with their pace, and the demand classes a reserve is kept for."""
    _release(frame, network, time)
    _serve(frame, network, time)


def undeclared_release(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""Nothing is released while no release is declared.

    .. math:: \sum_{\tau} draw_{s,\tau,n} - rotate_{s,n} - lend_{s,n} \le 0

    For all: stockpile s with a declared release, node n without a day of a declaration, be it
    written or made by an event of the branch.
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


def release_tonnage(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A declared release takes no more tonnes per year than the stockpile's record says.

    .. math::
        \sum_{\tau} draw_{s,\tau,n} - rotate_{s,n} - lend_{s,n}
        \le release\_rate_s\, \sum_{w} years_{w,n}

    For all: stockpile s with a release rate, node n with days of declarations w; years are those
    of w in n.
    Units: t in the period of n.
    Source: the stockpile's record; a rate of drawdown set by pumps, trucks or auctions.
    """
    return (
        sum(model.draw[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        - model.rotate[stockpile, node]
        - model.lend[stockpile, node]
        <= model.most_released[stockpile, node]
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
    closed, paced, onsets, opening, most = [], [], {}, {}, {}
    branches = {branch.id: branch for branch in network.problem.branches}
    for store in stores:
        windows = {name: windows_in(store, branch) for name, branch in branches.items()}
        for node in time.nodes:
            key = (store.id, node.id)
            cut = node.cut_off
            # a cut-off is a declaration
            declared = (
                windows[node.branch or CERTAIN] if cut is None else (Window(cut.start, cut.until),)
            )
            years = sum(node.period.years_within(*window) for window in declared)
            if years <= 0:
                closed.append(key)
                continue
            if store.pace is not None:
                held, from_opening = _onset(time, declared, node.id)
                paced.append(key)
                onsets[key] = {name: part * store.pace for name, part in held.items()}
                opening[key] = from_opening * store.pace * store.opening
            if store.release_rate is not None:
                most[key] = store.release_rate * years
    names = ("stockpile", "node")
    frame.add_constraint(undeclared_release, Index.of(names, closed))
    limited = Index.of(names, list(most))
    frame.add_parameter("most_released", limited, np.array(list(most.values())))
    frame.add_constraint(release_tonnage, limited)
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


def _onset(
    time: Horizon, declared: tuple[Window, ...], node: str
) -> tuple[dict[str, float], float]:
    """Return the years of declarations at a node by the node that holds their onset's stock.

    Those of which the onset is the first period stand apart: their stock is the opening.
    """
    held: dict[str, float] = {}
    opening = 0.0
    for window in declared:
        years = time.node(node).period.years_within(window.start, window.end)
        if years <= 0:
            continue
        first = next(
            time.node(name)
            for name in time.way(node)
            if time.node(name).period.years_within(window.start, window.end) > 0
        )
        if first.parent is None:
            opening += years
        else:
            held[first.parent] = held.get(first.parent, 0.0) + years
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
