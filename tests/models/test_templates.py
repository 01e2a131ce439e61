"""Every constraint and the objective templatize: one expression stands for all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyomo.core.expr.template_expr import (
    resolve_template,
    templatize_constraint,
    templatize_rule,
)
from pyomo.repn import generate_standard_repn

from models import build

if TYPE_CHECKING:
    from instances.problem import Problem
    from models import Frame


@pytest.fixture(scope="module")
def frame(every_rule: Problem) -> Frame:
    return build(every_rule)


def _linear(expression: Any) -> dict[str, float]:
    repn = generate_standard_repn(expression)
    assert repn.is_linear()
    numbers: dict[str, float] = {"constant": repn.constant}
    for variable, number in zip(repn.linear_vars, repn.linear_coefs, strict=True):
        numbers[variable.name] = numbers.get(variable.name, 0.0) + number
    return {name: number for name, number in numbers.items() if number}


def _difference(relation: Any) -> Any:
    return relation.args[0] - relation.args[1]


SUMS_OVER_ALL = {"node_charged"}
"""Pyomo cannot sum over sets that have no members anywhere; tests/optimizer compares its rows."""


def test_every_constraint_is_a_template_that_expands_to_its_rows(
    frame: Frame, every_branch: Problem, every_cut_off: Problem
) -> None:
    left = set(frame.constraints) - SUMS_OVER_ALL
    for one in (frame, build(every_branch), build(every_cut_off)):
        for name in one.constraints.keys() - SUMS_OVER_ALL:
            constraint = getattr(one.model, name)
            if not len(constraint):
                continue
            left.discard(name)
            template, indices = templatize_constraint(constraint)
            assert template.is_expression_type()
            for key, row in constraint.items():
                labels = key if isinstance(key, tuple) else (key,)
                for index, label in zip(indices, labels, strict=True):
                    index.set_value(label)
                expanded = _linear(_difference(resolve_template(template)))
                assert expanded == pytest.approx(_linear(_difference(row.expr))), (name, key)
    assert not left


def test_the_objective_is_a_template(frame: Frame) -> None:
    objective = frame.model.objective
    template, indices = templatize_rule(frame.model, objective.rule, None)
    assert not [index for index in indices if index is not None]
    assert _linear(resolve_template(template)) == pytest.approx(_linear(objective.expr))
