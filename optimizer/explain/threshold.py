"""Threshold: the change of price at which a record enters a plan or leaves it, solved beside it.

As prices of one record move together, the least cost is a concave function of the shift with the
slope of what is used (Bertsimas and Tsitsiklis, Introduction to Linear Optimization (1997),
chapter 5); with yes/no choices too, as the least of a straight line for each plan. It levels off
at the cost of the best plan without the record: tangents lead there in a few solves.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.edit import apply
from models.build import build
from optimizer.compile import compile_frame
from optimizer.engine.family import Family
from optimizer.engine.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Matrices
    from optimizer.explain.asked import Asked
    from optimizer.options import Options

ROUNDS = 40
"""Solves after which a threshold is given up."""
USED = 1e-6
"""Amount, relative to the largest of a plan, below which a record is out of it."""
BESIDE = 1e-3
"""How far beside a threshold it is tried, relative to its size and to the price."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a record enters or leaves.

    Parameters
    ----------
    change_usd
        By how much its prices must move, at all dates, USD per unit.
    inside_change_usd, inside_amount
        A change just on the side on which it is used, and how much then is, by a solve.
    outside_change_usd, outside_amount
        The same just on the other side.
    way
        "tangents", or "halving" where the model does not move in proportion to the price.
    checked
        Whether both solves agree with the threshold.
    """

    change_usd: float
    inside_change_usd: float
    inside_amount: float
    outside_change_usd: float
    outside_amount: float
    way: str
    checked: bool

    def to_plain(self) -> dict[str, Any]:
        """Return the threshold as plain data."""
        return asdict(self)


class Search:
    """The solves that look for a threshold.

    Parameters
    ----------
    problem, asked
        Of what, and whose.
    matrices
        The program of the problem, held.
    options, watch
        How to solve, and until when.
    hold
        What is done to every program before it is solved, such as fixing its yes/no choices.
    """

    def __init__(
        self,
        problem: Problem,
        asked: Asked,
        matrices: Matrices,
        options: Options,
        watch: Watch,
        hold: Callable[[Matrices], Matrices] | None = None,
    ) -> None:
        self.problem = problem
        self._hold = hold
        self.beside: dict[float, tuple[Matrices, Answer]] = {}
        """Change of the price to what was solved there, on either side of the threshold."""
        self.asked = asked
        self.columns = asked.columns(problem.realised, matrices)
        self.matrices = matrices
        self.options = options
        self.watch = watch
        self.family = Family.made_by(problem, self._made, options, hold)

    def _made(self, shift: float) -> Problem:
        return apply(self.problem, self.asked.edits(shift)) if shift else self.problem

    @property
    def late(self) -> bool:
        """Whether time ran out."""
        return self.watch.over

    def amount(self, answer: Answer) -> float:
        """Return how much of the record a plan uses; noise is 0."""
        assert answer.values is not None
        used = float(answer.values[self.columns].sum())
        size = max(1.0, float(np.abs(answer.values[: len(self.matrices.cost)]).max(initial=0.0)))
        return used if used > USED * min(size, 1e3) else 0.0

    def without(self) -> float | None:
        """Return the least cost without the record, ``None`` where there is no plan."""
        return Program.of(self.problem, self.closed(), self.options).run(self.watch).objective

    def closed(self) -> Matrices:
        """Return the program in which nothing of the record is used."""
        upper = self.matrices.upper.copy()
        upper[self.columns] = 0.0
        lower = np.minimum(self.matrices.lower, upper)
        return replace(self.matrices, upper=upper, lower=lower)

    def threshold(self, base: Answer) -> tuple[Threshold | None, str | None]:
        """Return the threshold, or why there is none."""
        assert base.objective is not None
        used = self.amount(base) > 0
        cost = self.without() if used else base.objective
        if cost is None:
            return None, "time ran out" if self.late else "without it there is no plan"
        if self.late:
            return None, "time ran out"
        low = 0.0 if used else -self.asked.room
        if not used:
            if low == 0:
                return None, "its price is 0 already"
            cheapest = self.family.solve([low], self.watch)
            if cheapest.values is None:
                return None, "time ran out"
            if not self.amount(cheapest):
                return None, "even at a price of 0 it is not used"
        high = max(1.0, -low) if not used else self._far(base, cost)
        by_tangents = self._proportional(low, high)
        found = self._tangents(low, cost) if by_tangents else None
        if found is not None:
            told = self._tried(found, "tangents")
            if told is None or told.checked:
                return told, None if told is not None else "time ran out"
        found = self._halved(low, max(high, 1.0) if used else 0.0)
        if found is None:
            return None, "time ran out" if self.late else "no rise of its price puts it out"
        told = self._tried(found, "halving")
        return told, None if told is not None else "time ran out"

    def _far(self, base: Answer, cost: float) -> float:
        """Return a rise of the price at which what is used now costs more than to do without."""
        assert base.objective is not None
        dear = max((cost - base.objective) / self.amount(base), 1.0)
        return 4.0 * dear

    def _proportional(self, low: float, high: float) -> bool:
        if self.late or not self.family.prove([low], [high]):
            return False
        assert self.family.line is not None
        line = self.family.line
        return not len(line.places.entries) and not line.moves_limits

    def _tangents(self, low: float, cost: float) -> float | None:
        shift, size = low, max(1.0, abs(cost))
        for _ in range(ROUNDS):
            answer = self.family.solve([shift], self.watch)
            if answer.objective is None or answer.values is None:
                return None
            assert self.family.line is not None
            slopes = np.zeros(len(self.matrices.cost))
            places = self.family.line.places
            slopes[places.costs] = places.parts(self.family.line.slopes[0])[0]
            slope = float(slopes @ answer.values[: len(slopes)])
            if not self.amount(answer) or slope <= 0 or cost - answer.objective <= 1e-10 * size:
                return shift
            shift += (cost - answer.objective) / slope
        return None

    def _halved(self, low: float, high: float) -> float | None:
        """Return where the amount drops to 0, by halving the stretch between the two sides."""
        for _ in range(ROUNDS):
            amount = self._at(high)
            if amount is None:
                return None
            if amount == 0:
                break
            low, high = high, 4.0 * max(high, 1.0)
        else:
            return None
        for _ in range(ROUNDS):
            if high - low <= 1e-2 * BESIDE * max(abs(low), abs(high), 1e-3):
                break
            amount = self._at((low + high) / 2)
            if amount is None:
                return None
            low, high = ((low + high) / 2, high) if amount else (low, (low + high) / 2)
        return (low + high) / 2

    def _at(self, shift: float) -> float | None:
        if self.late:
            return None
        answer = self.family.solve([shift], self.watch)
        return None if answer.values is None else self.amount(answer)

    def _tried(self, change: float, way: str) -> Threshold | None:
        """Return the threshold with a solve to either side, through edits as users write them."""
        beside = BESIDE * max(abs(change), self.asked.room, 1e-3)
        inside, outside = max(change - beside, -self.asked.room), change + beside
        amounts = [self._edited(shift) for shift in (inside, outside)]
        if amounts[0] is None or amounts[1] is None:
            return None
        agrees = amounts[0] > 0 and amounts[1] == 0
        return Threshold(change, inside, amounts[0], outside, amounts[1], way, agrees)

    def _edited(self, shift: float) -> float | None:
        """Return the amount after an edit, compiled and solved from nothing."""
        if self.late:
            return None
        problem = self._made(shift)
        matrices = compile_frame(build(problem))
        if self._hold is not None:
            matrices = self._hold(matrices)
        answer = Program.of(problem, matrices, self.options).run(self.watch)
        self.beside[shift] = matrices, answer
        return None if answer.values is None else self.amount(answer)
