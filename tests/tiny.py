"""Tiny problems of one metal: the words to write them."""

from __future__ import annotations

from typing import Any

from instances.problem import Problem

Data = dict[str, Any]
GOODS = {"stage": "metal", "basis": "product"}


def problem(**tables: Any) -> Problem:
    """Return a problem about one metal in 2026 from the tables given."""
    data: Data = {
        "name": "tiny",
        "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
        "commodities": [{"id": "metal", **GOODS, "customs_value": 100}],
    }
    return Problem.model_validate(data | tables)


def offer(country: str, price: Any, capacity: Any = None, **fields: Any) -> Data:
    """Return an offer of metal: country, price (USD/t), capacity (t/yr)."""
    offer: Data = {
        "id": country.lower(),
        "supplier": f"{country} mine",
        "country": country,
        "commodity": "metal",
        "price": price,
    }
    if capacity is not None:
        offer["capacity"] = capacity
    return offer | fields


def need(quantity: Any, shortfall_cost: Any = None, **fields: Any) -> Data:
    """Return an American demand for metal: quantity (t/yr), cost of a shortfall."""
    need: Data = {"id": "us", "commodity": "metal", "country": "USA", "quantity": quantity}
    if shortfall_cost is not None:
        need["shortfall_cost"] = shortfall_cost
    return need | fields


def rule(kind: str, **fields: Any) -> Data:
    """Return a rule called "rule", about the metal unless it is about none."""
    alone = ("stock_target", "budget", "participation", "survival")
    goods = {} if kind in alone else {"commodity": "metal"}
    return {"id": "rule", "kind": kind} | goods | fields
