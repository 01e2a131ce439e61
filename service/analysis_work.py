"""What a child process does with the request of an analysis, within the limits of the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service import asked

if TYPE_CHECKING:
    from optimizer import Sweep
    from service.work import Eye, Limits

ALONE = "the cluster for sweeps did not answer, so that one process solved the points"
"""What a sweep warns of whose cluster was gone."""


def answer_sweep(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return the answer to a sweep; points that time did not reach are missing from it.

    Raises
    ------
    BrokenJson, InputError, TooLarge
        As `service.asked.read_solve`.
    SolveError
        The solve went wrong.
    """
    from optimizer import sweep
    from optimizer.engine.cluster import ClusterLost

    task = asked.read_sweep(body, limits)
    begun = time.monotonic()

    def run(cluster: str | None) -> Sweep:
        return sweep(
            task.problem,
            task.design,
            task.options,
            workers=1,
            cluster=cluster,
            folder=eye.folder,
            resume=True,
            total_time=max(1.0, limits.solve_seconds - (time.monotonic() - begun)),
            progress=eye.counting,
            cancel=eye.cancel,
        )

    try:
        outcome = run(eye.cluster)
    except ClusterLost:
        # that is for the operator: whoever asked gets the same answer, later
        outcome = run(None)
        outcome = replace(outcome, warnings=(*outcome.warnings, ALONE))
    return {"status": {"state": outcome.state}, "result": outcome.to_plain()}


def answer_frontier(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return the answer to a frontier; errors as `answer_sweep`."""
    from service.analyses import trace, weigh

    task = asked.read_frontier(body, limits)
    if task.ask.against is not None:
        front = weigh(task.problem, task.ask, task.options, eye.cancel)
        state = _state(held=bool(front.points), complete=front.complete)
        return {"status": {"state": state}, "result": front.to_plain()}
    curve = trace(task.problem, task.ask, task.options, eye.cancel)
    state = _state(held=bool(curve.vertices), complete=curve.complete)
    return {"status": {"state": state}, "result": curve.to_plain()}


def answer_alternatives(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return the answer to a search for alternatives; errors as `answer_sweep`."""
    from optimizer import alternatives

    task = asked.read_alternatives(body, limits)
    margin, count = task.ask.margin, task.ask.count
    found = alternatives(task.problem, margin, count, task.options, cancel=eye.cancel)
    ended = str(found.status.stop) == "finished"
    complete = found.complete or (not found.plans and ended)
    state = _state(held=bool(found.plans), complete=complete)
    return {"status": {"state": state}, "result": found.to_plain()}


def answer_explain(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return why there is no plan, what binds, why somebody is in, or what is assumed.

    Errors as `answer_sweep`.
    """
    from optimizer import evidence, explain, why

    task = asked.read_explain(body, limits)
    if task.ask.assumptions:
        held = evidence(
            task.problem, task.options, workers=1, progress=eye.counting, cancel=eye.cancel
        )
        state = _state(held=held.status.has_plan, complete=held.complete)
        return {"status": {"state": state}, "result": held.to_plain()}
    if task.ask.why is not None:
        found = why(task.problem, task.ask.why, task.options, cancel=eye.cancel)
        state = _state(held=found.status.has_plan, complete=found.complete)
        return {"status": {"state": state}, "result": found.to_plain()}
    told = explain(task.problem, task.options, cancel=eye.cancel)
    state = _state(held=told.about != "nothing", complete=told.complete)
    return {"status": {"state": state}, "result": told.to_plain()}


def answer_compare(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return what differs between two problems, and what it does; errors as `answer_sweep`."""
    from optimizer import compare

    task = asked.read_compare(body, limits)
    found = compare(task.problem, task.other, task.options, cancel=eye.cancel)
    state = _state(held=found.first.has_plan or found.second.has_plan, complete=found.complete)
    return {"status": {"state": state}, "result": found.to_plain()}


def answer_stress(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return what a plan loses when somebody is cut off; errors as `answer_sweep`."""
    from service.analyses import put_under_stress

    task = asked.read_stress(body, limits)
    found = put_under_stress(
        task.problem,
        task.ask,
        task.options,
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

    task = asked.read_worth(body, limits)
    begun = time.monotonic()
    found = worth(task.problem, task.ask.reference, task.options, cancel=eye.cancel)
    spent = time.monotonic() - begun
    turns, whole = turned(task.problem, task.ask, task.options, spent)
    state = _state(held=found.recourse is not None, complete=found.complete and whole)
    plain = found.to_plain() | {"flips": [turn.to_plain() for turn in turns]}
    plain["pooling"] = pooled(task.problem, task.ask, task.options)
    return {"status": {"state": state}, "result": plain}


def answer_sheet(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return the decision sheet of a problem; errors as `answer_sweep`."""
    from optimizer import sheet

    task = asked.read_sheet(body, limits)
    found = sheet(task.problem, task.options, progress=eye.counting, cancel=eye.cancel)
    state = _state(held=found.status.has_plan, complete=found.complete)
    return {"status": {"state": state}, "result": found.to_plain()}


def answer_partners(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return what partners are worth, and the cheapest coalitions; errors as `answer_sweep`."""
    from optimizer import partners

    task = asked.read_partners(body, limits)
    found = partners(
        task.problem,
        task.ask.of,
        coalitions=task.ask.coalitions,
        options=task.options,
        progress=eye.counting,
        cancel=eye.cancel,
    )
    state = _state(held=found.base.cost_usd is not None, complete=found.complete)
    return {"status": {"state": state}, "result": found.to_plain()}


def answer_purse(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return the best that sums of money buy; errors as `answer_sweep`."""
    from optimizer import purse

    task = asked.read_purse(body, limits)
    budgets, goals = task.ask.budgets, task.ask.goals
    found = purse(
        task.problem,
        budgets,
        goals,
        options=task.options,
        progress=eye.counting,
        cancel=eye.cancel,
    )
    held = any(item.spent_usd is not None for item in found.bought)
    state = _state(held=held, complete=found.complete)
    return {"status": {"state": state}, "result": found.to_plain()}


def answer_instruments(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    """Return what instruments buy at one outlay; errors as `answer_sweep`."""
    from optimizer import instruments

    task = asked.read_instruments(body, limits)
    found = instruments(
        task.problem,
        task.named,
        task.ask.outlay,
        options=task.options,
        progress=eye.counting,
        cancel=eye.cancel,
    )
    state = _state(held=found.base.cost_usd is not None, complete=found.complete)
    return {"status": {"state": state}, "result": found.to_plain()}


ANALYSES: dict[str, Callable[[bytes, Limits, Eye], dict[str, Any]]] = {
    "sweep": answer_sweep,
    "frontier": answer_frontier,
    "alternatives": answer_alternatives,
    "explain": answer_explain,
    "compare": answer_compare,
    "stress": answer_stress,
    "worth": answer_worth,
    "sheet": answer_sheet,
    "partners": answer_partners,
    "purse": answer_purse,
    "instruments": answer_instruments,
}


def _state(*, held: bool, complete: bool) -> str:
    if complete:
        return "complete"
    return "partial" if held else "failed"
