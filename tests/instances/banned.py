"""Four years of a metal of which sales may stop: the problem that tests of scenarios change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.errors import InputError
from instances.parse import parse

if TYPE_CHECKING:
    from instances.problem import Problem


Data = dict[str, Any]
BAN: Data = {"id": "ban", "of": "CHN", "availability": 0, "start": "2027-01-01"}
YEARS: Data = {"start": "2026-01-01", "count": 4, "length": "1 yr"}


def four_years() -> Data:
    """Return four years of a metal that CHN and AUS sell, on lanes, and the USA need."""
    lane: Data = {"commodities": ["metal"], "destination": "USA", "capacity": 500}
    return {
        "name": "tiny",
        "periods": YEARS,
        "groups": {"partners": ["AUS", "KAZ"]},
        "commodities": [
            {"id": "metal", "stage": "metal", "basis": "product", "customs_value": 100},
            {"id": "ore", "stage": "mine", "basis": "product"},
        ],
        "offers": [
            {"id": "cn", "supplier": "Red", "country": "CHN", "commodity": "metal", "price": 50}
            | {"capacity": 200},
            {"id": "au", "supplier": "Blue", "country": "AUS", "commodity": "metal", "price": 80}
            | {"capacity": 30, "start": "2027-07-01"},
            {"id": "kz", "supplier": "Blue", "country": "KAZ", "commodity": "ore", "price": 8}
            | {"capacity": 30},
        ],
        "facilities": [
            {"id": "smelter", "country": "KAZ", "capacity": 20}
            | {"processes": [{"id": "smelt", "inputs": {"ore": 1}, "outputs": {"metal": 1}}]}
        ],
        "lanes": [
            {"id": "cn-us", "origin": "CHN", **lane},
            {"id": "cn-jp", "origin": "CHN", **lane, "destination": "JPN"},
            {"id": "au-us", "origin": "AUS", **lane},
            {"id": "kz-us", "origin": "KAZ", **lane},
        ],
        "demand": [
            {"id": "us", "commodity": "metal", "country": "USA", "quantity": 100}
            | {"shortfall_cost": 1000}
        ],
    }


def with_ban(data: Data, *scenarios: Data, **fields: Any) -> Problem:
    """Return the problem with one event and scenarios (or calm and the event, half each)."""
    given = scenarios or (
        {"id": "calm", "probability": 0.5},
        {"id": "banned", "probability": 0.5, "events": ["ban"]},
    )
    return parse(data | {"events": [BAN | fields], "scenarios": list(given)})


def findings(data: Data, **tables: Any) -> list[str]:
    """Return what is wrong with the problem with some tables replaced."""
    with pytest.raises(InputError) as caught:
        parse(data | tables)
    return [str(item) for item in caught.value.findings]
