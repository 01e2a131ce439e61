"""The result: the same after a round trip through JSON, with its proof and its record."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from instances.errors import NoPlan
from instances.generate import random_problem
from optimizer import Options, Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.problem import Problem


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _assert_round_trip(result: Result) -> None:
    text = result.to_json()
    back = Result.from_plain(json.loads(text))
    assert back.to_json() == text
    assert back.problem == result.problem
    assert back.status == result.status
    assert back.summary() == result.summary()
    assert back.broken == result.broken
    assert list(back.tables()) == list(result.tables())


def test_a_result_comes_back_from_json_as_it_was(every_rule: Problem) -> None:
    _assert_round_trip(solve(every_rule))


@pytest.mark.parametrize("seed", [0, *range(2, 11)])
def test_results_come_back_from_json(seed: int) -> None:
    _assert_round_trip(solve(random_problem(seed)))


def test_a_result_without_rules_comes_back_from_json(
    three_sellers: Callable[..., Problem],
) -> None:
    _assert_round_trip(solve(three_sellers()))


def test_a_result_without_a_plan_comes_back_from_json(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    result = solve(problem_of(demand=[need(8)]))
    _assert_round_trip(result)
    assert json.loads(result.to_json())["objective_usd"] is None


def test_plain_data_has_neither_nan_nor_minus_zero(every_rule: Problem) -> None:
    for value in _leaves(solve(every_rule).to_plain()):
        assert value is None or isinstance(value, str | int | float), value
        if isinstance(value, float):
            assert math.isfinite(value)
            assert math.copysign(1, value) == 1 or value != 0


def test_a_number_that_is_absent_is_null(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    plain = solve(three_sellers(rule("min_suppliers", count=2, min_share=0.1))).to_plain()
    assert plain["tables"]["rules"][0]["shadow_price_usd"] is None
    assert plain["tables"]["shares"][0]["share_of_deliveries"] is None
    assert plain["tables"]["deliveries"][0]["seller"] is None


def test_the_plan_of_a_result_without_one_is_an_error(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    result = solve(problem_of(demand=[need(8)]))
    with pytest.raises(NoPlan, match="the solve ended infeasible: there is no plan"):
        _ = result.plan


def test_the_record_says_what_repeats_the_run(three_sellers: Callable[..., Problem]) -> None:
    problem = three_sellers()
    result = solve(problem, Options(seed=3, log=True))
    record = result.record
    assert record["inputs_hash"] == problem.hash
    assert Options.model_validate(record["options"]) == Options(seed=3, log=True)
    assert {"highs", "pyomo", "python"} <= set(record["versions"])
    assert set(record["seconds"]) == {"build", "compile", "solve", "refine", "extract", "check"}
    assert record["model"] == {"columns": 9, "rows": 5, "nonzeros": 13, "integers": 0}
    assert any("HiGHS" in line for line in record["log"])


def test_the_log_is_left_out_unless_asked_for(three_sellers: Callable[..., Problem]) -> None:
    assert solve(three_sellers()).record["log"] is None


def test_shown_it_is_its_summary(three_sellers: Callable[..., Problem]) -> None:
    result = solve(three_sellers())
    assert repr(result) == result.summary()
