"""Funds: their ledger kept anew, from what the plan says was paid in, drawn and allotted.

For each fund and node n, in USD, book being the book value of a tonne of each of its stockpiles:

    cash[n] = cash[parent of n] + equity + borrowed - repaid - real rate * years(n) * debt[n]
              - purchases allotted at their price - holding - wear of rotation
              + fees on what is added and held + book * released
    debt[n] = debt[parent of n] + borrowed - repaid
              <= what terms leave of past drawdowns, leverage * (book * stock + cash)
    borrowed on the way to n <= loan,  equity paid in on the way to n <= equity promised
    allotted on the way to n >= added to stock; no more than that at the end
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from instances.periods import years_between
from instances.referee.faults import Faults, figure, tolerance
from instances.referee.sums import summed, totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]

MILLION = 1e6
"""USD below which a part in a million is no longer told apart."""


class Books:
    """The money of every fund by node and fund, in USD, and the tonnes of its stockpiles."""

    def __init__(self, terms: Terms, entries: Entries) -> None:
        self.terms, self.entries = terms, entries
        self.funds = terms.problem.funds
        self.stores = terms.problem.stockpiles
        shape = (len(terms.nodes), len(self.funds))
        node, fund = entries.columns("funding", "node", "fund")
        self.equity, self.borrow, self.repay, self.debt, self.cash = (
            summed(shape, node, fund, entries.columns("funding", column)[0])
            for column in ("equity", "borrow", "repay", "debt", "cash")
        )
        shape = (len(terms.nodes), len(self.stores))
        node, store = entries.columns("stocks", "node", "stockpile")
        fill, draw, self.held = (
            summed(shape, node, store, entries.columns("stocks", column)[0])
            for column in ("fill", "draw", "stock")
        )
        node, store = entries.columns("handling", "node", "stockpile")
        self.rotate, lend, restore = (
            summed(shape, node, store, entries.columns("handling", column)[0])
            for column in ("rotate", "lend", "restore")
        )
        self.added = fill - self.rotate - restore
        self.released = draw - self.rotate - lend

    @cached_property
    def of(self) -> Floats:
        """1 where the row's stockpile is the column's fund's."""
        return np.array(
            [[float(item.id in fund.stockpiles) for fund in self.funds] for item in self.stores]
        ).reshape(len(self.stores), len(self.funds))

    @cached_property
    def book(self) -> Floats:
        """USD per tonne of each stockpile."""
        return np.array([store.book_value or 0.0 for store in self.stores])

    @cached_property
    def allotted(self) -> tuple[Floats, Floats]:
        """Tonnes and USD of purchases by node and stockpile."""
        shape = (len(self.terms.nodes), len(self.stores))
        node, store, part, tonnes = self.entries.columns(
            "allotments", "node", "stockpile", "tranche", "tonnes"
        )
        dollars = self.terms.slices.price[node, part] * tonnes
        return summed(shape, node, store, tonnes), summed(shape, node, store, dollars)

    @cached_property
    def holding(self) -> Floats:
        """USD of holding and rotation by node and fund."""
        stores = self.terms.stores
        years = self.terms.years[:, None]
        wear = self.rotate * stores.rotation_cost
        dollars: Floats = (self.held * stores.holding_cost * years + wear) @ self.of
        return dollars

    @cached_property
    def fees(self) -> Floats:
        """USD that members pay by node and fund."""
        entry = np.array([fund.entry_fee for fund in self.funds])
        carrying = np.array([fund.carrying_fee for fund in self.funds])
        added = (self.added * self.book) @ self.of
        dollars: Floats = added * entry + self.at_book * carrying * self.terms.years[:, None]
        return dollars

    @cached_property
    def at_book(self) -> Floats:
        """USD of stock at book value by node and fund."""
        return (self.held * self.book) @ self.of

    @cached_property
    def receipts(self) -> Floats:
        """USD paid for what is released by node and fund."""
        return (self.released * self.book) @ self.of

    @cached_property
    def purchases(self) -> Floats:
        """USD of purchases by node and fund."""
        return self.allotted[1] @ self.of

    @cached_property
    def interest(self) -> Floats:
        """USD by node and fund."""
        rates = [(1 + fund.rate) / (1 + fund.inflation) - 1 for fund in self.funds]
        dollars: Floats = self.debt * np.array(rates) * self.terms.years[:, None]
        return dollars

    def before(self, amount: Floats) -> Floats:
        """Return what was at the end of each node's parent, 0 at a root."""
        return np.where(self.terms.parents[:, None] < 0, 0.0, amount[self.terms.parents])


