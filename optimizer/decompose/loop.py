"""The L-shaped loop: first stage and recourse in turn, until their costs meet.

The master proposes a first stage and gives a lower bound; the recourse to it gives a plan, whose
cost is an upper bound, and cuts. Between the best first stage so far and the proposed one lies
where cuts are taken: the bounds of linear cuts swing less that way (in-out separation; Ben-Ameur
and Neto, Networks 49 (2007) 3). Yes/no choices of the first stage are left out until the linear
program is solved, and then proposed by a master with integers; with them fixed, the linear program
gives the duals.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from optimizer.answer import Answer
from optimizer.decompose.master import Cut, Master
from optimizer.decompose.partition import FIRST
from optimizer.decompose.recourse import Recourse, Stopped, Trouble
from optimizer.highs import Instance
from optimizer.options import Progress
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    from optimizer.answer import Watch
    from optimizer.compile import Floats, Positions
    from optimizer.decompose.partition import Partition
    from optimizer.decompose.recourse import Found
    from optimizer.options import Options

GROUPS = 50
"""Most columns of cost that sub-problems share: one for each takes the fewest rounds, but a cut a
round for each of a thousand is more than the master bears."""
FINEST = 1e-9
"""Least gap that is sought: below lies what the solver takes for equal."""
STILL = 1e-10
"""Relative rise of the bound that is none."""
MOST_ROUNDS = 1000
MOST_STILL = 20
"""Rounds without any progress after which the loop gives up."""
DISTANCES = (1e1, 1e2, 1e3, 1e4, 1e5)
"""Where the master would go on for ever: how far it may go in a round, in multiples of the size of
each value; the first that leaves it a plan."""
INSIDE = 0.5
"""Where cuts are taken: 0 at the proposed first stage, 1 at the best so far."""
Choices = Literal["open", "sought", "fixed"]
"""Yes/no choices of the first stage: fractions as yet, proposed by the master, or settled."""


@dataclass(frozen=True, eq=False)
class _Best:
    """The first stage of least cost so far, with the recourse to it."""

    cost: float
    first: Floats
    founds: list[Found]


class Loop:
    """The L-shaped loop over one problem.

    Parameters
    ----------
    parts
        First stage and sub-problems.
    priced
        Rows whose duals are wanted.
    """

    def __init__(
        self, parts: Partition, priced: Positions, options: Options, watch: Watch
    ) -> None:
        self._parts, self._options, self._watch = parts, options, watch
        self._wanted = max(options.gap, FINEST)
        # each solve has one thread: several run beside each other instead
        single = options.model_copy(update={"threads": 1})
        asked = np.zeros(len(parts.matrices.row_lower), dtype=bool)
        asked[priced] = True
        self._recourses, self._links, self._priced = [], [], []
        for number, part in enumerate(parts.blocks):
            local = np.flatnonzero(asked[part.rows])
            self._recourses.append(
                Recourse(parts.matrices_of(number), len(part.links), local, single)
            )
            self._links.append(np.searchsorted(parts.first.columns, part.links))
            self._priced.append(part.rows[local])
        count = len(parts.blocks)
        self._count = min(count, GROUPS)
        self._groups = np.arange(count) * self._count // count
        self._first = parts.matrices_of(FIRST)
        self._integer = np.flatnonzero(self._first.integer)
        linear = replace(self._first, integer=np.zeros_like(self._first.integer))
        self._single = single
        self._linear = Master(linear, self._count, single)
        self._cuts: list[Cut] = []
        self._best: _Best | None = None
        self._kept: _Best | None = None
        self._bound = -np.inf
        self._choices: Choices = "open" if len(self._integer) else "fixed"
        self._start = self._told = time.monotonic()
        self.rounds = 0

    @property
    def facts(self) -> dict[str, Any]:
        """How many rounds there were, how many cuts, over how many sub-problems."""
        return {
            "iterations": self.rounds,
            "optimality_cuts": sum(cut.feasible for cut in self._cuts),
            "feasibility_cuts": sum(not cut.feasible for cut in self._cuts),
            "subproblems": len(self._recourses),
        }

    def solve(self) -> Answer:
        """Return the plan of least cost within the gap, with duals of the rows asked for.

        Raises
        ------
        Trouble
            It cannot be told by cuts; the extensive form may do.
        """
        threads = min(self._options.threads, len(self._recourses))
        with ThreadPoolExecutor(max(threads, 1)) as pool:
            self._pool = pool if threads > 1 else None
            try:
                return self._phases()
            except Stopped as stopped:
                return self._held(stopped.stop, self._bound)
            except KeyboardInterrupt:
                if self._watch.cancel.is_set():
                    raise
                self._watch.cancel.set()
                return self._held(Stop.CANCELLED, self._bound)

    def _phases(self) -> Answer:
        likeliest = int(np.argmax(self._parts.chances))
        begin = Instance(self._parts.alone(likeliest), self._single, quiet=True)
        answer = begin.run(self._watch)
        if answer.values is None:
            # what cannot be kept by one branch alone cannot be kept by all
            if answer.status.point is Point.INFEASIBLE:
                return _nothing(answer.status)
            self._unless_stopped(answer)
            raise Trouble(f"the problem with one branch alone is {answer.status}")
        master = self._linear
        self._at = self._within(answer.values[: len(self._first.cost)])
        master.add(self._evaluate(self._at))
        answer = self._descend(master)
        bound = self._bound
        if len(self._integer) and answer.status.point is Point.OPTIMAL:
            # a fraction is no plan
            self._best = None
            # the gap is shared between branching and cutting
            finer = self._single.model_copy(update={"gap": self._wanted / 2})
            whole = Master(self._first, self._count, finer)
            whole.add(self._cuts)
            self._choices = "sought"
            answer = self._descend(whole)
            bound = self._bound
        if answer.status.point is not Point.OPTIMAL:
            return _nothing(answer.status)
        if len(self._integer):
            assert self._best is not None
            master.add(self._cuts[master.known :])
            master.fix(self._integer, self._best.first[self._integer])
            # the bound is from now on that of these choices
            self._bound, self._choices = -np.inf, "fixed"
            # choices were whole within a tolerance: the plan is found again for whole ones
            self._kept, self._best = self._best, None
            answer = self._descend(master)
            if answer.status.point is not Point.OPTIMAL:
                raise Trouble(f"the plan with the choices found is {answer.status}")
        matrices = self._parts.matrices
        duals = master.duals(answer, self._parts.first.rows, len(matrices.row_lower))
        return replace(self._held(Stop.FINISHED, bound), row_dual=duals)

    def _held(self, stop: Stop, bound: float) -> Answer:
        """Return the best plan so far."""
        matrices = self._parts.matrices
        seconds = time.monotonic() - self._start
        least = bound + matrices.offset if np.isfinite(bound) else None
        best = self._best or self._kept
        if best is None or self._choices == "open":
            return replace(_nothing(Status(stop, Point.NONE)), bound=least, seconds=seconds)
        values = np.zeros(len(matrices.cost))
        values[self._parts.first.columns] = best.first
        for part, found in zip(self._parts.blocks, best.founds, strict=True):
            values[part.columns] = found.values
        cost = float(matrices.cost @ values) + matrices.offset
        gap = None if least is None else max(cost - least, 0.0) / max(abs(cost), 1e-12)
        near = gap is not None and gap <= self._wanted
        point = Point.OPTIMAL if near and stop is Stop.FINISHED else Point.FEASIBLE
        return Answer(Status(stop, point), values, cost, least, gap, None, None, seconds)

    def _descend(self, master: Master) -> Answer:
        """Go round until the costs meet; return the master's last answer."""
        still = 0
        while self.rounds < MOST_ROUNDS and still <= MOST_STILL:
            answer, confined = self._propose(master)
            if answer.values is None:
                return answer
            proposed = self._within(answer.values[: len(self._first.cost)])
            known = self._bound
            if answer.bound is not None and master.bounded and not confined:
                self._bound = max(known, answer.bound)
            if self._met():
                return answer
            moved = self._bound > known + STILL * max(1.0, abs(known)) or confined
            best = self._best
            self._at = proposed
            if best is not None and moved and self._choices != "sought":
                self._at = INSIDE * best.first + (1 - INSIDE) * proposed
            master.add(self._evaluate(self._at))
            self._tell()
            still = 0 if moved or self._best is not best else still + 1
        raise Trouble(f"the bounds did not meet in {self.rounds} rounds")

    def _within(self, first: Floats) -> Floats:
        """Return a first stage without the solver's rounding."""
        first = np.clip(first, self._first.lower, self._first.upper)
        if self._choices == "sought":
            first[self._integer] = np.round(first[self._integer])
        return first

    def _met(self) -> bool:
        if self._best is None or not np.isfinite(self._bound):
            return False
        cost = self._best.cost
        size = max(abs(cost + self._parts.matrices.offset), 1e-12)
        return cost - self._bound <= self._wanted * size

    def _propose(self, master: Master) -> tuple[Answer, bool]:
        """Return the master's answer, and whether it had to be kept within some distance."""
        answer = master.solve(self._watch)
        confined = answer.status.point is Point.UNBOUNDED
        if confined:
            for distance in DISTANCES:
                master.confine(self._at, distance)
                answer = master.solve(self._watch)
                if answer.values is not None:
                    break
            master.release()
        if answer.status.stop is not Stop.FINISHED:
            self._unless_stopped(answer)
            raise Trouble(f"the first stage is {answer.status}")
        if confined and answer.values is None:
            raise Trouble("the first stage costs ever less")
        return answer, confined

    def _unless_stopped(self, answer: Answer) -> None:
        if answer.status.stop in (Stop.TIME_LIMIT, Stop.CANCELLED, Stop.MEMORY):
            raise Stopped(answer.status.stop)

    def _evaluate(self, first: Floats) -> list[Cut]:
        """Find the recourse to a first stage; return the cuts and keep it if it is the best."""
        founds = self._recourse_to(first)
        self.rounds += 1
        width = len(self._first.cost)
        cuts: list[Cut] = []
        lost = set()
        for number, found in enumerate(founds):
            if not found.feasible:
                slope = np.zeros(width)
                slope[self._links[number]] = found.slope
                group = int(self._groups[number])
                lost.add(group)
                rows = self._priced[number]
                cuts.append(Cut(group, False, found.cost, slope, first, rows, found.duals))
        for group in range(self._count):
            if group in lost:
                continue
            members = np.flatnonzero(self._groups == group).tolist()
            slope, value = np.zeros(width), 0.0
            for number in members:
                slope[self._links[number]] += founds[number].slope
                value += founds[number].cost
            rows = np.concatenate([self._priced[number] for number in members])
            duals = np.concatenate([founds[number].duals for number in members])
            cuts.append(Cut(group, True, value, slope, first, rows, duals))
        self._cuts += cuts
        if not lost:
            cost = float(self._first.cost @ first) + sum(found.cost for found in founds)
            if self._best is None or cost < self._best.cost:
                self._best = _Best(cost, first, founds)
        return cuts

    def _recourse_to(self, first: Floats) -> list[Found]:
        if not self.rounds:
            # sub-problems are alike: where one ends is near where the others do
            self._recourses[0].at(first[self._links[0]], self._watch)
            for other in self._recourses[1:]:
                other.begin_like(self._recourses[0])
        jobs = [
            (recourse, first[links])
            for recourse, links in zip(self._recourses, self._links, strict=True)
        ]
        if self._pool is None:
            return [recourse.at(values, self._watch) for recourse, values in jobs]
        return list(self._pool.map(lambda job: job[0].at(job[1], self._watch), jobs))

    def _tell(self) -> None:
        """Report progress, about once a second."""
        now = time.monotonic()
        if self._watch.progress is None or now - self._told < 1.0:
            return
        self._told = now
        held = self._held(Stop.FINISHED, self._bound)
        self._watch.progress(Progress(now - self._start, held.bound, held.objective, held.gap))


def _nothing(status: Status) -> Answer:
    return Answer(status, None, None, None, None, None, None, 0.0)
