"""Kinks: a convex (or concave) piecewise-linear curve traced exactly, from values and slopes.

Two tangents that do not pass through each other's point meet between the points. Solved there, the
curve either lies on both tangents, which makes that a kink and proves both pieces, or it has a
piece that was not known, with which the search goes on to either side (Eisner and Severance, J.
ACM 23 (1976) 619). A curve with k kinks takes 2k + 1 solves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SAME = 1e-9
"""Difference relative to the largest value at which the curve lies on a tangent."""


@dataclass(frozen=True, slots=True)
class Tangent:
    """A point of the curve with a slope there.

    Parameters
    ----------
    at, value, slope
        Where, how much, and the slope (at a kink that of one piece, or between them).
    """

    at: float
    value: float
    slope: float

    def reaches(self, at: float) -> float:
        """Return the value of the tangent at another point."""
        return self.value + self.slope * (at - self.at)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch on which the curve is straight."""

    low: float
    high: float
    low_value: float
    high_value: float

    @property
    def slope(self) -> float:
        """Return how much the value moves per unit."""
        return (self.high_value - self.low_value) / (self.high - self.low)


def trace(first: Tangent, last: Tangent, tangent: Callable[[float], Tangent]) -> list[Piece]:
    """Return the pieces of the curve from ``first`` to ``last``, in order.

    Parameters
    ----------
    first, last
        The ends.
    tangent
        Solves at a point between.
    """
    size = max(abs(first.value), abs(last.value), 1.0)
    width = last.at - first.at
    pieces: list[Piece] = []
    # depth first, left to right: pieces come out in order
    waiting = [(first, last)]
    while waiting:
        left, right = waiting.pop()
        straight = Piece(left.at, right.at, left.value, right.value)
        on_left = abs(left.reaches(right.at) - right.value) <= SAME * size
        on_right = abs(right.reaches(left.at) - left.value) <= SAME * size
        meet = _meeting(left, right)
        if on_left or on_right or not left.at + SAME * width < meet < right.at - SAME * width:
            pieces.append(straight)
            continue
        middle = tangent(meet)
        if abs(middle.value - left.reaches(meet)) <= SAME * size:
            pieces.append(Piece(left.at, meet, left.value, middle.value))
            pieces.append(Piece(meet, right.at, middle.value, right.value))
            continue
        waiting.append((middle, right))
        waiting.append((left, middle))
    return merged(pieces, size)


def merged(pieces: list[Piece], size: float) -> list[Piece]:
    """Return pieces with neighbours of one slope put together."""
    whole: list[Piece] = []
    for piece in pieces:
        if whole:
            before = whole[-1]
            joint = Piece(before.low, piece.high, before.low_value, piece.high_value)
            bend = joint.low_value + joint.slope * (piece.low - joint.low) - piece.low_value
            if abs(bend) <= SAME * size:
                whole[-1] = joint
                continue
        whole.append(piece)
    return whole


def _meeting(left: Tangent, right: Tangent) -> float:
    if left.slope == right.slope:
        return left.at
    return (right.value - right.slope * right.at - left.value + left.slope * left.at) / (
        left.slope - right.slope
    )