def finance(terms: Terms, entries: Entries) -> dict[str, Floats]:
    """Return the lines of funds, USD by node."""
    books = Books(terms, entries)
    last = np.array([node.last for node in terms.nodes])
    worth = (books.cash + books.at_book - books.debt).sum(axis=1)
    return {
        "equity": books.equity.sum(axis=1),
        "fees": books.fees.sum(axis=1),
        "released": books.receipts.sum(axis=1),
        "funded": (books.purchases + books.holding).sum(axis=1),
        "settlement": np.where(last, worth, 0.0),
        "drawdown": books.borrow.sum(axis=1),
        "interest": books.interest.sum(axis=1),
        "repayment": books.repay.sum(axis=1),
    }


def fund_table(terms: Terms, entries: Entries) -> pd.DataFrame:
    """Return the ledger of every fund, USD by node."""
    books = Books(terms, entries)
    lines = {
        "equity_usd": books.equity,
        "loan_usd": books.borrow,
        "fees_usd": books.fees,
        "released_usd": books.receipts,
        "purchases_usd": books.purchases,
        "holding_usd": books.holding,
        "interest_usd": books.interest,
        "repayment_usd": books.repay,
        "balance_usd": books.cash,
        "debt_usd": books.debt,
        "stock_at_book_usd": books.at_book,
    }
    nodes = [node.id for node in terms.nodes]
    ids = [fund.id for fund in books.funds]
    data: dict[str, object] = {
        "node": np.repeat(np.array(nodes, dtype=object), len(ids)),
        "fund": np.tile(np.array(ids, dtype=object), len(nodes)),
    }
    # adding zero takes the sign from a zero
    return pd.DataFrame(data | {name: line.ravel() + 0.0 for name, line in lines.items()})


