from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem
from instances.referee.building import annuity
from instances.referee.windows import anniversary

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]
NODES = tuple(str(year) for year in range(2026, 2031))


def mine(facility: Data | None = None, **expansion: Any) -> Problem:
    """Return a mine that must be built, over five years, 2028 being a leap year."""
    process = {"id": "dig", "outputs": {"ore": 1}}
    site = {"id": "works", "country": "AUS", "processes": [process], "capacity": 0}
    wing = {"id": "wing", "facility": "works", "size": 1000, "capex": 500} | expansion
    return Problem.model_validate(
        {
            "name": "mine",
            "periods": {"start": "2026-01-01", "count": 5, "length": "1 yr"},
            "commodities": [{"id": "ore", "stage": "mine", "basis": "product"}],
            "facilities": [site | (facility or {})],
            "expansions": [wing],
            "outlets": [{"id": "out", "commodity": "ore", "country": "AUS", "price": 0}],
        }
    )


@pytest.fixture
def run_of(plan_of: PlanMaker) -> PlanMaker:
    """Make the plan that builds so much by node and runs so much in each year."""

    def plan(builds: dict[str, float], *tonnes: float) -> Plan:
        rows = list(zip(NODES, tonnes, strict=True)) if tonnes else []
        return plan_of(
            builds=[(node, "wing", size) for node, size in builds.items()],
            runs=[(node, "works", "dig", "any", amount) for node, amount in rows],
            sales=[(node, "out", "any", amount) for node, amount in rows],
        )

    return plan


def assert_most(
    problem: Problem, run_of: PlanMaker, builds: dict[str, float], *most: float
) -> None:
    """Assert that so much can be run in each year, and not a tonne in ten more."""
    assert check(problem, run_of(builds, *most)).faults == ()
    for number, node in enumerate(NODES):
        more = list(most)
        more[number] += 0.1
        (fault,) = check(problem, run_of(builds, *more)).faults
        assert fault.startswith(f"Facility 'works' runs {more[number]:,.10g} t in {node}, more ")


def test_an_expansion_ramps_up_from_the_day_it_is_commissioned(run_of: PlanMaker) -> None:
    problem = mine({"utilisation": 0.9}, lead_time=438, ramp=[0.25, 0.75])
    # 100 t/yr decided on 2026-01-01 are commissioned 365 + 73 days later, on 2027-03-15: a
    # quarter until 2028-03-15, three quarters until 2029-03-15, then all
    # 2027: 90 * 0.25 * 292/365 = 18
    # 2028: 90 * (0.25 * 74/366 + 0.75 * 292/366)
    # 2029: 90 * (0.75 * 73/365 + 292/365) = 85.5
    most = (0.0, 18.0, 90 * (0.25 * 74 + 0.75 * 292) / 366, 85.5, 90.0)
    assert_most(problem, run_of, {"2026": 100}, *most)


def test_what_is_built_in_several_years_adds_up(run_of: PlanMaker) -> None:
    problem = mine(lead_time=365)
    # on 2027-01-01 30 t/yr, on 2028-01-01 another 20, on 2028-12-31 another 366: a day of 366
    builds = {"2026": 30.0, "2027": 20.0, "2028": 366.0}
    assert_most(problem, run_of, builds, 0, 30, 50 + 1, 416, 416)


def test_an_expansion_adds_nothing_outside_the_dates_of_its_facility(run_of: PlanMaker) -> None:
    dates = {"start": "2027-07-20", "end": "2029-03-15", "capacity": 10}
    # 200 days of 2027 have passed: 165 left; 31 + 28 + 14 = 73 days of 2029
    most = (0, 110 * 165 / 365, 110, 110 * 73 / 365, 0)
    assert_most(mine(dates), run_of, {"2026": 100.0}, *most)


def test_a_decision_counts_from_the_first_day_on_which_it_can_be_taken(run_of: PlanMaker) -> None:
    problem = mine(start="2026-03-15", lead_time=219)
    # 73 + 219 = 292 days of 2026 pass; 73 are left
    assert_most(problem, run_of, {"2026": 100.0}, 20, 100, 100, 100, 100)


