"""A program loaded once and moved from point to point, each solve starting from the last basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from instances.rules import HHICap
from optimizer.cuts import Cuts
from optimizer.engine.places import difference, same_structure
from optimizer.highs import Instance

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.engine.line import Line
    from optimizer.options import Options


class Program:
    """One HiGHS instance of one structure.

    Parameters
    ----------
    matrices
        The program as it is loaded.
    options
        How to solve.
    cuts
        What adds the cuts of rules that are kept by them; such a program is not moved.
    """

    def __init__(self, matrices: Matrices, options: Options, cuts: Cuts | None = None) -> None:
        self._base = matrices
        self._cuts = cuts
        self._at: Matrices | None = matrices
        self._line: Line | None = None
        self._limit: int | None = None
        self._instance = Instance(matrices, options, quiet=True)

    @classmethod
    def of(cls, problem: Problem, matrices: Matrices, options: Options) -> Self:
        """Return the program of a problem, with cuts where a rule is kept by them."""
        curved = any(isinstance(rule, HHICap) for rule in problem.rules)
        cuts = Cuts(problem, matrices, options.hhi_tolerance) if curved else None
        return cls(matrices, options, cuts)

    @property
    def base(self) -> Matrices:
        """The program as it was loaded first, with the cuts found since."""
        return self._base if self._cuts is None else self._cuts.matrices

    def fits(self, matrices: Matrices) -> bool:
        """Return whether ``matrices`` has the structure that is loaded."""
        return same_structure(self.base, matrices)

    def move(self, matrices: Matrices) -> None:
        """Become ``matrices``, by writing the numbers that differ.

        It must have the structure that is loaded (`fits`).
        """
        self._leave_line()
        assert self._at is not None
        places = difference(self._at, matrices)
        places.write(self._instance, places.read(matrices))
        self._at = matrices

    def move_along(self, line: Line, point: Floats) -> None:
        """Become what ``line`` is at ``point``; the numbers off the line are those of its base."""
        if self._line is not line:
            self.move(line.base)
            self._line = line
        line.places.write(self._instance, line.numbers(point))

    def _leave_line(self) -> None:
        if self._line is None:
            return
        self._line.places.write(self._instance, self._line.places.read(self._line.base))
        self._at = self._line.base
        self._line = None

    def limit_cost(self, most: float) -> None:
        """Let no plan cost more than ``most`` USD, as the loaded program counts cost."""
        scale = float(np.abs(self.base.cost).max(initial=0.0)) or 1.0
        limit = (most - self.base.offset) / scale
        if self._limit is None:
            columns = np.flatnonzero(self.base.cost)
            self._limit = self._instance.add_row(
                -np.inf, limit, columns, self.base.cost[columns] / scale
            )
        else:
            row = np.array([self._limit])
            self._instance.change_rows(row, np.array([-np.inf]), np.array([limit]))

    def aim(self, weights: Floats) -> None:
        """Minimise the weighted sum of the columns instead of the cost."""
        self._instance.change_cost(weights)

    def run(self, watch: Watch) -> Answer:
        """Solve from the basis of the last solve."""
        if self._cuts is not None:
            return self._cuts.solve(self._instance, watch)
        return self._instance.run(watch)

    def forget(self) -> None:
        """Forget the basis, so that the next solve starts from nothing."""
        self._instance.forget()
