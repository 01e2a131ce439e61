"""A tree of scenarios in the model: one branch is the deterministic model, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from instances.parse import parse
from models.build import build
from models.horizon import horizon
from models.voyages import at_sea, voyages
from optimizer.compile import compile_frame

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.compile import Matrices


def compiled(problem: Problem, **tables: object) -> Matrices:
    """Return the program of a problem with some tables replaced."""
    return compile_frame(build(parse(problem.to_plain() | tables)))


@pytest.mark.parametrize("count", [1, 2])
def test_a_tree_of_one_branch_gives_the_deterministic_rows(
    every_rule: Problem, count: int
) -> None:
    alone = compiled(every_rule)
    alike = [{"id": f"calm-{number}", "probability": 1 / count} for number in range(count)]
    tree = compiled(every_rule, scenarios=alike)
    for name in ("cost", "lower", "upper", "row_lower", "row_upper", "coefficients", "rows"):
        assert np.array_equal(getattr(alone, name), getattr(tree, name)), name
    assert np.array_equal(alone.integer, tree.integer)
    assert {name: index.rows() for name, index in alone.variables.items()} == {
        name: index.rows() for name, index in tree.variables.items()
    }
    assert {name: index.rows() for name, index in alone.constraints.items()} == {
        name: index.rows() for name, index in tree.constraints.items()
    }


def test_what_is_loaded_arrives_in_every_branch_that_follows(three_sellers) -> None:
    problem = three_sellers(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        events=[{"id": "ban", "of": "CHN", "availability": 0, "start": "2027-01-01"}],
        scenarios=[
            {"id": "calm", "probability": 0.75},
            {"id": "banned", "probability": 0.25, "events": ["ban"]},
        ],
    )
    time = horizon(problem)
    # 73 of the 365 days of 2026 are under way at its end
    assert sorted(voyages(time, 73.0)) == [
        ("2026", "2026", pytest.approx(0.8)),
        ("2026", "2027:banned", pytest.approx(0.2)),
        ("2026", "2027:calm", pytest.approx(0.2)),
        ("2027:banned", "2027:banned", pytest.approx(0.8)),
        ("2027:calm", "2027:calm", pytest.approx(0.8)),
    ]
    assert at_sea(time, np.full(3, 73.0)).tolist() == pytest.approx([0, 0.2, 0.2])
    assert time.worth.tolist() == pytest.approx([1, 0.25, 0.75])
