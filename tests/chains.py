"""Chains of a step or two: the words to pose them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.problem import Problem

if TYPE_CHECKING:
    from optimizer import Result


Data = dict[str, Any]


def posed(years: int = 1, goods: str = "x", **tables: Any) -> Problem:
    """Return a problem of whole years from 2026 about the goods named."""
    return Problem.model_validate(
        {
            "name": "chain",
            "periods": {"start": "2026-01-01", "count": years, "length": "1 yr"},
            "commodities": [
                {"id": name, "stage": "step", "basis": "product"} for name in goods.split()
            ],
        }
        | tables
    )


def sold(country: str, price: float, good: str = "x", **fields: Any) -> Data:
    record = {"id": f"{country}-{good}", "supplier": f"{country} mine", "country": country}
    return record | {"commodity": good, "price": price} | fields


def needed(quantity: Any, good: str = "x", **fields: Any) -> Data:
    return {"id": good, "commodity": good, "country": "USA", "quantity": quantity} | fields


def lane(origin: str, destination: str, **fields: Any) -> Data:
    record = {"id": f"{origin}-{destination}", "origin": origin, "destination": destination}
    return record | {"commodities": ["x"]} | fields


def plant(cost: float = 10, **fields: Any) -> Data:
    """Return a facility in the USA that makes x of nothing."""
    process = {"id": "make", "outputs": {"x": 1}, "cost": cost}
    return {"id": "plant", "country": "USA", "processes": [process]} | fields


def expansion(**fields: Any) -> Data:
    record = {"id": "hall", "facility": "plant", "size": 100, "capex": 500, "capex_mode": "lump"}
    return record | fields


def account(result: Result, name: str) -> float:
    costs = result.costs
    return float(costs.loc[costs["account"] == name, "buyer_usd"].sum())
