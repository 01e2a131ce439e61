"""Rows and bounds of an infeasible model that cannot all be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from optimizer.highs.model import model_of

if TYPE_CHECKING:
    from optimizer.compile import Matrices, Positions

IRREDUCIBLE = int(highspy.IisStrategy.kIisStrategyFromLp) + int(
    highspy.IisStrategy.kIisStrategyIrreducible
)
_AT_TOP = (
    highspy.IisBoundStatus.kIisBoundStatusUpper,
    highspy.IisBoundStatus.kIisBoundStatusBoxed,
)


def irreducible_set(matrices: Matrices, seconds: float) -> tuple[Positions, Positions] | None:
    """Return rows, and columns by their upper bounds, that cannot all be kept: each is needed.

    Yes/no choices may be fractions: where only they clash there is none.

    Parameters
    ----------
    matrices
        An infeasible model.
    seconds
        Most that it may take.

    Returns
    -------
    Positions of rows and of columns; ``None`` where none was found in time.
    """
    solver = highspy.Highs()
    for name, value in (
        ("output_flag", False),
        ("iis_strategy", IRREDUCIBLE),
        ("iis_time_limit", float(seconds)),
        ("time_limit", float(seconds)),
    ):
        solver.setOptionValue(name, value)
    model = model_of(matrices, 1.0)
    model.integrality_ = []
    if solver.passModel(model) == highspy.HighsStatus.kError:
        return None
    status, found = solver.getIis()
    # without an irreducible set there may be rows that only may be in conflict
    if status == highspy.HighsStatus.kError or not len(found.row_index_):
        return None
    at_top = [
        column
        for column, bound in zip(found.col_index_, found.col_bound_, strict=True)
        if highspy.IisBoundStatus(bound) in _AT_TOP
    ]
    return np.array(found.row_index_, dtype=np.int64), np.array(at_top, dtype=np.int64)
