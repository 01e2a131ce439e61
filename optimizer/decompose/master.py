r"""Master: the first stage with what is known of the cost of recourse, as cuts.

.. math:: \min_x c x + \sum_g \theta_g, \qquad
    \theta_g \ge \sum_{k \in g} Q_k(\hat x) + g_k (x - \hat x)

Its least cost is a lower bound on that of the extensive form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optimizer.highs import Instance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices, Positions
    from optimizer.options import Options


@dataclass(frozen=True, eq=False)
class Cut:
    """What a group of sub-problems, or one without recourse, was found to cost.

    Parameters
    ----------
    group
        Number of the group.
    feasible
        Whether there was any recourse; else ``value`` is what its rows are broken by.
    value, slope
        Its cost at ``at``, and how that changes by every column of the first stage.
    at
        The first stage.
    rows, duals
        Rows of the extensive form that have a price, and their duals at ``at``.
    """

    group: int
    feasible: bool
    value: float
    slope: Floats
    at: Floats
    rows: Positions
    duals: Floats


class Master:
    """The first stage and its cuts, in one instance.

    Parameters
    ----------
    matrices
        The first stage alone.
    groups
        How many groups of sub-problems there are.
    """

    def __init__(self, matrices: Matrices, groups: int, options: Options) -> None:
        self._matrices = matrices
        self._instance = Instance(matrices, options, quiet=True)
        # a cost of recourse near 1, as all else
        self._unit = _typical(matrices.cost)
        self._costs = [self._instance.add_column(self._unit, 0.0, 0.0) for _ in range(groups)]
        self._unknown = set(range(groups))
        self._cuts: list[tuple[Cut, float]] = []

    @property
    def bounded(self) -> bool:
        """Whether the cost of every group has a cut: before, there is no lower bound."""
        return not self._unknown

    @property
    def known(self) -> int:
        """How many cuts it holds."""
        return len(self._cuts)

    def add(self, cuts: Sequence[Cut]) -> None:
        """Add cuts."""
        for cut in cuts:
            columns = np.flatnonzero(cut.slope)
            limit = cut.value - float(cut.slope[columns] @ cut.at[columns])
            unit = self._unit
            if cut.feasible:
                numbers = np.append(-cut.slope[columns] / unit, 1.0)
                columns = np.append(columns, self._costs[cut.group])
                self._know(cut.group)
            else:
                unit = max(float(np.abs(cut.slope).max(initial=0.0)), 1e-12)
                # the sum of what is broken has to come down to nothing
                numbers = -cut.slope[columns] / unit
            self._instance.add_row(limit / unit, np.inf, columns, numbers)
            self._cuts.append((cut, unit))

    def _know(self, group: int) -> None:
        if group in self._unknown:
            self._unknown.discard(group)
            self._bound(np.array([self._costs[group]]), np.array([-np.inf]), np.array([np.inf]))

    def solve(self, watch: Watch) -> Answer:
        """Return the least cost so far: the columns of the first stage come first."""
        return self._instance.run(watch)

    def confine(self, around: Floats, distance: float) -> None:
        """Keep columns without bounds within so many times the size of each around it."""
        lower, upper = self._matrices.lower, self._matrices.upper
        room = distance * (1.0 + np.abs(around))
        low = np.where(np.isfinite(lower), lower, around - room)
        high = np.where(np.isfinite(upper), upper, around + room)
        self._bound(np.arange(len(around)), low, high)

    def release(self) -> None:
        """Undo `confine`."""
        every = np.arange(len(self._matrices.lower))
        self._bound(every, self._matrices.lower, self._matrices.upper)

    def fix(self, columns: Positions, values: Floats) -> None:
        """Let ``columns`` stand at ``values``."""
        self._bound(columns, values, values)

    def _bound(self, columns: Positions, lower: Floats, upper: Floats) -> None:
        self._instance.change_bounds(columns, lower, upper)

    def duals(self, answer: Answer, rows: Positions, height: int) -> Floats:
        """Return duals of the extensive form, which has ``height`` rows; unknown ones as NaN.

        A cut weighs the duals of its sub-problems by its own dual, so that together with those of
        ``rows``, the first stage's, they are a solution of the dual of the extensive form, worth
        the lower bound.
        """
        assert answer.row_dual is not None
        found = np.full(height, np.nan)
        found[rows] = answer.row_dual[: len(rows)]
        for cut, _ in self._cuts:
            found[cut.rows] = 0.0
        weights = answer.row_dual[len(rows) :]
        for (cut, unit), weight in zip(self._cuts, weights.tolist(), strict=True):
            if weight:
                found[cut.rows] += weight / unit * cut.duals
        return found


def _typical(cost: Floats) -> float:
    """Return a power of ten near the costs that are not 0."""
    sizes = np.abs(cost[cost != 0])
    return float(10.0 ** np.round(np.mean(np.log10(sizes)))) if len(sizes) else 1.0
