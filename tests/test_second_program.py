"""A second program, written from the text of the file with scipy, finds the same least cost.

It shares nothing with the product, so that the reader, units, dates and the tree are inside the
check, too (`tests/second/`). Yes/no choices are tried one by one instead of searched.
"""

from __future__ import annotations

from math import inf

import pytest

from instances import parse
from instances.read import plain_of
from optimizer import Options, solve
from tests.second.ground import text_on_ground
from tests.second.program_of import least_cost, least_cost_by_trying
from tests.second.texts import text_of

PLAIN = Options(tie_break=False, gap=1e-9)


def _few(count: int, quick: int) -> list[object]:
    """Return seeds, all but the first left to `make deep`."""
    late = [pytest.param(seed, marks=pytest.mark.deep) for seed in range(quick, count)]
    return [*range(quick), *late]


def _solved(text: str) -> float:
    objective = solve(parse(plain_of(text, "second.yaml", "yaml")), PLAIN).objective
    return inf if objective is None else objective


@pytest.mark.parametrize("seed", _few(60, 10))
def test_the_least_cost_is_that_of_a_program_written_from_the_file(seed: int) -> None:
    text = text_of(seed)
    assert _solved(text) == pytest.approx(least_cost(text), rel=1e-6)


@pytest.mark.parametrize("seed", _few(80, 3))
def test_owners_reserves_and_pits_cost_what_such_a_program_says(seed: int) -> None:
    text = text_on_ground(seed)
    assert _solved(text) == pytest.approx(least_cost(text), rel=1e-6)


@pytest.mark.parametrize("seed", _few(20, 4))
def test_the_least_cost_with_choices_is_that_of_trying_them_all(seed: int) -> None:
    text = text_of(seed, whole=True)
    assert _solved(text) == pytest.approx(least_cost_by_trying(text), rel=1e-6)
