"""Which points of a sweep are solved again from nothing, and whether they agree."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.engine.line import Line
    from optimizer.sweep.design import Design, Point
    from optimizer.sweep.outcome import PointRecord

SAMPLE = 0.03
"""Fraction of the points that is solved again from nothing, besides the first and the last."""
AGREES = 1e-6
"""Relative difference within which a solve from nothing agrees, beyond the gap asked for."""


def suspects(
    design: Design, records: Mapping[str, PointRecord], line: Line | None, seed: int
) -> list[Point]:
    """Return the points to solve from nothing: both ends, a sample, and all off the curve."""
    answered = [
        point
        for point in design.points
        if point.id in records and records[point.id].way not in (None, "cold")
    ]
    if not answered:
        return []
    draw = random.Random(seed)
    chosen = {answered[0].id, answered[-1].id}
    chosen |= {
        point.id
        for point in draw.sample(answered, min(len(answered), round(SAMPLE * len(answered))))
    }
    chosen |= _bent(design, records, line, answered)
    return [point for point in answered if point.id in chosen]


def _bent(
    design: Design,
    records: Mapping[str, PointRecord],
    line: Line | None,
    points: Sequence[Point],
) -> set[str]:
    """Return the points that lie off the curve they should be on.

    Along one axis that moves limits alone the least cost of a linear program is convex, along
    one that moves costs alone it is concave.
    """
    if line is None or len(design.axes) != 1 or line.base.integer.any():
        return set()
    if len(line.places.entries) or line.moves_costs == line.moves_limits:
        return set()
    sign = -1.0 if line.moves_costs else 1.0
    known = [
        (point.values[0], sign * cost, point.id)
        for point in sorted(points, key=lambda point: point.values)
        if (cost := records[point.id].objective_usd) is not None
    ]
    bent: set[str] = set()
    for (left, middle), (_, right) in pairwise(pairwise(known)):
        width = right[0] - left[0]
        if width <= 0:
            continue
        part = (middle[0] - left[0]) / width
        chord = left[1] + part * (right[1] - left[1])
        if middle[1] > chord + AGREES * max(1.0, abs(chord)):
            bent |= {left[2], middle[2], right[2]}
    return bent


def agree(warm: PointRecord, cold: PointRecord, gap: float) -> bool:
    """Return whether a point solved from nothing says what its warm solve said."""
    if warm.status != cold.status:
        # a solve that time ended contradicts nothing
        return "none" in (warm.status, cold.status) or {warm.status, cold.status} == {
            "optimal",
            "feasible",
        }
    if warm.objective_usd is None or cold.objective_usd is None:
        return True
    size = max(1.0, abs(warm.objective_usd), abs(cold.objective_usd))
    allowed = (AGREES + 2 * gap) * size
    return warm.status == "feasible" or abs(warm.objective_usd - cold.objective_usd) <= allowed
