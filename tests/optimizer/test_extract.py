"""Extract: columns become a plan without solver noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from instances.plan import COLUMNS
from models import build
from optimizer.compile import compile_frame
from optimizer.extract import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def test_noise_and_zeros_are_left_out_and_nothing_is_below_zero(
    three_sellers: Callable[..., Problem],
) -> None:
    problem = three_sellers()
    matrices = compile_frame(build(problem))
    values = np.zeros(len(matrices.cost))
    values[matrices.span("buy")] = [7.5, 1e-12, -1e-8]
    plan = plan_of(problem, matrices, values)
    assert plan.purchases.to_dict("list") == {
        "node": ["2026"],
        "offer": ["chn"],
        "tranche": [0],
        "tonnes": [7.5],
    }
    assert len(plan.shipments) == len(plan.deliveries) == len(plan.shortfalls) == 0


def test_every_table_has_its_columns(every_rule: Problem) -> None:
    matrices = compile_frame(build(every_rule))
    plan = plan_of(every_rule, matrices, np.ones(len(matrices.cost)))
    assert {name: tuple(table) for name, table in plan.tables().items()} == COLUMNS
    assert all(len(table) for table in plan.tables().values())


def test_choices_are_0_or_1(three_sellers: Callable[..., Problem], rule: Any) -> None:
    problem = three_sellers(rule("min_suppliers", count=2, min_share=0.1))
    matrices = compile_frame(build(problem))
    values = np.zeros(len(matrices.cost))
    values[matrices.span("chosen")] = [0.9999999, -1e-9, 1.0]
    assert plan_of(problem, matrices, values).choices["chosen"].tolist() == [1, 0, 1]
    assert "-" not in str(plan_of(problem, matrices, values).choices["chosen"].tolist())


def test_an_excess_by_value_is_in_dollars(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.4, denominator="value", penalty=0.2)
    problem = three_sellers(cap)
    matrices = compile_frame(build(problem))
    values = np.zeros(len(matrices.cost))
    values[matrices.span("excess")] = 2.0
    # two tonnes at the mean price of 75 USD/t
    assert plan_of(problem, matrices, values).excesses["amount"].tolist() == pytest.approx([150])
