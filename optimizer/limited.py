"""Limited: a weighted sum of columns that is minimised, or held below a limit, in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optimizer.goals import SLACK

if TYPE_CHECKING:
    from optimizer.answer import Answer
    from optimizer.compile import Floats
    from optimizer.highs import Instance


class Limited:
    """A sum of columns that is minimised, or limited by a row."""

    def __init__(self, instance: Instance, weights: Floats, offset: float) -> None:
        self.weights, self.offset = weights, offset
        self._instance = instance
        columns = np.flatnonzero(weights)
        self._size = float(np.abs(weights).max(initial=0.0)) or 1.0
        self._row = instance.add_row(-np.inf, np.inf, columns, weights[columns] / self._size)

    def limit(self, most: float, room: float = SLACK) -> None:
        """Let the sum be at most ``most``, with a room for the solver's own tolerance."""
        most -= self.offset
        spare = 0.0 if np.isinf(most) else room * max(abs(most), self._size)
        limit = (most + spare) / self._size
        row = np.array([self._row])
        self._instance.change_rows(row, np.array([-np.inf]), np.array([limit]))

    def price(self, answer: Answer) -> float:
        """Return what a unit more of the limit is worth to the objective of ``answer``."""
        assert answer.row_dual is not None
        return float(answer.row_dual[self._row]) / self._size
