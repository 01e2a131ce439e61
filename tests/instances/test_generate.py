"""Generated problems: the same by seed, and of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instances.generate import random_contested, random_problem
from instances.rules import RULES, ReserveLimit, ShareCap, ShareFloor, StockTarget, Survival
from instances.rules.share_scope import Basis, EachCommodity, EachParty

if TYPE_CHECKING:
    from instances.problem import Problem

SEEDS = range(120)


@pytest.fixture(scope="module")
def problems() -> list[Problem]:
    return [random_problem(seed) for seed in SEEDS]


def test_equal_seeds_give_equal_problems() -> None:
    assert random_problem(7) == random_problem(7)
    assert random_problem(7).hash == random_problem(7).hash
    assert len({random_problem(seed).hash for seed in SEEDS}) == len(SEEDS)


def test_sizes_are_those_promised(problems: list[Problem]) -> None:
    for problem in problems:
        countries = {offer.country for offer in problem.offers} | set(problem.buyers)
        assert 2 <= len(countries) <= 8
        assert 1 <= len({item.commodity for item in problem.demand}) <= 4
    # three markets, of which each may add an ore, an oxide, a co-product and a substitute
    assert {len(problem.commodities) for problem in problems} >= {1, 2, 3, 5}
    assert max(len(problem.commodities) for problem in problems) <= 15
    assert {len(problem.nodes) for problem in problems} == {1, 2, 3, 4, 5}


def test_records_are_of_every_kind(problems: list[Problem]) -> None:
    offers = [offer for problem in problems for offer in problem.offers]
    assert any(offer.tranches for offer in offers)
    assert any(offer.start for offer in offers)
    assert any(offer.end for offer in offers)
    assert any(not offer.available.constant for offer in offers)
    assert any(offer.price and offer.price.interpolate for offer in offers)
    assert any(part.capacity is None for offer in offers for part in offer.slices)
    lanes = [lane for problem in problems for lane in problem.lanes]
    assert any(lane.tariff for lane in lanes)
    assert any(lane.loss for lane in lanes)
    assert any(lane.capacity for lane in lanes)
    assert any(len(lane.commodities) > 1 for lane in lanes)
    demands = [demand for problem in problems for demand in problem.demand]
    assert {len(demand.tiers) for demand in demands} == {0, 1, 2, 3}
    assert {demand.demand_class for demand in demands} == {"civil", "defence"}
    stores = [store for problem in problems for store in problem.stockpiles]
    for field in ("opening", "capacity", "fill_rate", "draw_rate", "decay", "terminal_value"):
        assert any(getattr(store, field) for store in stores), field
    assert any(store.opening and store.opening_country for store in stores)
    assert any(store.opening and not store.opening_country for store in stores)
    assert any(outlet.capacity is None for problem in problems for outlet in problem.outlets)
    assert any(outlet.capacity for problem in problems for outlet in problem.outlets)
    assert any(not problem.lanes for problem in problems)
    assert {problem.perspective for problem in problems} == {"buyer", "system"}
    assert {problem.discount.timing for problem in problems if problem.discount.rate} == {
        "start",
        "middle",
        "end",
    }
    assert len({problem.nodes[0].period.days for problem in problems}) > 3


def test_rules_are_of_every_family_and_form(problems: list[Problem]) -> None:
    rules = [rule for problem in problems for rule in problem.rules]
    # survival has problems of its own, with a tree of cut-offs: `random_survival`; reserves, too:
    # `random_contested`
    assert {type(rule) for rule in rules} == set(RULES) - {ReserveLimit, Survival}
    for family in (ShareCap, ShareFloor):
        shares = [rule for rule in rules if isinstance(rule, family)]
        assert {rule.denominator for rule in shares} == {"demand", "supply", "deliveries", "value"}
        assert {rule.basis for rule in shares} == set(Basis)
        assert {rule.hard for rule in shares} == {True, False}
        assert {rule.counts_unknown for rule in shares} == {True, False}
        assert any(rule.demand_class for rule in shares)
        assert any(rule.buyers for rule in shares)
        assert any(rule.stage for rule in shares)
        assert any(isinstance(rule.commodity, EachCommodity) for rule in shares)
        assert any(isinstance(rule.commodity, tuple) for rule in shares)
    caps = [rule for rule in rules if isinstance(rule, ShareCap)]
    assert any(isinstance(rule.of, EachParty) for rule in caps)
    assert any(not rule.counts_fill for rule in caps)
    targets = [rule for rule in rules if isinstance(rule, StockTarget)]
    assert any(rule.tonnes for rule in targets)
    assert any(rule.cover_days for rule in targets)
    assert any(rule.demand for rule in targets)
    assert {rule.hard for rule in targets} == {True, False}
    assert any(rule.start for rule in rules)
    assert any(rule.end for rule in rules)


def test_contested_supply_is_of_every_form() -> None:
    problems = [random_contested(seed) for seed in range(40)]
    assert problems[7] == random_contested(7)
    records = [
        record
        for item in problems
        for record in (*item.offers, *item.facilities, *item.expansions)
    ]
    assert {type(item).__name__ for item in records if item.delivery_probability < 1} == {
        "Offer",
        "Facility",
        "Expansion",
    }
    assert any(offer.allotted for item in problems for offer in item.offers)
    rules = [rule for item in problems for rule in item.rules]
    for family in (ShareCap, ShareFloor):
        assert any(rule.stake for rule in rules if isinstance(rule, family))
    limits = [rule for rule in rules if isinstance(rule, ReserveLimit)]
    assert {rule.hard for rule in limits} == {True, False}
    events = [event for item in problems for event in item.events]
    assert any(event.capex > 1 for event in events)
    assert any(event.lead_time for event in events)
