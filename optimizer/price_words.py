"""Prices of rules in words: by dual and by solves, side by side and labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.words import money

if TYPE_CHECKING:
    import pandas as pd

UNITS = {
    "fraction": ("point", 0.01),
    "t": ("tonne", 1.0),
    "d": ("day", 1.0),
    "count": ("supplier", 1.0),
}
"""How the unit of a lever is told, and how much of it that is."""
KINDS = {"lp": "dual", "fixed_integers": "dual with yes/no choices fixed"}


def prices_in_words(table: pd.DataFrame) -> str:
    """Return a line per number of a rule: what a unit of relaxing it saves."""
    lines = ["What relaxing each rule saves, by its dual and by solves a step to either side"]
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        unit, scale = UNITS.get(str(row["unit"]), (str(row["unit"]), 1.0))
        told = [
            f"{label} {money(row[name] * scale)}"
            for name, label in (
                ("dual", KINDS.get(str(row["dual_kind"]), "dual")),
                ("relaxation_dual", "dual with fractions for choices"),
                ("relaxing", "a step looser"),
                ("tightening", "a step tighter"),
            )
            if row[name] is not None
        ]
        head = f"  {row['rule']}, {row['lever']}"
        if told:
            head += f", a {unit}: {', '.join(told)}"
        notes = [
            *_holds(row, unit, scale),
            *(["the steps differ: two prices"] if row["degenerate"] else []),
            *([row["reason"]] if row["reason"] is not None else []),
        ]
        lines.append(head + (f" ({'; '.join(notes)})" if notes else ""))
    return "\n".join(lines)


def _holds(row: dict[Any, Any], unit: str, scale: float) -> list[str]:
    ends = (row["holds_tighter"], row["holds_looser"])
    if None in ends:
        return []
    tighter, looser = (f"{end / scale:.4g}" for end in ends)
    plural = f"{unit}s" if unit.isalpha() else unit
    return [f"the dual holds {tighter} {plural} tighter and {looser} looser"]
