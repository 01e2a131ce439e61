"""Repair: the least single changes that restore a plan, each verified by a solve of its own.

Where a change moves right-hand sides and bounds in proportion, its least amount is the optimum of
one linear program; otherwise it is closed in on by solves. The rounded amount is then solved as a
problem of its own, through the same edits that a user would write.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.edit import Edit, apply
from instances.errors import InputError
from models.build import build
from optimizer.compile import compile_frame
from optimizer.engine.line import learn
from optimizer.engine.program import Program
from optimizer.engine.reach import reach
from optimizer.status import Status, Stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.explain.changes import Change
    from optimizer.options import Options

ROUNDS = 24
"""Solves that close in on an amount where it is no linear program's optimum."""
FIGURES = 4
"""Figures to which an amount is rounded, upwards."""
MOST_PAIRED = 8
"""Changes that are tried in pairs where none is enough alone."""
LAST_RESORT = 2
"""How many remedies may go before the first of the last resort."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a remedy.

    Parameters
    ----------
    table, id, field, unit
        What is moved.
    amount
        By how much, in ``unit``; dates in periods.
    """

    table: str
    id: str
    field: str
    unit: str
    amount: float


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change, or a pair of them, that restores a plan.

    Parameters
    ----------
    edits
        What to write after ``--set``.
    steps
        The same as numbers.
    cost_usd
        Cost of the plan it leads to, by a solve.
    proven
        Whether that cost is proven to be the least.
    least
        Whether hardly less is enough: an optimum, or closed in on to within a thousandth of the
        way; of a pair, each given the other.
    last
        Whether it is to need less, which no cost speaks for.
    sentence
        The remedy in words.
    """

    edits: tuple[str, ...]
    steps: tuple[Step, ...]
    cost_usd: float
    proven: bool
    least: bool
    last: bool
    sentence: str

    def to_plain(self) -> dict[str, Any]:
        """Return the remedy as plain data."""
        return asdict(self)


class Repair:
    """The search for remedies of one problem that has no plan."""

    def __init__(
        self, problem: Problem, matrices: Matrices, options: Options, watch: Watch
    ) -> None:
        self.problem = problem
        self.matrices = matrices
        self.options = options
        self.watch = watch
        self.complete = True
        self.solves = 0
        self._program: Program | None = None

    @property
    def out_of_time(self) -> bool:
        """Whether the search has to stop."""
        if self.watch.over:
            self.complete = False
            return True
        return False

    def singles(self, changes: Iterable[Change]) -> list[Remedy]:
        """Return the single changes that restore a plan, the cheapest plan first."""
        return ranked(filter(None, (self._single(change) for change in changes)))

    def pairs(self, changes: Sequence[Change]) -> list[Remedy]:
        """Return pairs of changes that restore a plan where none does alone."""
        found = []
        for first, second in combinations(changes[:MOST_PAIRED], 2):
            remedy = self._pair(first, second)
            if remedy is not None:
                found.append(remedy)
        return ranked(found)

    def _single(self, change: Change) -> Remedy | None:
        amount = self._least(change, ())
        return None if amount is None else self._verified([(change, amount)])

    def _pair(self, first: Change, second: Change) -> Remedy | None:
        if not self._holds((*first.edits(first.most), *second.edits(second.most))):
            return None
        less = self._least(second, first.edits(first.most))
        if less is None:
            return None
        other = self._least(first, second.edits(less))
        if other is None:
            return None
        return self._verified([(first, other), (second, less)])

    def _least(self, change: Change, with_: tuple[Edit, ...]) -> float | None:
        """Return the least amount, rounded up, that restores a plan beside other edits."""
        if self.out_of_time:
            return None
        if change.whole:
            for step in range(1, int(change.most) + 1):
                if self._holds((*with_, *change.edits(step))):
                    return float(step)
            return None
        amount = self._by_program(change, with_)
        if amount is None:
            return None
        return min(rounded_up(amount), change.most)

    def _by_program(self, change: Change, with_: tuple[Edit, ...]) -> float | None:
        base = None if with_ else self.matrices

        def compiled(point: Floats) -> Matrices:
            nonlocal base
            if not point[0]:
                base = base or self._compiled(with_)
                return base
            return self._compiled((*with_, *change.edits(float(point[0]))))

        try:
            line = learn(compiled, np.zeros(1), np.array([change.most]))
        except InputError:
            return None
        if line is None or len(line.places.entries) or self._cut:
            return self._closing_in(change, with_)
        self.solves += 1
        return reach(line, 0.0, change.most, "least", self.options, self.watch)

    @property
    def _cut(self) -> bool:
        return bool(len(self.matrices.constraints["hhi_cut"]))

    def _closing_in(self, change: Change, with_: tuple[Edit, ...]) -> float | None:
        low, high = 0.0, change.most
        if not self._holds((*with_, *change.edits(high))):
            return None
        for _ in range(ROUNDS):
            if self.out_of_time or high - low <= 5e-4 * high:
                break
            # a small change of a wide range is found by its order of size first
            middle = (
                math.sqrt(max(low, 1e-4 * high) * high) if high > 4 * low else (low + high) / 2
            )
            if self._holds((*with_, *change.edits(middle))):
                high = middle
            else:
                low = middle
        return high

    def _holds(self, edits: tuple[Edit, ...]) -> bool:
        """Return whether there is a plan after some edits, whatever it costs."""
        problem = self._edited(edits)
        if problem is None:
            return False
        matrices = compile_frame(build(problem))
        free = replace(matrices, cost=np.zeros(len(matrices.cost)), offset=0.0)
        program = self._program
        if program is not None and not self._cut and program.fits(free):
            program.move(free)
        else:
            program = self._program = Program.of(problem, free, self.options)
        return program.run(self.watch).values is not None

    def _solved(self, edits: tuple[Edit, ...]) -> Answer | None:
        """Return the answer at least cost after some edits, from nothing."""
        problem = self._edited(edits)
        if problem is None:
            return None
        matrices = compile_frame(build(problem))
        return Program.of(problem, matrices, self.options).run(self.watch)

    def _edited(self, edits: tuple[Edit, ...]) -> Problem | None:
        """Return the problem after edits, ``None`` out of time or where they make none."""
        if self.out_of_time:
            return None
        self.solves += 1
        try:
            return apply(self.problem, edits)
        except InputError:
            return None

    def _compiled(self, edits: tuple[Edit, ...]) -> Matrices:
        return compile_frame(build(apply(self.problem, edits)))

    def _verified(self, found: list[tuple[Change, float]]) -> Remedy | None:
        edits = tuple(edit for change, amount in found for edit in change.edits(amount))
        answer = self._solved(edits)
        if answer is None or answer.objective is None:
            return None
        return Remedy(
            edits=tuple(str(edit) for edit in edits),
            steps=tuple(
                Step(change.table, change.id, change.field, change.unit, amount)
                for change, amount in found
            ),
            cost_usd=answer.objective,
            proven=answer.status == Status(Stop.FINISHED, answer.status.point),
            least=self.complete,
            last=any(change.last for change, _ in found),
            sentence="; and ".join(change.tell(amount) for change, amount in found),
        )


def ranked(remedies: Iterable[Remedy]) -> list[Remedy]:
    """Return remedies by the cost of their plans; those of the last resort come last.

    The cheapest of each record goes before other ways to move the same one, so that the first few
    are different things to do. The first of the last resort stands third at the latest: a demand
    that is too high by mistake would else hide behind all that could be done to meet it.
    """
    found: list[tuple[tuple[bool, int], Remedy]] = []
    ways: Counter[tuple[tuple[str, str], ...]] = Counter()
    for item in sorted(remedies, key=lambda item: (item.last, item.cost_usd, item.edits)):
        moved = tuple((step.table, step.id) for step in item.steps)
        found.append(((item.last, ways[moved]), item))
        ways[moved] += 1
    order = [item for _, item in sorted(found, key=lambda pair: pair[0])]
    resort = next((place for place, item in enumerate(order) if item.last), 0)
    if resort > LAST_RESORT:
        order.insert(LAST_RESORT, order.pop(resort))
    return order


def rounded_up(amount: float) -> float:
    """Return an amount rounded upwards to four figures, and by a thousandth of rounding noise."""
    if amount <= 0:
        return amount
    size = 10.0 ** (math.floor(math.log10(amount)) - FIGURES + 1)
    return float(f"{math.ceil(amount * (1 - 1e-9) / size) * size:.{FIGURES + 2}g}")
