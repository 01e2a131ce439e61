"""Lines: along an axis the numbers of a program move in proportion; proven before it is used.

The map from a point to the numbers is learnt from a compile at either end of each axis. Further
compiles, within each axis and at points off all of them, must agree with it to 1e-9 of their size;
otherwise (a product of two axes, a minimum, another structure) there is no line, and every point
has to be compiled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optimizer.engine.places import Places, difference, same_structure

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.answer import Answer
    from optimizer.compile import Floats, Matrices

WITHIN = 0.381966011250105
"""Where on an axis the line is proven: no simple fraction of it."""
AGREES = 1e-9
"""Relative difference at which a number lies on the line."""


@dataclass(frozen=True, eq=False)
class Line:
    """How numbers of a program move with the values of one or more axes.

    Parameters
    ----------
    base
        The program at ``origin``.
    places
        Where numbers move.
    origin
        A value for each axis.
    at
        The numbers at ``origin``.
    slopes
        How they move: a row per axis, a column per number, per unit of the axis.
    """

    base: Matrices
    places: Places
    origin: Floats
    at: Floats
    slopes: Floats

    def numbers(self, point: Floats) -> Floats:
        """Return the numbers at ``point``, a value for each axis."""
        return self.at + (point - self.origin) @ self.slopes

    @property
    def moves_costs(self) -> bool:
        """Whether a cost or the constant moves."""
        cost, *_, offset = self.places.parts(self.slopes.T)
        return bool(cost.any() or offset.any())

    @property
    def moves_limits(self) -> bool:
        """Whether a bound or a right-hand side moves."""
        return any(part.any() for part in self.places.parts(self.slopes.T)[1:5])

    def slope(self, answer: Answer, axis: int = 0) -> float:
        """Return by how much the least cost moves per unit of an axis, USD, by the duals.

        The derivative of a linear program's value: what the moving costs, bounds, right-hand
        sides and coefficients are worth at the answer's point and prices (Bertsimas and
        Tsitsiklis, Introduction to Linear Optimization (1997), chapter 5). At a kink it is the
        slope of one of the pieces, or lies between them.

        Parameters
        ----------
        answer
            Optimal answer of a linear program, with duals.
        """
        assert answer.values is not None
        assert answer.row_dual is not None
        assert answer.column_dual is not None
        places = self.places
        cost, lower, upper, row_lower, row_upper, entries, offset = places.parts(self.slopes[axis])
        columns, rows = np.divmod(places.entries, places.height)
        held = answer.column_dual[places.columns]
        price = answer.row_dual[places.rows]
        moved = (
            cost @ answer.values[places.costs]
            # a dual above 0 is the price of the lower bound, one below 0 of the upper
            + np.where(held > 0, lower, upper) @ held
            + np.where(price > 0, row_lower, row_upper) @ price
            - (entries * answer.row_dual[rows]) @ answer.values[columns]
            + offset[0]
        )
        return float(moved)


def learn(
    compiled: Callable[[Floats], Matrices], low: Floats, high: Floats, seed: int = 0
) -> Line | None:
    """Return the line of the programs that ``compiled`` gives, ``None`` where there is none.

    Parameters
    ----------
    compiled
        Returns the program at a value for each axis.
    low, high
        The ends of each axis.
    seed
        Of the points off the axes at which a line over several is proven.
    """
    origin = np.asarray(low, dtype=float)
    span = np.asarray(high, dtype=float) - origin
    moving = np.flatnonzero(span).tolist()
    base = compiled(origin)
    ends = []
    for axis in moving:
        end = compiled(_at(origin, span, axis, 1.0))
        if not same_structure(base, end):
            return None
        ends.append(end)
    places = difference(base, base)
    for end in ends:
        places = places.joined(difference(base, end))
    at = places.read(base)
    slopes = np.zeros((len(origin), len(at)))
    for axis, end in zip(moving, ends, strict=True):
        reached = places.read(end)
        moved = reached != at
        if not np.isfinite(at[moved]).all() or not np.isfinite(reached[moved]).all():
            return None
        slopes[axis, moved] = (reached[moved] - at[moved]) / span[axis]
    line = Line(base, places, origin, at, slopes)
    proofs = [_at(origin, span, axis, WITHIN) for axis in moving]
    if len(moving) > 1:
        draw = np.random.default_rng(seed)
        proofs += [origin + span, *(origin + span * draw.random(len(span)) for _ in range(2))]
    return line if all(_on(line, point, compiled(point)) for point in proofs) else None


def _at(origin: Floats, span: Floats, axis: int, part: float) -> Floats:
    point = origin.copy()
    point[axis] += part * span[axis]
    return point


def _on(line: Line, point: Floats, matrices: Matrices) -> bool:
    if not same_structure(line.base, matrices):
        return False
    if not line.places.covers(difference(line.base, matrices)):
        return False
    expected, found = line.numbers(point), line.places.read(matrices)
    finite = np.isfinite(found)
    if not np.array_equal(expected[~finite], found[~finite]):
        return False
    size = np.maximum(np.abs(found[finite]), np.abs(line.at[finite]))
    return bool((np.abs(expected[finite] - found[finite]) <= AGREES * size).all())
