"""Costs: what a plan costs, recomputed by account and node from its tonnes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from instances.accounts import ACCOUNTS, PERSPECTIVES
from instances.referee.limits import summed, totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


def amounts(terms: Terms, entries: Entries, penalties: Floats) -> dict[str, Floats]:
    """Return account to undiscounted USD by node.

    Parameters
    ----------
    penalties
        USD by node for what lies beyond soft limits.
    """
    count = len(terms.nodes)

    node, part, tonnes = entries.columns("purchases", "node", "tranche", "tonnes")
    purchase = totals(count, node, terms.slices.price[node, part] * tonnes)

    node, lane, goods, tonnes = entries.columns("shipments", "node", "lane", "commodity", "tonnes")
    ways = terms.ways
    duty = ways.tariff[node, lane] * terms.customs_value[node, goods]
    freight = totals(count, node, ways.freight[node, lane] * tonnes)
    tariff = totals(count, node, duty * ways.arriving[lane] * tonnes)

    node, tier, tonnes = entries.columns("shortfalls", "node", "tier", "tonnes")
    shortfall = totals(count, node, terms.tiers.cost[node, tier] * tonnes)

    node, outlet, tonnes = entries.columns("sales", "node", "outlet", "tonnes")
    outlet_revenue = totals(count, node, terms.outlet_price[node, outlet] * tonnes)

    node, store, tonnes = entries.columns("stocks", "node", "stockpile", "stock")
    stores = terms.stores
    held = summed((count, len(stores.opening)), node, store, tonnes)
    last = np.array([item.last for item in terms.nodes])
    return {
        "purchase": purchase,
        "freight": freight,
        "tariff": tariff,
        "holding": held @ stores.holding_cost * terms.years,
        "shortfall": shortfall,
        "penalty": penalties,
        "outlet_revenue": outlet_revenue,
        "terminal_value": np.where(last, held @ stores.terminal_value, 0.0),
    }


def cost_table(terms: Terms, by_account: dict[str, Floats]) -> pd.DataFrame:
    """Return the costs, a row per node and account: as due, discounted, by perspective."""
    discount = terms.problem.discount
    base = terms.nodes[0].period.start
    flow = np.array(
        [discount.factor(base, node.period.start, node.period.end) for node in terms.nodes]
    )
    end = np.array([discount.factor_at(base, node.period.end) for node in terms.nodes])
    tables = []
    for account in ACCOUNTS:
        dollars = by_account[account.name]
        discounted = dollars * (end if account.name == "terminal_value" else flow)
        columns = {
            "node": [node.id for node in terms.nodes],
            "account": account.name,
            "amount_usd": dollars,
            "discounted_usd": discounted,
        }
        columns |= {
            # adding zero takes the sign from a zero
            f"{perspective}_usd": account.counts(perspective) * discounted + 0.0
            for perspective in PERSPECTIVES
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
