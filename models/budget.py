"""Budgets: what a purse pays on lines of account stays within an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.accounts import ACCOUNTS
from instances.rules.budget import Budget
from models.dues import dues
from models.horizon import horizon
from models.index import Index
from models.rows import ROW, THOUSAND, family_rows

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pyomo.environ as pyo

    from models.due import Due
    from models.frame import Frame
    from models.network import Members, Network
    from models.rows import Row

PAID = {
    "buy": 2,
    "order": 1,
    "qualify": 1,
    "sign": 1,
    "forgone": 1,
    "shared": 1,
    "ship": 3,
    "run": 3,
    "on": 1,
    "sail": 1,
    "build": 2,
    "recycle": 1,
    "substitute": 2,
    "dispose": 3,
    "stock": 2,
    "rotate": 1,
    "sell": 2,
}
"""Variables that pay, and how many labels a member has: the node too where it is decided ahead."""


def add_budgets(frame: Frame, network: Network) -> None:
    """Declare what is spent, thousand USD by row, and keep it within the amount."""
    problem = network.problem
    time = horizon(problem)
    rows = family_rows(problem, Budget)
    index = Index.of(ROW, [row.key for row in rows])
    frame.add_set("BUDGET", index)
    frame.add_variable("spent", "BUDGET", index, free=True)
    _add_payments(frame, network, rows, dues(frame, network, time) if rows else [])
    frame.add_constraint(budget_spent, index)
    span: Members = {}
    allowed = []
    limits = {row.key: row.limit for row in rows}
    for row in rows:
        way = time.way(row.node) if row.rule.carry_over else (row.node,)
        span[row.key] = [node for node in way if (*row.head, node) in limits]
        allowed.append(sum(limits[(*row.head, str(node))] for node in span[row.key]))
    frame.add_members("SPAN", "BUDGET", 1, span)
    frame.add_parameter("allowed", index, np.array(allowed) / THOUSAND)
    frame.add_constraint(budget, index)


def budget_spent(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""What falls due in a period on the lines of account of a budget, as its purse counts them.

    .. math::
        spent_{r,n} = \sum_{v} \sum_{i \in PAID_v} paid_{r,n,i}\, v_i

    with v over what can be decided: bought, ordered, qualified, signed, forgone, shared, loaded,
    run, on, sailing, built, recycled, substituted, disposed of, held, rotated, sold; paid is the
    undiscounted price, cost or charge of a unit, times 1 where the purse pays it and -1 where it
    receives it.

    For all: budget r, node n at which it holds; what is built pays at n what was decided on the
    way to n.
    Units: thousand USD in the period of n.
    Source: lines of account of cost-benefit analysis; Boardman et al., Cost-Benefit Analysis
    (2018), chapter 3, on transfers.
    """
    return model.spent[rule, who, goods, node] == (
        sum(
            model.paid_buy[rule, who, goods, node, offer, tranche]
            * model.buy[offer, tranche, node]
            for offer, tranche in model.PAID_BUY[rule, who, goods, node]
        )
        + sum(
            model.paid_order[rule, who, goods, node, offer] * model.order[offer, node]
            for offer in model.PAID_ORDER[rule, who, goods, node]
        )
        + sum(
            model.paid_qualify[rule, who, goods, node, offer] * model.qualify[offer, node]
            for offer in model.PAID_QUALIFY[rule, who, goods, node]
        )
        + sum(
            model.paid_sign[rule, who, goods, node, contract] * model.sign[contract, node]
            for contract in model.PAID_SIGN[rule, who, goods, node]
        )
        + sum(
            model.paid_forgone[rule, who, goods, node, contract] * model.forgone[contract, node]
            for contract in model.PAID_FORGONE[rule, who, goods, node]
        )
        + sum(
            model.paid_shared[rule, who, goods, node, contract] * model.shared[contract, node]
            for contract in model.PAID_SHARED[rule, who, goods, node]
        )
        + sum(
            model.paid_ship[rule, who, goods, node, lane, commodity, tag]
            * model.ship[lane, commodity, tag, node]
            for lane, commodity, tag in model.PAID_SHIP[rule, who, goods, node]
        )
        + sum(
            model.paid_run[rule, who, goods, node, facility, process, blend]
            * model.run[facility, process, blend, node]
            for facility, process, blend in model.PAID_RUN[rule, who, goods, node]
        )
        + sum(
            model.paid_on[rule, who, goods, node, facility] * model.on[facility, node]
            for facility in model.PAID_ON[rule, who, goods, node]
        )
        + sum(
            model.paid_sail[rule, who, goods, node, lane] * model.sail[lane, node]
            for lane in model.PAID_SAIL[rule, who, goods, node]
        )
        + sum(
            model.paid_build[rule, who, goods, node, expansion, decided]
            * model.build[expansion, decided]
            for expansion, decided in model.PAID_BUILD[rule, who, goods, node]
        )
        + sum(
            model.paid_recycle[rule, who, goods, node, source] * model.recycle[source, node]
            for source in model.PAID_RECYCLE[rule, who, goods, node]
        )
        + sum(
            model.paid_substitute[rule, who, goods, node, swap, tag]
            * model.substitute[swap, tag, node]
            for swap, tag in model.PAID_SUBSTITUTE[rule, who, goods, node]
        )
        + sum(
            model.paid_dispose[rule, who, goods, node, commodity, tag, place]
            * model.dispose[commodity, tag, place, node]
            for commodity, tag, place in model.PAID_DISPOSE[rule, who, goods, node]
        )
        + sum(
            model.paid_stock[rule, who, goods, node, store, tag] * model.stock[store, tag, node]
            for store, tag in model.PAID_STOCK[rule, who, goods, node]
        )
        + sum(
            model.paid_rotate[rule, who, goods, node, store] * model.rotate[store, node]
            for store in model.PAID_ROTATE[rule, who, goods, node]
        )
        + sum(
            model.paid_sell[rule, who, goods, node, outlet, tag] * model.sell[outlet, tag, node]
            for outlet, tag in model.PAID_SELL[rule, who, goods, node]
        )
    )


