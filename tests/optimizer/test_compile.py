"""Compile: the arrays say what Pyomo's rows say, entry by entry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pyomo.repn import generate_standard_repn

from instances.generate import large_problem, random_problem
from models import Frame, build
from models.index import Index
from optimizer.compile import Matrices, compile_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

Entries = dict[tuple[str, Any], float]


def _keys(matrices: Matrices) -> list[tuple[str, Any]]:
    return [(name, key) for name, index in matrices.variables.items() for key in index.rows()]


def _rows(matrices: Matrices) -> list[Entries]:
    """Return each row's non-zeros by variable and index."""
    keys = _keys(matrices)
    rows: list[Entries] = [{} for _ in matrices.row_lower]
    for column, key in enumerate(keys):
        for place in range(matrices.start[column], matrices.start[column + 1]):
            rows[matrices.rows[place]][key] = float(matrices.coefficients[place])
    return rows


def _linear(expression: Any) -> tuple[Entries, float]:
    repn = generate_standard_repn(expression)
    assert repn.is_linear()
    entries: Entries = {}
    for variable, number in zip(repn.linear_vars, repn.linear_coefs, strict=True):
        key = (variable.parent_component().name, variable.index())
        entries[key] = entries.get(key, 0.0) + number
    return {key: number for key, number in entries.items() if number}, repn.constant


def _assert_equal(frame: Frame) -> None:
    matrices = compile_frame(frame)
    rows = _rows(matrices)
    seen = []
    for name, index in frame.constraints.items():
        positions = matrices.row_positions[name]
        for key, position in zip(index.rows(), positions.tolist(), strict=True):
            constraint = getattr(frame.model, name)[key]
            entries, constant = _linear(constraint.body)
            assert rows[position] == pytest.approx(entries, rel=1e-14), (name, key)
            lower = -np.inf if constraint.lb is None else constraint.lb - constant
            upper = np.inf if constraint.ub is None else constraint.ub - constant
            assert matrices.row_lower[position] == pytest.approx(lower), (name, key)
            assert matrices.row_upper[position] == pytest.approx(upper), (name, key)
            seen.append(position)
    assert sorted(seen) == list(range(len(rows)))
    cost, constant = _linear(frame.model.objective.expr)
    found = {key: number for key, number in zip(_keys(matrices), matrices.cost, strict=True)}
    assert {key: number for key, number in found.items() if number} == pytest.approx(cost)
    assert matrices.offset == constant


def test_arrays_are_pyomos_rows_where_every_rule_is(every_rule: Problem) -> None:
    _assert_equal(build(every_rule))


def test_arrays_are_pyomos_rows_where_branches_are_weighed(every_branch: Problem) -> None:
    _assert_equal(build(every_branch))


@pytest.mark.parametrize("seed", range(8))
def test_arrays_are_pyomos_rows(seed: int) -> None:
    _assert_equal(build(random_problem(seed)))


def test_arrays_are_pyomos_rows_in_the_shape_of_large_problems() -> None:
    _assert_equal(build(large_problem(2, 4, 3, 3)))


def test_bounds_and_integers_are_the_variables(every_rule: Problem) -> None:
    frame = build(every_rule)
    matrices = compile_frame(frame)
    for name in frame.variables:
        for column, variable in zip(
            range(matrices.span(name).start, matrices.span(name).stop),
            (getattr(frame.model, name)[key] for key in frame.variables[name].rows()),
            strict=True,
        ):
            lower, upper = variable.bounds
            assert matrices.lower[column] == (-np.inf if lower is None else lower)
            assert matrices.upper[column] == (np.inf if upper is None else upper)
            assert matrices.integer[column] == variable.is_binary()
    chosen = {name for name, limits in frame.limits.items() if limits.binary}
    assert {"on", "start", "sail", "chosen"} <= chosen
    assert matrices.integer.sum() == sum(len(frame.variables[name]) for name in chosen)


def test_size_counts_columns_rows_and_numbers(three_sellers: Callable[..., Problem]) -> None:
    # columns: 3 offers, 3 lanes, 1 delivery, 2 tiers of shortfall
    # rows: balances of CHN, AUS, KAZ and USA, and the demand
    # numbers: 3 x (bought, shipped out), 3 shipped in and 1 delivered, 1 delivered and 2 short
    size = compile_frame(build(three_sellers())).size
    assert size == {"columns": 9, "rows": 5, "nonzeros": 13, "integers": 0}


def test_a_constant_part_of_the_cost_is_kept() -> None:
    frame = Frame()
    index = Index.of(("node",), ["2026"])
    frame.add_set("NODE", index)
    frame.add_variable("spend", "NODE", index)
    frame.add_objective(lambda model: 3 * model.spend["2026"] + 7)
    matrices = compile_frame(frame)
    assert matrices.offset == 7
    assert matrices.cost.tolist() == [3]


def test_a_coefficient_that_is_not_finite_is_an_error() -> None:
    frame = Frame()
    index = Index.of(("node",), ["2026"])
    frame.add_set("NODE", index)
    frame.add_variable("spend", "NODE", index)
    frame.add_objective(lambda model: 1e200 * (1e200 * model.spend["2026"]))
    with pytest.raises(ValueError, match="cost of the model is not finite"):
        compile_frame(frame)


def test_a_problem_without_anything_compiles(problem_of: Callable[..., Problem]) -> None:
    size = compile_frame(build(problem_of())).size
    assert size == {"columns": 0, "rows": 0, "nonzeros": 0, "integers": 0}


def test_a_span_is_the_columns_of_a_variable(three_sellers: Callable[..., Problem]) -> None:
    matrices = compile_frame(build(three_sellers()))
    prices = matrices.cost[matrices.span("buy")]
    assert prices.tolist() == [50, 80, 95]
    assert replace(matrices, offset=1.0).span("buy") == matrices.span("buy")
