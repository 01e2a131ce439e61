"""Generated contracts: signed or optional, at fixed or shared prices, taken or paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from instances.generate.draw import Draw
    from instances.generate.market import Market

Data = dict[str, Any]


def draw_contracts(draw: Draw, market: Market, offers: list[Data], last: date) -> list[Data]:
    """Return up to two contracts on some of a market's offers, in all their forms."""
    contracts = []
    for number in range(draw.choice((0, 1, 1, 1, 2))):
        size = draw.amount(0.15, 0.6) * market.demand
        contract: Data = {
            "id": f"{market.id}-contract{number}",
            "offer": draw.choice(offers)["id"],
            "maximum": size,
            "commitment": draw.choice(
                ("signed", "signed", "whole", "whole", "divisible", "divisible")
            ),
        }
        if contract["commitment"] == "signed" and draw.chance(0.8):
            # more than may be of use: some of it is paid for and not taken
            size = contract["maximum"] = draw.amount(0.6, 1.2) * market.demand
        worth = size * market.price
        if draw.chance(0.8):
            contract["take_or_pay"] = draw.amount(0.3, 1.0)
        if draw.chance(0.3):
            contract["price"] = draw.amount(0.5, 0.9) * market.price
        else:
            price = draw.amount(0.5, 1.1) * market.price
            contract["reference_price"] = price
            if draw.chance(0.5):
                contract["floor"] = draw.amount(0.9, 1.2) * price
            if draw.chance(0.8):
                contract["sharing"] = draw.amount(0.2, 0.6)
                contract["sharing_above"] = draw.amount(0.5, 0.9) * price
                contract["sharing_to"] = draw.choice(("buyer", "seller", "seller"))
                if draw.chance(0.7):
                    contract["sharing_cap"] = draw.amount(0.01, 0.1) * worth
        if contract["commitment"] != "signed":
            if draw.chance(0.6):
                contract["signing_cost"] = draw.amount(0.005, 0.05) * worth
            if draw.chance(0.3):
                contract["sign_by"] = last.isoformat()
        if draw.chance(0.4):
            contract["priority_share"] = draw.amount(0.3, 0.9)
        contracts.append(contract)
    return contracts
