from __future__ import annotations

import pickle
import time
from datetime import date
from typing import Any

import pytest

from instances.errors import (
    CheckFailed,
    Finding,
    InputError,
    NoPlan,
    ReadError,
    SolveError,
    SolverFailed,
    SourcingError,
    UnknownInstance,
    nearest_name,
    shortened,
)


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Finding("a.b", "is missing"), "a.b: is missing."),
        (Finding("", "the file is empty."), "the file is empty."),
        (Finding("a", "is below 0", "-5"), "a: is below 0 (got -5)."),
        (
            Finding("a", "is unknown", "'x'", "y", "Correct it."),
            "a: is unknown (got 'x'). Did you mean 'y'? Correct it.",
        ),
    ],
)
def test_a_finding_reads_as_sentences(finding: Finding, text: str) -> None:
    assert str(finding) == text


def test_a_finding_is_plain_data() -> None:
    assert Finding("a", "is missing", remedy="Add it.").to_dict() == {
        "where": "a",
        "what": "is missing",
        "value": None,
        "nearest": None,
        "remedy": "Add it.",
    }


def test_an_error_shows_every_finding() -> None:
    error = InputError([Finding("a", "is missing"), Finding("b", "is empty")])
    assert str(error) == "a: is missing.\nb: is empty."
    assert len(error.findings) == 2


@pytest.mark.parametrize("kind", [InputError, ReadError, UnknownInstance])
def test_input_errors_survive_the_way_to_another_process(kind: type[InputError]) -> None:
    error = pickle.loads(pickle.dumps(kind([Finding("a", "is missing")])))
    assert type(error) is kind
    assert error.findings == (Finding("a", "is missing"),)
    assert str(error) == "a: is missing."


def test_the_referees_faults_survive_the_way_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(CheckFailed(["cost: 5 and 6"])))
    assert error.faults == ("cost: 5 and 6",)
    assert "disagrees with the solver: cost: 5 and 6" in str(error)


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        (InputError, (SourcingError, ValueError)),
        (ReadError, (InputError,)),
        (UnknownInstance, (InputError,)),
        (SolverFailed, (SolveError,)),
        (CheckFailed, (SolveError,)),
        (NoPlan, (SolveError,)),
        (SolveError, (SourcingError, RuntimeError)),
    ],
)
def test_the_tree_of_errors(kind: type[Exception], parents: tuple[type[Exception], ...]) -> None:
    assert all(issubclass(kind, parent) for parent in parents)


@pytest.mark.parametrize(
    ("name", "known", "nearest"),
    [
        ("pric", ["price", "prince"], "price"),
        ("GALLIUM", ["gallium"], "gallium"),
        ("gallium", ["GALLIUM", "Gallium"], "GALLIUM"),
        ("zzz", ["price"], None),
        ("x", [], None),
        ("", ["price"], None),
    ],
)
def test_the_nearest_name_is_close_or_none(
    name: str, known: list[str], nearest: str | None
) -> None:
    assert nearest_name(name, known) == nearest


@pytest.mark.parametrize("typo", ["ofer-01234", "offer-0123", "offer-01243", "Offer-01234"])
def test_the_nearest_of_many_names_is_found(typo: str) -> None:
    near = nearest_name(typo, [f"offer-{number:05d}" for number in range(20_000)])
    assert near is not None
    assert near.startswith("offer-")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        ("x", "'x'"),
        (None, "None"),
        (date(2026, 1, 1), "2026-01-01"),
        (10**400, "a number of more than 300 digits"),
        (-(10**5000), "a number of more than 300 digits"),
        ("\x1b[31m", r"'\x1b[31m'"),
        ("\ud800", r"'\ud800'"),
        ([1, 2, 3, 4, 5], "[1, 2, 3, 4, ...]"),
    ],
    ids=lambda value: str(type(value).__name__),
)
def test_a_value_is_shown_briefly(value: object, text: str) -> None:
    assert shortened(value) == text


@pytest.mark.parametrize("make", [list, tuple, dict])
def test_large_and_deep_values_are_shown_in_no_time(make: type[Any]) -> None:
    deep: Any = make()
    for _ in range(100_000):
        deep = {"a": deep} if make is dict else make([deep])
    wide = {"a": ["x" * 1_000_000] * 1000}
    began = time.process_time()
    assert len(shortened(deep)) <= 60
    assert len(shortened(wide)) <= 60
    assert len(shortened("x" * 1000, limit=20)) == 20
    assert time.process_time() - began < 1