def budget(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""What is spent stays within the budget, and within what was left before if that may be used.

    .. math::
        \sum_{m \in SPAN_{r,n}} (spent_{r,m} - excess_{r,m})
        \le \sum_{m \in SPAN_{r,n}} amount_{r,m}\, years_m

    For all: budget r, node n at which it holds; SPAN is n alone, or with carry-over the nodes on
    the way to n at which the budget holds.
    Units: thousand USD.
    Source: capital rationing over several periods; Weingartner, Mathematical Programming and the
    Analysis of Capital Budgeting Problems (1963).
    """
    return (
        sum(
            model.spent[rule, who, goods, earlier] - model.excess[rule, who, goods, earlier]
            for earlier in model.SPAN[rule, who, goods, node]
        )
        <= model.allowed[rule, who, goods, node]
    )


def _add_payments(
    frame: Frame, network: Network, rows: list[Row[Budget]], table: list[Due]
) -> None:
    """By row: ``PAID_BUY`` and so on, what pays in its period, and ``paid_buy``, thousand USD."""
    sites = {item.id: item for item in network.problem.facilities}
    places = {
        item.id: (sites[item.facility].country, item.facility)
        for item in network.problem.expansions
    }
    sums: dict[str, dict[tuple[Hashable, ...], float]] = {name: {} for name in PAID}
    for due in table:
        asked = [(row, sign) for row in rows if (sign := _sign(row.rule, due.account)) != 0]
        units = _units(frame, due) if asked else {}
        paid = sums[due.variable]
        for row, sign in asked:
            for key, dollars in units.get(row.node, ()):
                if row.rule.scoped and not _within(row, str(key[0]), places):
                    continue
                # what is built names the node of its decision, all else is decided in its period
                member = key if due.charged else key[:-1]
                name = (*row.key, *member)
                paid[name] = paid.get(name, 0.0) + sign * dollars
    for variable, dimen in PAID.items():
        members: Members = {}
        for key in sums[variable]:
            rest = key[len(ROW) :]
            members.setdefault(key[: len(ROW)], []).append(rest if dimen > 1 else rest[0])
        frame.add_members(f"PAID_{variable.upper()}", "BUDGET", dimen, members)
        labels = (*ROW, *(f"label{number}" for number in range(dimen)))
        numbers = np.array(list(sums[variable].values())) / THOUSAND
        frame.add_parameter(f"paid_{variable}", Index.of(labels, sums[variable]), numbers)


def _sign(rule: Budget, account: str) -> int:
    if account not in rule.lines_of_account:
        return 0
    return next(item.counts(rule.payer) for item in ACCOUNTS if item.name == account)


def _within(row: Row[Budget], expansion: str, places: dict[str, tuple[str, str]]) -> bool:
    if row.rule.expansions is not None:
        return expansion in row.rule.expansions
    return row.line.party is not None and row.line.party.includes(*places[expansion])


def _units(frame: Frame, due: Due) -> dict[Hashable, list[tuple[tuple[Hashable, ...], float]]]:
    """Return, by node charged, the keys of the variable that pay, and USD per unit."""
    dims = frame.variables[due.variable].dims
    pick = [dims.index(dim) for dim in due.index.dims]
    known: dict[tuple[Hashable, ...], list[tuple[Hashable, float]]] = {}
    for short, node, dollars in due.rows():
        key = short if isinstance(short, tuple) else (short,)
        if dollars != 0:
            known.setdefault(key, []).append((node, dollars))
    found: dict[Hashable, list[tuple[tuple[Hashable, ...], float]]] = {}
    for row in frame.variables[due.variable].rows():
        key = row if isinstance(row, tuple) else (row,)
        for node, dollars in known.get(tuple(key[place] for place in pick), ()):
            found.setdefault(node, []).append((key, dollars))
    return found
