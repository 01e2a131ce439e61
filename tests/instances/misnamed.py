"""Problems whose records fit together, and changes after which some name what is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.errors import Finding, InputError
from instances.parse import parse

Data = dict[str, Any]
Change = Callable[[Data], object]
Case = tuple[Change, str, str, str | None, str]
"""A change, and of its finding: where, what, the nearest name and a part of the remedy."""


def two_metals() -> Data:
    """Return two metals from three sellers for two users, a lane with a tariff, a vault, rules."""
    return {
        "name": "references",
        "buyers": ["USA"],
        "countries": [{"id": "XAP", "name": "Port"}],
        "groups": [{"id": "partners", "members": ["AUS", "CAN"]}],
        "sources": [{"id": "usgs", "title": "Mineral Commodity Summaries"}],
        "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        "commodities": [
            {"id": "gallium", "stage": "metal", "basis": "Ga", "customs_value": 400},
            {"id": "bauxite", "stage": "mine", "basis": "product"},
        ],
        "offers": [
            {
                "id": "cn",
                "supplier": "Chinalco",
                "country": "CHN",
                "commodity": "gallium",
                "price": 370,
                "capacity": 750,
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
            {"id": "port", "origin": "XAP", "destination": "USA", "commodities": ["gallium"]},
        ],
        "demand": [
            {
                "id": "us",
                "commodity": "gallium",
                "country": "USA",
                "quantity": 19,
                "demand_class": "defence",
                "shortfall_cost": [{"share": 0.5, "cost": 1000}, {"share": 0.5, "cost": 9000}],
            },
            {"id": "ore", "commodity": "bauxite", "country": "JPN", "quantity": 1},
        ],
        "outlets": [{"id": "scrap", "commodity": "gallium", "country": "USA", "price": 5}],
        "stockpiles": [
            {
                "id": "vault",
                "commodity": "gallium",
                "country": "USA",
                "opening": 2,
                "opening_country": "CHN",
            }
        ],
        "rules": [
            {
                "id": "cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "gallium",
                "max_share": 0.9,
                "denominator": "demand",
            },
            {"id": "cover", "kind": "stock_target", "stockpile": "vault", "cover_days": 60},
        ],
    }


def separated() -> Data:
    """Return ore separated at Eneabba, made to metal and used in the USA; some comes back."""
    return {
        "name": "chains",
        "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        "groups": {"covered": ["CHN"]},
        "sources": [{"id": "iluka", "title": "Iluka, annual report"}],
        "commodities": [
            {"id": "ore", "stage": "mine", "basis": "REO"},
            {"id": "nd", "stage": "oxide", "basis": "REO"},
            {"id": "dy", "stage": "oxide", "basis": "REO"},
            {"id": "metal", "stage": "metal", "basis": "product"},
        ],
        "offers": [
            {"id": "mine", "supplier": "Iluka", "country": "AUS", "commodity": "ore", "price": 5},
            {
                "id": "toll",
                "supplier": "Toller",
                "country": "MYS",
                "commodity": "metal",
                "price": 99,
                "ore": "CHN",
                "via": ["VNM", "CHN"],
            },
        ],
        "facilities": [
            {
                "id": "eneabba",
                "country": "AUS",
                "processes": [{"id": "sep", "inputs": {"ore": 1}, "outputs": {"nd": 0.2}}],
            },
            {
                "id": "smelter",
                "country": "USA",
                "capacity": 10,
                "processes": [{"id": "melt", "inputs": {"nd": 1.2}, "outputs": {"metal": 1}}],
            },
        ],
        "expansions": [{"id": "line", "facility": "smelter", "size": 50, "capex": 900}],
        "demand": [{"id": "us", "commodity": "metal", "country": "USA", "quantity": 3}],
        "recycling": [
            {"id": "scrap", "country": "USA", "commodity": "metal", "of": ["us"], "recovered": 0.2}
        ],
        "substitutions": [{"id": "swap", "demand": "us", "commodity": "dy", "limit": 0.1}],
        "stockpiles": [
            {
                "id": "vault",
                "commodity": "metal",
                "country": "USA",
                "opening": 2,
                "opening_ore": "AUS",
            }
        ],
        "in_transit": [
            {
                "id": "ship",
                "commodity": "metal",
                "country": "USA",
                "tonnes": 4,
                "arrives": "2026-03-01",
            }
        ],
        "rules": [
            {
                "id": "cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "metal",
                "max_share": 0.9,
                "denominator": "demand",
            }
        ],
    }


def findings(data: Data) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        parse(data)
    return caught.value.findings


def put(table: str, place: int, **fields: Any) -> Change:
    return lambda data: data[table][place].update(fields)


def add(table: str, record: Data) -> Change:
    return lambda data: data[table].append(record)


def cap(**fields: Any) -> Change:
    return put("rules", 0, **fields)


def recipe(**fields: Any) -> Change:
    return lambda data: data["facilities"][0]["processes"][0].update(fields)


def assert_found(finding: Finding, what: str, nearest: str | None, remedy: str) -> None:
    assert what in finding.what
    assert finding.nearest == nearest
    assert finding.remedy is not None
    assert remedy in finding.remedy
