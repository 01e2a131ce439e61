"""Levers: what a problem offers to move, where it stands and how far it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import instances
from optimizer import solve
from service.levers import levers

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def named(problem: Problem) -> dict[str, dict[str, Any]]:
    return {lever["path"]: lever for lever in levers(problem)}


def test_a_schedule_has_a_lever_for_each_date_and_a_path_for_all() -> None:
    found = named(instances.load("gallium-usa"))
    first = found["rules[cn-cap].max_share[2026]"]
    assert (first["now"], first["low"], first["high"], first["unit"]) == (0.9, 0, 1, "fraction")
    assert (first["whole"], first["date"]) == ("rules[cn-cap].max_share", "2026")
    assert first["sentence"].startswith("China may supply at most 90 % in 2026")
    cover = found["rules[ga-cover].cover_days[2030]"]
    assert (cover["now"], cover["unit"], cover["high"]) == (180, "d", 730)
    assert found["rules[partner-cap].max_share"]["date"] is None
    assert found["demand[*].quantity*"] | {"sentence": ""} == {
        "of": "demand",
        "sentence": "",
        "path": "demand[*].quantity*",
        "whole": "demand[*].quantity*",
        "date": None,
        "factor": True,
        "unit": "fraction",
        "step": 0.01,
        "low": 0.0,
        "high": 2.0,
        "now": 1.0,
    }


@pytest.mark.parametrize("name", ["gallium-usa", "eu-crma", "magnets-controls", "farmer"])
def test_every_lever_can_be_moved_to_where_it_stands_and_to_a_step_beside(name: str) -> None:
    problem = instances.load(name)
    offered = [lever for lever in levers(problem) if lever["of"] != "scenarios"]
    assert offered
    for lever in offered:
        beside = lever["now"] - lever["step"]
        if beside < lever["low"]:
            beside = lever["now"] + lever["step"]
        assert lever["low"] <= lever["now"] <= lever["high"]
        assert lever["low"] <= beside <= lever["high"]
        for path in {lever["path"], lever["whole"]}:
            moved = instances.apply(problem, [f"{path}={beside}"])
            if not lever["factor"]:
                reached = {item["path"]: item["now"] for item in levers(moved)}
                assert beside in reached.values(), path


def test_scenarios_are_moved_together() -> None:
    problem = instances.load("magnets-controls")
    chances = [lever for lever in levers(problem) if lever["of"] == "scenarios"]
    assert [lever["path"] for lever in chances] == [
        "scenarios[calm].probability",
        "combinations[controls].probability",
    ]
    assert sum(lever["now"] for lever in chances) == pytest.approx(1)
    sure = instances.apply(
        problem, [f"{lever['path']}={int(lever is chances[0])}" for lever in chances]
    )
    assert [lever["now"] for lever in levers(sure) if lever["of"] == "scenarios"] == [1, 0]


def test_a_scenario_taken_for_sure_leaves_the_rest_as_courses_that_the_plan_must_bear() -> None:
    goods = {"id": "metal", "stage": "metal", "basis": "product"}
    offer = {"id": "cn", "supplier": "A", "country": "CHN", "commodity": "metal", "price": 50}
    need = {"id": "us", "commodity": "metal", "country": "USA", "quantity": "100 t/yr"}
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 6}
    ban = {"id": "ban", "of": "CHN", "availability": 0.4, "start": "2027-01-01", "length": "1 yr"}
    problem = instances.parse(
        {
            "name": "ban",
            "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
            "commodities": [goods],
            "offers": [{**offer, "capacity": "200 t/yr"}],
            "demand": [need],
            "stockpiles": [{**vault, "release": "declared", "declared_by": ["ban"]}],
            "events": [ban],
            "scenarios": [
                {"id": "calm", "probability": 0.9},
                {"id": "banned", "probability": 0.1, "events": ["ban"]},
            ],
        }
    )
    sure = ["scenarios[calm].probability=1", "scenarios[banned].probability=0"]
    # 80 t are left in a ban, and hard demand is met there, too, with 20 t from the vault, however
    # unlikely it is: 100 x 50 + 20 x (50 + 6) in 2026 and 100 x 50 + 20 x 6 in 2027
    assert solve(instances.apply(problem, sure)).objective == pytest.approx(11_240)


def test_a_budget_reaches_to_twice_what_it_is(
    three_sellers: Callable[..., Problem], rule: Callable[..., dict[str, Any]]
) -> None:
    budget = {"id": "purse", "kind": "budget", "amount": 9000, "accounts": ["purchase"]}
    found = named(three_sellers(budget))["rules[purse].amount"]
    # a hundredth is a step
    assert (found["now"], found["low"], found["high"]) == (9000, 0, 18000)
    assert (found["step"], found["unit"]) == (90, "USD/yr")


def test_dates_share_a_range_and_what_stands_at_nothing_has_one() -> None:
    found = named(instances.load("australia-reserve"))
    amounts = [lever for path, lever in found.items() if path.startswith("rules[offtake-money]")]
    # 668 million USD in 2026 and nothing from 2027 on: both reach twice the larger
    assert [lever["now"] for lever in amounts] == [668e6, 0]
    assert [lever["high"] for lever in amounts] == [1336e6, 1336e6]
    loss = found["rules[wagerup-owner].max_loss"]
    # steps of 1,000 USD, a thousand of them
    assert (loss["now"], loss["step"], loss["high"]) == (0, 1000, 1e6)
