"""Explain: from a problem or a result to why it is so, as a table of contents."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from instances.edit import Edit, apply
from instances.errors import SolverFailed
from instances.words import money, tonnes
from models.build import build
from optimizer.answer import Watch
from optimizer.coefficients import coefficients
from optimizer.compile import compile_frame
from optimizer.explain.binding import bindings_of
from optimizer.explain.changes import changes_of
from optimizer.explain.conflict import TABLES, Touched, conflict_of, touched
from optimizer.explain.data import flaws_of
from optimizer.explain.explanation import Explanation
from optimizer.explain.repair import Repair
from optimizer.highs import Instance
from optimizer.options import Options
from optimizer.result import Result
from optimizer.solve import solve
from optimizer.span import FAR_APART
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from instances.problem import Problem
    from optimizer.elastic import Break

SECONDS = 60.0
"""Time that an explanation may take if nothing is said about it."""
LEAST_SHORTFALL = 1e-6
"""Tonnes below which a demand counts as met."""


def explain(
    subject: Problem | Result,
    options: Options | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Explanation:
    """Return why a problem has no plan, or falls short, or what binds in its plan.

    Parameters
    ----------
    subject
        A problem, which is solved first; or its result.
    options
        How to solve; the time limit holds for everything together, 60 s if not given.
    cancel
        Set it from another thread to stop: what is known by then is returned, and said to be
        incomplete.

    Raises
    ------
    InputError
        Numbers lie further apart than a solver can see; they are named.
    CheckFailed
        The referee disagrees with a plan: a bug.
    """
    options = options or Options()
    begun = time.monotonic()
    seconds = SECONDS if options.time_limit is None else options.time_limit
    watch = Watch.within(seconds, cancel)
    options = options.model_copy(update={"tie_break": False, "time_limit": None})
    if isinstance(subject, Result):
        result = subject
    else:
        limited = options.model_copy(update={"time_limit": seconds})
        try:
            result = solve(subject, limited, cancel=watch.cancel)
        except SolverFailed as error:
            return replace(_failed(subject, error), seconds=time.monotonic() - begun)
    told = _told(result, options, watch)
    dim = tuple(warning for warning in result.warnings if FAR_APART in warning)
    told = replace(told, notes=told.notes + dim)
    return replace(told, seconds=time.monotonic() - begun)


def _failed(problem: Problem, error: SolverFailed) -> Explanation:
    """Tell which numbers lie furthest apart where the solver itself gave up."""
    status = Status(Stop.ERROR, Point.NONE)
    notes = (f"The solver failed: {error}", *coefficients(problem).sentences())
    return Explanation(problem, status, "nothing", complete=False, notes=notes)


def _told(result: Result, options: Options, watch: Watch) -> Explanation:
    problem = result.problem
    if result.status.point is Point.INFEASIBLE:
        return replace(_infeasible(problem, options, watch), status=result.status)
    if result.status.point is Point.UNBOUNDED:
        return _unbounded(result, options, watch)
    if not result.has_plan:
        note = "The solve was stopped before it held a plan or a proof that there is none."
        return Explanation(problem, result.status, "nothing", complete=False, notes=(note,))
    short = _short(result)
    told = Explanation(problem, result.status, "plan")
    if short:
        told = _shortfall(result, short, options, watch)
    if watch.left() <= 0:
        return replace(told, complete=False)
    limited = options.model_copy(update={"time_limit": max(watch.left(), 1e-3)})
    binding = bindings_of(result, limited, watch.cancel)
    late = watch.over
    notes = told.notes if problem.rules else (*told.notes, "There are no rules that could bind.")
    return replace(told, binding=binding, complete=told.complete and not late, notes=notes)


def _infeasible(problem: Problem, options: Options, watch: Watch) -> Explanation:
    """Explain that there is no plan: the data, what gives, what clashes, and what helps."""
    status = Status(Stop.FINISHED, Point.INFEASIBLE)
    matrices = compile_frame(build(problem))
    flaws = flaws_of(problem, matrices)
    conflict = conflict_of(problem, matrices, options, watch)
    if conflict is None:
        return Explanation(problem, status, "infeasible", flaws=flaws, complete=False)
    needed = conflict.needed
    notes: tuple[str, ...] = ()
    if not needed.records:
        needed = _everything(problem)
        notes = (
            "Only yes/no choices clash (lots, minimum runs, counts): with fractions of them there "
            "would be a plan, so that no smaller set of limits is at fault.",
        )
    # a rule of several goods is told by the goods that clash
    needed = replace(needed, lines={**needed.lines, **conflict.clash.lines})
    # what clashes is tried first: time may run out over the rest of the proof
    changes = sorted(
        changes_of(problem, needed, _missing(conflict.broken)),
        key=lambda change: (change.table, change.id) not in conflict.clash.records,
    )
    repair = Repair(problem, matrices, options, watch)
    remedies = repair.singles(changes)
    if not remedies:
        remedies = repair.pairs(changes)
    if not remedies and repair.complete:
        notes = (
            *notes,
            "No single change of what is named above, and no pair of them, restores a plan: "
            "see first whether one of those numbers, or its unit, is wrong.",
        )
    return Explanation(
        problem,
        status,
        "infeasible",
        flaws=flaws,
        broken=conflict.broken,
        clash=conflict.clash,
        irreducible=conflict.irreducible,
        remedies=tuple(remedies),
        complete=repair.complete,
        notes=notes,
    )


def _missing(broken: tuple[Break, ...]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for item in broken:
        found[item.unit] = found.get(item.unit, 0.0) + item.amount
    return found


def _everything(problem: Problem) -> Touched:
    """Return every record that a remedy could be about."""
    nodes = tuple(node.id for node in problem.nodes)
    records = {
        (table, record.id): nodes
        for table in TABLES.values()
        for record in getattr(problem, table)
    }
    return Touched(records, {})


def _short(result: Result) -> dict[str, dict[str, float]]:
    """Return the tonnes that each demand lacks, by node, cut-offs apart."""
    found: dict[str, dict[str, float]] = {}
    hidden = {node.id for node in result.problem.nodes if node.cut_off is not None}
    table = result.plan.shortfalls
    for name, node, amount in zip(table["demand"], table["node"], table["tonnes"], strict=True):
        if amount > LEAST_SHORTFALL and node not in hidden:
            lacking = found.setdefault(str(name), {})
            lacking[str(node)] = lacking.get(str(node), 0.0) + float(amount)
    return found


def _shortfall(
    result: Result, short: dict[str, dict[str, float]], options: Options, watch: Watch
) -> Explanation:
    """Explain a shortfall: as if the demands that lack something might lack nothing."""
    problem = result.problem
    edits = [Edit(select=f"demand[{name}].shortfall_cost", value=None) for name in short]
    hard = apply(problem, edits)
    matrices = compile_frame(build(hard))
    lacking = " and ".join(
        f"{name} lacks {tonnes(sum(nodes.values()))} ({', '.join(nodes)})"
        for name, nodes in short.items()
    )
    answer = Instance(matrices, options, quiet=True).run(watch)
    if answer.status.point is Point.INFEASIBLE:
        told = _infeasible(hard, options, watch)
        note = (
            f"Unmet: {lacking}. What is said here takes these demands for demands that have to be "
            "met; edits apply to the problem as it is."
        )
        return replace(
            told,
            problem=problem,
            status=result.status,
            about="shortfall",
            notes=(note, *told.notes),
        )
    dearer = None
    note = f"Unmet: {lacking}. Time ran out before it was known whether that can be met."
    if answer.objective is not None and result.objective is not None:
        dearer = answer.objective - result.objective
        note = (
            f"Unmet: {lacking}. All of it could be met, for {money(dearer)} more than going short "
            "costs at the stated price of shortfall."
        )
    return Explanation(
        problem,
        result.status,
        "shortfall",
        dearer_usd=dearer,
        complete=dearer is not None,
        notes=(note,),
    )


LARGE = 1e9
"""Tonnes (or whatever a column counts in) that only a loop that makes money reaches."""


def _unbounded(result: Result, options: Options, watch: Watch) -> Explanation:
    """Name the loop that makes money: what grows without end once it is given some end."""
    matrices = compile_frame(build(result.problem))
    open_ = ~np.isfinite(matrices.upper)
    limited = replace(matrices, upper=np.where(open_, LARGE, matrices.upper))
    answer = Instance(limited, options, quiet=True).run(watch)
    notes: tuple[str, ...] = ()
    clash = None
    if answer.values is not None:
        grown = np.flatnonzero(open_ & (answer.values >= LARGE * 1e-3))
        order = [node.id for node in result.problem.nodes]
        clash = touched(matrices, np.zeros(0, dtype=np.int64), grown, order)
        loop = ", ".join(f"{table}[{id}]" for table, id in clash.records)
        notes = (
            f"Money is made without end by: {loop}. Give one of them a capacity, or lower the "
            "price or terminal value that is above what the goods cost.",
        )
    return Explanation(
        result.problem, result.status, "unbounded", complete=answer.values is not None, notes=notes
    )
