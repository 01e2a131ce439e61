"""Shares: what counts as a party's, and what it is a share of; caps and floors build on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules import Budget, Participation, ShareCap, ShareFloor
from instances.rules.share import ShareRule
from models.index import Index, stacked
from models.rows import ROW, THOUSAND, Row, RuleRows
from models.share_parts import PARTS, parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyomo.environ as pyo

    from instances.problem import Problem
    from instances.rules.rule import RuleRecord
    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Members, Network

HEAD = ("rule", "who", "goods")
WHOLE = ("rule", "goods", "node")
FAMILIES: tuple[type[ShareRule], ...] = (ShareCap, ShareFloor)


def share_rows(rows: RuleRows) -> list[Row[ShareRule]]:
    """Return the rows of all share rules."""
    return [row for family in FAMILIES for row in rows.of(family)]


def unit_value(problem: Problem, commodities: tuple[str, ...]) -> float:
    """Return the mean price of the offers of ``commodities``, USD/t: what a value row counts in.

    Dollars in that unit are of the size of tonnes, which keeps the coefficients near 1.
    """
    prices = [
        price
        for offer in problem.offers
        if offer.commodity in commodities
        for tranche in offer.slices
        for price in tranche.price.values
        if price > 0
    ]
    return float(np.mean(prices)) if prices else 1.0


def row_unit(problem: Problem, row: Row[RuleRecord]) -> float:
    """Return what a unit of a row's excess is in its rule's measure: 1 t, 1, or dollars."""
    if isinstance(row.rule, Budget | Participation):
        return THOUSAND
    if isinstance(row.rule, ShareRule) and row.rule.denominator == "value":
        return unit_value(problem, row.line.commodities)
    return 1.0


def declare_shares(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare ``counted`` (by rule, who, goods, node), ``whole`` (by rule, goods, node), tonnes.

    A share by value counts in tonnes of mean price (`unit_value`). Neither is bounded below:
    buyers who re-export more than they receive, or sell old stock, count below zero.
    """
    rows = share_rows(network.rows)
    counted = Index.of(ROW, [row.key for row in rows])
    frame.add_set("COUNTED", counted)
    frame.add_variable("counted", "COUNTED", counted, free=True)
    wholes = dict.fromkeys(
        (row.rule.id, row.line.goods, row.node) for row in rows if row.rule.denominator != "demand"
    )
    whole = Index.of(WHOLE, wholes)
    frame.add_set("WHOLE", whole)
    frame.add_variable("whole", "WHOLE", whole, free=True)


