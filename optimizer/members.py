"""Members: what each member of a pool draws, may draw, owes and pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.tables import purchases

if TYPE_CHECKING:
    from instances.plan import Plan
    from instances.problem import Problem

COLUMNS = [
    "node",
    "stockpile",
    "member",
    "share",
    "drawn_t",
    "given_back_t",
    "entitled_t",
    "owed_t",
    "purchases_usd",
    "holding_usd",
]


def members(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return every member of every pool at every node.

    What it may still draw and what it owes are net of one another. It pays its share of what all
    put in and hold, and all of what it gives back. ``purchases_usd`` reckons at the mean price
    paid for the commodity in the period; null where something is put in and nothing is bought.
    """
    price = _mean_price(problem, plan)
    moved = plan.stocks.groupby(["node", "stockpile"])[["fill", "stock"]].sum().to_dict("index")
    turned = plan.handling.set_index(["node", "stockpile"])["rotate"].to_dict()
    booked = plan.pooling.set_index(["node", "stockpile", "member"]).to_dict("index")
    rows = []
    for store in problem.stockpiles:
        debts = {(member.country, ""): 0.0 for member in store.members}
        for node in problem.nodes:
            here = moved.get((node.id, store.id), {"fill": 0.0, "stock": 0.0})
            rotated = turned.get((node.id, store.id), 0.0)
            books = {
                member.country: booked.get((node.id, store.id, member.country), {})
                for member in store.members
            }
            back = {name: book.get("give_back", 0.0) for name, book in books.items()}
            common = here["fill"] - rotated - sum(back.values())
            paid = store.holding_cost * node.period.years * here["stock"]
            paid += store.rotation_cost * rotated
            for member in store.members:
                name = member.country
                book = books[name]
                change = book.get("overdraw", 0.0) - back[name] - book.get("set_off", 0.0)
                debt = debts[name, node.id] = debts[name, node.parent or ""] + change
                net = book.get("entitled", 0.0) - debt
                put_in = member.share * common + back[name]
                mean = price.get((node.id, store.commodity))
                rows.append(
                    {
                        "node": node.id,
                        "stockpile": store.id,
                        "member": name,
                        "share": member.share,
                        "drawn_t": book.get("withdraw", 0.0) + book.get("overdraw", 0.0),
                        "given_back_t": back[name],
                        "entitled_t": max(0.0, net),
                        "owed_t": max(0.0, -net),
                        "purchases_usd": (
                            0.0 if put_in < 1e-9 else None if mean is None else mean * put_in
                        ),
                        "holding_usd": member.share * paid,
                    }
                )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"purchases_usd": float})


def _mean_price(problem: Problem, plan: Plan) -> dict[tuple[str, str], float]:
    sums = purchases(problem, plan).groupby(["node", "commodity"])[["bought_t", "cost_usd"]].sum()
    return {
        (str(node), str(commodity)): float(dollars / amount)
        for (node, commodity), amount, dollars in zip(
            sums.index, sums["bought_t"], sums["cost_usd"], strict=True
        )
        if amount > 0
    }
