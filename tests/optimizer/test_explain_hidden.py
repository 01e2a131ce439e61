"""Explain names what broke a random problem, or a repair that is cheaper than to undo it."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING

import pytest

from tests.optimizer.hidden_edits import Broken, broken_problem, how_found

if TYPE_CHECKING:
    from collections.abc import Iterator


def broken_ones(first: int = 0) -> Iterator[tuple[int, Broken]]:
    for seed in count(first):
        broken = broken_problem(seed)
        if broken is not None:
            yield seed, broken


# a target twenty times too large; and cover of twenty times as many days, nine sellers asked for
@pytest.mark.parametrize(
    "seed", [2, *(pytest.param(seed, marks=pytest.mark.deep) for seed in (4, 15))]
)
def test_a_hidden_edit_is_found(seed: int) -> None:
    broken = broken_problem(seed)
    assert broken is not None
    assert how_found(broken) is not None, broken.edit


@pytest.mark.deep
def test_nine_in_ten_hidden_edits_are_found() -> None:
    missed = [
        (seed, broken.edit)
        for seed, broken in islice(broken_ones(), 100)
        if how_found(broken) is None
    ]
    assert len(missed) <= 10, missed
