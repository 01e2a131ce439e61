"""Solve: the way from a problem to its result, as a table of contents."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.check import check
from instances.errors import CheckFailed, Finding, InputError, SolverFailed
from instances.referee.goals import check_goals
from models.build import build
from optimizer.answer import Answer, Watch
from optimizer.compile import Floats, Matrices, compile_frame
from optimizer.cuts import Cuts
from optimizer.elastic import breaks
from optimizer.extract import plan_of
from optimizer.goals import Reached, goal_claims, seek
from optimizer.highs import Instance
from optimizer.leakage import leak_words, leaks
from optimizer.one_branch import want_one_branch
from optimizer.options import Options, Progress
from optimizer.prices import DualKind, shadow_prices
from optimizer.record import run_record
from optimizer.result import Result
from optimizer.rule_prices import rule_prices
from optimizer.share_intervals import share_intervals
from optimizer.share_questions import questions_of
from optimizer.span import span_warnings
from optimizer.status import Point, Status, Stop
from optimizer.tie_break import break_ties
from optimizer.warn import warnings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from instances.problem import Problem


SAME = 1e-6
"""Relative difference of costs that is the solver's own tolerance."""


@dataclass
class _Clock:
    """Seconds spent in each phase."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, phase: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[phase] = time.perf_counter() - start


def solve(
    problem: Problem,
    options: Options | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> Result:
    """Return the least-cost plan of ``problem``, or the proof that there is none.

    Parameters
    ----------
    options
        How to solve; the defaults if not given.
    progress
        Called about once a second while the solver runs.
    cancel
        Set it from another thread to stop: the best plan held so far is kept. Ctrl-C does the
        same.

    Raises
    ------
    InputError
        An option asks for the share of what the problem does not have, or the numbers of a row
        lie further apart than a solver can see.
    SolverFailed
        HiGHS reports an error.
    CheckFailed
        The referee disagrees with the plan: a bug of ours.
    """
    options = options or Options()
    by_cost_alone = len(options.aims(problem)) == 1
    if problem.risk is not None and not problem.risk.neutral and not by_cost_alone:
        raise InputError(
            [
                Finding(
                    "risk",
                    "weighs the costs of scenarios, which goes with no list of goals",
                    problem.risk.sentence(),
                    remedy="Drop 'risk', or the goals.",
                )
            ]
        )
    if options.asks_shares:
        want_one_branch(problem, "an interval of shares")
    asked = (
        questions_of(problem, options.share_intervals, options.shares_of)
        if options.asks_shares
        else None
    )
    clock = _Clock()
    start = time.monotonic()
    watch = Watch(
        progress=progress,
        cancel=cancel or threading.Event(),
        deadline=None if options.time_limit is None else start + options.time_limit,
    )
    with clock("build"):
        frame = build(problem)
    with clock("compile"):
        matrices = compile_frame(frame)
        far_apart = span_warnings(matrices)
    instance = Instance(matrices, options)
    data = problem.realised
    cuts = Cuts(data, matrices, options.hhi_tolerance)
    with clock("solve"):
        reached = None
        if by_cost_alone:
            first = cuts.solve(instance, watch)
            first, leaking = _whole(cuts, instance, first, watch)
        else:
            reached = seek(data, matrices, cuts, instance, options, watch)
            first, leaking = reached.answer, ()
    if first.values is None:
        return _without_plan(problem, options, cuts, instance, first, watch, clock)
    with clock("refine"):
        if reached is None:
            refined = _refine(data, options, cuts, instance, first, watch)
            first = _paid(first, refined.cost, options)
        else:
            refined = _by_goals(matrices, reached)
    with clock("extract"):
        plan = plan_of(data, matrices, refined.values)
    with clock("check"):
        verdict = check(problem, plan, claimed=refined.cost)
        faults = verdict.faults
        if reached is not None:
            faults += check_goals(problem, plan, verdict, goal_claims(reached.goals))
        if faults:
            raise CheckFailed(faults)
    intervals = None
    if asked is not None:
        with clock("share intervals"):
            intervals = share_intervals(asked, plan, verdict.uses, options, watch)
    priced = None
    if options.rule_prices:
        with clock("rule prices"):
            priced = rule_prices(
                problem, None, _with_time_left(options, watch), cancel=watch.cancel
            )
    assert first.objective is not None
    objective = min(first.objective, refined.cost)
    return Result(
        problem=problem,
        status=first.status,
        objective=objective,
        bound=None if first.bound is None else min(first.bound, objective),
        gap=first.gap,
        decisions=plan,
        prices=refined.prices,
        intervals=intervals,
        rule_prices=priced,
        goals=None if reached is None else reached.goals,
        warnings=warnings_of(data, plan, verdict) + refined.warnings + far_apart + leaking,
        record=run_record(
            problem, options, matrices, clock.seconds, refined.facts | cuts.facts, instance.log
        ),
    )


@dataclass(frozen=True, eq=False)
class _Refined:
    """The point that is reported, with its prices."""

    values: Floats
    cost: float
    prices: pd.DataFrame | None
    warnings: tuple[str, ...]
    facts: dict[str, Any]


def _refine(
    problem: Problem,
    options: Options,
    cuts: Cuts,
    instance: Instance,
    first: Answer,
    watch: Watch,
) -> _Refined:
    """Fix yes/no choices, take duals, and break ties."""
    assert first.values is not None
    assert first.objective is not None
    kind: DualKind = "lp"
    answer, matrices = first, cuts.matrices
    if matrices.integer.any():
        kind = "fixed_integers"
        matrices, answer = _fix_integers(cuts, instance, first, watch)
    if answer.row_dual is None or answer.values is None:
        note = "the solver was stopped before shadow prices could be taken"
        return _Refined(first.values, first.objective, None, (note,), {"tie_break": "not run"})
    prices = shadow_prices(problem, matrices, answer.values, answer.row_dual, kind)
    facts = {"tie_break": "off"}
    values = None
    if options.tie_break and first.status.point is Point.OPTIMAL:
        start = time.perf_counter()
        values = break_ties(problem, matrices, cuts, instance, answer, watch)
        facts = {
            "tie_break": "kept the first plan" if values is None else "chose among equal plans"
        }
        facts["tie_break_seconds"] = f"{time.perf_counter() - start:.3f}"
    chosen = answer.values if values is None else values
    cost = float(matrices.cost @ chosen) + matrices.offset
    return _Refined(chosen, cost, prices, (), facts)


def _with_time_left(options: Options, watch: Watch) -> Options:
    left = watch.left()
    return options.model_copy(update={"time_limit": None if left == np.inf else max(left, 0.0)})


def _by_goals(matrices: Matrices, reached: Reached) -> _Refined:
    """Return the point that several goals led to."""
    assert reached.values is not None
    cost = float(matrices.cost @ reached.values) + matrices.offset
    facts = {"tie_break": "off: goals decide"}
    return _Refined(reached.values, cost, reached.prices, reached.warnings, facts)


def _whole(
    cuts: Cuts, instance: Instance, first: Answer, watch: Watch
) -> tuple[Answer, tuple[str, ...]]:
    """Return an answer whose choices are whole if there is one, and what to say if there is not.

    A choice that the solver takes for whole may let through more than rounding. It is then asked
    again, as exactly as it can.
    """
    if first.values is None or not leaks(cuts.matrices, first.values):
        return first, ()
    instance.want_whole_choices()
    second = cuts.solve(instance, watch)
    if second.values is not None or second.status.stop is Stop.FINISHED:
        first = second
    left = () if first.values is None else leaks(cuts.matrices, first.values)
    return first, (leak_words(left),) if left else ()


def _paid(first: Answer, cost: float, options: Options) -> Answer:
    """Return the answer at the cost of the plan that is shown.

    Choices that are rounded may cost more than the solver counted for them; what it proved is
    the bound, and the gap to it.
    """
    assert first.objective is not None
    size = max(1.0, abs(cost))
    if cost - first.objective <= SAME * size:
        return first
    gap = None if first.bound is None else abs(cost - first.bound) / max(abs(cost), 1e-12)
    point = Point.OPTIMAL if gap is not None and gap <= options.gap else Point.FEASIBLE
    return replace(first, status=Status(first.status.stop, point), objective=cost, gap=gap)


def _fix_integers(
    cuts: Cuts, instance: Instance, first: Answer, watch: Watch
) -> tuple[Matrices, Answer]:
    """Return the linear program in which the integers stand as in ``first``, and its answer."""
    assert first.values is not None
    columns = np.flatnonzero(cuts.matrices.integer)
    whole = np.round(first.values[columns])
    instance.drop_integrality(columns)
    instance.change_bounds(columns, whole, whole)
    answer = cuts.solve(instance, watch)
    matrices = cuts.matrices
    lower, upper = matrices.lower.copy(), matrices.upper.copy()
    lower[columns] = upper[columns] = whole
    fixed = replace(matrices, lower=lower, upper=upper, integer=np.zeros_like(matrices.integer))
    if answer.status == Status(Stop.FINISHED, Point.INFEASIBLE):
        words = leak_words(leaks(matrices, first.values))
        raise SolverFailed(f"the plan found does not hold with whole choices: {words}")
    return fixed, answer


def _without_plan(
    problem: Problem,
    options: Options,
    cuts: Cuts,
    instance: Instance,
    first: Answer,
    watch: Watch,
    clock: _Clock,
) -> Result:
    broken: tuple[Any, ...] = ()
    warnings: tuple[str, ...] = ()
    matrices = cuts.matrices
    if first.status.point is Point.INFEASIBLE:
        with clock("elastic"):
            broken = breaks(problem.realised, matrices, options, watch)
        if not broken:
            warnings = ("time ran out before what has to give could be found",)
    return Result(
        problem=problem,
        status=first.status,
        objective=None,
        bound=first.bound,
        gap=None,
        decisions=None,
        prices=None,
        broken=broken,
        warnings=warnings,
        record=run_record(problem, options, matrices, clock.seconds, cuts.facts, instance.log),
    )
