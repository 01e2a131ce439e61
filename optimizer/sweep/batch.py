"""Batches: neighbouring points solved one after the other on one loaded program."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from instances.check import check
from instances.edit import apply
from instances.errors import CheckFailed, InputError, SolveError
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.engine.family import Family
from optimizer.engine.figures import Figures, figures_of
from optimizer.engine.program import Program
from optimizer.extract import plan_of
from optimizer.status import Point as Held
from optimizer.sweep.outcome import PointRecord

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from instances.problem import Problem
    from optimizer.answer import Answer
    from optimizer.engine.family import Axis
    from optimizer.engine.line import Line
    from optimizer.options import Options
    from optimizer.sweep.design import Point
    from optimizer.sweep.outcome import Way

WHY = {
    Held.INFEASIBLE: "no plan keeps every rule",
    Held.UNBOUNDED: "the cost can fall without end",
}


@dataclass(frozen=True, eq=False)
class Task:
    """What every batch of a sweep shares; it travels to workers.

    Parameters
    ----------
    problem, axes, options
        What is swept and how it is solved.
    line
        How the numbers move with the axes, where that is proven.
    """

    problem: Problem
    axes: tuple[Axis, ...]
    options: Options
    line: Line | None


def solve_batch(
    task: Task,
    points: Sequence[Point],
    cancel: threading.Event | None = None,
    *,
    cold: bool,
) -> list[PointRecord]:
    """Return the records of some points: what a worker does.

    Parameters
    ----------
    cancel
        Once it is set, the records so far are returned.
    cold
        Whether each is solved from nothing, its plan judged by the referee.
    """
    chain = Chain(task)
    records: list[PointRecord] = []
    for point in points:
        if cancel is not None and cancel.is_set():
            break
        records.append(chain.solve(point, cold=cold, cancel=cancel))
    return records


class Chain:
    """Points solved one after the other on loaded programs; one never touches another's answer."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._families: dict[tuple[str, ...], Family] = {}
        self._programs: list[Program] = []
        self._figures: dict[int, Figures] = {}

    def solve(
        self, point: Point, *, cold: bool, cancel: threading.Event | None = None
    ) -> PointRecord:
        """Return the record of a point, whatever becomes of it."""
        start = time.perf_counter()
        try:
            record = self._cold(point, cancel) if cold else self._warm(point, cancel)
        except InputError as error:
            record = PointRecord(point.id, "invalid", reason=str(error))
        except SolveError as error:
            record = PointRecord(point.id, "failed", reason=str(error))
            self.forget()
        return replace(record, seconds=round(time.perf_counter() - start, 6))

    def forget(self) -> None:
        """Load everything anew: a failed solve may have left its program in any state."""
        self._families.clear()
        self._programs = []
        self._figures.clear()

    def _family(self, edits: tuple[str, ...]) -> Family:
        if edits not in self._families:
            task = self.task
            problem = apply(task.problem, edits) if edits else task.problem
            family = Family(problem, task.axes, task.options)
            family.line = None if edits else task.line
            # scenarios differ a little from one another: their programs can be moved, too
            family.programs = self._programs
            self._families[edits] = family
        return self._families[edits]

    def _watch(self, cancel: threading.Event | None) -> Watch:
        return Watch.within(self.task.options.time_limit, cancel)

    def _warm(self, point: Point, cancel: threading.Event | None) -> PointRecord:
        """Solve a point from the basis of the one before."""
        family = self._family(point.edits)
        program = family.program(point.values)
        answer = program.run(self._watch(cancel))
        known = self._figures.get(id(program))
        if known is None or family.line is None:
            # off a line an edit may have changed what a tonne of activity gives
            problem = family.problem if family.line is not None else family.at(point.values)
            known = self._figures[id(program)] = figures_of(problem, program.base)
        return _record(point, answer, family.way, known)

    def _cold(self, point: Point, cancel: threading.Event | None) -> PointRecord:
        """Solve a point from nothing and have the referee judge its plan.

        Raises
        ------
        CheckFailed
            The referee disagrees with the plan.
        """
        problem = self._family(point.edits).at(point.values)
        matrices = compile_frame(build(problem))
        answer = Program.of(problem, matrices, self.task.options).run(self._watch(cancel))
        if answer.values is not None:
            verdict = check(problem, plan_of(problem, matrices, answer.values), answer.objective)
            if verdict.faults:
                raise CheckFailed(verdict.faults)
        return _record(point, answer, "cold", figures_of(problem, matrices))


def _record(point: Point, answer: Answer, way: Way, figures: Figures) -> PointRecord:
    held = answer.status.point
    values = answer.values
    sums = [] if values is None else figures.of(values).tolist()
    return PointRecord(
        point=point.id,
        status=held.value,
        stop=answer.status.stop.value,
        objective_usd=answer.objective,
        way=way,
        reason=WHY.get(held),
        figures=tuple((*key, value) for key, value in zip(figures.keys, sums, strict=False)),
    )
