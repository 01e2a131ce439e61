"""Events that hit building: dearer equipment, and plants that take longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import InputError, parse
from instances.check import check
from optimizer import solve

if TYPE_CHECKING:
    from instances import Problem


def _plant(*events: dict[str, Any], scenarios: Any = None, **expansion: Any) -> Problem:
    """Return 100 t needed in each of four years, short at 400; a plant that can be built."""
    dig = [{"id": "dig", "outputs": {"metal": 1}, "cost": 10}]
    build = {"id": "build", "facility": "mill", "size": 100, "capex": 50, "capex_mode": "lump"}
    return parse(
        {
            "name": "equipment",
            "periods": {"start": "2026-01-01", "count": 4, "length": "1 yr"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "facilities": [{"id": "mill", "country": "USA", "capacity": 0, "processes": dig}],
            "expansions": [build | {"lead_time": 365} | expansion],
            "demand": [
                {
                    "id": "us", "commodity": "metal", "country": "USA", "quantity": 100,
                    "shortfall_cost": 400,
                }
            ],
            "events": list(events),
            "scenarios": scenarios
            or [{"id": "all", "probability": 1, "events": [item["id"] for item in events]}],
        }
    )  # fmt: skip


def _event(**fields: Any) -> dict[str, Any]:
    return {"id": "ban", "of": "USA", "start": "2026-01-01", "length": "1 yr"} | fields


CALM = [{"id": "calm", "probability": 1}]


def test_a_plant_decided_while_equipment_is_dear_costs_more_or_waits() -> None:
    # built in 2026 it serves three years: 100 x 400 + 100 x 50 + 3 x 100 x 10
    calm = _plant(_event(capex=1.5), scenarios=CALM)
    assert solve(calm).objective == pytest.approx(40_000 + 5000 + 3000)
    # half as dear again it is built all the same: waiting costs a year of 39,000
    dear = _plant(_event(capex=1.5))
    assert solve(dear).objective == pytest.approx(40_000 + 7500 + 3000)
    # at ten times the price, 50,000 in 2026, it waits for 2027 and serves two years
    waits = _plant(_event(capex=10))
    result = solve(waits)
    assert result.objective == pytest.approx(80_000 + 5000 + 2000)
    assert result.builds["node"].tolist() == ["2027"]


def test_what_is_decided_meanwhile_takes_longer() -> None:
    # a year more: decided in 2026 it serves from 2028 on, decided in 2027 (no event) as well
    late = _plant(_event(lead_time=365))
    result = solve(late)
    assert result.objective == pytest.approx(80_000 + 5000 + 2000)
    # the referee refuses the plan that has it run in 2027
    calm = solve(_plant(_event(lead_time=365), scenarios=CALM))
    faults = check(late, calm.plan).faults
    assert any("mill" in fault for fault in faults)
    # while it lasts for ever, two years of lead time leave two of four
    endless = _plant({"id": "ban", "of": "mill", "lead_time": 365, "start": "2026-01-01"})
    assert solve(endless).objective == pytest.approx(80_000 + 5000 + 2000)


def test_interest_runs_as_long_as_it_takes_to_build() -> None:
    # annuity over 2 years at 10 %: 0.576190; decided in 2026 for 2028: 1.1^2 of interest
    yearly = {"capex_mode": "annual", "rate": 0.1, "life": 2, "capex": 500, "end": "2027-01-01"}
    result = solve(_plant(_event(lead_time=365), **yearly))
    annuity = 0.1 / (1 - 1.1**-2)
    # 730 and 365 days after 2026-01-01 begin 2028 and 2027; two years serve either way
    assert result.objective == pytest.approx(
        80_000 + 100 * 500 * 1.1**2 * annuity * 2 + 2000, rel=2e-3
    )
    assert result.verdict.faults == ()


def test_in_a_tree_each_branch_builds_at_what_it_costs_there() -> None:
    even = [
        {"id": "calm", "probability": 0.5},
        {"id": "banned", "probability": 0.5, "events": ["ban"]},
    ]
    # nobody can decide before 2027, when equipment may have become three times as dear
    ban = _event(start="2027-01-01", capex=3, lead_time=365)
    problem = _plant(ban, scenarios=even, start="2027-01-01")
    result = solve(problem)
    # calm: 2028 and 2029 served at 5,000; banned: what is decided in 2027 serves 2029 at 15,000,
    # what is decided in 2028, when the ban is over, at 5,000: 2029 and, 365 days later, the last
    # of the 366 days of 2028
    calm = 2 * 40_000 + 5000 + 2000
    banned = 3 * 40_000 + 5000 + 1000 - 100 / 366 * (400 - 10)
    assert result.objective == pytest.approx(0.5 * calm + 0.5 * banned)
    sentence = problem.events[0].sentence(problem.names)
    assert "capital cost times 3" in sentence
    assert "takes 365 days longer" in sentence


def test_where_nothing_can_be_built_nothing_is_hit() -> None:
    with pytest.raises(InputError, match="can be expanded"):
        _plant(_event(of="CHN", capex=2))
