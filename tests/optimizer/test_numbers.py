"""Numbers that a solver cannot tell apart are told or refused, never passed off as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from instances import apply
from instances.errors import InputError, SolverFailed
from models.build import build
from optimizer import Options, explain, solve
from optimizer.answer import Watch
from optimizer.coefficients import coefficients
from optimizer.compile import compile_frame
from optimizer.explain.explain import _failed
from optimizer.highs import Instance
from optimizer.leakage import leak_words, leaks
from optimizer.span import span_warnings

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

Data = dict[str, Any]


@pytest.fixture
def mill(
    problem_of: Callable[..., Problem], offer: Callable[..., Data], need: Callable[..., Data]
) -> Callable[..., Problem]:
    """Make 100 t that are bought at 12 or made at 10 and 300 a year, by a site of any capacity."""

    def make(capacity: float, output: float = 1.0) -> Problem:
        process = {"id": "make", "outputs": {"metal": output}, "cost": 10}
        site = {"id": "mill", "country": "USA", "capacity": capacity, "fixed_cost": 300}
        return problem_of(
            offers=[offer("CHN", 12)],
            facilities=[site | {"processes": [process]}],
            demand=[need(100)],
        )

    return make


@pytest.mark.parametrize("capacity", [200, 1e4, 1e6, 1e8, 9e8])
def test_a_choice_that_is_not_quite_whole_is_paid_for(
    mill: Callable[..., Problem], capacity: float
) -> None:
    # buying costs 1,200, making 1,000 and 300. To HiGHS 1e-6 of a yes is a no, and of 1e8 t it
    # gives 100 t for nothing: 1,000
    result = solve(mill(capacity))
    assert result.objective == pytest.approx(1200)
    assert result.bound == pytest.approx(1200)
    assert float(result.costs["buyer_usd"].sum()) == pytest.approx(1200)
    assert any("far apart" in warning for warning in result.warnings) == (capacity > 1e6)


def test_a_leak_is_named_with_its_tonnes(mill: Callable[..., Problem]) -> None:
    matrices = compile_frame(build(mill(1e8)))
    instance = Instance(matrices, Options())
    first = instance.run(Watch())
    assert first.values is not None
    (leak,) = leaks(matrices, first.values)
    assert leak.row == "run_if_on(mill,2026)"
    assert leak.column == "on(mill,2026)"
    assert leak.amount == pytest.approx(100, rel=1e-3)
    assert "on(mill,2026) = 1e-06 gives 100 in row run_if_on(mill,2026)" in leak_words((leak,))
    instance.want_whole_choices()
    second = instance.run(Watch())
    assert second.values is not None
    assert leaks(matrices, second.values) == ()
    assert leaks(matrices, np.round(first.values)) == ()


def test_rows_that_span_a_million_are_told_and_a_billion_refused(
    mill: Callable[..., Problem],
) -> None:
    assert span_warnings(compile_frame(build(mill(1e5)))) == ()
    (text,) = span_warnings(compile_frame(build(mill(1e7))))
    assert text.startswith("1 rows of the model have numbers far apart: row run_if_on(mill,2026)")
    assert "1 for run(mill,make,any,2026) beside 1e+07 for on(mill,2026)" in text
    with pytest.raises(InputError, match=r"row run_if_on\(mill,2026\).*Check the units"):
        solve(mill(1e10))
    with pytest.raises(InputError, match=r"row balance\(metal,any,USA,2026\)"):
        solve(mill(100, output=1e-10))


def test_no_shipped_instance_spans_too_much() -> None:
    from instances import instance_names, load

    told = [name for name in instance_names() if span_warnings(compile_frame(build(load(name))))]
    assert told == []


def test_the_number_of_the_problem_at_fault_is_named_with_its_unit(
    mill: Callable[..., Problem],
) -> None:
    (warning,) = [text for text in solve(mill(1e8)).warnings if "far apart" in text]
    assert "It comes from facilities[mill].capacity = 1e+08 t/yr." in warning
    with pytest.raises(InputError, match=r"facilities\[mill\].capacity = 5e\+09 t/yr"):
        explain(mill(5e9))


def test_explain_notes_numbers_far_apart_with_or_without_a_plan(
    mill: Callable[..., Problem],
) -> None:
    for edits in ([], ["offers[chn].start=2027-01-01", "demand[us].quantity=2e8"]):
        problem = apply(mill(1e8), edits)
        told = explain(problem)
        assert told.about == ("infeasible" if edits else "plan")
        notes = [note for note in told.notes if "facilities[mill].capacity" in note]
        assert len(notes) == 1


def test_extremes_of_a_model_say_what_they_come_from(mill: Callable[..., Problem]) -> None:
    # 3e-5 t of metal a tonne, at a capacity of 2e7 t a year
    report = coefficients(mill(2e7, 3e-5))
    assert str(report.largest[0].origin) == "facilities[mill].capacity = 2e+07 t/yr"
    origin = report.smallest[0].origin
    assert origin is not None
    assert origin.path == "facilities[mill].processes[make].outputs[metal]"
    assert origin.value == pytest.approx(3e-5)
    assert origin.unit is None
    assert "from facilities[mill].capacity = 2e+07 t/yr" in report.sentences()[0]


def test_a_failure_of_the_solver_is_told_with_the_numbers_furthest_apart(
    mill: Callable[..., Problem],
) -> None:
    told = _failed(mill(2e7), SolverFailed("HiGHS reports an error"))
    assert told.about == "nothing"
    assert told.notes[0] == "The solver failed: HiGHS reports an error"
    assert "facilities[mill].capacity = 2e+07 t/yr" in told.notes[1]
