from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import check
from instances.directory import Directory
from instances.errors import InputError
from instances.parse import parse
from instances.plan import Plan
from instances.problem import Problem
from instances.rules.budget import Budget
from instances.words import Names

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]


def works(*rules: Data) -> Problem:
    """Return two years of a mine that is built at 50 a t/yr, half of it granted."""
    return Problem.model_validate(
        {
            "name": "works",
            "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
            "commodities": [{"id": "ore", "stage": "mine", "basis": "product"}],
            "facilities": [
                {
                    "id": "works",
                    "country": "AUS",
                    "processes": [{"id": "dig", "outputs": {"ore": 1}}],
                    "capacity": 0,
                }
            ],
            "expansions": [
                {"id": "wing", "facility": "works", "size": 100, "capex": 50}
                | {"capex_mode": "lump", "grant": 0.5}
            ],
            "rules": list(rules),
        }
    )


def budget(amount: Any, **fields: Any) -> Data:
    return {"id": "budget", "kind": "budget", "amount": amount} | fields


@pytest.fixture
def built(plan_of: PlanMaker) -> Plan:
    """Return the plan that builds 20 t/yr in each year."""
    return plan_of(builds=[("2026", "wing", 20), ("2027", "wing", 20)])


def test_what_is_spent_counts_in_the_payers_purse(built: Plan) -> None:
    values = {}
    for name, fields in {
        "net": {},
        "gross": {"accounts": ["capex"]},
        "public": {"payer": "public", "accounts": "all"},
        "elsewhere": {"of": "CHN"},
    }.items():
        verdict = check(works(budget(2000, **fields)), built)
        assert verdict.faults == ()
        values[name] = [use.value for use in verdict.uses]
    assert values == {
        "net": [500, 500],
        "gross": [1000, 1000],
        "public": [500, 500],
        "elsewhere": [0, 0],
    }


def test_a_budget_overspent_is_a_fault(built: Plan) -> None:
    assert check(works(budget({2026: 900, 2027: 400})), built).faults == (
        "Rule 'budget' (-, capex+grant) in 2027 is broken by 100 USD: 500 against a limit of 400 "
        "(USD), with 0 USD declared beyond it.",
    )


def test_what_was_left_before_counts_only_if_it_is_carried_over(built: Plan) -> None:
    rule = budget({2026: 600, 2027: 400}, carry_over=True)
    verdict = check(works(rule), built)
    assert verdict.faults == ()
    assert [(use.limit, use.slack) for use in verdict.uses] == [(600, 100), (500, 0)]
    short = check(works(rule | {"amount": {2026: 590, 2027: 400}}), built)
    assert "in 2027 is broken by 10 USD: 500 against a limit of 490" in short.faults[0]
    # what was spent before it holds is not counted, and nothing is carried into it
    late = check(works(rule | {"start": "2027-01-01"}), built)
    assert [(use.node, use.slack) for use in late.uses] == [("2027", -100)]


def test_excess_of_a_soft_budget_is_charged_by_the_dollar(plan_of: PlanMaker) -> None:
    plan = plan_of(
        builds=[("2026", "wing", 20)],
        excesses=[("2026", "budget", "-", "capex+grant", 100)],
    )
    verdict = check(works(budget(400, penalty=0.5)), plan)
    assert verdict.faults == ()
    assert verdict.totals.set_index("account").loc["penalty", "amount_usd"] == pytest.approx(50)


def test_it_says_what_it_limits() -> None:
    names = Names(commodities={}, countries={}, groups=frozenset({"partners"}))
    rule = Budget.model_validate(
        budget("50 MUSD/yr", carry_over=True, of="partners", source="law")
    )
    (line,) = rule.lines(Directory({"partners": frozenset({"AUS"})}, {}))
    assert rule.sentence(names) == (
        "The buyer may spend on building net of grants (the group partners) at most 50 million "
        "USD a year, and what was left before"
    )
    (period, *_) = works().nodes
    assert rule.sentence(names, line, period.period) == (
        "The buyer may spend on building net of grants (the group partners) at most 50 million "
        "USD in 2026, and what was left before"
    )
    public = Budget.model_validate(
        budget({2026: 1e6, 2027: 2e6}, payer="public", accounts="all", expansions=None)
    )
    assert public.sentence(names) == (
        "The public purse may spend on everything net of what it receives at most 1 million USD "
        "a year from 2026, 2 million USD a year from 2027 on"
    )


def test_raising_the_amount_relaxes_it() -> None:
    rule = Budget.model_validate(budget({2026: 1000, 2027: 3000}))
    (lever,) = rule.levers()
    assert (lever.field, lever.unit, lever.step, lever.direction) == ("amount", "USD/yr", 30, 1)
    assert rule.relaxed(lever, 30).amount.values == (1030, 3030)
    assert rule.relaxed(lever, -2000).amount.values == (0, 1000)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"accounts": ["capex", "shortfall"]}, "names shortfall, which is no line of money"),
        ({"of": "AUS", "expansions": ["wing"]}, "has both 'of' and 'expansions'"),
        ({"of": "AUS", "accounts": ["freight"]}, "go with the accounts capex and grant only"),
        ({"expansions": ["wign"]}, "names an expansion that does not exist"),
        ({"expansions": ["wing", "wing"]}, "stands twice"),
        ({"of": "AUX"}, "is neither a country code"),
        ({"amount": "5 t/yr"}, "does not measure the same"),
        ({"payer": "someone"}, "payer"),
    ],
)
def test_what_cannot_be_meant_is_refused(fields: Data, words: str) -> None:
    plain = works().to_plain()
    with pytest.raises(InputError) as error:
        parse(plain | {"rules": [budget(100) | fields]})
    assert words in str(error.value)