def constrain_shares(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the rows that count what is a party's, and what it is a share of."""
    rows = share_rows(network.rows)
    heads = {row.head: row for row in rows}
    frame.add_set("SHARE", Index.of(HEAD, heads))
    parts = {head: parts_of(network, row, row.line.party) for head, row in heads.items()}
    _add_parts(frame, "COUNTED", "SHARE", parts)
    _weigh(frame, "counted_weight", network, time, HEAD, heads, parts)
    frame.add_constraint(share_counted, frame.sets["COUNTED"])

    totals = {
        (row.rule.id, row.line.goods): row for row in rows if row.rule.denominator != "demand"
    }
    frame.add_set("SHARED", Index.of(("rule", "goods"), totals))
    wholes_of = {head: parts_of(network, row, None) for head, row in totals.items()}
    _add_parts(frame, "WHOLE", "SHARED", wholes_of)
    _weigh(frame, "whole_weight", network, time, ("rule", "goods"), totals, wholes_of)
    frame.add_constraint(share_whole, frame.sets["WHOLE"])


def share_counted(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""What counts as a party's under a share rule.

    Bought: at the gate of who sells or makes it. Received: what its lots bring the named buyers
    for use, stock or resale. Delivered: what its lots bring the users, out of purchases and stock.

    .. math::
        counted_{r,w,g,n} = \sum_{(o,k) \in B} weight_{o,k,n}\, buy_{o,k,n}
        + \sum_{(f,p,b) \in M} given_{p,g,n}\, run_{f,p,b,n}
        + \sum_{(d,\tau) \in D} deliver_{d,\tau,n}
        + \sum_{(f,p,b,\tau) \in U} use_{f,p,b,g,\tau,n}
        + \sum_{(u,\tau) \in U} ratio_u\, substitute_{u,\tau,n}
        + \sum_{(s,\tau) \in S} (fill_{s,\tau,n} - draw_{s,\tau,n})
        + \sum_{(x,\tau) \in X} sell_{x,\tau,n}

    For all: share rule r, party w, goods g, node n at which the rule holds; B, M, D, U, S, X hold
    the party's members only. Bought counts B and M, delivered D, received D, U, S and X.
    Units: t in the period of n; weight is 1, or price over mean price where the share is one of
    value.
    Source: share of consumption as in Regulation (EU) 2024/1252, article 5 (2030 benchmarks).
    """
    return model.counted[rule, who, goods, node] == (
        sum(
            model.counted_weight[rule, who, goods, offer, tranche, node]
            * model.buy[offer, tranche, node]
            for offer, tranche in model.COUNTED_BOUGHT[rule, who, goods]
        )
        + sum(
            model.given[facility, process, blend, commodity, node]
            * model.run[facility, process, blend, node]
            for facility, process, blend, commodity in model.COUNTED_MADE[rule, who, goods]
        )
        + sum(
            model.deliver[demand, tag, node]
            for demand, tag in model.COUNTED_DELIVERED[rule, who, goods]
        )
        + sum(
            model.use[facility, process, blend, commodity, tag, node]
            for facility, process, blend, commodity, tag in model.COUNTED_USED[rule, who, goods]
        )
        + sum(
            model.ratio[swap] * model.substitute[swap, tag, node]
            for swap, tag in model.COUNTED_SWAPPED[rule, who, goods]
        )
        + sum(
            model.fill[store, tag, node] - model.draw[store, tag, node]
            for store, tag in model.COUNTED_STORED[rule, who, goods]
        )
        + sum(
            model.sell[outlet, tag, node] for outlet, tag in model.COUNTED_SOLD[rule, who, goods]
        )
    )


def share_whole(model: pyo.ConcreteModel, rule: str, goods: str, node: str) -> Any:
    r"""What a share is a share of, where that is not demand: supply, deliveries or value bought.

    Supply is what everybody's lots bring, less what outlets take.

    .. math::
        whole_{r,g,n} = \sum_{(o,k) \in B} weight_{o,k,n}\, buy_{o,k,n}
        + \sum_{(f,p,b) \in M} given_{p,g,n}\, run_{f,p,b,n}
        + \sum_{(d,\tau) \in D} deliver_{d,\tau,n}
        + \sum_{(f,p,b,\tau) \in U} use_{f,p,b,g,\tau,n}
        + \sum_{(u,\tau) \in U} ratio_u\, substitute_{u,\tau,n}
        + \sum_{(s,\tau) \in S} (fill_{s,\tau,n} - draw_{s,\tau,n})
        - \sum_{(x,\tau) \in X} sell_{x,\tau,n}

    For all: share rule r, goods g, node n at which the rule holds.
    Units: t in the period of n; weight as in `share_counted`.
    Source: multiplying a share out by its denominator keeps the row linear (Williams, Model
    Building in Mathematical Programming (2013)).
    """
    return model.whole[rule, goods, node] == (
        sum(
            model.whole_weight[rule, goods, offer, tranche, node] * model.buy[offer, tranche, node]
            for offer, tranche in model.WHOLE_BOUGHT[rule, goods]
        )
        + sum(
            model.given[facility, process, blend, commodity, node]
            * model.run[facility, process, blend, node]
            for facility, process, blend, commodity in model.WHOLE_MADE[rule, goods]
        )
        + sum(
            model.deliver[demand, tag, node] for demand, tag in model.WHOLE_DELIVERED[rule, goods]
        )
        + sum(
            model.use[facility, process, blend, commodity, tag, node]
            for facility, process, blend, commodity, tag in model.WHOLE_USED[rule, goods]
        )
        + sum(
            model.ratio[swap] * model.substitute[swap, tag, node]
            for swap, tag in model.WHOLE_SWAPPED[rule, goods]
        )
        + sum(
            model.fill[store, tag, node] - model.draw[store, tag, node]
            for store, tag in model.WHOLE_STORED[rule, goods]
        )
        - sum(model.sell[outlet, tag, node] for outlet, tag in model.WHOLE_SOLD[rule, goods])
    )


def _add_parts(
    frame: Frame, prefix: str, keys: str, parts: Mapping[Any, dict[str, list[Any]]]
) -> None:
    for part, dimen in PARTS.items():
        members: Members = {head: found[part] for head, found in parts.items()}
        frame.add_members(f"{prefix}_{part}", keys, dimen, members)


def _weigh(
    frame: Frame,
    name: str,
    network: Network,
    time: Horizon,
    dims: tuple[str, ...],
    heads: Mapping[Any, Row[ShareRule]],
    parts: Mapping[Any, dict[str, list[Any]]],
) -> None:
    ways = network.problem.ways_to_buy
    keys, weights = [], []
    ones = np.ones(len(time.nodes))
    for head, row in heads.items():
        by_value = row.rule.denominator == "value"
        unit = unit_value(network.problem, row.line.commodities) if by_value else 1.0
        for offer, tranche in parts[head]["BOUGHT"]:
            keys.append((*head, offer, tranche))
            weights.append(time.price(ways[offer][tranche]) / unit if by_value else ones)
    index = Index.of((*dims, "offer", "tranche"), keys).cross(time.index)
    frame.add_parameter(name, index, stacked(weights))
