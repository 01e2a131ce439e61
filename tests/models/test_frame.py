"""The frame: what is declared is what its index table says, and no number is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models import Frame
from models.index import Index, MemberTable

PAIRS = Index.of(("lane", "node"), [("a", 1), ("b", 1)])


def _frame() -> Frame:
    frame = Frame()
    frame.add_set("PAIR", PAIRS)
    return frame


def test_a_variable_lies_between_zero_and_its_bound() -> None:
    frame = _frame()
    frame.add_variable("ship", "PAIR", PAIRS, np.array([5.0, np.inf]))
    assert frame.model.ship["a", 1].bounds == (0, 5)
    assert frame.model.ship["b", 1].bounds == (0, None)
    np.testing.assert_array_equal(frame.limits["ship"].upper, [5, np.inf])


def test_a_free_variable_has_no_bounds_and_a_binary_one_is_0_or_1() -> None:
    frame = _frame()
    frame.add_variable("whole", "PAIR", PAIRS, free=True)
    frame.add_variable("chosen", "PAIR", PAIRS, 1.0, binary=True)
    assert frame.model.whole["a", 1].bounds == (None, None)
    assert frame.model.chosen["a", 1].is_binary()
    assert frame.limits["chosen"].binary


@pytest.mark.parametrize("bound", [-1.0, np.nan])
def test_a_bound_below_zero_is_an_error(bound: float) -> None:
    with pytest.raises(ValueError, match="ship has an upper bound below 0"):
        _frame().add_variable("ship", "PAIR", PAIRS, bound)


@pytest.mark.parametrize("number", [np.inf, np.nan])
def test_a_parameter_that_is_no_finite_number_is_an_error(number: float) -> None:
    with pytest.raises(ValueError, match="freight holds a number that is not finite"):
        _frame().add_parameter("freight", PAIRS, np.array([1.0, number]))


def test_members_that_are_not_given_are_none() -> None:
    frame = _frame()
    frame.add_members("TAGS", "PAIR", 1, {("a", 1): ["CHN", "AUS"]})
    assert list(frame.model.TAGS["a", 1]) == ["CHN", "AUS"]
    assert list(frame.model.TAGS["b", 1]) == []


def test_a_constraint_has_its_functions_name_and_a_row_per_entry() -> None:
    def lane_limit(model: Any, lane: str, node: int) -> Any:
        return model.ship[lane, node] <= 7

    frame = _frame()
    frame.add_variable("ship", "PAIR", PAIRS)
    frame.add_constraint(lane_limit, PAIRS)
    assert list(frame.model.lane_limit) == [("a", 1), ("b", 1)]
    assert frame.constraints["lane_limit"] is PAIRS


def test_a_name_is_declared_once() -> None:
    frame = _frame()
    frame.add_variable("ship", "PAIR", PAIRS)
    with pytest.raises(ValueError, match="ship is declared twice"):
        frame.add_parameter("ship", PAIRS, 1.0)


def test_a_variable_has_the_rows_of_its_set() -> None:
    with pytest.raises(ValueError, match="ship has other rows than the set PAIR"):
        _frame().add_variable("ship", "PAIR", Index.of(("lane",), ["a"]))


def test_members_have_as_many_ids_as_stated() -> None:
    members = MemberTable.of(PAIRS, 2, {("a", 1): [("x", "y")]})
    with pytest.raises(ValueError, match="members of TAGS have 2 ids, not 1"):
        _frame().add_members("TAGS", "PAIR", 1, members)


def test_a_parameter_may_have_a_default_or_no_index() -> None:
    frame = _frame()
    frame.add_parameter("freight", Index.of(("lane",), ["a"]), 5.0, default=7.0)
    frame.add_parameter("rate", Index((), (), ()), 0.5)
    assert (frame.model.freight["a"], frame.model.freight["b"]) == (5, 7)
    assert frame.model.rate.value == 0.5


def test_the_model_in_full_follows_what_is_declared() -> None:
    frame = _frame()
    frame.add_variable("ship", "PAIR", PAIRS)
    assert frame.model is frame.model
    assert not hasattr(frame.model, "spend")
    frame.add_variable("spend", "PAIR", PAIRS)
    assert frame.model.spend["a", 1].bounds == (0, None)
