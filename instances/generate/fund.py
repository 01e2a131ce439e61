"""Generated funds: money for some of the stockpiles, often less than they would like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from instances.generate.draw import Draw
    from instances.generate.market import Market

Data = dict[str, Any]


def draw_fund(
    draw: Draw, data: Data, markets: list[Market], first: date, last: date
) -> dict[str, Any]:
    """Return the tables of ``data`` that change when a fund pays for stockpiles."""
    stores = list(data["stockpiles"])
    if not stores or draw.chance(0.1):
        return {}
    # what must be held whatever it costs leaves a small fund no plan
    must = any(rule["kind"] == "stock_target" and "penalty" not in rule for rule in data["rules"])
    prices = {market.id: market.price for market in markets}
    worth = 0.0
    for number, store in enumerate(stores):
        book = draw.amount(0.7, 1.1) * prices[store["commodity"]]
        size = next(m.demand for m in markets if m.id == store["commodity"])
        worth += 0.3 * book * size
        stores[number] = store | {"book_value": book}
    fund: Data = {
        "id": "purse",
        "stockpiles": [store["id"] for store in stores],
        "equity": draw.over_time(draw.amount(0.1, 1.5 if must else 0.6) * worth, 0.3, first, last),
    }
    # what opening stock costs to hold would else be more than many funds have
    rates = [store["holding_cost"] / store["book_value"] for store in stores]
    holding = max(rates) * draw.uniform(1.1, 1.5)
    if draw.chance(0.8):
        fund |= {"loan": draw.amount(0.5, 2.0) * worth, "rate": draw.amount(0.01, 0.08)}
        if draw.chance(0.5):
            fund["inflation"] = draw.amount(0.01, 0.05)
        if not must and draw.chance(0.6):
            # little of their own: what they keep, they must borrow
            fund["equity"] = draw.amount(0.001, 0.05) * worth
            holding += fund["rate"]
        if draw.chance(0.65):
            fund["term"] = draw.amount(0.3, 3.0)
            fund["repayment"] = draw.choice(("bullet", "straight", "straight"))
        if "term" not in fund or draw.chance(0.4):
            fund["leverage"] = draw.amount(0.3, 0.95)
    if draw.chance(0.4):
        fund["entry_fee"] = draw.amount(0.01, 0.1)
    fund["carrying_fee"] = float(f"{min(holding, 0.9):.4g}")
    return {
        "stockpiles": stores,
        "funds": [fund],
        "money": draw.choice(("resource", "cash")),
    }
