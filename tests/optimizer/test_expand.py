"""Expand: every form a row can take equals what Pyomo writes out; what is missing is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models import Frame
from models.index import Index, MemberTable
from optimizer.compile import Matrices, compile_frame
from optimizer.formula import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

LANES = Index.of(("lane",), ["l", "m", "n"])
NODES = Index.of(("node",), ["2026", "2027"])
BOTH = LANES.cross(NODES)


@pytest.fixture
def frame() -> Frame:
    frame = Frame()
    frame.add_set("LANE", LANES)
    frame.add_set("NODE", NODES)
    frame.add_set("SHIP", BOTH)
    frame.add_members("BEFORE", "NODE", 1, {"2027": ["2026"]})
    frame.add_members("ALL", "NODE", 2, {"2026": [("l", "2026"), ("n", "2027")]})
    frame.add_parameter("cost", BOTH, np.arange(6.0))
    frame.add_parameter("loss", LANES, np.array([0.1, 0.0, 0.3]))
    frame.add_parameter("rare", Index.of(("lane",), ["m"]), 4.0, default=1.5)
    frame.add_parameter("rate", Index((), (), ()), 0.5)
    frame.add_variable("ship", "SHIP", BOTH)
    frame.add_variable("keep", "NODE", NODES, free=True)
    return frame


Row = tuple[dict[tuple[str, Any], float], float, float]


def _rows(matrices: Matrices) -> list[Row]:
    keys = [(name, key) for name, index in matrices.variables.items() for key in index.rows()]
    rows: list[Row] = [
        ({}, float(least), float(most))
        for least, most in zip(matrices.row_lower, matrices.row_upper, strict=True)
    ]
    for column, key in enumerate(keys):
        for place in range(matrices.start[column], matrices.start[column + 1]):
            assert key not in rows[matrices.rows[place]][0]
            rows[matrices.rows[place]][0][key] = float(matrices.coefficients[place])
    return rows


def _written_out(frame: Frame, name: str) -> list[Row]:
    """Return the rows as Pyomo writes them out."""
    from pyomo.repn import generate_standard_repn

    rows = []
    for key in frame.constraints[name].rows():
        constraint = getattr(frame.model, name)[key]
        form = generate_standard_repn(constraint.body)
        entries: dict[tuple[str, Any], float] = {}
        for variable, number in zip(form.linear_vars, form.linear_coefs, strict=True):
            place = (variable.parent_component().name, variable.index())
            entries[place] = entries.get(place, 0.0) + number
        lower, upper = constraint.lb, constraint.ub
        rows.append(
            (
                {place: number for place, number in entries.items() if number},
                -np.inf if lower is None else lower - form.constant,
                np.inf if upper is None else upper - form.constant,
            )
        )
    return rows


def _nested(model: Any, node: str) -> Any:
    return (
        sum(
            model.loss[lane] * (model.ship[lane, node] - sum(model.keep[n] for n in model.NODE))
            for lane in model.LANE
        )
        <= 3
    )


def _before(model: Any, node: str) -> Any:
    return model.keep[node] - sum(0.9 * model.keep[past] for past in model.BEFORE[node]) == 2


def _empty_left(model: Any, node: str) -> Any:
    return sum(model.keep[past] for past in model.BEFORE[node]) <= 2 * model.keep[node] - 1


def _empty_left_of_equality(model: Any, node: str) -> Any:
    return sum(model.keep[past] for past in model.BEFORE[node]) == 2 * model.keep[node] - 1


def _constants(model: Any, node: str) -> Any:
    return (
        4 * (model.keep[node] - 3) + sum(model.loss[lane] for lane in model.LANE)
        >= sum(model.cost[lane, node] for lane in model.LANE) / 2 + 1
    )


def _twice(model: Any, node: str) -> Any:
    return (
        model.keep[node] + sum(model.ship[lane, node] for lane in model.LANE) + model.keep[node]
        <= model.ship["l", "2026"]
    )


def _nothing_left(model: Any, node: str) -> Any:
    return model.keep[node] - model.keep[node] + model.ship["l", node] <= 1


def _range(model: Any, node: str) -> Any:
    return (-1, model.keep[node] + 1, model.rate + 2)


def _pair(model: Any, node: str) -> Any:
    return (model.keep[node], model.rate)


def _default(model: Any, node: str) -> Any:
    return sum(model.rare[lane] * model.ship[lane, node] for lane in model.LANE) <= 1


def _factor(model: Any, node: str) -> Any:
    return (
        sum(model.loss[lane] * model.cost[lane, node] for lane in model.LANE) * model.keep[node]
        + model.keep[node] * model.rate
        >= model.rate
    )


def _pairs(model: Any, node: str) -> Any:
    return sum(-model.ship[lane, at] / 4 for lane, at in model.ALL[node]) >= -model.keep[node]


def _whole_key(model: Any, node: str) -> Any:
    return sum(model.cost[key] * model.ship[key] for key in model.SHIP) <= 7 * model.keep[node]


FORMS = [
    _nested,
    _before,
    _empty_left,
    _empty_left_of_equality,
    _constants,
    _twice,
    _nothing_left,
    _range,
    _pair,
    _default,
    _factor,
    _pairs,
    _whole_key,
]


@pytest.mark.parametrize("rule", FORMS)
def test_rows_are_those_that_pyomo_writes_out(frame: Frame, rule: Callable[..., Any]) -> None:
    frame.add_constraint(rule, NODES)
    found, expected = _rows(compile_frame(frame)), _written_out(frame, rule.__name__)
    assert len(found) == len(expected) == 2
    for one, other in zip(found, expected, strict=True):
        assert one[0] == pytest.approx(other[0], rel=1e-14)
        assert one[1:] == pytest.approx(other[1:], rel=1e-14)


def test_coefficients_of_zero_are_left_out(frame: Frame) -> None:
    frame.add_constraint(_nothing_left, NODES)
    frame.add_constraint(_nested, NODES)
    nothing, _, nested, _ = _rows(compile_frame(frame))
    assert nothing[0] == {("ship", ("l", "2026")): 1}
    # lane m loses nothing
    assert ("ship", ("m", "2026")) not in nested[0]


def test_a_row_that_says_nothing_is_kept(frame: Frame) -> None:
    def past(model: Any, node: str) -> Any:
        return sum(model.keep[before] for before in model.BEFORE[node]) >= model.rate

    frame.add_constraint(past, NODES)
    # no year before 2026: 0 >= 0.5 holds in no plan, and the model says so
    assert _rows(compile_frame(frame)) == [
        ({}, 0.5, np.inf),
        ({("keep", "2026"): 1.0}, 0.5, np.inf),
    ]


def test_the_objective_adds_up_by_column(frame: Frame) -> None:
    frame.add_objective(
        lambda model: (
            sum(model.cost[lane, node] * model.ship[lane, node] for lane, node in model.SHIP)
            - sum(2 * model.ship[lane, node] for lane, node in model.SHIP)
            + model.rate * model.keep["2027"]
            + 11
        )
    )
    matrices = compile_frame(frame)
    assert matrices.cost.tolist() == [-2, -1, 0, 1, 2, 3, 0, 0.5]
    assert matrices.offset == 11


@pytest.mark.parametrize("name", ["ship", "cost", "ALL"])
def test_a_look_up_of_what_is_not_declared_names_place_and_index(frame: Frame, name: str) -> None:
    keys = Index.of(("lane", "node"), [("l", "2026"), ("l", "1999")])
    frame.add_set("MORE", keys)
    frame.add_variable("more", "MORE", keys)

    def ship(model: Any, lane: str, node: str) -> Any:
        return model.more[lane, node] <= model.ship[lane, node]

    def cost(model: Any, lane: str, node: str) -> Any:
        return model.more[lane, node] <= model.cost[lane, node]

    def ALL(model: Any, lane: str, node: str) -> Any:
        return sum(model.ship[one, at] for one, at in model.ALL[node]) <= model.more[lane, node]

    rule = {"ship": ship, "cost": cost, "ALL": ALL}[name]
    rule.__name__ = "limit"
    frame.add_constraint(rule, keys)
    with pytest.raises(ModelError, match=rf"limit looks up {name}\[.*'1999'\].*\(1 of 2 look-ups"):
        compile_frame(frame)


def test_members_may_come_as_arrays(frame: Frame) -> None:
    """Rows 0 to 5 of the shipments belong to their node; that of lane n in 2027 to none."""
    owners = np.array([0, 1, 0, 1, 0, -1])
    frame.add_members("AT", "NODE", 2, MemberTable.grouped(NODES, owners, BOTH))

    def limit(model: Any, node: str) -> Any:
        return sum(model.ship[lane, at] for lane, at in model.AT[node]) <= 1

    frame.add_constraint(limit, NODES)
    found = _rows(compile_frame(frame))
    assert [set(row[0]) for row in found] == [
        {("ship", (lane, "2026")) for lane in "lmn"},
        {("ship", (lane, "2027")) for lane in "lm"},
    ]
    assert found == _written_out(frame, "limit")
