from __future__ import annotations

from datetime import date, datetime
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from instances.periods import MAX_PERIODS, Length, Period, Periods, beyond, timeline, years_between


def periods(**fields: Any) -> Periods:
    return Periods.model_validate({"start": "2026-01-01"} | fields)


def test_calendar_years_are_labelled_by_year_and_are_one_year_long() -> None:
    line = timeline(periods(count=3, length="1 yr"))
    assert [period.label for period in line] == ["2026", "2027", "2028"]
    # 2028 is a leap year, and one year long all the same
    assert [period.years for period in line] == [1.0, 1.0, 1.0]
    assert [period.days for period in line] == [365, 365, 366]


@pytest.mark.parametrize(
    ("start", "length", "labels"),
    [
        ("2026-01-01", "3 months", ["2026-Q1", "2026-Q2", "2026-Q3"]),
        ("2026-01-01", "1 quarter", ["2026-Q1", "2026-Q2", "2026-Q3"]),
        ("2026-11-01", "1 month", ["2026-11", "2026-12", "2027-01"]),
        ("2026-07-01", "1 yr", ["2026-07-01", "2027-07-01", "2028-07-01"]),
        ("2026-02-01", "3 months", ["2026-02-01", "2026-05-01", "2026-08-01"]),
        ("2026-01-15", "1 month", ["2026-01-15", "2026-02-15", "2026-03-15"]),
        ("2026-12-30", "1 d", ["2026-12-30", "2026-12-31", "2027-01-01"]),
        ("2026-01-01", 30, ["2026-01-01", "2026-01-31", "2026-03-02"]),
    ],
)
def test_periods_are_labelled_by_their_calendar(
    start: str, length: object, labels: list[str]
) -> None:
    line = timeline(periods(start=start, count=3, length=length))
    assert [period.label for period in line] == labels
    assert line[0].start.isoformat() == start
    assert all(before.end == after.start for before, after in pairwise(line))


def test_runs_of_periods_follow_one_another() -> None:
    horizon = periods(parts=[{"count": 4, "length": "3 months"}, {"count": 2, "length": "1 yr"}])
    assert [period.label for period in timeline(horizon)] == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
        "2027",
        "2028",
    ]


def test_days_may_lead_to_where_months_can_start() -> None:
    parts = [{"count": 3, "length": "1 d"}, {"count": 2, "length": "1 month"}]
    line = timeline(periods(start="2026-01-29", parts=parts))
    assert [period.label for period in line[2:]] == ["2026-01-31", "2026-02", "2026-03"]
    with pytest.raises(ValidationError, match="months from 2026-01-30 on"):
        periods(start="2026-01-27", parts=parts)


def test_periods_after_the_horizon_are_as_long_as_the_last() -> None:
    horizon = periods(parts=[{"count": 1, "length": "1 yr"}, {"count": 2, "length": "6 months"}])
    assert [(period.start, period.end) for period in islice(beyond(horizon), 3)] == [
        (date(2028, 1, 1), date(2028, 7, 1)),
        (date(2028, 7, 1), date(2029, 1, 1)),
        (date(2029, 1, 1), date(2029, 7, 1)),
    ]


def test_a_part_of_a_year_is_its_days_over_the_days_of_that_year() -> None:
    assert years_between(date(2026, 1, 1), date(2026, 7, 1)) == 181 / 365
    assert years_between(date(2028, 1, 1), date(2028, 7, 1)) == 182 / 366
    assert years_between(date(2026, 7, 1), date(2028, 7, 1)) == 184 / 365 + 1 + 182 / 366
    assert years_between(date(2027, 1, 1), date(2026, 1, 1)) == 0.0


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (None, None, 1.0),
        (date(2026, 7, 1), None, 184 / 365),
        (None, date(2026, 7, 1), 181 / 365),
        (date(2026, 7, 1), date(2026, 7, 2), 1 / 365),
        (date(2027, 1, 1), None, 0.0),
        (None, date(2026, 1, 1), 0.0),
        (date(2020, 1, 1), date(2040, 1, 1), 1.0),
    ],
)
def test_years_within_a_period_are_those_between_two_dates(
    start: date | None, end: date | None, years: float
) -> None:
    period = Period("2026", date(2026, 1, 1), date(2027, 1, 1))
    assert period.years_within(start, end) == years


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"count": 3},
        {"length": "1 yr"},
        {"count": 3, "length": "1 yr", "parts": [{"count": 1, "length": "1 yr"}]},
        {"parts": []},
        {"count": 0, "length": "1 yr"},
        {"count": MAX_PERIODS + 1, "length": "1 d"},
        {"parts": [{"count": MAX_PERIODS, "length": "1 d"}] * 2},
        {"count": True, "length": "1 yr"},
        {"count": 3, "length": "0 yr"},
        {"count": 3, "length": "1 fortnight"},
        {"count": 3, "length": "-1 yr"},
        {"count": 3, "length": True},
        {"count": 3, "length": 0},
        {"count": 3, "length": 10**5000},
        {"count": 3, "length": None},
        {"count": 2000, "length": "9 yr"},
        {"start": "2026-01-31", "count": 3, "length": "1 month"},
        {"start": "9999-01-01", "count": 2, "length": "1 yr"},
        {"start": 2026, "count": 3, "length": "1 yr"},
        {"start": "2026", "count": 3, "length": "1 yr"},
        {"start": "2026-01-01T00:00", "count": 3, "length": "1 yr"},
        {"start": datetime(2026, 1, 1), "count": 3, "length": "1 yr"},
        {"start": None, "count": 3, "length": "1 yr"},
    ],
    ids=range(24),
)
def test_what_is_no_horizon_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        periods(**fields)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1 yr", "1 yr"),
        ("12 months", "1 yr"),
        ("4 quarters", "1 yr"),
        ("2years", "2 yr"),
        ("1 Month", "1 months"),
        ("45 days", "45 d"),
        (7, "7 d"),
    ],
)
def test_a_length_is_written_as_it_is_read(value: object, text: str) -> None:
    length = Length.parse(value)
    assert str(length) == text
    assert Length.parse(text) == length


@given(
    st.dates(date(1900, 1, 1), date(2200, 12, 28)).filter(lambda day: day.day <= 28),
    st.lists(
        st.tuples(st.integers(1, 12), st.sampled_from(["1 yr", "3 months", "1 month", "45 d"])),
        min_size=1,
        max_size=3,
    ),
)
def test_every_horizon_survives_plain_data_and_has_no_gaps(
    start: date, stretches: list[tuple[int, str]]
) -> None:
    parts = [{"count": n, "length": length} for n, length in stretches]
    try:
        horizon = Periods.model_validate({"start": start, "parts": parts})
    except ValidationError as error:
        # days may lead to a day on which months cannot start
        assert "they must start on day 1 to 28" in str(error)  # noqa: PT017
        assert {length for _, length in stretches} > {"45 d"}
        return
    assert Periods.model_validate(horizon.model_dump(mode="json")) == horizon
    line = timeline(horizon)
    assert len(line) == sum(n for n, _ in stretches)
    assert len({period.label for period in line}) == len(line)
    assert all(before.end == after.start for before, after in pairwise(line))
    assert sum(period.years for period in line) == pytest.approx(
        years_between(line[0].start, line[-1].end)
    )
