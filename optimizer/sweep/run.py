"""Run a sweep: prove a line, batch the points, stream the records, check a sample from nothing."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from instances.errors import Finding, InputError
from optimizer.engine.family import Family
from optimizer.engine.fan import Fan, default_workers
from optimizer.options import Options
from optimizer.sweep.batch import Chain, Task, solve_batch
from optimizer.sweep.check import agree, suspects
from optimizer.sweep.outcome import PointRecord, Sweep
from optimizer.sweep.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from instances.problem import Problem
    from optimizer.sweep.design import Design, Point

BATCHES_OF_A_WORKER = 4
TRIAL = 8
"""Points solved here before it is known whether other processes are worth starting."""
WORTH = 10.0
"""Seconds of work left from which on they are."""


def sweep(
    problem: Problem,
    design: Design,
    options: Options | None = None,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    folder: Path | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
    total_time: float | None = None,
) -> Sweep:
    """Return the outcome of ``problem`` at every point of ``design``.

    Parameters
    ----------
    options
        How to solve each point; a time limit holds for each. Ties are not broken.
    workers
        Local processes; one for each core, as far as memory goes, if not given.
    cluster
        Address of a Dask scheduler to use instead.
    folder
        Where records are kept as they come.
    resume
        Whether to go on with a sweep that ``folder`` holds; its points are not solved again.
    progress
        Called with the points done and the points in all.
    cancel
        Set it from another thread to stop: what is done is kept and returned. Ctrl-C does the
        same.
    total_time
        Seconds for all points together: what is not answered by then is left out and says so, and
        ``cancel`` is set.

    Raises
    ------
    InputError
        An axis reaches nothing, or the folder holds something else.
    """
    options = (options or Options()).model_copy(update={"tie_break": False})
    if not design.points:
        raise InputError([Finding("sweep", "has no points", remedy="Give an axis or a list.")])
    run = _Run(problem, design, options, cancel or threading.Event(), progress)
    store = None if folder is None else Store(folder, problem, design, options, resume=resume)
    begun = time.perf_counter()
    clock = None if total_time is None else threading.Timer(total_time, run.late)
    try:
        if clock is not None:
            clock.daemon = True
            clock.start()
        if store is not None:
            run.records.update(store.done)
        todo = [point for point in design.points if point.id not in run.records]
        task = run.task()
        for record in run.solve(task, todo, workers, cluster, cold=False):
            run.note(record)
            if store is not None:
                store.add(record)
        checked, warnings = run.check(task, workers, cluster)
        if warnings and store is not None:
            store.replace(tuple(run.records.values()))
        outcome = Sweep(
            problem=problem,
            design=design,
            records=tuple(run.record_of(point) for point in design.points),
            checked=checked,
            warnings=warnings,
            seconds=time.perf_counter() - begun,
        )
    finally:
        if clock is not None:
            clock.cancel()
        if store is not None:
            store.close()
    if store is not None:
        store.finish(outcome)
    return outcome


class _Run:
    """A sweep under way."""

    def __init__(
        self,
        problem: Problem,
        design: Design,
        options: Options,
        cancel: threading.Event,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.problem = problem
        self.design = design
        self.options = options
        self.cancel = cancel
        self.progress = progress
        self.records: dict[str, PointRecord] = {}
        self._why = "the sweep was stopped before it"

    def late(self) -> None:
        """Stop since time is up."""
        self._why = "not run: the time for the whole sweep ran out before it"
        self.cancel.set()

    def task(self) -> Task:
        """Return what workers share, with the line along the axes where there is one."""
        family = Family(self.problem, self.design.axes, self.options)
        if self.design.axes and len(self.design.points) > 2 * len(self.design.axes) + 4:
            spans = self.design.spans
            try:
                family.prove([low for low, _ in spans], [high for _, high in spans])
            except InputError:
                # a corner of the axes is no problem at all: its points will say so, one by one
                family.line = None
        return Task(self.problem, self.design.axes, self.options, family.line)

    def note(self, record: PointRecord) -> None:
        """Keep a record and tell of it."""
        self.records[record.point] = record
        if self.progress is not None:
            self.progress(len(self.records), len(self.design.points))

    def record_of(self, point: Point) -> PointRecord:
        """Return the record of a point."""
        return self.records.get(point.id, PointRecord(point.id, "missing", reason=self._why))

    def solve(
        self,
        task: Task,
        points: Sequence[Point],
        workers: int | None,
        cluster: str | None,
        *,
        cold: bool,
    ) -> Iterator[PointRecord]:
        """Yield the records of points as they come, from here, local workers or a cluster."""
        if self.cancel.is_set():
            return
        count = default_workers() if workers is None else workers
        ordered = sorted(points, key=lambda point: (point.edits, point.values))
        if cluster is None and (workers is None or count == 1):
            done = 0
            for record in self._here(task, ordered, cold=cold, patient=count == 1):
                done += 1
                yield record
            ordered = ordered[done:]
        if not ordered or self.cancel.is_set():
            return
        work = partial(solve_batch, cold=cold)
        fan: Fan[Point, PointRecord] | Cluster[Point, PointRecord]
        if cluster is None:
            fan = Fan(work, task, count, self.cancel)
        else:
            from optimizer.engine.cluster import Cluster

            fan = Cluster(cluster, work, task, self.cancel)
            count = fan.places
        size = max(1, -(-len(ordered) // (BATCHES_OF_A_WORKER * count)))
        batches = [ordered[first : first + size] for first in range(0, len(ordered), size)]
        try:
            for batch, answers in fan.run(batches):
                if answers is None:
                    yield from (_lost(point) for point in batch)
                else:
                    yield from answers
        except KeyboardInterrupt:
            self.cancel.set()
        finally:
            fan.close()

    def _here(
        self, task: Task, points: Sequence[Point], *, cold: bool, patient: bool
    ) -> Iterator[PointRecord]:
        """Yield records of points solved here: all if ``patient``, else while it is worth it."""
        chain = Chain(task)
        begun = time.perf_counter()
        for number, point in enumerate(points):
            if self.cancel.is_set():
                return
            if number >= TRIAL and not patient:
                left = (time.perf_counter() - begun) / number * (len(points) - number)
                if left > WORTH:
                    return
            try:
                record = chain.solve(point, cold=cold, cancel=self.cancel)
            except KeyboardInterrupt:
                self.cancel.set()
                return
            yield record

    def check(
        self, task: Task, workers: int | None, cluster: str | None
    ) -> tuple[int, tuple[str, ...]]:
        """Solve some points from nothing; where one disagrees, all of them, and say so.

        Returns
        -------
        tuple
            How many points were checked and agreed, and what a reader should know.
        """
        again = suspects(self.design, self.records, task.line, self.options.seed)
        found = self.solve(task, again, workers, cluster, cold=True)
        pairs = [(self.records[cold.point], cold) for cold in found]
        wrong = [pair for pair in pairs if not agree(*pair, self.options.gap)]
        if not wrong:
            return len(pairs), ()
        warm, cold = wrong[0]
        told = (
            f"point {cold.point} solved from nothing gives {cold.objective_usd} USD "
            f"({cold.status}), but {warm.objective_usd} USD ({warm.status}) from its neighbour; "
            "all points were solved again from nothing"
        )
        self.records.clear()
        for record in self.solve(task, self.design.points, workers, cluster, cold=True):
            self.note(record)
        return 0, (told,)


def _lost(point: Point) -> PointRecord:
    return PointRecord(
        point.id, "failed", reason="the process that solved it ended, more than once"
    )
