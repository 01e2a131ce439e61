"""Status: two axes, never merged."""

from __future__ import annotations

import inspect

import pytest

from optimizer import status
from optimizer.status import Point, Status, Stop


@pytest.mark.parametrize("point", Point)
def test_only_an_optimal_or_feasible_point_is_a_plan(point: Point) -> None:
    held = point in (Point.OPTIMAL, Point.FEASIBLE)
    assert all(Status(stop, point).has_plan == held for stop in Stop)


def test_why_it_stopped_is_told_unless_it_finished() -> None:
    assert str(Status(Stop.FINISHED, Point.OPTIMAL)) == "optimal"
    assert str(Status(Stop.TIME_LIMIT, Point.FEASIBLE)) == "feasible (time_limit)"
    assert str(Status(Stop.CANCELLED, Point.NONE)) == "none (cancelled)"


@pytest.mark.parametrize("axis", [Stop, Point])
def test_every_value_has_a_sentence(axis: type[Stop] | type[Point]) -> None:
    lines = [line.strip() for line in inspect.getsource(axis).splitlines()]
    for value in axis:
        place = lines.index(f'{value.name} = "{value.value}"')
        assert lines[place + 1].startswith('"""')


def test_there_are_no_other_axes() -> None:
    own = [name for name, item in vars(status).items() if inspect.isclass(item)]
    assert sorted(name for name in own if name != "StrEnum") == ["Point", "Status", "Stop"]
