from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from instances.schedule import (
    FractionOverTime,
    Schedule,
    UsdPerTonneOverTime,
    day_of_key,
    days_in_year,
    position,
)

PRICE: TypeAdapter[Schedule] = TypeAdapter(UsdPerTonneOverTime)
SHARE: TypeAdapter[Schedule] = TypeAdapter(FractionOverTime)


def test_one_value_holds_for_ever() -> None:
    schedule = PRICE.validate_python("370 USD/kg")
    assert schedule == Schedule.always(370_000)
    assert schedule.constant
    assert schedule.values == (370_000,)
    for day in (date.min, date(2026, 1, 1), date.max):
        assert schedule.at(day) == 370_000


def test_values_hold_from_their_date_until_the_next() -> None:
    schedule = SHARE.validate_python({2026: "90 %", "2028-07-01": 0.6, date(2030, 1, 1): 0.4})
    assert schedule.at(date(2025, 12, 31)) is None
    assert schedule.at(date(2026, 1, 1)) == 0.9
    assert schedule.at(date(2028, 6, 30)) == 0.9
    assert schedule.at(date(2028, 7, 1)) == 0.6
    assert schedule.at(date(2099, 1, 1)) == 0.4
    assert not schedule.constant


def test_interpolated_values_lie_on_the_line_in_calendar_years() -> None:
    schedule = SHARE.validate_python({2026: 0.9, 2030: 0.5, "interpolate": True})
    assert schedule.at(date(2025, 12, 31)) is None
    # one year of four: 0.9 - 0.4 / 4; leap years count as years like any other
    assert schedule.at(date(2027, 1, 1)) == pytest.approx(0.8)
    assert schedule.at(date(2029, 1, 1)) == pytest.approx(0.6)
    assert schedule.at(date(2030, 1, 1)) == pytest.approx(0.5)
    assert schedule.at(date(2040, 1, 1)) == pytest.approx(0.5)
    # 181 of the 365 days of 2026 have passed on 1 July
    assert schedule.at(date(2026, 7, 1)) == pytest.approx(0.9 - 0.1 * 181 / 365)


def test_order_of_dates_does_not_matter() -> None:
    assert SHARE.validate_python({2030: 0.4, 2026: 0.9}) == SHARE.validate_python(
        {2026: 0.9, 2030: 0.4}
    )


@pytest.mark.parametrize(
    ("key", "day"),
    [
        (2030, date(2030, 1, 1)),
        ("2030", date(2030, 1, 1)),
        (" 2030-07-01 ", date(2030, 7, 1)),
        (date(2030, 7, 1), date(2030, 7, 1)),
    ],
)
def test_a_key_is_a_year_or_a_date(key: object, day: date) -> None:
    assert day_of_key(key) == day


@pytest.mark.parametrize(
    "key",
    [
        *("0000", "20301", "2030-13-01", "soon", ""),
        *(0, -5, 10**30, 10**5000, True, None, 2030.0),
        *(datetime(2030, 1, 1, 12), ("2030",)),
    ],
    ids=lambda key: type(key).__name__,
)
def test_other_keys_are_refused(key: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says it in words
        day_of_key(key)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"interpolate": True},
        {2026: 5, "interpolate": "perhaps"},
        {2026: 5, "2026-01-01": 6},
        {2026: -1},
        {2026: None},
        {2026: True},
        {2026: {2027: 5}},
        {year: 5 for year in range(1, 3000)},
        [5],
        None,
        True,
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_schedule_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        PRICE.validate_python(value)


def test_a_schedule_is_taken_as_it_is() -> None:
    schedule = Schedule(((date(2026, 1, 1), 5.0),))
    assert PRICE.validate_python(schedule) is schedule


@pytest.mark.parametrize(
    "plain",
    [
        5.0,
        {2026: 5.0},
        {2026: 5.0, "2027-07-01": 6.0},
        {2026: 5.0, 2028: 6.0, "interpolate": True},
        {"0999-01-01": 5.0, "0999-07-01": 6.0},
    ],
)
def test_plain_data_are_written_as_they_are_read(plain: Any) -> None:
    assert PRICE.validate_python(plain).to_plain() == plain


@given(
    st.dictionaries(
        st.dates(), st.floats(min_value=0, max_value=1e12, allow_nan=False), min_size=1, max_size=5
    ),
    st.booleans(),
)
def test_every_schedule_survives_plain_data(points: dict[date, float], interpolate: bool) -> None:
    schedule = Schedule(tuple(sorted(points.items())), interpolate)
    assert PRICE.validate_python(schedule.to_plain()) == schedule


@given(
    st.dictionaries(
        st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.floats(0, 1), min_size=1, max_size=5
    ),
    st.dates(date(1980, 1, 1), date(2110, 1, 1)),
)
def test_interpolated_values_stay_between_their_neighbours(
    points: dict[date, float], day: date
) -> None:
    schedule = Schedule(tuple(sorted(points.items())), interpolate=True)
    value = schedule.at(day)
    if day < min(points):
        assert value is None
    else:
        assert value is not None
        assert min(points.values()) - 1e-12 <= value <= max(points.values()) + 1e-12


@given(st.dates(max_value=date(9999, 12, 30)))
def test_positions_rise_with_the_days(day: date) -> None:
    following = day + timedelta(days=1)
    assert position(day) < position(following)
    assert position(following) - position(day) == pytest.approx(1 / 365, rel=3e-3, abs=1e-9)


def test_leap_years_have_a_day_more() -> None:
    assert [days_in_year(year) for year in (2024, 2025, 2100, 9999)] == [366, 365, 365, 365]
