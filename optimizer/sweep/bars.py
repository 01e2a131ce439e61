"""Bars of a tornado: which axis moves the least cost most, from solves at either end of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import money

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.sweep.outcome import Sweep

WIDTH = 24
"""Signs of the longest bar to one side."""


def bars(sweep: Sweep) -> pd.DataFrame:
    """Return a row per axis, the one that moves the least cost most first.

    Returns
    -------
    ``axis``; ``low`` and ``high``, its ends; ``low_usd`` and ``high_usd``, the least cost there;
    ``low_change_usd`` and ``high_change_usd`` against the base; ``swing_usd``, the distance
    between the least and the greatest of the three costs. ``None`` at an end without a plan; an
    axis that misses one comes first: it may stop everything.
    """
    import pandas as pd

    records = dict(zip((point.id for point in sweep.design.points), sweep.records, strict=True))
    base = records[sweep.design.base].objective_usd if sweep.design.base else None
    rows: list[tuple[float, dict[str, object]]] = []
    for number, axis in enumerate(sweep.design.axes):
        ends = {
            end: (point.values[number], records[point.id].objective_usd)
            for point in sweep.design.points
            for end in ("low", "high")
            if point.id == f"{number}-{end}"
        }
        costs = [ends["low"][1], ends["high"][1]]
        changes = [None if cost is None or base is None else cost - base for cost in costs]
        reached = [0.0, *(change for change in changes if change is not None)]
        swing = None if None in changes else max(reached) - min(reached)
        row = {
            "axis": axis.name,
            "low": ends["low"][0],
            "high": ends["high"][0],
            "low_usd": costs[0],
            "high_usd": costs[1],
            "low_change_usd": changes[0],
            "high_change_usd": changes[1],
            "swing_usd": swing,
        }
        rows.append((float("inf") if swing is None else swing, row))
    rows.sort(key=lambda pair: -pair[0])
    return pd.DataFrame([row for _, row in rows])


def in_words(sweep: Sweep) -> str:
    """Return the bars as text: each end with its cost, its change, and a bar to its side."""
    table = bars(sweep)
    base = next(item for item in sweep.records if item.point == sweep.design.base)
    if base.objective_usd is None:
        return f"There is no least cost to start from: {base.reason or base.status}."
    lines = [f"What moves the least cost of {money(base.objective_usd)} most"]
    changes = table[["low_change_usd", "high_change_usd"]].astype(float)
    longest = float(changes.abs().max().max()) or 1.0
    reasons = {item.point: item.reason or item.status for item in sweep.records}
    names = [axis.name for axis in sweep.design.axes]
    for row in table.to_dict("records"):
        lines.append(f"  {row['axis']}")
        for end in ("low", "high"):
            cost, change = row[f"{end}_usd"], row[f"{end}_change_usd"]
            head = f"    {row[end]:<10.6g}"
            if cost is None or cost != cost:
                reason = reasons[f"{names.index(row['axis'])}-{end}"]
                lines.append(f"{head}  no least cost: {reason}")
                continue
            length = round(WIDTH * abs(change) / longest)
            left, right = ("#" * length, "") if change < 0 else ("", "#" * length)
            told = f"{'+' if change > 0 else '-' if change < 0 else ''}{money(abs(change))}"
            bar = f"{left:>{WIDTH}}|{right}"
            lines.append(f"{head}{money(cost):>20}{told:>22}  {bar}".rstrip())
    return "\n".join(lines)
