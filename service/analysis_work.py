"""What a child process does with the request of an analysis, within the limits of the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError
from service.request import TooLarge, read_asked, read_options

if TYPE_CHECKING:
    from optimizer import Options
    from service.run import Task
    from service.work import Eye, Limits

OF_A_SOLVE = ("share_intervals", "shares_of", "goals", "rule_prices", "method")


def answer_sweep(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return the answer to a sweep; points that time did not reach are missing from it.

    Raises
    ------
    TooLarge
        It has more points than ``limits`` allow.
    """
    from optimizer import sweep
    from service.asks import SweepAsk
    from service.points import count_of, design_of, ranges_of

    task, ask = read_asked(body, limits, SweepAsk)
    ranges = ranges_of(task.problem, ask)
    _refuse_beyond(limits, "sweep", count_of(ranges, ask))
    design = design_of(task.problem, ranges, ask)
    options = _options(task, limits)
    outcome = sweep(
        task.problem,
        design,
        options,
        workers=1,
        total_time=float(limits.solve_seconds),
        progress=eye.counting,
        cancel=eye.cancel,
    )
    return {"status": {"state": outcome.state}, "result": outcome.to_plain()}


def answer_frontier(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return the answer to a frontier; errors as `answer_sweep`."""
    from service.analyses import trace, weigh
    from service.asks import FrontierAsk

    task, ask = read_asked(body, limits, FrontierAsk)
    _refuse_beyond(limits, "most", ask.most)
    if ask.against is not None:
        front = weigh(task.problem, ask, _options(task, limits), eye.cancel)
        state = _state(held=bool(front.points), complete=front.complete)
        return {"status": {"state": state}, "result": front.to_plain()}
    curve = trace(task.problem, ask, _options(task, limits), eye.cancel)
    state = _state(held=bool(curve.vertices), complete=curve.complete)
    return {"status": {"state": state}, "result": curve.to_plain()}


def answer_alternatives(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return the answer to a search for alternatives; errors as `answer_sweep`."""
    from optimizer import alternatives
    from service.asks import AlternativesAsk

    task, ask = read_asked(body, limits, AlternativesAsk)
    _refuse_beyond(limits, "count", ask.count)
    options = _options(task, limits)
    found = alternatives(task.problem, ask.margin, ask.count, options, cancel=eye.cancel)
    ended = str(found.status.stop) == "finished"
    complete = found.complete or (not found.plans and ended)
    state = _state(held=bool(found.plans), complete=complete)
    return {"status": {"state": state}, "result": found.to_plain()}


def answer_explain(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return why there is no plan, what binds, why somebody is in, or what is assumed.

    Raises
    ------
    InputError
        Two of these are asked for at once.
    """
    from optimizer import evidence, explain, why
    from service.asks import ExplainAsk

    task, ask = read_asked(body, limits, ExplainAsk)
    if ask.assumptions:
        if ask.why is not None:
            what = "is another question than `why`"
            raise InputError([Finding("assumptions", what, remedy="Ask one of them.")])
        held = evidence(
            task.problem,
            _options(task, limits),
            workers=1,
            progress=eye.counting,
            cancel=eye.cancel,
        )
        state = _state(held=held.status.has_plan, complete=held.complete)
        return {"status": {"state": state}, "result": held.to_plain()}
    if ask.why is not None:
        found = why(task.problem, ask.why, _options(task, limits), cancel=eye.cancel)
        state = _state(held=found.status.has_plan, complete=found.complete)
        return {"status": {"state": state}, "result": found.to_plain()}
    told = explain(task.problem, _options(task, limits), cancel=eye.cancel)
    state = _state(held=told.about != "nothing", complete=told.complete)
    return {"status": {"state": state}, "result": told.to_plain()}


def answer_compare(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return what differs between two problems, and what it does; errors as `answer_sweep`."""
    from optimizer import compare
    from service.asks import CompareAsk
    from service.request import read_other

    task, ask = read_asked(body, limits, CompareAsk)
    other = read_other(task.problem, ask, limits)
    found = compare(task.problem, other, _options(task, limits), cancel=eye.cancel)
    state = _state(held=found.first.has_plan or found.second.has_plan, complete=found.complete)
    return {"status": {"state": state}, "result": found.to_plain()}


def answer_stress(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return what a plan loses when somebody is cut off; errors as `answer_sweep`."""
    from optimizer.stress import cases_of
    from service.analyses import put_under_stress
    from service.asks import StressAsk

    task, ask = read_asked(body, limits, StressAsk)
    cases = cases_of(task.problem, ask.who, ask.onsets, pairs=ask.pairs)
    _refuse_beyond(limits, "who", len(cases))
    found = put_under_stress(
        task.problem,
        ask,
        _options(task, limits),
        workers=1,
        progress=eye.counting,
        cancel=eye.cancel,
    )
    state = _state(held=found.held, complete=found.complete)
    return {"status": {"state": state}, "result": found.to_plain()}


def answer_worth(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return what knowing is worth, and where first decisions turn; errors as `answer_sweep`."""
    from optimizer import worth
    from service.analyses import pooled, turned
    from service.asks import WorthAsk

    task, ask = read_asked(body, limits, WorthAsk)
    _refuse_beyond(limits, "scenarios", len(task.problem.branches))
    options = _options(task, limits)
    begun = time.monotonic()
    found = worth(task.problem, ask.reference, options, cancel=eye.cancel)
    spent = time.monotonic() - begun
    turns, whole = turned(task.problem, ask, options, spent)
    state = _state(held=found.recourse is not None, complete=found.complete and whole)
    plain = found.to_plain() | {"flips": [turn.to_plain() for turn in turns]}
    plain["pooling"] = pooled(task.problem, ask, options)
    return {"status": {"state": state}, "result": plain}


def _options(task: Task, limits: Limits) -> Options:
    """Return how to solve.

    Raises
    ------
    InputError
        Options that only a solve has use for: they are not passed over in silence.
    """
    options = task.options or read_options({}, limits)
    unused = [
        Finding(f"options.{name}", "is of no use to an analysis", remedy="Ask /v1/solve.")
        for name in OF_A_SOLVE
        if getattr(options, name) != type(options).model_fields[name].default
    ]
    if unused:
        raise InputError(unused)
    return options


ANALYSES: dict[str, Callable[[bytes, Limits, Eye], dict[str, Any]]] = {
    "sweep": answer_sweep,
    "frontier": answer_frontier,
    "alternatives": answer_alternatives,
    "explain": answer_explain,
    "compare": answer_compare,
    "stress": answer_stress,
    "worth": answer_worth,
}


def _state(*, held: bool, complete: bool) -> str:
    if complete:
        return "complete"
    return "partial" if held else "failed"


def _refuse_beyond(limits: Limits, where: str, count: int) -> None:
    if count > limits.points:
        what = f"has {count:,} points, this server takes at most {limits.points:,}"
        raise TooLarge([Finding(where, what, remedy="Use the command line for more.")])
