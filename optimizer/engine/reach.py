"""Reach: how far an axis can go before no plan is left, as a linear program of its own.

Where the axis moves bounds and right-hand sides only, its value can be a column: the least and the
greatest value for which the rows can be kept are then the optima of two programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from optimizer.highs import Instance
from optimizer.status import Point

if TYPE_CHECKING:
    from optimizer.answer import Watch
    from optimizer.compile import Floats
    from optimizer.engine.line import Line
    from optimizer.options import Options

End = Literal["least", "greatest"]


def reach(
    line: Line, low: float, high: float, end: End, options: Options, watch: Watch
) -> float | None:
    """Return the end of the stretch of an axis from ``low`` to ``high`` on which there is a plan.

    Parameters
    ----------
    line
        A line over one axis that moves no coefficient and no cost that matters here.
    low, high
        The stretch that is asked about.
    end
        Which end of the part with a plan.

    Returns
    -------
    The value, ``None`` when there is no plan on the whole stretch or time ran out.
    """
    base, places = line.base, line.places
    instance = Instance(base, options, quiet=True)
    instance.change_cost(np.zeros(len(base.cost)))
    sign = 1.0 if end == "least" else -1.0
    value = instance.add_column(sign, low, high)
    origin = float(line.origin[0])
    _, lower, upper, row_lower, row_upper, entries, _ = places.parts(line.slopes[0])
    assert not entries.any()
    moving = np.flatnonzero((row_lower != 0) | (row_upper != 0))
    rows, steps = places.rows[moving], _step(row_lower[moving], row_upper[moving])
    instance.change_coefficients(rows, np.full(len(rows), value), -steps)
    instance.change_rows(
        rows,
        base.row_lower[rows] - steps * origin,
        base.row_upper[rows] - steps * origin,
    )
    moving = np.flatnonzero((lower != 0) | (upper != 0))
    for column, least, most in zip(
        places.columns[moving], lower[moving], upper[moving], strict=True
    ):
        _free(instance, int(column), value, float(least), float(most), line)
    answer = instance.run(watch)
    if answer.status.point is not Point.OPTIMAL or answer.objective is None:
        return None
    return sign * answer.objective


def _step(lower: Floats, upper: Floats) -> Floats:
    """Return the slope of a row: of its one finite bound, or of both."""
    return np.where(lower != 0, lower, upper)


def _free(
    instance: Instance, column: int, value: int, least: float, most: float, line: Line
) -> None:
    """State moving bounds of a column as rows; a bound that stands still stays a bound."""
    base, origin = line.base, float(line.origin[0])
    low, high = float(base.lower[column]), float(base.upper[column])
    pair = np.array([column, value])
    if least:
        instance.add_row(low - least * origin, np.inf, pair, np.array([1.0, -least]))
    if most:
        instance.add_row(-np.inf, high - most * origin, pair, np.array([1.0, -most]))
    instance.change_bounds(
        np.array([column]),
        np.array([-np.inf if least else low]),
        np.array([np.inf if most else high]),
    )