def check_funds(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` where the books of a fund do not close or pass a limit."""
    books = Books(terms, entries)
    lineage = terms.windows.lineage.astype(float)
    _allotments(books, lineage, faults)
    due = (
        books.before(books.cash)
        + books.equity
        + books.borrow
        - books.repay
        - books.interest
        - books.purchases
        - books.holding
        + books.fees
        + books.receipts
    )
    size = books.cash + books.purchases + books.at_book + books.debt + books.equity
    _money(books, faults, "holds", books.cash, due, size, "by its receipts and payments")
    due = books.before(books.debt) + books.borrow - books.repay
    _money(books, faults, "owes", books.debt, due, books.debt, "by its drawdowns and repayments")
    nodes = range(len(terms.nodes))
    promised = terms.over_time([fund.equity for fund in books.funds])
    most = np.array([[fund.loan for fund in books.funds] for _ in nodes]).reshape(promised.shape)
    called = lineage.T @ books.equity
    _money(books, faults, "has called", called, promised, promised, "that is promised", most=True)
    drawn = lineage.T @ books.borrow
    _money(books, faults, "has drawn", drawn, most, most, "that is lent", most=True)
    for column, fund in enumerate(books.funds):
        if fund.term is not None:
            most[:, column] = _left(books, column)
    _money(books, faults, "owes", books.debt, most, most, "that terms leave", most=True)
    gearing = [np.inf if fund.leverage is None else fund.leverage for fund in books.funds]
    worth = books.at_book + books.cash
    most = np.multiply(worth, gearing, out=np.full_like(worth, np.inf), where=np.isfinite(gearing))
    _money(books, faults, "owes", books.debt, most, worth, "that stock and cash cover", most=True)


def _left(books: Books, column: int) -> Floats:
    """Return what terms leave of the drawdowns of a fund, USD by node."""
    fund, nodes = books.funds[column], books.terms.nodes
    term = fund.term or 0.0
    left = np.zeros(len(nodes))
    for drawn, later in np.argwhere(books.terms.windows.lineage):
        age = years_between(nodes[drawn].period.end, nodes[later].period.end)
        part = max(0.0, 1 - age / term) if fund.repayment == "straight" else float(age < term)
        if fund.repayment == "bullet" and abs(age - term) < 1e-9:
            part = 0.0
        left[later] += part * books.borrow[drawn, column]
    return left


def _allotments(books: Books, lineage: Floats, faults: Faults) -> None:
    terms = books.terms
    node, part, tonnes = books.entries.columns("purchases", "node", "tranche", "tonnes")
    bought = summed(terms.slices.most.shape, node, part, tonnes)
    node, store, part, tonnes = books.entries.columns(
        "allotments", "node", "stockpile", "tranche", "tonnes"
    )
    given = summed(terms.slices.most.shape, node, part, tonnes)
    goods = terms.stores.at.commodity[store] != terms.slices.at.commodity[part]
    paid = totals(len(books.stores), store, np.ones(len(store))) > 0
    funded = books.of.sum(axis=1) > 0
    faults.where(
        goods,
        lambda row: (
            f"{terms.slices.names[part[row]]} is allotted to stockpile "
            f"{books.stores[store[row]].id!r}, which keeps another commodity."
        ),
    )
    faults.where(
        paid & ~funded,
        lambda row: f"Stockpile {books.stores[row].id!r} is allotted purchases without a fund.",
    )

    def over(position: int) -> str:
        row, column = divmod(position, given.shape[1])
        return (
            f"{terms.slices.names[column]} is allotted with {figure(given[row, column])} t in "
            f"{terms.nodes[row].id}, more than the {figure(bought[row, column])} t bought."
        )

    faults.where((given > bought + tolerance(bought)).ravel(), over)
    paid_for = lineage.T @ books.allotted[0]
    added = np.where(funded, lineage.T @ books.added, 0.0)

    def unpaid(position: int) -> str:
        row, column = divmod(position, added.shape[1])
        return (
            f"Stockpile {books.stores[column].id!r} has added {figure(added[row, column])} t by "
            f"{terms.nodes[row].id}, but only {figure(paid_for[row, column])} t are paid for."
        )

    faults.where((added > paid_for + tolerance(added)).ravel(), unpaid)
    last = np.array([node.last for node in terms.nodes])[:, None]

    def unused(position: int) -> str:
        row, column = divmod(position, added.shape[1])
        return (
            f"Stockpile {books.stores[column].id!r} is paid {figure(paid_for[row, column])} t by "
            f"{terms.nodes[row].id}, but only {figure(added[row, column])} t were added to it."
        )

    faults.where((last & (paid_for > added + tolerance(added))).ravel(), unused)


def _money(
    books: Books,
    faults: Faults,
    verb: str,
    amount: Floats,
    due: Floats,
    size: Floats,
    what: str,
    *,
    most: bool = False,
) -> None:
    room = tolerance(np.maximum(size, MILLION))
    gap = amount - due if most else np.abs(amount - due)
    # inf - inf where nothing limits
    wrong = np.greater(gap, room, where=np.isfinite(due), out=np.zeros(due.shape, dtype=bool))

    def say(position: int) -> str:
        row, column = divmod(position, amount.shape[1])
        word = "more than" if most else "not"
        return (
            f"Fund {books.funds[column].id!r} {verb} {figure(amount[row, column])} USD in "
            f"{books.terms.nodes[row].id}, {word} the {figure(due[row, column])} USD {what}."
        )

    faults.where(wrong.ravel(), say)
