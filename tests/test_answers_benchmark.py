"""Known answers on capacity at a stage; the sum stands in a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from instances.check import check
from instances.plan import Plan
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]


# Benchmarks: 100 t/yr of metal and of alloy are consumed; works make metal in Finland


def _works(**fields: Any) -> dict[str, Any]:
    process = {"id": "p", "outputs": {"metal": 1}, "cost": 60}
    return {"id": "works", "country": "FIN", "capacity": 10, "processes": [process]} | fields


@pytest.fixture
def europe(problem_of: Make, offer: Words) -> Make:
    """Make 100 t/yr of two goods needed in Germany, and works in Finland that can be enlarged."""

    def make(*rules: Any, **tables: Any) -> Problem:
        goods = {"stage": "metal", "basis": "product"}
        tables = {
            "groups": {"eu": ["DEU", "FIN"]},
            "commodities": [{"id": "metal", **goods}, {"id": "alloy", **goods}],
            "offers": [offer("CHN", 50), offer("CHN", 70, id="cn-alloy", commodity="alloy")],
            "demand": [
                {"id": "m", "commodity": "metal", "country": "DEU", "quantity": 100},
                {"id": "a", "commodity": "alloy", "country": "DEU", "quantity": 100},
            ],
            "facilities": [_works()],
            "expansions": [
                {"id": "e", "facility": "works", "size": 200, "capex": 8, "capex_mode": "lump"}
            ],
        } | tables
        return problem_of(rules=list(rules), **tables)

    return make


def _bench(share: Any, **fields: Any) -> dict[str, Any]:
    rule = {"id": "rule", "kind": "benchmark", "of": "eu", "stage": "metal", "min_share": share}
    return rule | fields


def test_a_benchmark_is_built_not_run(europe: Make) -> None:
    # the mean of both goods is to be 0.4: of metal 80 t/yr, alloy having none. 70 t/yr more at 8;
    # China sells all the same: 100 * 50 + 100 * 70 + 70 * 8
    result = solve(europe(_bench(0.4)))
    assert result.objective == pytest.approx(12_560)
    (row,) = result.rules.itertuples()
    assert row.value == pytest.approx(0.4)
    # a point of the mean is 2 t/yr at 8
    assert row.shadow_price_usd == pytest.approx(100 * 2 * 8)
    assert result.builds["size_t_per_yr"].tolist() == pytest.approx([70])


def test_no_material_counts_more_than_once(europe: Make) -> None:
    # both at 0.5 cannot be: metal alone gives at most 1, a mean of a half
    assert solve(europe(_bench(0.5))).objective == pytest.approx(12_000 + 90 * 8)
    result = solve(europe(_bench(0.6)))
    (broken,) = result.broken
    assert (broken.id, broken.unit) == ("rule", "fraction")
    assert broken.amount == pytest.approx(0.1)


def test_each_material_can_have_the_benchmark_of_its_own(europe: Make) -> None:
    # metal 30 t/yr more; alloy has nothing: 40 points short at 3 each
    result = solve(europe(_bench(0.4, aggregate=False, penalty_per_point=3)))
    # metal's 30 points would be short at 3 a point, less than the 8 of building one
    assert result.objective == pytest.approx(12_000 + 30 * 3 + 40 * 3)
    result = solve(europe(_bench(0.4, aggregate=False, penalty_per_point=9)))
    assert result.objective == pytest.approx(12_000 + 30 * 8 + 40 * 9)
    assert result.rules["excess"].tolist() == pytest.approx([0, 0.4])


def test_offers_of_members_are_capacity_and_content_counts(europe: Make, offer: Words) -> None:
    goods = {"stage": "metal", "basis": "product"}
    ore = {"id": "ore", "stage": "mine", "basis": "product", "material": "metal", "content": 0.25}
    problem = europe(
        _bench(0.1, stage="mine"),
        commodities=[{"id": "metal", **goods}, {"id": "alloy", **goods}, ore],
        offers=[
            offer("CHN", 50),
            offer("CHN", 70, id="cn-alloy", commodity="alloy"),
            offer("DEU", 5, 60, id="ore", commodity="ore"),
        ],
    )
    # 60 t/yr of ore hold 15 of metal, more than a tenth of what is consumed
    result = solve(problem)
    assert result.objective == pytest.approx(12_000)
    assert result.rules["value"].tolist() == pytest.approx([0.15])


def test_what_is_built_counts_once_it_is_commissioned(europe: Make) -> None:
    years = {"start": "2026-01-01", "count": 3, "length": "1 yr"}
    slow = {"id": "e", "facility": "works", "size": 200, "capex": 8, "capex_mode": "lump"}
    problem = europe(
        _bench({2027: 0.1, 2028: 0.4}),
        periods=years,
        expansions=[slow | {"lead_time": 730}],
    )
    # decided in 2026 it stands on the 1st of January 2028: 2027 has the 10 t/yr that stand, a mean
    # of 0.05
    (broken,) = solve(problem).broken
    assert (broken.node, broken.amount) == ("2027", pytest.approx(0.05))
    problem = europe(_bench({2028: 0.4}), periods=years, expansions=[slow | {"lead_time": 730}])
    assert solve(problem).objective == pytest.approx(3 * 12_000 + 70 * 8)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"facilities": [_works(capacity=None)]}, "counts the capacity of facilities.works."),
        ({"groups": {"eu": ["FIN"]}}, "but it has no demand for what is made at stage metal"),
    ],
)
def test_a_benchmark_needs_capacities_and_consumption(
    europe: Make, tables: Any, words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        europe(_bench(0.4), **tables)


def test_a_plan_that_says_it_built_less_is_refused(europe: Make) -> None:
    result = solve(europe(_bench(0.4)))
    builds = result.plan.builds.assign(size=69.0)
    plan = Plan(**result.plan.tables() | {"builds": builds})
    faults = check(result.problem, plan).faults
    # 79 t/yr are a mean of 0.395
    assert faults[0].startswith(
        "Rule 'rule' (eu, metal+alloy) in 2026 is broken by 0.005 fraction"
    )
