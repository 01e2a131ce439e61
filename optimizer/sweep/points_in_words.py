"""Points of a sweep in words: what each axis is at, and the least cost there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.fields import base_unit
from instances.select import select
from instances.words import money, percent
from optimizer.text_grid import grid

if TYPE_CHECKING:
    from optimizer.engine.family import Axis
    from optimizer.sweep.outcome import PointRecord, Sweep

MOST_LISTED = 20
"""Points up to which all are listed; of more the cheapest and the dearest are told."""


def points_in_words(sweep: Sweep) -> str:
    """Return a line per point: its name, its values, and its least cost or why there is none.

    Of many points the cheapest and the dearest are told; the table has them all.
    """
    told = sweep.records if len(sweep.records) <= MOST_LISTED else _ends(sweep)
    units = [_unit(sweep, axis) for axis in sweep.design.axes]
    values = {point.id: point.values for point in sweep.design.points}
    head = ["", *map(_headed, sweep.design.axes, units), "least cost"]
    cells = [
        [
            record.point,
            *map(_shown, values[record.point], units),
            record.status if record.objective_usd is None else money(record.objective_usd),
        ]
        for record in told
    ]
    return grid(head, cells) if cells else ""


def _ends(sweep: Sweep) -> tuple[PointRecord, ...]:
    """Return the cheapest and the dearest point."""
    costs = {
        number: record.objective_usd
        for number, record in enumerate(sweep.records)
        if record.objective_usd is not None
    }
    ends = (min(costs, key=costs.__getitem__), max(costs, key=costs.__getitem__)) if costs else ()
    return tuple(sweep.records[number] for number in dict.fromkeys(ends))


def _unit(sweep: Sweep, axis: Axis) -> str:
    """Return the unit of the values of an axis; those that multiply have none."""
    if axis.action == "multiply":
        return ""
    spot = select(sweep.problem.to_plain(), axis.select)[0]
    return base_unit(spot.owner, spot.field) or ""


def _headed(axis: Axis, unit: str) -> str:
    return axis.name if unit in ("", "fraction") else f"{axis.name} ({unit})"


def _shown(value: float, unit: str) -> str:
    return percent(value) if unit == "fraction" else f"{value:.6g}"
