"""Solve: the way from a problem to its result, as a table of contents."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.check import check
from instances.errors import CheckFailed, Finding, InputError
from instances.referee.goals import check_goals
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.cuts import Cuts
from optimizer.decompose import by_parts
from optimizer.elastic import breaks
from optimizer.extract import plan_of
from optimizer.goals import goal_claims, seek
from optimizer.highs import Instance
from optimizer.one_branch import want_one_branch
from optimizer.options import Options, Progress
from optimizer.record import run_record
from optimizer.refine import (
    at_its_cost,
    refine,
    refined_by_cuts,
    refined_by_goals,
    whole_choices,
)
from optimizer.result import Result
from optimizer.rule_prices import rule_prices
from optimizer.share_intervals import share_intervals
from optimizer.share_questions import questions_of
from optimizer.span import span_warnings
from optimizer.status import Point
from optimizer.warn import warnings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from instances.problem import Problem
    from optimizer.answer import Answer


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
    asked = questions_within(problem, options)
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
        far_apart = span_warnings(matrices, problem)
    data = problem.realised
    cuts = Cuts(data, matrices, options.hhi_tolerance)
    with clock("solve"):
        facts, found = by_parts(problem, matrices, options, watch, by_cost_alone=by_cost_alone)
        reached, log = None, list[str]()
        leaking: tuple[str, ...] = ()
        if found is not None:
            first = found
        else:
            instance = Instance(matrices, options)
            log = instance.log
            if by_cost_alone:
                first = cuts.solve(instance, watch)
                first, leaking = whole_choices(cuts, instance, first, watch)
            else:
                reached = seek(data, matrices, cuts, instance, options, watch)
                first = reached.answer
    if first.values is None:
        bare = _without_plan(problem, options, cuts, log, first, watch, clock, facts)
        return replace(bare, warnings=bare.warnings + far_apart)
    with clock("refine"):
        if found is not None:
            refined = refined_by_cuts(data, matrices, first)
            first = at_its_cost(first, refined.cost, options)
        elif reached is None:
            refined = refine(data, options, cuts, instance, first, watch)
            first = at_its_cost(first, refined.cost, options)
        else:
            refined = refined_by_goals(matrices, reached)
    with clock("extract"):
        plan = plan_of(data, matrices, refined.values)
    with clock("check"):
        verdict = check(problem, plan, claimed=refined.cost)
        faults = verdict.faults
        if reached is not None:
            faults += check_goals(problem, plan, verdict, goal_claims(reached.goals))
        if faults:
            raise CheckFailed(faults)
    seen = data.without_cut_offs
    shown = plan.at({node.id for node in seen.nodes}) if problem.cut_offs else plan
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
        warnings=warnings_of(seen, shown, verdict) + refined.warnings + far_apart + leaking,
        record=run_record(
            problem, options, matrices, clock.seconds, facts | refined.facts | cuts.facts, log
        ),
    )


def questions_within(problem: Problem, options: Options) -> Problem | None:
    """Return what ``options`` ask about the shares of ``problem``, ``None`` if nothing.

    Raises
    ------
    InputError
        What is asked does not go with the problem.
    """
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
    if not options.asks_shares:
        return None
    want_one_branch(problem, "an interval of shares")
    return questions_of(problem, options.share_intervals, options.shares_of)


def _with_time_left(options: Options, watch: Watch) -> Options:
    left = watch.left()
    return options.model_copy(update={"time_limit": None if left == np.inf else max(left, 0.0)})


def _without_plan(
    problem: Problem,
    options: Options,
    cuts: Cuts,
    log: Sequence[str],
    first: Answer,
    watch: Watch,
    clock: _Clock,
    facts: Mapping[str, Any],
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
        record=run_record(problem, options, matrices, clock.seconds, {**facts, **cuts.facts}, log),
    )
