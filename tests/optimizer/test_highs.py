"""HiGHS: what stopped it, what it holds, and how it is stopped, on small abstract programs."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from instances.errors import SolverFailed
from optimizer.answer import Watch
from optimizer.compile import Matrices
from optimizer.highs import Instance, version
from optimizer.options import Options, Progress
from optimizer.status import Point, Status, Stop


def _program(
    cost: Any,
    matrix: Any,
    row_lower: Any,
    row_upper: Any,
    upper: float = np.inf,
    *,
    integer: bool = False,
    offset: float = 0.0,
) -> Matrices:
    """Return a program in columns from 0 to ``upper``."""
    table = np.atleast_2d(np.asarray(matrix, dtype=float))
    numbers = np.asarray(cost, dtype=float)
    columns, rows = np.nonzero(table.T)
    start = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=len(numbers)))])
    return Matrices(
        start=start.astype(np.int32),
        rows=rows.astype(np.int32),
        coefficients=table.T[columns, rows],
        cost=numbers,
        lower=np.zeros(len(numbers)),
        upper=np.full(len(numbers), upper),
        integer=np.full(len(numbers), integer),
        row_lower=np.asarray(row_lower, dtype=float),
        row_upper=np.asarray(row_upper, dtype=float),
        offset=offset,
        columns={},
        row_positions={},
        variables={},
        constraints={},
    )


def _hard() -> Matrices:
    """Return a knapsack of many limits: plans are found at once, the proof takes minutes."""
    draw = np.random.default_rng(1)
    weights = draw.integers(1, 1000, size=(30, 150)).astype(float)
    value = weights.mean(axis=0) + draw.integers(0, 100, size=150)
    limit = weights.sum(axis=1) / 2
    return _program(-value, weights, np.full(30, -np.inf), limit, 1.0, integer=True)


def _patient() -> Watch:
    """Return a watch that ends a solve nothing else ends."""
    return Watch(deadline=time.monotonic() + 20)


def _solve(matrices: Matrices, watch: Watch | None = None, **options: Any) -> Any:
    return Instance(matrices, Options(**options)).run(watch or Watch())


def test_the_optimum_comes_with_its_duals() -> None:
    # minimise 2x + 3y - 4, x + y >= 4, x <= 3: x = 3, y = 1, 9 - 4 = 5
    program = _program([2, 3], [[1, 1], [1, 0]], [4, -np.inf], [np.inf, 3], offset=-4)
    answer = _solve(program)
    assert answer.status == Status(Stop.FINISHED, Point.OPTIMAL)
    assert answer.objective == answer.bound == pytest.approx(5)
    assert answer.gap == 0
    assert answer.values.tolist() == pytest.approx([3, 1])
    # one more in the first row costs 3, one more in the second saves 1
    assert answer.row_dual.tolist() == pytest.approx([3, -1])
    assert answer.column_dual.tolist() == pytest.approx([0, 0])


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e9])
def test_answers_are_in_dollars_whatever_the_size_of_the_costs(size: float) -> None:
    program = _program(
        np.array([2, 3]) * size, [[1, 1], [1, 0]], [4, -np.inf], [np.inf, 3], offset=-4 * size
    )
    answer = _solve(program)
    assert answer.objective == pytest.approx(5 * size)
    assert answer.row_dual.tolist() == pytest.approx([3 * size, -size])


@pytest.mark.parametrize("integer", [False, True])
def test_infeasible_and_unbounded_are_told_apart(integer: bool) -> None:
    infeasible = _program([1, 1], [[1, 1]], [3], [np.inf], 1.0, integer=integer)
    assert _solve(infeasible).status == Status(Stop.FINISHED, Point.INFEASIBLE)
    unbounded = _program([-1, 0], [[1, -1]], [-np.inf], [1], integer=integer)
    answer = _solve(unbounded)
    assert answer.status == Status(Stop.FINISHED, Point.UNBOUNDED)
    assert answer.values is None
    assert answer.objective is None


def test_both_infeasible_and_unbounded_is_infeasible() -> None:
    # x would fall for ever, and y can be neither above 2 nor below 1
    program = _program([-1, 0], [[0, 1], [0, 1]], [2, -np.inf], [np.inf, 1])
    assert _solve(program).status.point is Point.INFEASIBLE


def test_whole_numbers_are_whole_and_have_no_duals() -> None:
    # minimise -x - y, 2x + 2y <= 3: one of the two, not 1.5
    answer = _solve(_program([-1, -1], [[2, 2]], [-np.inf], [3], 1.0, integer=True))
    assert answer.objective == pytest.approx(-1)
    assert sorted(answer.values.round(9).tolist()) == [0, 1]
    assert answer.row_dual is None


def test_a_time_limit_keeps_the_best_plan_and_its_bound() -> None:
    start = time.monotonic()
    answer = _solve(_hard(), Watch(deadline=start + 0.5), time_limit=0.5)
    assert time.monotonic() - start < 2.5
    assert answer.status == Status(Stop.TIME_LIMIT, Point.FEASIBLE)
    assert answer.bound < answer.objective < 0
    assert answer.gap == pytest.approx((answer.objective - answer.bound) / -answer.objective)


def test_a_linear_program_stopped_by_time_holds_nothing() -> None:
    draw = np.random.default_rng(0)
    matrix = draw.random((400, 400))
    program = _program(-draw.random(400), matrix, np.full(400, -np.inf), np.ones(400))
    answer = _solve(program, Watch(deadline=time.monotonic()))
    assert answer.status == Status(Stop.TIME_LIMIT, Point.NONE)
    assert answer.values is None


@pytest.mark.slow
def test_another_thread_stops_it_within_a_second_and_the_plan_is_kept() -> None:
    watch = _patient()
    stopped: list[float] = []

    def stop() -> None:
        stopped.append(time.monotonic())
        watch.cancel.set()

    timer = threading.Timer(1.5, stop)
    timer.start()
    answer = _solve(_hard(), watch)
    late = time.monotonic() - stopped[0]
    timer.join()
    assert late < 1.5
    assert answer.status == Status(Stop.CANCELLED, Point.FEASIBLE)
    assert answer.values @ _hard().cost == pytest.approx(answer.objective)


def test_a_solve_cancelled_before_it_starts_holds_nothing() -> None:
    watch = Watch()
    watch.cancel.set()
    assert _solve(_hard(), watch).status == Status(Stop.CANCELLED, Point.NONE)


@pytest.mark.slow
def test_progress_tells_seconds_bound_incumbent_and_gap() -> None:
    told: list[Progress] = []
    start = time.monotonic()
    _solve(_hard(), Watch(progress=told.append, deadline=start + 2.5))
    assert 1 <= len(told) <= 3
    last = told[-1]
    assert last.bound is not None
    assert last.incumbent is not None
    assert last.bound < last.incumbent < 0
    assert last.gap == pytest.approx((last.incumbent - last.bound) / -last.incumbent)
    assert last.seconds == pytest.approx(len(told), abs=0.5)


@pytest.mark.slow
def test_an_error_of_the_callers_progress_stops_the_solver_and_comes_back() -> None:
    def fail(progress: Progress) -> None:
        raise ConnectionError("nobody listens")

    before = threading.active_count()
    with pytest.raises(ConnectionError, match="nobody listens"):
        _solve(_hard(), replace(_patient(), progress=fail))
    assert threading.active_count() == before


@pytest.mark.slow
def test_another_number_of_threads_is_refused_while_a_solve_runs() -> None:
    watch = _patient()
    answers: list[Any] = []
    runner = threading.Thread(target=lambda: answers.append(_solve(_hard(), watch)))
    runner.start()
    time.sleep(0.5)
    easy = _program([1], [[1]], [1], [np.inf])
    try:
        with pytest.raises(SolverFailed, match="1 thread"):
            _solve(easy, threads=2)
        assert _solve(easy, threads=1).objective == pytest.approx(1)
    finally:
        watch.cancel.set()
        runner.join()
    assert answers[0].status.stop is Stop.CANCELLED
    assert _solve(easy, threads=2).objective == pytest.approx(1)
    assert _solve(easy, threads=1).objective == pytest.approx(1)


def test_patches_change_bounds_rows_and_costs() -> None:
    instance = Instance(_program([2, 3], [[1, 1], [1, 0]], [4, -np.inf], [np.inf, 3]), Options())
    assert instance.run(Watch()).objective == pytest.approx(9)
    instance.change_rows(np.array([0]), np.array([5.0]), np.array([np.inf]))
    assert instance.run(Watch()).objective == pytest.approx(12)
    instance.change_bounds(np.array([0]), np.array([0.0]), np.array([1.0]))
    assert instance.run(Watch()).objective == pytest.approx(14)
    instance.change_cost(np.array([2.0, 1.0]), offset=10.0)
    assert instance.run(Watch()).objective == pytest.approx(15)
    column = instance.add_column(0.5)
    instance.add_row(6.0, np.inf, np.array([0, 1, column]), np.array([1.0, 1.0, 1.0]))
    assert instance.run(Watch()).objective == pytest.approx(15.5)


def test_what_highs_refuses_is_an_error_with_its_words() -> None:
    program = _program([1], [[1]], [1], [np.inf])
    instance = Instance(program, Options())
    with pytest.raises(SolverFailed, match="HiGHS refuses column bounds"):
        instance.change_bounds(np.array([7]), np.array([0.0]), np.array([1.0]))


def test_the_log_is_held() -> None:
    instance = Instance(_program([1], [[1]], [1], [np.inf]), Options())
    instance.run(Watch())
    assert any("HiGHS" in line for line in instance.log)


def test_the_version_is_that_of_highs() -> None:
    assert version().startswith("1.")
