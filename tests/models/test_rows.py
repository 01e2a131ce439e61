"""Golden rows: what every constraint says on one tiny problem, one readable file a constraint.

After a change that is meant to change them, write them anew and read the difference:

    pytest tests/models/test_rows.py --write-rows
"""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import pytest
from pyomo.repn import generate_standard_repn

import models
from models import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.problem import Problem
    from models import Frame

ROWS = Path(__file__).parent / "rows"
PARTS = ("sentence", ".. math::", "For all:", "Units:", "Source:")


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every function of the package whose first argument is a Pyomo model."""
    for found in iter_modules(models.__path__, "models."):
        module = import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and next(iter(inspect.signature(function).parameters), "") == "model":
                yield name, function


FUNCTIONS = dict(_functions())
CONSTRAINTS = sorted(
    name for name, function in FUNCTIONS.items() if len(inspect.signature(function).parameters) > 1
)


def _name(component: Any, index: Any) -> str:
    keys = index if isinstance(index, tuple) else (index,)
    return f"{component}[{','.join(map(str, keys))}]"


def _terms(expression: Any) -> tuple[str, float]:
    repn = generate_standard_repn(expression)
    assert repn.is_linear()
    numbers: dict[str, float] = {}
    for variable, number in zip(repn.linear_vars, repn.linear_coefs, strict=True):
        name = _name(variable.parent_component().name, variable.index())
        numbers[name] = numbers.get(name, 0.0) + number
    words = [
        f"{'-' if number < 0 else '+'} {abs(number):.10g} {name}"
        for name, number in sorted(numbers.items())
        if number != 0
    ]
    return " ".join(words), repn.constant


def _row(constraint: Any) -> str:
    words, constant = _terms(constraint.body)
    lower, upper = constraint.lb, constraint.ub
    if constraint.equality:
        sense, right = "=", upper
    else:
        sense, right = (">=", lower) if upper is None else ("<=", upper)
    return f"{words} {sense} {right - constant + 0.0:.10g}"


def _rows(frame: Frame, name: str) -> str:
    component = getattr(frame.model, name)
    lines = [f"{_name(name, index)}:\n    {_row(component[index])}" for index in component]
    return "\n".join(sorted(lines)) + "\n"


def _golden(request: pytest.FixtureRequest, path: Path, text: str) -> str:
    if request.config.getoption("--write-rows"):
        path.write_text(text)
    return path.read_text()


@pytest.fixture(scope="module")
def frame(every_rule: Problem) -> Frame:
    return build(every_rule)


@pytest.fixture(scope="module")
def frames(frame: Frame, every_branch: Problem, every_cut_off: Problem) -> tuple[Frame, ...]:
    return frame, build(every_branch), build(every_cut_off)


def test_every_constraint_has_a_row_in_the_problem_of_every_rule_or_branch_or_cut_off(
    frames: tuple[Frame, ...],
) -> None:
    frame, *trees = frames
    assert sorted(frame.constraints) == CONSTRAINTS
    empty = [name for name, index in frame.constraints.items() if len(index) == 0]
    assert empty == [name for name in empty if any(len(tree.constraints[name]) for tree in trees)]


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_rows_are_the_golden_ones(
    frames: tuple[Frame, ...], name: str, request: pytest.FixtureRequest
) -> None:
    text = _rows(next(frame for frame in frames if len(frame.constraints[name])), name)
    assert text == _golden(request, ROWS / f"{name}.lp", text)


def test_the_objective_is_the_golden_one(frame: Frame, request: pytest.FixtureRequest) -> None:
    words, constant = _terms(frame.model.objective.expr)
    assert constant == 0
    text = "objective:\n" + words.replace(" + ", "\n    + ").replace(" - ", "\n    - ") + "\n"
    assert text == _golden(request, ROWS / "objective.lp", text)


def test_bounds_are_the_golden_ones(frame: Frame, request: pytest.FixtureRequest) -> None:
    lines = []
    for name in frame.variables:
        for index, variable in getattr(frame.model, name).items():
            lower, upper = variable.bounds
            least = "" if lower is None else f"{lower:.10g} <= "
            most = "" if upper is None else f" <= {upper:.10g}"
            kind = ", 0 or 1" if variable.is_binary() else ""
            lines.append(f"{least}{_name(name, index)}{most}{kind}")
    text = "\n".join(lines) + "\n"
    assert text == _golden(request, ROWS / "bounds.lp", text)


def test_no_golden_file_is_left_over() -> None:
    expected = [*CONSTRAINTS, "bounds", "objective"]
    assert sorted(path.stem for path in ROWS.iterdir()) == sorted(expected)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_every_constraint_says_what_it_means_where_it_holds_in_which_units_and_why(
    name: str,
) -> None:
    text = inspect.getdoc(FUNCTIONS[name]) or ""
    assert text.partition("\n")[0].endswith("."), "the first line is a sentence"
    places = [text.find(part) for part in PARTS[1:]]
    assert min(places) > 0, f"it lacks one of {PARTS[1:]}"
    assert places == sorted(places), f"its parts stand in the order {PARTS}"


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - set(CONSTRAINTS)))
def test_every_part_of_the_cost_says_what_it_is(name: str) -> None:
    text = inspect.getdoc(FUNCTIONS[name]) or ""
    assert text.endswith(".")
