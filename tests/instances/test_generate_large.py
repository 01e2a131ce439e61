"""Large problems: of the stated size, told apart by ore to the end, and equal for equal seeds."""

from __future__ import annotations

import pytest

from instances.generate import large_problem
from models import build
from optimizer import solve
from optimizer.compile import compile_frame


def test_equal_seeds_give_equal_problems() -> None:
    assert large_problem(1, 2, 2, 2) == large_problem(1, 2, 2, 2)
    assert large_problem(1, 2, 2, 2) != large_problem(1, 2, 2, 2, seed=1)


def test_every_metal_is_told_apart_by_its_ore() -> None:
    frame = build(large_problem(2, 3, 2, 2, links=1.0))
    tags = {tag for _, tag in frame.sets["DELIVER"].only("demand", "tag").rows()}
    # those of three countries, and what the stockpile might have opened with
    assert len(tags) == 3 + 1
    # 2 minerals, 3 origins, 2 years; over 2 lanes each: ore, oxide between the plants, metal
    lanes = frame.variables["ship"]
    assert len(lanes) == 2 * 3 * 2 * (2 + 2 + 2)
    columns = compile_frame(frame).size["columns"]
    assert (
        compile_frame(build(large_problem(4, 3, 2, 2, links=1.0))).size["columns"] == 2 * columns
    )


def test_it_has_a_plan() -> None:
    result = solve(large_problem(2, 4, 3, 3))
    assert result.objective is not None
    assert result.objective > 0


def test_there_are_codes_for_so_many_countries_only() -> None:
    with pytest.raises(ValueError, match="676 countries, not 700"):
        large_problem(1, 690, 10, 1)
