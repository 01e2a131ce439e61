"""Known answers of lanes: lead times, fixed costs, minimum loads, what is under way."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer import solve
from tests.chains import account, lane, needed, posed, sold

# lanes


def test_what_is_loaded_in_a_month_arrives_over_the_next_ones_by_days() -> None:
    # 336 t/yr are needed in February 2026 alone: 336 * 28 / 365 t. What January's 31 days load
    # arrives 31 days later, from 1 February to 3 March: 28 of 31 parts in time, the rest is sold
    # for nothing. 336 * 28 / 365 * 31 / 28 * 10 = 3,360 * 31 / 365
    parts = [{"count": 2, "length": "1 month"}, {"count": 1, "length": "10 months"}]
    problem = posed(
        periods={"start": "2026-01-01", "parts": [*parts, {"count": 1, "length": "1 yr"}]},
        offers=[sold("CHN", 10)],
        lanes=[lane("CHN", "USA", lead_time=31)],
        demand=[needed({"2026-01-01": 0, "2026-02-01": 336, "2026-03-01": 0})],
        outlets=[{"id": "out", "commodity": "x", "country": "USA", "price": 0}],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(3360 * 31 / 365)
    late = result.plan.sales
    assert late["node"].to_list() == ["2026-03-01"]
    assert late["tonnes"].sum() == pytest.approx(336 / 365 * 3)


def test_a_lead_time_beyond_a_year_skips_periods() -> None:
    # needed in 2028 and 2029, loaded two years of 365 days before. All that 2026 loads arrives in
    # 2028. What 2027 loads arrives from 31 December 2028 on: a day of it in 2028, 364 in 2029
    problem = posed(
        4,
        offers=[sold("CHN", 10)],
        lanes=[lane("CHN", "USA", lead_time=730)],
        demand=[needed({2026: 0, 2028: 100}, shortfall_cost=1000)],
    )
    result = solve(problem)
    # 2029 needs 100 t, which are 364/365 of 2027's load; the rest of that load spares 2026
    second = 100 * 365 / 364
    assert result.objective == pytest.approx(10 * (second + 100 - second / 365))


def test_what_is_under_way_at_the_end_has_its_terminal_value() -> None:
    # 73 of 365 days: 80 of 100 t arrive; 100 * 10 - 20 * 4
    problem = posed(
        offers=[sold("CHN", 10)],
        lanes=[lane("CHN", "USA", lead_time=73, terminal_value=4)],
        demand=[needed(80)],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(920)
    assert account(result, "terminal_value") == pytest.approx(-80)


def rivals(needs: float, outlet: bool = False, **fields: Any) -> float | None:
    """Return the cost where China's lane has freight 1 and more, Australia's freight 3."""
    out = [{"id": "out", "commodity": "x", "country": "USA", "price": 0}]
    problem = posed(
        offers=[sold("CHN", 10), sold("AUS", 10)],
        lanes=[
            lane("CHN", "USA", freight=1, capacity=100, **fields),
            lane("AUS", "USA", freight=3),
        ],
        demand=[needed(needs)],
        outlets=out if outlet else [],
    )
    return solve(problem).objective


def test_a_lane_is_used_where_it_earns_its_fixed_cost() -> None:
    # 40 * 13 = 520 beats 40 * 11 + 100; 60 * 11 + 100 = 760 beats 60 * 13
    assert rivals(40, fixed_cost=100) == pytest.approx(520)
    assert rivals(60, fixed_cost=100) == pytest.approx(760)


def test_a_lane_carries_its_minimum_or_nothing() -> None:
    # 40 * 13 = 520 beats 50 * 11; 50 * 11 = 550 beats 45 * 13, though 5 t go for nothing
    assert rivals(40, outlet=True, minimum_load=50) == pytest.approx(520)
    assert rivals(45, outlet=True, minimum_load=50) == pytest.approx(550)
    # nobody takes the 5 t: 45 * 13
    assert rivals(45, minimum_load=50) == pytest.approx(585)


def test_compliance_is_paid_by_the_tonne() -> None:
    # 10 + 1 + 1.5 beats 10 + 3; 10 + 1 + 2.5 does not
    assert rivals(40, compliance_cost=1.5) == pytest.approx(500)
    assert rivals(40, compliance_cost=2.5) == pytest.approx(520)


def test_goods_pass_through_a_third_country() -> None:
    # 100 / 0.9 t at 10 + 2 to Kazakhstan, 100 t at 3 from there
    problem = posed(
        offers=[sold("CHN", 10)],
        lanes=[lane("CHN", "KAZ", freight=2, loss=0.1), lane("KAZ", "USA", freight=3)],
        demand=[needed(100)],
    )
    assert solve(problem).objective == pytest.approx(1200 / 0.9 + 300)


def test_lead_times_of_two_lanes_add_up() -> None:
    # 73 days each: loaded in 2026, 4/5 reach Kazakhstan in 2026; of what leaves it then, 4/5 reach
    # the USA: 64 of 100 t
    problem = posed(
        offers=[sold("CHN", 10, capacity=100)],
        lanes=[lane("CHN", "KAZ", lead_time=73), lane("KAZ", "USA", lead_time=73)],
        demand=[needed(100, shortfall_cost=50)],
    )
    result = solve(problem)
    assert result.unmet["unmet_t"].sum() == pytest.approx(36)


def test_cargo_under_way_is_there_when_it_arrives() -> None:
    # 20 t arrive in 2027: 100 * 10 + 80 * 10
    cargo = {"id": "ship", "commodity": "x", "country": "USA", "tonnes": 20}
    problem = posed(
        2,
        offers=[sold("CHN", 10)],
        demand=[needed(100)],
        in_transit=[cargo | {"arrives": "2027-03-01"}],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(1800)
    assert result.purchases.groupby("node")["bought_t"].sum().to_list() == pytest.approx([100, 80])
