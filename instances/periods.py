"""Time: periods of any length. Rates are per year; a full calendar year is 1.0 year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Day, Part, Text, Whole
from instances.schedule import days_in_year

if TYPE_CHECKING:
    from collections.abc import Iterator

_LENGTH = re.compile(
    r"\s*(\d{1,4})\s*(d|day|days|month|months|quarter|quarters|yr|year|years)\s*", re.IGNORECASE
)
_MONTHS = {"m": 1, "q": 3, "y": 12}
MAX_PERIODS = 2000
LAST_YEAR = 9000
"""Days of cover look beyond the horizon, and the calendar ends with 9999."""


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a period: whole calendar months, or days."""

    months: int
    days: int

    @classmethod
    def parse(cls, value: object) -> Length:
        """Read "1 yr", "3 months", "2 quarters", "45 d" or a bare number of days."""
        if isinstance(value, Length):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000:
            value = f"{value} d"
        match = _LENGTH.fullmatch(value) if isinstance(value, str) else None
        if match is None or int(match[1]) == 0:
            raise PydanticCustomError(
                "length",
                "is not a length of time. Write it like '1 yr', '3 months' or '45 d'.",
            )
        count, unit = int(match[1]), match[2][0].lower()
        return cls(0, count) if unit == "d" else cls(count * _MONTHS[unit], 0)

    def __str__(self) -> str:
        if self.days:
            return f"{self.days} d"
        years, months = divmod(self.months, 12)
        return f"{years} yr" if not months else f"{self.months} months"

    def after(self, start: date, count: int = 1) -> date:
        """Return the day that lies ``count`` lengths after ``start``."""
        if self.days:
            return start + timedelta(days=self.days * count)
        years, month = divmod(start.month - 1 + self.months * count, 12)
        return start.replace(year=start.year + years, month=month + 1)


LengthField = Annotated[
    Length,
    BeforeValidator(Length.parse),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "integer"}],
            "description": "'1 yr', '3 months', '45 d'",
        }
    ),
]


class Stretch(Part):
    """A run of equally long periods."""

    count: Whole = Field(ge=1, le=MAX_PERIODS)
    length: LengthField


class Periods(Part):
    """The horizon: a start, then one run of equally long periods or several (`parts`)."""

    start: Day
    count: Whole | None = Field(default=None, ge=1, le=MAX_PERIODS)
    length: LengthField | None = None
    parts: tuple[Stretch, ...] | None = Field(default=None, min_length=1, max_length=100)
    source: Text | None = None
    """Key of the source of the horizon."""
    assumption: Text | None = None
    """Why the horizon, and the base year, are what they are, without a source. Listed to users."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        whole = self.count is not None and self.length is not None
        if (self.parts is None) != whole or (self.parts and (self.count or self.length)):
            raise PydanticCustomError("periods", "needs either 'count' and 'length', or 'parts'.")
        if sum(stretch.count for stretch in self.stretches) > MAX_PERIODS:
            raise PydanticCustomError(
                "periods", "has more than {most} periods.", {"most": MAX_PERIODS}
            )
        start = self.start
        for stretch in self.stretches:
            if not stretch.length.days and start.day > 28:
                raise PydanticCustomError(
                    "periods",
                    "has periods of months from {start} on: they must start on day 1 to 28.",
                    {"start": start.isoformat()},
                )
            try:
                start = stretch.length.after(start, stretch.count)
            except (OverflowError, ValueError):
                raise PydanticCustomError("periods", "ends after the year 9999.") from None
        if start.year > LAST_YEAR:
            raise PydanticCustomError(
                "periods", "ends after the year {last}.", {"last": LAST_YEAR}
            )
        return self

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Return the horizon as runs of equally long periods."""
        if self.parts is not None:
            return self.parts
        assert self.count is not None
        assert self.length is not None
        return (Stretch(count=self.count, length=self.length),)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time over which rates are constant.

    Parameters
    ----------
    label
        "2026" for a calendar year, "2026-Q2", "2026-04", or the ISO date of its first day.
    start, end
        First day, and the day after the last.
    """

    label: str
    start: date
    end: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    @property
    def years(self) -> float:
        """Length in years: 1.0 for a full calendar year."""
        return years_between(self.start, self.end)

    def years_within(self, start: date | None, end: date | None) -> float:
        """Return the years of this period from ``start`` on and before ``end``, if given."""
        first = self.start if start is None else max(self.start, start)
        last = self.end if end is None else min(self.end, end)
        return years_between(first, last) if first < last else 0.0


@lru_cache(maxsize=100_000)
def years_between(start: date, end: date) -> float:
    """Return the years between: whole calendar years, and parts by days of their year."""
    if start >= end:
        return 0.0
    if start.year == end.year:
        return (end - start).days / days_in_year(start.year)
    first = (date(start.year + 1, 1, 1) - start).days / days_in_year(start.year)
    last = (end - date(end.year, 1, 1)).days / days_in_year(end.year)
    return first + (end.year - start.year - 1) + last


def _label(start: date, length: Length) -> str:
    if start.day == 1 and length.months == 12 and start.month == 1:
        return f"{start.year}"
    if start.day == 1 and length.months == 3 and start.month % 3 == 1:
        return f"{start.year}-Q{start.month // 3 + 1}"
    if start.day == 1 and length.months == 1:
        return f"{start.year}-{start.month:02d}"
    return start.isoformat()


def _walk(periods: Periods) -> Iterator[Period]:
    start = periods.start
    for stretch in periods.stretches:
        for step in range(stretch.count):
            # from the start of the run, so that months never drift
            first, last = stretch.length.after(start, step), stretch.length.after(start, step + 1)
            yield Period(_label(first, stretch.length), first, last)
        start = stretch.length.after(start, stretch.count)


@lru_cache(maxsize=256)
def timeline(periods: Periods) -> tuple[Period, ...]:
    """Return the periods in order."""
    return tuple(_walk(periods))


def beyond(periods: Periods) -> Iterator[Period]:
    """Yield the periods that would follow the horizon, each as long as the last one inside it."""
    length = periods.stretches[-1].length
    start = timeline(periods)[-1].end
    step = 0
    while True:
        first, last = length.after(start, step), length.after(start, step + 1)
        yield Period(_label(first, length), first, last)
        step += 1
