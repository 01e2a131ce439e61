"""Grid: points of a curve where it bends, found by halving what is not straight enough."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = 9
"""Points to begin with."""
NARROWEST = 1e-4
"""Width of a stretch, relative to all, below which it is not halved: a step, not a bend."""

Costs = list[tuple[float, float | None]]


def refine(
    cost: Callable[[float], float | None],
    low: float,
    high: float,
    tolerance: float,
    most: int,
) -> Costs:
    """Return points with their cost (``None`` without a plan), in order.

    The stretch whose middle lies farthest off the straight line of its ends is halved first, until
    every middle is within ``tolerance`` of the range of costs, or ``most`` points are solved.
    Where one end has a plan and the other has none, the border is looked for in the same way.

    Parameters
    ----------
    cost
        Solves at a point.
    """
    width = high - low
    known = {at: cost(at) for at in (low + width * step / (FIRST - 1) for step in range(FIRST))}
    settled: set[tuple[float, float]] = set()
    while len(known) < most:
        spread = _spread(known)
        open_ = [
            (_doubt(known, pair, spread), pair)
            for pair in pairwise(sorted(known))
            if pair not in settled and pair[1] - pair[0] > NARROWEST * width
        ]
        if not open_:
            break
        _, (left, right) = max(open_)
        middle = (left + right) / 2
        known[middle] = cost(middle)
        ends, inside = (known[left], known[right]), known[middle]
        if inside is None or None in ends:
            if inside is None and ends == (None, None):
                settled |= {(left, middle), (middle, right)}
            continue
        first, last = ends
        assert first is not None
        assert last is not None
        if abs(inside - (first + last) / 2) <= tolerance * spread:
            settled |= {(left, middle), (middle, right)}
    return sorted(known.items())


def _spread(known: dict[float, float | None]) -> float:
    costs = [cost for cost in known.values() if cost is not None]
    return max((max(costs) - min(costs)) if costs else 0.0, 1e-12)


def _doubt(known: dict[float, float | None], pair: tuple[float, float], spread: float) -> float:
    """Return how much may be hidden between two neighbours: the cost that lies between them."""
    first, last = known[pair[0]], known[pair[1]]
    width = pair[1] - pair[0]
    if first is None and last is None:
        return 0.0
    if first is None or last is None:
        return spread * width
    return abs(last - first) + 1e-3 * spread * width
