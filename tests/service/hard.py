"""A problem that takes long: a plan soon, its proof much later."""

from __future__ import annotations

import random
from typing import Any

SELLERS = (
    "AUS BRA CAN CHL CHN COD DEU ESP FIN FRA GBR IDN "
    "IND JPN KAZ KOR MEX MYS NOR PER POL RUS SWE THA"
)


def hard_problem() -> dict[str, Any]:
    """Return the hard problem."""
    draw = random.Random(1)
    sellers = SELLERS.split()
    needs = {f"g{number}": draw.randint(60, 140) for number in range(36)}
    return {
        "name": "hard",
        "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
        "commodities": [{"id": name, "stage": "metal", "basis": "metal"} for name in needs],
        "offers": [
            {
                "id": f"{seller}-{name}",
                "supplier": seller,
                "country": seller,
                "commodity": name,
                "price": draw.randint(100, 200),
            }
            for name in needs
            for seller in sellers
        ],
        "demand": [
            {
                "id": f"need-{name}",
                "commodity": name,
                "country": "USA",
                "quantity": need,
                "shortfall_cost": 5000,
            }
            for name, need in needs.items()
        ],
        "lanes": [
            {
                "id": seller,
                "origin": seller,
                "destination": "USA",
                "commodities": list(needs),
                "capacity": round(3600 / len(sellers) * draw.uniform(0.9, 1.08)),
            }
            for seller in sellers
        ],
        "rules": [
            {"id": f"three-{name}", "kind": "min_suppliers", "commodity": name, "count": 3}
            | {"min_share": 0.3}
            for name in needs
        ],
    }
