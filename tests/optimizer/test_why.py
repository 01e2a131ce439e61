"""Why a supplier, contract, plant or lane is in the plan or out: every sum worked by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from instances import InputError, apply
from optimizer import Options, solve, why

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances import Problem

    Make = Callable[..., Any]


@pytest.fixture
def capped(three_sellers: Make, rule: Make) -> Problem:
    """Return G1 under a cap of 60 % on China: 60 t at 50, 30 at 80, 10 at 95 USD."""
    cap = rule("share_cap", id="cn", of="CHN", max_share=0.6, denominator="demand")
    return three_sellers(cap)


def test_what_a_rule_holds_back_is_told_with_what_it_is_worth(capped: Problem):
    told = why(capped, "chn")
    assert told.used
    assert told.amounts == {"2026": pytest.approx(60)}
    assert told.landed is not None
    # 95 USD the last tonne, less 50: the cap is worth 45 USD a tonne
    assert told.landed.cost_usd == pytest.approx(50)
    assert told.landed.worth_usd == pytest.approx(95)
    assert told.landed.limits == {("rules", "cn"): pytest.approx(45)}
    # the others sell 80 t: the 20 t that nobody else sells are bought from it until it costs as
    # much as going short, 400 USD
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(350)
    assert told.threshold.checked
    assert "China may supply at most 60 % of metal demand in 2026 (cn) holds it back" in str(told)


def test_a_cheap_supplier_that_is_sold_out_leaves_at_the_marginal_cost(capped: Problem):
    told = why(capped, "offers[aus]")
    assert told.landed is not None
    assert told.landed.limits == {("offers", "aus"): pytest.approx(15)}
    assert told.reduced_usd == pytest.approx(-15)
    # KAZ has 40 t left at 95: 15 USD more and Australia is as dear
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(15)
    assert told.threshold.inside_amount == pytest.approx(30)
    assert told.threshold.outside_amount == 0
    for shift, amount in ((14.9, 30), (15.1, 0)):
        bought = solve(apply(capped, [f"offers[aus].price+={shift}"])).purchases
        assert bought[bought["offer"] == "aus"]["bought_t"].sum() == pytest.approx(amount)


def test_the_rule_that_keeps_a_dear_supplier_in_is_named(capped: Problem):
    told = why(capped, "kaz")
    assert told.kept_in_by == ("cn",)
    assert "holds back what is cheaper, and so keeps it in." in told.summary()
    # 10 t short cost 400 each: 305 USD more than 95
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(305)


def test_who_is_out_enters_at_a_price_that_is_tried_on_both_sides(three_sellers: Make):
    problem = three_sellers()
    told = why(problem, "kaz")
    assert not told.used
    # China sells 200 t at 50: 45 USD below its 95
    assert told.landed is not None
    assert told.landed.worth_usd == pytest.approx(50)
    assert told.landed.reduced_usd == pytest.approx(45)
    assert told.reduced_usd == pytest.approx(45)
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(-45)
    assert told.threshold.inside_amount == pytest.approx(50)
    assert told.threshold.outside_amount == 0
    assert "It enters the plan when its price falls by 45 USD a tonne" in told.summary()


def test_a_ban_keeps_out_whatever_the_price(three_sellers: Make, rule: Make):
    ban = rule("share_cap", id="ban", of="KAZ", max_share=0, denominator="demand")
    told = why(three_sellers(ban), "kaz")
    assert not told.used
    assert told.threshold is None
    assert told.no_threshold == "even at a price of 0 it is not used"
    assert "even at a price of 0" in told.summary()


def test_landed_cost_adds_freight_duty_and_processing_on_the_way(
    problem_of: Make, need: Make, offer: Make
):
    ore = {"id": "ore", "stage": "mine", "basis": "product"}
    metal = {"id": "metal", "stage": "metal", "basis": "product", "customs_value": 100}
    sea = {"origin": "AUS", "destination": "USA", "commodities": ["metal"]}
    problem = problem_of(
        commodities=[ore, metal],
        offers=[offer("AUS", 10) | {"commodity": "ore"}, offer("CHN", 90, 200)],
        facilities=[
            {
                "id": "smelter",
                "country": "AUS",
                "capacity": 40,
                "processes": [
                    {"id": "p", "inputs": {"ore": 2}, "outputs": {"metal": 1}, "cost": 30}
                ],
            }
        ],
        lanes=[
            {"id": "sea", "freight": 5, "tariff": 0.1, **sea},
            {"id": "east", "freight": 0} | sea | {"origin": "CHN"},
        ],
        demand=[need(100)],
    )
    told = why(problem, "aus")
    assert told.landed is not None
    # 2 t of ore at 10, 30 of processing, 5 of freight, 10 % of 100: 65 of the 90 that China asks
    assert told.landed.accounts == {
        "purchase": pytest.approx(20),
        "processing": pytest.approx(30),
        "freight": pytest.approx(5),
        "tariff": pytest.approx(10),
    }
    assert told.landed.worth_usd == pytest.approx(90)
    assert told.landed.limits == {("facilities", "smelter"): pytest.approx(25)}
    assert told.landed.facilities == ("smelter",)
    assert told.landed.lanes == ("sea",)
    # 25 USD a tonne of metal are 12.50 a tonne of ore
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(12.5)
    plant = why(problem, "smelter")
    assert plant.landed is not None
    # the ore that it takes in is worth what it costs
    assert plant.landed.inputs_usd == pytest.approx(20)
    assert plant.landed.cost_usd == pytest.approx(65)
    assert plant.threshold is not None
    assert plant.threshold.change_usd == pytest.approx(25)
    lane = why(problem, "sea")
    assert lane.landed is not None
    assert lane.landed.cost_usd == pytest.approx(90)
    assert lane.threshold is not None
    assert lane.threshold.change_usd == pytest.approx(25)


def test_yes_no_choices_are_fixed_for_prices_and_solved_for_the_threshold(
    three_sellers: Make, offer: Make
):
    offers = [offer("CHN", 50, 200), offer("AUS", 40, 100, fixed_cost=2000)]
    problem = three_sellers(offers=offers)
    told = why(problem, "aus")
    # 100 t at 40 and 2,000 are 6,000 USD, 5,000 from China: 10 USD a tonne less and they are equal
    assert not told.used
    assert told.dual_kind == "fixed_integers"
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(-10)
    assert told.threshold.inside_amount == pytest.approx(100)
    assert told.threshold.checked


def test_an_expansion_is_weighed_by_what_its_capacity_earns(problem_of: Make, need: Make):
    offers: list[Any] = [
        {"id": "cn", "supplier": "CN", "country": "CHN", "commodity": "metal", "price": 90}
    ]
    plant = {
        "id": "plant",
        "country": "USA",
        "capacity": 20,
        "processes": [{"id": "p", "outputs": {"metal": 1}, "cost": 60}],
    }
    hall = {"id": "hall", "facility": "plant", "size": 30, "capex": 40, "capex_mode": "lump"}
    problem = problem_of(offers=offers, facilities=[plant], expansions=[hall], demand=[need(100)])
    told = why(problem, "hall")
    # a tonne made saves 90 - 60 = 30 USD of the 40 that a tonne a year costs
    assert not told.used
    assert told.reduced_usd == pytest.approx(10)
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(-10)
    assert "costs 40 USD" in told.summary()
    assert "earns 30 USD" in told.summary()


def test_a_contract_that_is_signed_at_will_is_told(three_sellers: Make):
    deal = {"id": "deal", "offer": "kaz", "maximum": 40, "price": 60, "commitment": "divisible"}
    told = why(three_sellers(contracts=[deal]), "deal")
    assert not told.used
    # China sells at 50
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(-10)


def test_without_a_plan_nothing_is_in_it(three_sellers: Make, need: Make):
    told = why(three_sellers(demand=[need(1000)]), "chn")
    assert not told.status.has_plan
    assert told.to_plain()["used"] is None
    assert "explain() says why" in told.summary()


def test_the_numbers_are_json(capped: Problem):
    plain = json.loads(json.dumps(why(capped, "aus").to_plain(), allow_nan=False))
    assert plain["accounts_usd"] == {"purchase": pytest.approx(80)}
    assert plain["marginal_usd"] == pytest.approx(95)
    assert plain["demand"] == "us"
    assert plain["limits"] == [{"table": "offers", "id": "aus", "usd": pytest.approx(15)}]


def test_an_unknown_or_ambiguous_id_is_refused(capped: Problem):
    with pytest.raises(InputError, match="Did you mean 'kaz'"):
        why(capped, "kazz")
    with pytest.raises(InputError, match="names nothing"):
        why(capped, "lanes[kaz]")


def test_time_that_runs_out_is_said(capped: Problem):
    told = why(capped, "kaz", Options(time_limit=1e-9))
    assert not told.complete or not told.status.has_plan
