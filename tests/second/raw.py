"""What a problem file says, read without the product: units, dates, schedules, periods."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Data = dict[str, Any]
FACTORS = {
    "t": 1.0,
    "t/yr": 1.0,
    "kt/yr": 1e3,
    "kg/yr": 1e-3,
    "USD/t": 1.0,
    "USD/kg": 1e3,
    "USD/t/yr": 1.0,
    "USD/kg/yr": 1e3,
    "USD/yr": 1.0,
    "%": 1e-2,
    "%/yr": 1e-2,
    "d": 1.0,
    "yr": 1.0,
}
MONTHS = {"yr": 12, "months": 1, "quarter": 3}


def number(value: Any) -> float:
    """Return a number, or a text of number and unit, in base units."""
    if isinstance(value, str):
        figure, _, unit = value.partition(" ")
        return float(figure) * FACTORS[unit]
    return float(value)


def day(value: Any) -> date:
    """Return the date that a key or a field means; a year is its first of January."""
    if isinstance(value, int):
        return date(value, 1, 1)
    return value if isinstance(value, date) else date.fromisoformat(value)


def on(value: Any, when: date) -> float:
    """Return what a schedule says on a day: what was said last, or a straight line."""
    if not isinstance(value, dict):
        return number(value)
    said = sorted((day(key), number(one)) for key, one in value.items() if key != "interpolate")
    past = [item for item in said if item[0] <= when]
    later = [item for item in said if item[0] > when]
    start, held = past[-1]
    if not value.get("interpolate") or not later:
        return held
    end, then = later[0]
    # every calendar year is as long as any other
    return held + (then - held) * (years(start, when) / years(start, end))


def years(start: date, end: date) -> float:
    """Return the years between: each day is a part of the year it lies in."""
    total, when = 0.0, start
    while when < end:
        next_year = date(when.year + 1, 1, 1)
        until = min(end, next_year)
        total += (until - when).days / (next_year - date(when.year, 1, 1)).days
        when = until
    return total


def periods(plain: Data) -> list[tuple[date, date]]:
    """Return first day and day after the last of every period."""
    told = plain["periods"]
    start = day(told["start"])
    found = []
    for part in told.get("parts", [told]):
        for _ in range(part["count"]):
            figure, _, unit = part["length"].partition(" ")
            if unit == "d":
                end = start + timedelta(days=int(figure))
            else:
                month = start.month - 1 + int(figure) * MONTHS[unit]
                end = date(start.year + month // 12, month % 12 + 1, start.day)
            found.append((start, end))
            start = end
    return found
