"""What an edit does to one value: set, multiply or add; all of a schedule, or from a date on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from pydantic_core import PydanticCustomError

from instances.errors import Finding, InputError, shortened
from instances.fields import base_unit
from instances.schedule import Schedule, day_of_key
from instances.units import how_to_write, to_base

if TYPE_CHECKING:
    from datetime import date

    from instances.periods import Period
    from instances.select import Spot

Action = Literal["set", "multiply", "add"]
Change = Callable[[Any], Any]
LARGEST = 1e300
"""Numbers from here on are taken for infinite."""


def alter(spot: Spot, action: Action, value: Any, horizon: tuple[Period, ...]) -> None:
    """Change one value of a problem's plain data in place.

    Parameters
    ----------
    spot
        The value that is meant.
    action
        What to do.
    value
        What to set, a factor, or an amount: a number, or text with a unit.
    horizon
        The problem's periods.

    Raises
    ------
    InputError
        What is there, or ``value``, is no number; or the date lies outside the horizon.
    """
    change = _change(spot, action, value)
    if spot.day is not None:
        day = _day(spot, spot.day, horizon)
        spot.holder[spot.key] = _from_day(spot, day, change, action == "set", horizon)
    elif action == "set":
        spot.holder[spot.key] = change(None)
    else:
        spot.holder[spot.key] = _throughout(spot, spot.value(), change)


def _fault(spot: Spot, what: str, value: object, remedy: str) -> InputError:
    shown = None if value is None else shortened(value)
    return InputError([Finding(spot.where, what, shown, remedy=remedy)])


def _change(spot: Spot, action: Action, value: Any) -> Change:
    unit = base_unit(spot.owner, spot.field)
    if action == "set":
        stated = _in_base(value, unit)
        return lambda _: stated
    if action == "multiply":
        factor = _number(value, "fraction")
        if factor is None:
            raise _fault(
                spot, "is multiplied by no number", value, "Write one such as 1.1 or 110 %."
            )
        return lambda old: old * factor
    amount = _number(value, unit)
    if amount is None:
        remedy = f"Write {how_to_write(unit)}." if unit else "Write a number."
        raise _fault(spot, "is added to by no number in its unit", value, remedy)
    return lambda old: old + amount


def _number(value: Any, unit: str | None) -> float | None:
    """Return a number or a quantity as a number in ``unit``, ``None`` if it is neither."""
    try:
        number = to_base(value, unit) if unit is not None else value
    except PydanticCustomError:
        return None
    if (
        not isinstance(number, int | float)
        or isinstance(number, bool)
        or not abs(number) < LARGEST
    ):
        return None
    return number


def _in_base(value: Any, unit: str | None) -> Any:
    """Return a value, or those of a schedule, as numbers where they are; `parse` refuses the rest.

    An edit that follows can then multiply or add to them.
    """
    if isinstance(value, dict):
        return {key: _in_base(item, unit) for key, item in value.items()}
    number = _number(value, unit) if isinstance(value, str) and unit is not None else None
    return value if number is None else number


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _throughout(spot: Spot, old: Any, change: Change) -> Any:
    """Return a number, or every number of a schedule, changed."""
    if _is_number(old):
        return change(old)
    if isinstance(old, dict) and old and _is_schedule(old):
        return {key: item if key == "interpolate" else change(item) for key, item in old.items()}
    if old is None:
        raise _fault(
            spot, "has no number to change", None, "Set it, or name a field that is stated."
        )
    raise _fault(
        spot,
        "is no number, so that it can only be set",
        old,
        "Use '=', or name a number inside it, such as tranches[*].price.",
    )


def _is_schedule(plain: dict[str, Any]) -> bool:
    return all(key == "interpolate" or _is_number(item) for key, item in plain.items())


def _day(spot: Spot, text: str, horizon: tuple[Period, ...]) -> date:
    first, last = horizon[0].start, horizon[-1].start
    labels = {period.label: period.start for period in horizon}
    try:
        day = labels.get(text) or day_of_key(text)
    except ValueError:
        raise _fault(
            spot,
            "names neither a year, a date nor a period",
            text,
            f"Write a year such as {first.year}, a date such as {last}, or a period's label.",
        ) from None
    if day.year == first.year:
        day = max(day, first)
    if not first <= day <= last:
        raise _fault(
            spot,
            f"comes after the last period has begun, on {last}"
            if day > last
            else f"comes before the horizon, which begins on {first}",
            text,
            f"Name a year from {first.year} to {last.year}.",
        )
    return day


def _from_day(
    spot: Spot, day: date, change: Change, afresh: bool, horizon: tuple[Period, ...]
) -> Any:
    """Return a schedule changed from a date on, as far as its next date."""
    old = spot.value()
    points: dict[date, Any] = {}
    interpolate = False
    if _is_number(old):
        points[horizon[0].start] = old
    elif isinstance(old, dict) and _is_schedule(old):
        interpolate = bool(old.get("interpolate", False))
        points = {day_of_key(key): item for key, item in old.items() if key != "interpolate"}
    before = Schedule(tuple(sorted(points.items())), interpolate).at(day) if points else None
    if before is None and not afresh:
        raise _fault(
            spot, "has no number on that date to change", None, "Set it, or name a later date."
        )
    points[day] = change(before)
    plain: dict[str, Any] = {at.isoformat(): item for at, item in sorted(points.items())}
    return plain | {"interpolate": True} if interpolate else plain
