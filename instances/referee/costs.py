"""Costs: what a plan costs, recomputed by account and node from its tonnes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from instances.accounts import ACCOUNTS, AT_THE_END
from instances.referee.building import capital, salvage
from instances.referee.buying import order_cost, qualifying
from instances.referee.contracts import contract_costs
from instances.referee.funds import finance
from instances.referee.guarantees import border_prices, origin_duties, price_support
from instances.referee.sums import summed, totals

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
    freight = totals(count, node, ways.freight[node, ways.freight_column[lane, goods]] * tonnes)
    compliance = totals(count, node, ways.compliance[node, lane] * tonnes)
    tariff = totals(count, node, duty * ways.arriving[lane] * tonnes)

    top_up, adjustable = border_prices(terms, entries)

    node, tier, tonnes = entries.columns("shortfalls", "node", "tier", "tonnes")
    shortfall = totals(count, node, terms.tiers.cost[node, tier] * tonnes)

    node, number, tonnes = entries.columns("backlogs", "node", "demand", "tonnes")
    wait = np.array([item.backlog_cost or 0.0 for item in terms.problem.demand], dtype=float)
    backlog = totals(count, node, wait[number] * tonnes) * terms.years

    node, outlet, tonnes = entries.columns("sales", "node", "outlet", "tonnes")
    outlet_revenue = totals(count, node, terms.outlet_price[node, outlet] * tonnes)

    node, store, tonnes = entries.columns("stocks", "node", "stockpile", "stock")
    stores = terms.stores
    held = summed((count, len(stores.opening)), node, store, tonnes)
    node, store, tonnes = entries.columns("handling", "node", "stockpile", "rotate")
    rotation = totals(count, node, stores.rotation_cost[store] * tonnes)
    last = np.array([item.last for item in terms.nodes])
    terminal_value = np.where(last, held @ _terminal(terms), 0.0)
    return {
        "purchase": purchase,
        **contract_costs(terms, entries),
        **_chain(terms, entries),
        "freight": freight,
        "compliance": compliance,
        "tariff": tariff + origin_duties(terms, entries) + adjustable,
        "top_up": top_up,
        "price_support": price_support(terms, entries),
        "holding": held @ stores.holding_cost * terms.years + rotation,
        "shortfall": shortfall,
        "backlog": backlog,
        "penalty": penalties,
        "outlet_revenue": outlet_revenue,
        "terminal_value": terminal_value + _at_sea(terms, entries),
        **finance(terms, entries),
    }


def _terminal(terms: Terms) -> Floats:
    """Return the USD per tonne at the end; a fund's stock is settled with it in the cash view."""
    settled = terms.problem.funded if terms.problem.money == "cash" else {}
    ids = [store.id not in settled for store in terms.problem.stockpiles]
    value: Floats = terms.stores.terminal_value * np.array(ids, dtype=float)
    return value


def _chain(terms: Terms, entries: Entries) -> dict[str, Floats]:
    """Return what making, building, bringing back, substituting and throwing away cost."""
    count = len(terms.nodes)
    node, step, tonnes = entries.columns("runs", "node", "process", "tonnes")
    processing = totals(count, node, terms.step_cost[node, step] * tonnes)
    fixed = np.zeros(count)
    for table, record, cost in (
        ("running", "facility", terms.sites.fixed_cost),
        ("sailing", "lane", terms.ways.fixed_cost),
        ("ordering", "offer", order_cost(terms)),
    ):
        node, number, on = entries.columns(table, "node", record, "on")
        fixed += totals(count, node, cost[node, number] * on)
    node, source, tonnes = entries.columns("recoveries", "node", "recycling", "tonnes")
    recycling = totals(count, node, terms.recoveries.cost[node, source] * tonnes)
    node, swap, tonnes = entries.columns("substitutes", "node", "substitution", "tonnes")
    substitution = totals(count, node, terms.swaps.cost[node, swap] * tonnes)
    node, goods, tonnes = entries.columns("disposals", "node", "commodity", "tonnes")
    disposal = totals(count, node, terms.disposal_cost[node, goods] * tonnes)
    built = list(capital(terms, entries).values())
    nothing = np.zeros(count)
    capex = sum((dollars for dollars, _ in built), nothing)
    grant = sum((dollars for _, dollars in built), nothing)
    worth, granted = salvage(terms, entries)
    return {
        "processing": processing,
        "qualification": qualifying(terms, entries),
        "fixed": fixed,
        "capex": capex,
        "grant": grant,
        "salvage": worth,
        "granted_salvage": granted,
        "recycling": recycling,
        "substitution": substitution,
        "disposal": disposal,
    }


def _at_sea(terms: Terms, entries: Entries) -> Floats:
    """Return the worth of what is still under way at the end of the horizon, as loaded."""
    ways = terms.ways
    node, lane, tonnes = entries.columns("shipments", "node", "lane", "tonnes")
    worth = ways.terminal_value[lane] * tonnes
    value = np.zeros(len(terms.nodes))
    leads = ways.lead[node, lane]
    for lead in np.unique(leads):
        among = leads == lead
        dollars = totals(len(terms.nodes), node[among], worth[among])
        value += dollars @ terms.windows.beyond(int(lead))
    return value


def cost_table(terms: Terms, by_account: dict[str, Floats]) -> pd.DataFrame:
    """Return the costs, a row per node and account: as due, discounted, by purse and in all."""
    discount = terms.problem.discount
    base = terms.nodes[0].period.start
    flow = np.array(
        [discount.factor(base, node.period.start, node.period.end) for node in terms.nodes]
    )
    end = np.array([discount.factor_at(base, node.period.end) for node in terms.nodes])
    tables = []
    for account in ACCOUNTS:
        dollars = by_account[account.name]
        discounted = dollars * (end if account.name in AT_THE_END else flow)
        columns = {
            "node": [node.id for node in terms.nodes],
            "account": account.name,
            "amount_usd": dollars,
            "discounted_usd": discounted,
        }
        columns |= {
            # adding zero takes the sign from a zero
            f"{whose}_usd": account.counts(whose, terms.problem.money) * discounted + 0.0
            for whose in ("buyer", "producer", "public", "system")
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)


def expected(terms: Terms, costs: pd.DataFrame) -> pd.DataFrame:
    """Return the costs by account, summed over nodes by their probability."""
    chance = {node.id: node.probability for node in terms.nodes}
    weight = costs["node"].map(chance)
    dollars = costs.drop(columns=["node", "account"]).mul(weight, axis=0)
    dollars.insert(0, "account", costs["account"])
    return dollars.groupby("account", sort=False, as_index=False).sum()
