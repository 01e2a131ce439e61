"""A schedule: one value for ever, or values from stated dates on, held or interpolated between."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    Discriminator,
    GetCoreSchemaHandler,
    PlainSerializer,
    Tag,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from instances.errors import shortened
from instances.units import quantity

_YEAR = re.compile(r"\d{4}")


def position(day: date) -> float:
    """Return ``day`` in calendar years: 2028-01-01 is 2028.0, whatever the length of the year."""
    return day.year + (day.timetuple().tm_yday - 1) / days_in_year(day.year)


def days_in_year(year: int) -> int:
    """Return 366 in a leap year and 365 in any other."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days if year < date.max.year else 365


def day_of_key(key: object) -> date:
    """Return the date a schedule's key stands for: a year is its first of January.

    Raises
    ------
    ValueError
        The key is neither a year nor an ISO date.
    """
    if isinstance(key, datetime) or (isinstance(key, int) and not 0 < key < 10_000):
        raise ValueError("neither a year nor a date")
    if isinstance(key, date):
        return key
    text = str(key).strip()
    if _YEAR.fullmatch(text) and int(text) > 0:
        return date(int(text), 1, 1)
    return date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Values over time.

    Parameters
    ----------
    points
        ``(date, value)`` in order of date; the single date ``date.min`` means always.
    interpolate
        Whether values between two dates lie on the straight line between them (in calendar years);
        otherwise a value holds until the next date. After the last date the last value holds;
        before the first there is none.
    branches
        By branch of the tree in which events change the values, the values there.
    """

    points: tuple[tuple[date, float], ...]
    interpolate: bool = False
    branches: Mapping[str, Schedule] = field(default_factory=dict, compare=False)

    @classmethod
    def always(cls, value: float) -> Schedule:
        """Return the schedule that has one value for ever."""
        return cls(((date.min, value),))

    @property
    def constant(self) -> bool:
        """Whether one value holds for ever, in every branch."""
        if self.branches:
            return False
        return len(self.points) == 1 and self.points[0][0] == date.min and not self.interpolate

    @property
    def values(self) -> tuple[float, ...]:
        """Return the stated values, in order of date."""
        return tuple(value for _, value in self.points)

    def at(self, day: date, branch: str | None = None) -> float | None:
        """Return the value on ``day`` in a branch, ``None`` before the first stated date.

        Without a branch it is the value as stated, which no event has changed.
        """
        if branch is not None and branch in self.branches:
            return self.branches[branch].at(day)
        after = bisect_right(self.points, day, key=lambda point: point[0])
        if after == 0:
            return None
        start, value = self.points[after - 1]
        if not self.interpolate or after == len(self.points):
            return value
        end, following = self.points[after]
        share = (position(day) - position(start)) / (position(end) - position(start))
        return value + share * (following - value)

    def to_plain(self) -> float | dict[str | int, float | bool]:
        """Return the schedule as it is written in a file."""
        if self.constant:
            return self.points[0][1]
        plain: dict[str | int, float | bool] = {
            (
                day.year if (day.month, day.day) == (1, 1) and day.year > 999 else day.isoformat()
            ): value
            for day, value in self.points
        }
        if self.interpolate:
            plain["interpolate"] = True
        return plain


def _form(value: object) -> str:
    if isinstance(value, Schedule):
        return "schedule"
    return "by_date" if isinstance(value, Mapping) else "always"


def _from_mapping(value: Any, handler: Any) -> Schedule:
    if len(value) > 2000:
        raise PydanticCustomError(
            "schedule", "has {count} dates. At most 2000 are allowed.", {"count": len(value)}
        )
    entries = dict(value)
    interpolate = entries.pop("interpolate", False)
    if not isinstance(interpolate, bool):
        raise PydanticCustomError(
            "schedule", "has an 'interpolate' that is neither true nor false. Write true or false."
        )
    if not entries:
        raise PydanticCustomError(
            "schedule", "has no dates. Give at least one year and its value."
        )
    days: dict[date, object] = {}
    for key, number in entries.items():
        try:
            day = day_of_key(key)
        except ValueError:
            raise PydanticCustomError(
                "schedule",
                "names {key}, which is neither a year nor a date. Write 2030 or 2030-07-01.",
                {"key": shortened(key)},
            ) from None
        if day in days:
            raise PydanticCustomError(
                "schedule", "names {key} twice. Keep one of them.", {"key": shortened(key)}
            )
        days[day] = number
    checked: dict[str, float] = handler({str(key): entries[key] for key in entries})
    return Schedule(
        tuple(sorted((day_of_key(key), number) for key, number in checked.items())), interpolate
    )


class _ByDate:
    """Reads a mapping of dates to numbers; each number is checked under its own key."""

    def __init__(self, number: Any) -> None:
        self.number = number

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        inner = handler.generate_schema(dict[str, self.number])  # type: ignore[name-defined]
        return core_schema.no_info_wrap_validator_function(_from_mapping, inner)


class _Always:
    """Reads one number."""

    def __init__(self, number: Any) -> None:
        self.number = number

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            Schedule.always, handler.generate_schema(self.number)
        )


class _Ready:
    """Takes a schedule that exists already."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.is_instance_schema(Schedule)


def schedule(base: str, **bounds: Any) -> Any:
    """Return the pydantic type of a schedule of numbers in ``base`` within ``bounds``."""
    number = quantity(base, **bounds)
    return Annotated[
        Annotated[Any, _Always(number), Tag("always")]
        | Annotated[Any, _ByDate(number), Tag("by_date")]
        | Annotated[Any, _Ready(), Tag("schedule")],
        Discriminator(_form),
        PlainSerializer(Schedule.to_plain),
        WithJsonSchema(
            {
                "anyOf": [{"type": "number"}, {"type": "string"}, {"type": "object"}],
                "description": f"In {base}: one value, or a map from year or date to value that "
                "holds until the next date (add 'interpolate: true' for a straight line).",
                "unit": base,
            }
        ),
    ]


if TYPE_CHECKING:
    TonnesOverTime = Schedule
    TonnesPerYearOverTime = Schedule
    UsdPerTonneOverTime = Schedule
    UsdPerYearOverTime = Schedule
    UsdOverTime = Schedule
    FractionOverTime = Schedule
    RatioOverTime = Schedule
    HHIOverTime = Schedule
    DaysOverTime = Schedule
else:
    TonnesOverTime = schedule("t", ge=0)
    TonnesPerYearOverTime = schedule("t/yr", ge=0)
    UsdPerTonneOverTime = schedule("USD/t", ge=0)
    UsdPerYearOverTime = schedule("USD/yr", ge=0)
    UsdOverTime = schedule("USD", ge=0)
    FractionOverTime = schedule("fraction", ge=0, le=1)
    RatioOverTime = schedule("t/t", ge=0)
    HHIOverTime = schedule("1", gt=0, le=10)
    # a century of cover: more would run past the end of the calendar
    DaysOverTime = schedule("d", ge=0, le=36_500)
