"""The world's lithium deposits: which open at least cost, a large problem of yes and no."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from instances import apply, describe, load
from instances.facts import facts, origins
from optimizer import Options, Result, solve

PROBLEM = load("lithium-world")
README = describe("lithium-world").readme


def _stated() -> float:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert found is not None
    return float(found[1].replace(",", ""))


@pytest.fixture(scope="module")
def coarse() -> Result:
    return solve(PROBLEM, Options(gap=0.01))


@pytest.mark.slow
def test_a_coarse_plan_is_within_its_gap_of_the_known_optimum(coarse: Result) -> None:
    assert coarse.objective is not None
    assert _stated() * (1 - 1e-6) <= coarse.objective <= _stated() * 1.01


@pytest.mark.slow
def test_nothing_decided_now_helps_in_2027(coarse: Result) -> None:
    # 333,986.1 + a quarter of 84,951.6 = 355,224.0 t can be mined, 360,000 are needed
    unmet = coarse.unmet.set_index("node")["unmet_t"]
    assert unmet["2027"] == pytest.approx(4776, abs=1)
    assert "4,776 t are missing in 2027" in README
    delay = {item.id: item.lead_time / 365 for item in PROBLEM.expansions}
    assert min(delay.values()) == 3
    made = coarse.production.groupby("node").size()
    assert made["2027"] < made["2050"]


@pytest.mark.slow
def test_every_deposit_opens_once_and_whole(coarse: Result) -> None:
    size = {item.id: item.size for item in PROBLEM.expansions}
    opened = coarse.builds
    assert max(Counter(opened["expansion"]).values()) == 1
    assert list(opened["size_t_per_yr"]) == pytest.approx([size[id] for id in opened["expansion"]])


@pytest.mark.deep
def test_the_optimum_is_the_one_of_its_readme() -> None:
    result = solve(PROBLEM)
    assert result.objective == pytest.approx(_stated(), rel=2e-6)
    assert f"{len(result.builds)} of 160 open" in README


@pytest.mark.deep
@pytest.mark.parametrize(("factor", "opened"), [(0.75, 54), (1.25, 140)])
def test_paths_of_need_open_as_many_as_the_readme_says(factor: float, opened: int) -> None:
    path = apply(PROBLEM, [f"demand[world-lithium].quantity*={factor}"])
    # other plans within the gap open a few more or fewer
    assert len(solve(path, Options(gap=0.01)).builds) == pytest.approx(opened, abs=6)


def test_costs_from_technical_reports_are_the_facts() -> None:
    rows = {row.value: row for row in facts("lithium_deposits")}
    sourced = [item for item in PROBLEM.facilities if item.source]
    assert len(rows) <= len(sourced) == 54
    costs = Counter(item.processes[0].cost.values[0] for item in sourced)
    assert costs == Counter(row.value for row in facts("lithium_deposits"))
    (source,) = PROBLEM.sources
    assert (source.title, source.licence) == (
        origins()[source.id].title,
        origins()[source.id].licence,
    )
