"""Funds: the money of stockpiles, by node: paid in, drawn, spent, owed and held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.periods import years_between
from models.allotments import paid_purchases
from models.index import Index, stacked
from models.network import Members, Network, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyomo.environ as pyo

    from instances.fund import Fund
    from models.frame import Frame
    from models.horizon import Horizon

MILLION = 1e6
"""USD in the unit of the variables of funds: prices of 1e2 to 1e10 USD/t stay sane."""
FUND = ("fund",)


def declare_funds(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare the money of funds (million USD)."""
    funds = network.problem.funds
    index = Index.of(FUND, [fund.id for fund in funds]).cross(time.index)
    frame.add_set("FUND", index)
    for name in ("equity", "borrow", "repay", "debt", "cash"):
        frame.add_variable(name, "FUND", index)
    # closed, unless an elastic re-solve asks what the promises lack
    frame.add_variable("overdraft", "FUND", index, 0.0)


def constrain_funds(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the balances of cash and debt, and what limits them."""
    funds = network.problem.funds
    heads = Index.of(FUND, [fund.id for fund in funds])
    rows = heads.cross(time.index)
    frame.add_set("FUNDS", heads)
    stores = {fund.id: list(fund.stockpiles) for fund in funds}
    owner = {name: fund for fund in funds for name in fund.stockpiles}
    members: Members = {name: list(items) for name, items in stores.items()}
    frame.add_members("FUND_STORES", "FUNDS", 1, members)
    held: Members = {}
    for name, tag in tagged(network, list(network.problem.funded.values())):
        held.setdefault(owner[name].id, []).append((name, tag))
    frame.add_members("FUND_STOCK", "FUNDS", 2, held)
    bought: Members = {}
    for name, offer, tranche in paid_purchases(network):
        bought.setdefault(owner[name].id, []).append((name, offer, tranche))
    frame.add_members("FUND_BUYS", "FUNDS", 3, bought)
    _prices(frame, network, time, owner)
    _limits(frame, funds, time)
    frame.add_constraint(fund_cash, rows)
    frame.add_constraint(fund_debt, rows)
    frame.add_constraint(equity_called, rows)
    frame.add_parameter("loan", heads, np.array([fund.loan / MILLION for fund in funds]))
    frame.add_constraint(loan_drawn, rows)
    limited = Index.of(FUND, [fund.id for fund in funds if fund.term is not None])
    frame.add_constraint(debt_due, limited.cross(time.index))
    geared = [fund for fund in funds if fund.leverage is not None]
    limited = Index.of(FUND, [fund.id for fund in geared])
    frame.add_parameter("leverage", limited, np.array([fund.leverage for fund in geared]))
    frame.add_constraint(debt_covered, limited.cross(time.index))


def fund_cash(model: pyo.ConcreteModel, fund: str, node: str) -> Any:
    r"""The cash of a fund is what it had and gets, less what it pays.

    .. math::
        cash_{f,n} = cash_{f,parent(n)} + equity_{f,n} + borrow_{f,n} - repay_{f,n}
        - interest_{f,n}\, debt_{f,n} - \sum_{(s,o,k)} price_{o,k,n}\, allot_{s,o,k,n}
        + \sum_{(s,\tau)} (carried_{s,n}\, stock_{s,\tau,n} + book_s\, draw_{s,\tau,n}
        + entry_s\, fill_{s,\tau,n})
        - \sum_{s} ((book_s + entry_s + wear_s)\, rotate_{s,n} + book_s\, lend_{s,n}
        + entry_s\, restore_{s,n})

    For all: fund f, node n; carried is the carrying fee on book value less holding cost, per tonne
    held over n; entry is the entry fee on book value, wear the cost of rotation.
    Units: million USD.
    Source: cash flow statement: equity, loan, fees and receipts less purchases, holding, interest
    and repayment.
    """
    return model.cash[fund, node] == (
        sum(model.cash[fund, before] for before in model.PARENT[node])
        + model.equity[fund, node]
        + model.borrow[fund, node]
        - model.repay[fund, node]
        - model.interest[fund, node] * model.debt[fund, node]
        - sum(
            model.paid_price[offer, tranche, node] * model.allot[store, offer, tranche, node]
            for store, offer, tranche in model.FUND_BUYS[fund]
        )
        + sum(
            model.carried[store, node] * model.stock[store, tag, node]
            + model.book[store] * model.draw[store, tag, node]
            + model.entry[store] * model.fill[store, tag, node]
            for store, tag in model.FUND_STOCK[fund]
        )
        - sum(
            model.swapped[store] * model.rotate[store, node]
            + model.book[store] * model.lend[store, node]
            + model.entry[store] * model.restore[store, node]
            for store in model.FUND_STORES[fund]
        )
    )


def fund_debt(model: pyo.ConcreteModel, fund: str, node: str) -> Any:
    r"""What a fund owes is what it owed, plus drawdown, less repayment.

    .. math:: debt_{f,n} = debt_{f,parent(n)} + borrow_{f,n} - repay_{f,n}

    For all: fund f, node n.
    Units: million USD.
    Source: balance of a loan.
    """
    return (
        model.debt[fund, node]
        == sum(model.debt[fund, before] for before in model.PARENT[node])
        + model.borrow[fund, node]
        - model.repay[fund, node]
    )


def equity_called(model: pyo.ConcreteModel, fund: str, node: str) -> Any:
    r"""No more equity is paid in than its owners have promised until then.

    .. math:: \sum_{m} equity_{f,m} \le promised_{f,n} + overdraft_{f,n}

    For all: fund f, node n; m are the nodes on the way to n.
    Units: million USD.
    Source: the fund's record.
    """
    return (
        sum(model.equity[fund, before] for before in model.PATH[node])
        <= model.promised[fund, node] + model.overdraft[fund, node]
    )


def loan_drawn(model: pyo.ConcreteModel, fund: str, node: str) -> Any:
    r"""No more is drawn, all in all, than the loan: what is repaid is not lent again.

    .. math:: \sum_{m} borrow_{f,m} \le loan_f

    For all: fund f, node n; m are the nodes on the way to n.
    Units: million USD.
    Source: commitment of a term loan that does not revolve; otherwise a term would mean nothing.
    """
    return sum(model.borrow[fund, before] for before in model.PATH[node]) <= model.loan[fund]


def debt_due(model: pyo.ConcreteModel, fund: str, node: str) -> Any:
    r"""No more is owed than the terms of past drawdowns leave.

    .. math:: debt_{f,n} \le \sum_{m} left_{f,m,n}\, borrow_{f,m}

    For all: fund f with a term, node n; m are the nodes on the way to n, left is the part of a
    drawdown of m not yet due at the end of n: all or nothing (bullet), or less
    and less on a straight line.
    Units: million USD.
    Source: repayment plan of a term loan.
    """
    return (
        model.debt[fund, node]
        - sum(
            model.left[fund, before, node] * model.borrow[fund, before]
            for before in model.PATH[node]
        )
        <= 0
    )


def debt_covered(model: pyo.ConcreteModel, fund: str, node: str) -> Any:
    r"""What a fund owes is covered by its stock at book value and its cash.

    .. math::
        debt_{f,n} \le leverage_f
        \Bigl( \sum_{(s,\tau)} book_s\, stock_{s,\tau,n} + cash_{f,n} \Bigr)

    For all: fund f with a leverage, node n.
    Units: million USD.
    Source: loan-to-value covenant; stock at cost, so that no profit comes from a price path.
    """
    return model.debt[fund, node] - model.leverage[fund] * model.cash[fund, node] <= sum(
        model.leverage[fund] * model.book[store] * model.stock[store, tag, node]
        for store, tag in model.FUND_STOCK[fund]
    )


def _prices(frame: Frame, network: Network, time: Horizon, owner: dict[str, Fund]) -> None:
    payers = {(offer, tranche) for _, offer, tranche in paid_purchases(network)}
    tranches = [
        (offer, tranche) for offer, tranche in network.offers() if (offer.id, tranche) in payers
    ]
    index = Index.of(("offer", "tranche"), [(offer.id, tranche) for offer, tranche in tranches])
    ways = network.problem.ways_to_buy
    price = [time.price(ways[offer.id][tranche]) / MILLION for offer, tranche in tranches]
    frame.add_parameter("paid_price", index.cross(time.index), stacked(price))
    stores = list(network.problem.funded.values())
    heads = Index.of(("stockpile",), [store.id for store in stores])
    book = np.array([(store.book_value or 0.0) / MILLION for store in stores])
    entry = book * np.array([owner[store.id].entry_fee for store in stores])
    wear = np.array([store.rotation_cost / MILLION for store in stores])
    frame.add_parameter("book", heads, book)
    frame.add_parameter("entry", heads, entry)
    frame.add_parameter("swapped", heads, book + entry + wear)
    fees = book * np.array([owner[store.id].carrying_fee for store in stores])
    costs = np.array([store.holding_cost / MILLION for store in stores])
    # a fee that pays the holding leaves nothing, and no rounding of it either
    net = np.where(np.isclose(fees, costs, rtol=1e-12, atol=0.0), 0.0, fees - costs)
    carried = [value * time.years for value in net]
    frame.add_parameter("carried", heads.cross(time.index), stacked(carried))


def _limits(frame: Frame, funds: Iterable[Fund], time: Horizon) -> None:
    heads = Index.of(FUND, [fund.id for fund in funds])
    interest = [fund.real_rate * time.years for fund in funds]
    frame.add_parameter("interest", heads.cross(time.index), stacked(interest))
    promised = [time.over(fund.equity, 0.0) / MILLION for fund in funds]
    frame.add_parameter("promised", heads.cross(time.index), stacked(promised))
    keys, parts = [], []
    for fund in funds:
        for node in time.nodes:
            for drawn in time.way(node.id):
                keys.append((fund.id, drawn, node.id))
                parts.append(_left(fund, time, drawn, node.id))
    frame.add_parameter("left", Index.of(("fund", "drawn", "node"), keys), np.array(parts))


def _left(fund: Fund, time: Horizon, drawn: str, node: str) -> float:
    """Return the part of a drawdown that is not yet due at the end of a node."""
    if fund.term is None:
        return 1.0
    age = years_between(time.node(drawn).period.end, time.node(node).period.end)
    if fund.repayment == "straight":
        return max(0.0, 1.0 - age / fund.term)
    return 1.0 if age < fund.term - 1e-9 else 0.0
