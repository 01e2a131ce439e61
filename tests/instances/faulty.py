"""A problem that is right, and the words to break it."""

from __future__ import annotations

from typing import Any

import pytest

from instances.errors import Finding, InputError
from instances.parse import parse

Data = dict[str, Any]
Change = tuple[tuple[str | int, ...], Any]
DROP = object()


def sound() -> Data:
    """Gallium from China, Canada or Australia for two users in the USA, with a vault and rules."""
    return {
        "name": "gallium",
        "buyers": ["USA"],
        "groups": {"partners": ["AUS", "CAN"]},
        "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        "sources": [{"id": "usgs", "title": "Mineral Commodity Summaries"}],
        "commodities": [
            {"id": "gallium", "stage": "metal", "basis": "contained Ga", "customs_value": 400},
            {"id": "bauxite", "stage": "mine", "basis": "product"},
        ],
        "offers": [
            {
                "id": "cn",
                "supplier": "Chinalco",
                "country": "CHN",
                "commodity": "gallium",
                "price": "370 USD/kg",
                "capacity": "750 t/yr",
                "source": "usgs",
            },
            {
                "id": "au",
                "supplier": "Wagerup",
                "country": "AUS",
                "commodity": "gallium",
                "tranches": [{"price": 100, "capacity": 5}, {"price": 200}],
                "start": "2027-01-01",
            },
        ],
        "lanes": [
            {
                "id": "cn-us",
                "origin": "CHN",
                "destination": "USA",
                "commodities": ["gallium"],
                "tariff": "3 %",
            },
            {"id": "au-us", "origin": "AUS", "destination": "USA", "commodities": ["gallium"]},
        ],
        "demand": [
            {
                "id": "us",
                "commodity": "gallium",
                "country": "USA",
                "quantity": "19 t/yr",
                "shortfall_cost": [{"share": 0.5, "cost": 1000}, {"share": 0.5, "cost": 9000}],
            },
            {"id": "ore", "commodity": "bauxite", "country": "USA", "quantity": 1},
        ],
        "stockpiles": [{"id": "vault", "commodity": "gallium", "country": "USA", "opening": 2}],
        "rules": [
            {
                "id": "cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "gallium",
                "max_share": {2026: 0.9, 2028: "40 %"},
                "denominator": "demand",
            },
            {"id": "cover", "kind": "stock_target", "stockpile": "vault", "cover_days": "60 d"},
        ],
    }


def changed(data: Data, *changes: Change) -> Data:
    for path, value in changes:
        holder: Any = data
        for key in path[:-1]:
            holder = holder[key]
        if value is DROP:
            del holder[path[-1]]
        elif isinstance(holder, list) and path[-1] == len(holder):
            holder.append(value)
        else:
            holder[path[-1]] = value
    return data


def findings(data: object) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        parse(data)
    return caught.value.findings


OFFER = {
    "id": "ca",
    "supplier": "Indium Corp",
    "country": "CAN",
    "commodity": "gallium",
    "price": 5,
}


RULE = {
    "id": "more",
    "kind": "share_cap",
    "of": "CHN",
    "commodity": "gallium",
    "max_share": 0.5,
    "denominator": "demand",
}


COVER = {"id": "more", "kind": "stock_target", "stockpile": "vault", "cover_days": 30}