@pytest.mark.parametrize(("node", "wrong"), [("2026", True), ("2027", False), ("2029", True)])
def test_an_expansion_is_decided_within_its_dates(
    run_of: PlanMaker, node: str, wrong: bool
) -> None:
    problem = mine(start="2027-01-01", end="2029-01-01")
    faults = check(problem, run_of({node: 1.0})).faults
    fault = f"Expansion 'wing' builds 1 t/yr in {node}, when it cannot be decided."
    assert faults == ((fault,) if wrong else ())


def capex(problem: Problem, plan: Plan, account: str = "capex") -> list[float]:
    """Return undiscounted dollars by year."""
    verdict = check(problem, plan)
    assert verdict.faults == ()
    rows = verdict.costs[verdict.costs["account"] == account]
    return [float(amount) for amount in rows["amount_usd"]]


def test_a_lump_is_paid_when_it_is_decided(run_of: PlanMaker) -> None:
    problem = mine(capex={2026: 500, 2027: 400}, capex_mode="lump", lead_time=730, grant=0.1)
    plan = run_of({"2026": 10.0, "2027": 5.0})
    assert capex(problem, plan) == pytest.approx([5000, 2000, 0, 0, 0])
    assert capex(problem, plan, "grant") == pytest.approx([500, 200, 0, 0, 0])


def test_an_annuity_is_paid_from_commissioning_with_interest_until_then(
    run_of: PlanMaker,
) -> None:
    problem = mine(rate=0.1, life=20, lead_time=438, grant=0.25)
    # 10 t/yr at 500 USD lent for 438/365 = 1.2 years: 5,000 * 1.1^1.2; per year
    # 0.1 / (1 - 1.1^-20) = 0.117460 of it; 292 of 365 days of 2027
    due = 5000 * 1.1**1.2 * 0.1 / (1 - 1.1**-20)
    assert due == pytest.approx(658.46, abs=5e-3)
    plan = run_of({"2026": 10.0})
    assert capex(problem, plan) == pytest.approx([0, 0.8 * due, due, due, due])
    assert capex(problem, plan, "grant") == pytest.approx(
        [0, 0.2 * due, 0.25 * due, 0.25 * due, 0.25 * due]
    )


def test_an_annuity_ends_with_the_life_of_what_is_built(run_of: PlanMaker) -> None:
    problem = mine(rate=0, life=2, capex=730)
    # two years are 730.5 days, 730 when rounded to an even number: all of 2026 and 2027;
    # without interest half of 730 USD a year
    assert capex(problem, run_of({"2026": 1.0})) == pytest.approx([365, 365, 0, 0, 0])
    # from 2027-01-01 one day of the leap year is left over: 365 of 366
    assert capex(problem, run_of({"2027": 1.0})) == pytest.approx([0, 365, 365 * 365 / 366, 0, 0])


@pytest.mark.parametrize(
    ("rate", "life", "due"),
    [
        # CRF(8 %, 15 years)
        (0.08, 15, 0.116830),
        (0.0, 4, 0.25),
        (0.1, 1, 1.1),
    ],
)
def test_an_annuity_pays_a_loan_back(rate: float, life: float, due: float) -> None:
    assert annuity(rate, life) == pytest.approx(due, abs=5e-7)
    # its worth at the start is the dollar lent
    years = range(1, int(life) + 1)
    assert sum(annuity(rate, life) / (1 + rate) ** year for year in years) == pytest.approx(1)


def test_an_anniversary_is_the_same_day_of_a_later_year() -> None:
    assert anniversary(date(2027, 3, 15), 1) == date(2028, 3, 15)
    assert anniversary(date(2028, 2, 29), 0) == date(2028, 2, 29)
    assert anniversary(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert anniversary(date(2028, 2, 29), 4) == date(2032, 2, 29)


def test_what_is_left_of_a_lump_is_worth_something_at_the_end(run_of: PlanMaker) -> None:
    problem = mine(
        capex={2026: 500, 2027: 400},
        capex_mode="lump",
        life=8,
        lead_time=365,
        grant=0.1,
        salvage="straight_line",
    )
    plan = run_of({"2026": 10.0, "2027": 5.0})
    # at the end of 2030 four years of service are used of the first, three of the second:
    # 5000 * 4/8 + 2000 * 5/8 = 3750
    assert capex(problem, plan, "salvage") == pytest.approx([0, 0, 0, 0, 3750])
    assert capex(problem, plan, "granted_salvage") == pytest.approx([0, 0, 0, 0, 375])
    assert capex(problem, plan) == pytest.approx([5000, 2000, 0, 0, 0])
