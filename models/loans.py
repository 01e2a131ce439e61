"""Loans: goods lent from a reserve come back in kind, in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.handling import store_rows
from models.index import Index
from models.voyages import voyages

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Network


def constrain_loans(frame: Frame, network: Network, time: Horizon) -> None:
    """Add when loans fall due, and that no more comes back than was lent."""
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
    rows = store_rows(time, [store for store in lending if store.lends])
    frame.add_constraint(loans_due, rows)
    frame.add_constraint(loans_owed, rows)


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
