from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import check
from instances.errors import InputError
from instances.parse import parse
from instances.plan import Plan
from instances.problem import Problem
from instances.rules.participation import Participation
from instances.words import Names

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]
RULE = {"id": "owner", "kind": "participation", "facility": "works", "rate": 0.0}


def mine(rule: Data | None = None, **tables: Any) -> Data:
    """Return two years of a mine: 60 a t/yr over six years at 0 %, ore at 30, digging at 18."""
    return {
        "name": "mine",
        "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
        "commodities": [
            {"id": "ore", "stage": "mine", "basis": "product", "market_price": 30},
            {"id": "grit", "stage": "waste", "basis": "product", "disposal_cost": 2},
        ],
        "facilities": [
            {
                "id": "works",
                "country": "AUS",
                "processes": [{"id": "dig", "outputs": {"ore": 1, "grit": 1}, "cost": 18}],
                "capacity": 0,
            }
        ],
        "expansions": [
            {"id": "wing", "facility": "works", "size": 100, "capex": 60, "life": 6, "rate": 0.2}
        ],
        "outlets": [{"id": "out", "commodity": "ore", "country": "AUS", "price": 0}],
        "rules": [RULE | (rule or {})],
    } | tables


@pytest.fixture
def dug(plan_of: PlanMaker) -> Plan:
    """Return the plan that builds 10 t/yr and digs 10 t in each of two years."""
    return plan_of(
        builds=[("2026", "wing", 10)],
        runs=[(node, "works", "dig", "any", 10) for node in ("2026", "2027")],
        sales=[(node, "out", "any", 10) for node in ("2026", "2027")],
        disposals=[(node, "grit", "any", "AUS", 10) for node in ("2026", "2027")],
    )


def test_what_is_earned_less_what_is_owed_is_left(dug: Plan) -> None:
    # 20 t at 30 - 18, of which 2 for the grit; owed 10 a year on each of 10 t/yr, twice
    verdict = check(Problem.model_validate(mine()), dug)
    assert verdict.faults == ()
    (use,) = verdict.uses
    assert (use.value, use.slack, use.unit) == (pytest.approx(0), pytest.approx(0), "USD")


def test_a_facility_that_does_not_pay_is_a_fault(dug: Plan) -> None:
    goods = mine()["commodities"]
    goods[0] |= {"market_price": 29}
    poor = Problem.model_validate(mine(commodities=goods))
    assert check(poor, dug).faults == (
        "Rule 'owner' (-, works) in 2026 is broken by 20 USD: -20 against a limit of 0 (USD), "
        "with 0 USD declared beyond it.",
    )
    allowed = Problem.model_validate(mine({"max_loss": 20}, commodities=goods))
    assert check(allowed, dug).faults == ()
    floor = {"id": "cfd", "facility": "works", "commodity": "ore", "floor": 30, "reference": 29}
    assert (
        check(Problem.model_validate(mine(commodities=goods, price_floors=[floor])), dug).faults
        == ()
    )


def test_a_thousandth_of_a_dollar_is_nobodys_loss(plan_of: PlanMaker) -> None:
    goods = mine()["commodities"]
    goods[0] |= {"market_price": 29}
    poor = Problem.model_validate(mine(commodities=goods))

    def of(size: float) -> Plan:
        years = ("2026", "2027")
        return plan_of(
            builds=[("2026", "wing", size)],
            runs=[(node, "works", "dig", "any", size) for node in years],
            sales=[(node, "out", "any", size) for node in years],
            disposals=[(node, "grit", "any", "AUS", size) for node in years],
        )

    # 2 USD are lost on each t/yr: 0.0008 on 400 g a year, which decide nothing, 0.002 on a kg
    assert check(poor, of(4e-4)).faults == ()
    assert any("is broken by 0.002 USD" in fault for fault in check(poor, of(1e-3)).faults)


def test_what_is_thrown_away_earns_nothing(plan_of: PlanMaker) -> None:
    plan = plan_of(
        builds=[("2026", "wing", 10)],
        runs=[("2026", "works", "dig", "any", 10)],
        disposals=[("2026", "grit", "any", "AUS", 10), ("2026", "ore", "any", "AUS", 10)],
    )
    # 10 t dug at 18 and 2 for the grit; the ore brings nothing; 200 are owed
    (use,) = check(Problem.model_validate(mine()), plan).uses
    assert use.value == pytest.approx(-180 - 20 - 200)


def test_it_says_what_it_asks() -> None:
    names = Names(commodities={}, countries={})
    rule = Participation.model_validate(RULE | {"rate": "8 %"})
    assert rule.sentence(names) == "What is built at works must pay its owner 8 % a year"
    loss = Participation.model_validate(RULE | {"rate": 0.125, "max_loss": "2 MUSD"})
    assert loss.sentence(names) == (
        "What is built at works must pay its owner 12.5 % a year, but for 2 million USD"
    )
    first, second = loss.levers()
    assert loss.relaxed(first, 5e5).max_loss == 2.5e6
    assert loss.relaxed(second, 0.025).rate == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"facility": "work"}, "names a facility that does not exist"),
        ({"start": "2026-01-01"}, "is judged over the whole horizon"),
        ({"rate": 1.5}, "rate"),
        ({"max_loss": "5 t"}, "does not measure the same"),
    ],
)
def test_what_cannot_be_meant_is_refused(rule: Data, words: str) -> None:
    with pytest.raises(InputError) as error:
        parse(mine(rule))
    assert words in str(error.value)


def test_it_needs_prices_and_something_to_build() -> None:
    data = mine(expansions=[])
    del data["commodities"][0]["market_price"]
    with pytest.raises(InputError) as error:
        parse(data)
    text = str(error.value)
    assert "names a facility at which nothing can be built" in text
    assert "State commodities[ore].market_price." in text
