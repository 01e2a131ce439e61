"""The engine: whatever an edit changes, the warm answer is that of a solve from nothing."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from instances import apply, load
from instances.generate import random_problem
from models import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.engine import Axis, Family, Program, difference, learn, same_structure
from optimizer.highs import Instance
from optimizer.options import Options
from optimizer.status import Point
from tests.optimizer.random_edits import fitting_edit

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.compile import Matrices

PLAIN = Options(tie_break=False)


def _compiled(problem: Problem) -> Matrices:
    return compile_frame(build(problem))


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=[pytest.mark.deep] if seed in (1, 11) or seed > 11 else ())
        for seed in range(100)
    ],
)
def test_every_moved_program_answers_as_a_fresh_one(seed: int) -> None:
    draw = random.Random(seed)
    problem = random_problem(seed)
    program = Program(_compiled(problem), PLAIN)
    program.run(Watch())
    for _ in range(6):
        matrices = _compiled(apply(problem, [fitting_edit(draw, problem)]))
        if not program.fits(matrices):
            program = Program(matrices, PLAIN)
        program.move(matrices)
        warm = program.run(Watch())
        cold = Instance(matrices, PLAIN).run(Watch())
        assert warm.status.point is cold.status.point
        if cold.objective is not None:
            size = float(np.abs(matrices.cost * cold.values).sum()) + 1.0
            assert warm.objective == pytest.approx(cold.objective, abs=2e-6 * size)


def test_random_edits_change_numbers_and_often_the_structure() -> None:
    draw = random.Random(0)
    same = []
    for seed in range(6):
        problem = random_problem(seed)
        base = _compiled(problem)
        edits = [fitting_edit(draw, problem) for _ in range(5)]
        same += [same_structure(base, _compiled(apply(problem, [edit]))) for edit in edits]
    assert 5 <= sum(same) <= 25


def test_an_edit_of_the_structure_does_not_fit() -> None:
    problem = load("gallium-usa")
    base = _compiled(problem)
    assert not same_structure(base, _compiled(apply(problem, ["periods.count=3"])))
    assert same_structure(base, _compiled(apply(problem, ["offers[*].price*=2"])))


def test_a_difference_is_where_an_edit_reaches_and_nowhere_else() -> None:
    problem = load("gallium-usa")
    base = _compiled(problem)
    dearer = difference(base, _compiled(apply(problem, ["offers[chn-gallium].price*=2"])))
    years = len(problem.nodes)
    assert len(dearer.costs) == years
    assert len(dearer.rows) == len(dearer.columns) == len(dearer.entries) == 0
    # a coefficient that becomes 0 is no entry of the matrix any longer, and still a difference
    none = difference(base, _compiled(apply(problem, ["rules[cn-delivered].max_share=0"])))
    assert len(none.entries) == years


def test_a_product_of_two_axes_has_no_line() -> None:
    problem = load("gallium-usa")

    def product(point: np.ndarray) -> Matrices:
        cap, need = point
        return _compiled(
            apply(
                problem,
                [f"rules[cn-cap].max_share={cap}", f"demand[*].quantity*={need}"],
            )
        )

    assert learn(product, np.array([0.3, 0.9]), np.array([0.6, 1.1])) is None
    alone = learn(lambda point: product(np.array([0.5, *point])), np.array([0.9]), np.array([1.1]))
    assert alone is not None


@pytest.mark.parametrize(
    "path",
    ["rules[cn-cap].max_share", "offers[aus-gallium].price", "demand[usa-gallium].quantity"],
)
def test_the_slope_of_a_line_is_that_of_small_steps(path: str) -> None:
    problem = load("gallium-usa")
    low, high = {
        "max_share": (0.3, 0.7),
        "price": (4e5, 6e5),
        "quantity": (15.0, 25.0),
    }[path.rsplit(".", 1)[1]]
    family = Family(problem, [Axis(path)], PLAIN)
    assert family.prove([low], [high])
    assert family.line is not None
    at = low + 0.437 * (high - low)
    step = 1e-4 * (high - low)
    before, here, after = (family.solve([at + move], Watch()) for move in (-step, 0.0, step))
    assert before.objective is not None
    assert after.objective is not None
    slope = (after.objective - before.objective) / (2 * step)
    assert family.line.slope(here) == pytest.approx(slope, rel=1e-5)


def test_leaving_a_line_brings_every_number_back() -> None:
    problem = load("gallium-usa")
    family = Family(problem, [Axis("offers[*].price", "multiply")], PLAIN)
    plain = family.solve([1.0], Watch()).objective
    assert family.prove([0.5], [2.0])
    assert family.solve([2.0], Watch()).objective != pytest.approx(plain)
    family.distrust()
    assert family.way == "compiled"
    assert family.solve([1.0], Watch()).objective == pytest.approx(plain)


def test_infeasible_points_do_not_spoil_their_neighbours() -> None:
    problem = load("gallium-usa")
    family = Family(problem, [Axis("rules[ga-cover].cover_days")], PLAIN)
    costs = [family.solve([days], Watch()) for days in (60.0, 36_000.0, 60.0)]
    assert [answer.status.point for answer in costs] == [
        Point.OPTIMAL,
        Point.INFEASIBLE,
        Point.OPTIMAL,
    ]
    assert costs[0].objective == pytest.approx(costs[2].objective)
