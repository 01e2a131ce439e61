"""Until when a plant can be decided: worked by hand, branch by branch of the tree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from instances import parse
from optimizer import solve
from optimizer.sheet.calendar import commitments_of
from optimizer.sheet.choices import largest_choices

if TYPE_CHECKING:
    from optimizer import Result
    from optimizer.sheet.calendar import Commitment

EVEN = [
    {"id": "calm", "probability": 0.5},
    {"id": "banned", "probability": 0.5, "events": ["ban"]},
]


def _solved(event: dict[str, Any], *, sure: bool = False, **expansion: Any) -> Result:
    """Return the plan of a plant that is decided at once: 100 t a year are needed from 2028 on."""
    dig = [{"id": "dig", "outputs": {"metal": 1}, "cost": 10}]
    build = {"id": "build", "facility": "mill", "size": 100, "capex": 50, "capex_mode": "lump"}
    happens = [{"id": "banned", "probability": 1, "events": ["ban"]}]
    need = {"id": "us", "commodity": "metal", "country": "USA", "shortfall_cost": 400}
    return solve(
        parse(
            {
                "name": "plant",
                "periods": {"start": "2026-01-01", "count": 4, "length": "1 yr"},
                "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
                "facilities": [{"id": "mill", "country": "USA", "capacity": 0, "processes": dig}],
                "expansions": [build | {"lead_time": 365, "end": "2027-06-01"} | expansion],
                "demand": [need | {"quantity": {2026: 0, 2028: 100}}],
                "events": [{"id": "ban", "of": "USA"} | event],
                "scenarios": happens if sure else EVEN,
            }
        )
    )


def _decided(event: dict[str, Any], **changes: Any) -> Commitment:
    """Return what the calendar says of that plant."""
    result = _solved(event, **changes)
    (found,) = [item for item in commitments_of(result, date(2028, 1, 1)) if item.kind == "build"]
    return found


def test_a_plant_that_no_event_hits_waits_for_its_lead_time() -> None:
    # 500 days before 2028-01-01 is 135 days before 2027-01-01, whatever becomes of demand
    found = _decided({"start": "2027-01-01", "demand": 0.9}, lead_time=500)
    assert (found.by, found.serves) == (date(2028, 1, 1) - timedelta(days=500), date(2028, 1, 1))


def test_what_is_dearer_from_a_date_on_is_decided_the_day_before() -> None:
    found = _decided({"start": "2027-01-01", "demand": 0.9}, capex={2026: 50, 2027: 60})
    assert found.by == date(2026, 12, 31)


def test_what_would_take_longer_in_one_branch_is_decided_the_day_before() -> None:
    # calm: 2027-01-01 + 365 days = 2028-01-01 would do. Banned: what is decided on 2027-01-01
    # takes 730 days, until 2028-12-31; on 2026-12-31 365 days, until 2027-12-31
    found = _decided({"start": "2027-01-01", "lead_time": 365})
    assert (found.by, found.serves) == (date(2026, 12, 31), date(2028, 1, 1))
    assert (found.amount, found.usd) == (pytest.approx(100), pytest.approx(100 * 50))


def test_what_would_be_dearer_in_one_branch_is_decided_the_day_before() -> None:
    found = _decided({"start": "2027-01-01", "capex": 3})
    assert (found.by, found.serves) == (date(2026, 12, 31), date(2028, 1, 1))
    assert found.usd == pytest.approx(100 * 50)


def test_what_lasts_already_counts_as_long_as_it_does() -> None:
    # decided within 2026 it takes 365 + 180 days and costs half as much again; later is too late
    lasting = {"start": "2026-01-01", "length": "1 yr", "lead_time": 180, "capex": 1.5}
    found = _decided(lasting, sure=True, end="2027-01-01")
    # 545 days before 2028-01-01: 365 back to 2027-01-01, 180 more to 2026-07-05
    assert (found.by, found.serves) == (date(2026, 7, 5), date(2028, 1, 1))
    assert found.usd == pytest.approx(100 * 50 * 1.5)


def test_what_is_spent_on_a_plant_is_what_it_costs_when_it_is_decided() -> None:
    dear = {"start": "2026-01-01", "length": "1 yr", "capex": 1.5}
    chosen = largest_choices(_solved(dear, sure=True, end="2027-01-01"))
    spent = {item.table: item.spent_usd for item in chosen}
    # 100 t a year at 50 USD and half as much again; 2 years of 100 t at 10 USD
    assert spent == {"expansions": pytest.approx(7500), "facilities": pytest.approx(2000)}
