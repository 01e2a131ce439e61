"""The rare earths under controls that may come back, as its README tells them."""

from __future__ import annotations

import pytest

from instances import describe, load
from optimizer import solve


def test_every_onset_length_and_depth_is_a_scenario() -> None:
    problem = load("rare-earths-controls")
    # three onsets, three lengths, two depths, and calm
    assert len(problem.branches) == 3 * 3 * 2 + 1
    assert sum(branch.probability for branch in problem.branches) == pytest.approx(1)
    assert all(branch.events[-1].id == "licences" for branch in problem.branches)
    # what begins later shares 2027 with calm; half a year is over by its end, at either depth
    nodes = [node for node in problem.nodes if node.period.label == "2027"]
    assert sorted(len(node.scenarios) for node in nodes) == [1, 1, 2, 2, 13]


@pytest.mark.slow
def test_the_expected_cost_is_the_one_its_readme_states() -> None:
    result = solve(load("rare-earths-controls"))
    assert f"{result.objective:,.0f} USD expected" in describe("rare-earths-controls").readme
    assert result.unmet["unmet_t"].sum() == pytest.approx(0, abs=1e-6)
    assert result.scenarios["cost_usd"].max() == pytest.approx(1.760e9, rel=1e-3)
