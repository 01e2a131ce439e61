"""Stockpiles: what is put in, taken out and held, by tag, within capacity and rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.horizon import Horizon, roots, steps
from models.index import Index, Values, stacked
from models.network import Network, tagged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyomo.environ as pyo

    from instances.stockpile import Stockpile
    from models.frame import Frame


def declare_stockpiles(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare fill and draw (t in the period) and stock (t at its end) by stockpile and tag."""
    store = Index.of(("stockpile", "tag"), tagged(network, network.problem.stockpiles))
    index = store.cross(time.index)
    frame.add_set("STORE", index)
    for name in ("fill", "draw", "stock"):
        frame.add_variable(name, "STORE", index)


def constrain_stockpiles(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the balances of every stockpile, its capacity and its rates."""
    stores = network.problem.stockpiles
    pairs = tagged(network, stores)
    index = Index.of(("stockpile",), [store.id for store in stores])
    store = Index.of(("stockpile", "tag"), pairs)
    frame.add_set("STOCKPILE", index)
    tags: dict[Any, list[Any]] = {}
    for stockpile, tag in pairs:
        tags.setdefault(stockpile, []).append(tag)
    frame.add_members("STORE_TAGS", "STOCKPILE", 1, tags)

    decay = [(1 - record.decay) ** time.years for record in stores]
    frame.add_parameter("kept", index.cross(time.index), stacked(decay))
    opening = {record.id: (network.opening_tag[record.id], record.opening) for record in stores}
    held = [opening[name][1] if opening[name][0] == tag else 0.0 for name, tag in pairs]
    frame.add_parameter("opening", store, np.array(held))
    frame.add_constraint(stock_opening, store.cross(roots(time)))
    frame.add_constraint(stock_balance, store.cross(steps(time)))

    roomy = [record for record in stores if record.capacity is not None]
    limits = [np.full(len(time.nodes), record.capacity) for record in roomy]
    _limit(frame, time, roomy, "most_held", limits, stock_capacity)
    slow = [record for record in stores if record.fill_rate is not None]
    limits = [time.over(record.fill_rate, 0.0) * time.years for record in slow]
    _limit(frame, time, slow, "most_filled", limits, fill_rate)
    slow = [record for record in stores if record.draw_rate is not None]
    limits = [time.over(record.draw_rate, 0.0) * time.years for record in slow]
    _limit(frame, time, slow, "most_drawn", limits, draw_rate)


def stock_opening(model: pyo.ConcreteModel, stockpile: str, tag: str, node: str) -> Any:
    r"""The first period starts from the opening stock.

    .. math::
        stock_{s,\tau,n} = (1-decay_s)^{years_n}\, opening_{s,\tau} + fill_{s,\tau,n}
        - draw_{s,\tau,n}

    For all: stockpile s, tag tau that can reach it, first node n.
    Units: t.
    Source: inventory balance; Zipkin, Foundations of Inventory Management (2000).
    """
    return (
        model.stock[stockpile, tag, node]
        == model.kept[stockpile, node] * model.opening[stockpile, tag]
        + model.fill[stockpile, tag, node]
        - model.draw[stockpile, tag, node]
    )


def stock_balance(
    model: pyo.ConcreteModel, stockpile: str, tag: str, node: str, parent: str
) -> Any:
    r"""Stock at the end is what is left of the stock before, plus fill, less draw.

    .. math::
        stock_{s,\tau,n} = (1-decay_s)^{years_n}\, stock_{s,\tau,parent(n)} + fill_{s,\tau,n}
        - draw_{s,\tau,n}

    For all: stockpile s, tag tau that can reach it, node n with a parent.
    Units: t.
    Source: inventory balance; Zipkin, Foundations of Inventory Management (2000).
    """
    return (
        model.stock[stockpile, tag, node]
        == model.kept[stockpile, node] * model.stock[stockpile, tag, parent]
        + model.fill[stockpile, tag, node]
        - model.draw[stockpile, tag, node]
    )


def stock_capacity(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A stockpile holds at most its capacity at the end of a period.

    .. math:: \sum_{\tau} stock_{s,\tau,n} \le capacity_s

    For all: stockpile s with a capacity, node n.
    Units: t.
    Source: the stockpile's record.
    """
    return (
        sum(model.stock[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        <= model.most_held[stockpile, node]
    )


def fill_rate(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A stockpile is filled no faster than its rate.

    .. math:: \sum_{\tau} fill_{s,\tau,n} \le fill\_rate_{s,n}\, years_n

    For all: stockpile s with a fill rate, node n.
    Units: t in the period of n.
    Source: the stockpile's record; buying for stock slowly keeps it from moving the market.
    """
    return (
        sum(model.fill[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        <= model.most_filled[stockpile, node]
    )


def draw_rate(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A stockpile is drawn down no faster than its rate.

    .. math:: \sum_{\tau} draw_{s,\tau,n} \le draw\_rate_{s,n}\, years_n

    For all: stockpile s with a draw rate, node n.
    Units: t in the period of n.
    Source: the stockpile's record.
    """
    return (
        sum(model.draw[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        <= model.most_drawn[stockpile, node]
    )


def _limit(
    frame: Frame,
    time: Horizon,
    records: Sequence[Stockpile],
    parameter: str,
    limits: Sequence[Values],
    rule: Any,
) -> None:
    rows = Index.of(("stockpile",), [record.id for record in records]).cross(time.index)
    frame.add_parameter(parameter, rows, stacked(limits))
    frame.add_constraint(rule, rows)
