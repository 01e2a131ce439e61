"""The page of long checks says what was recorded, and enough mutants of the constraints died."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from tests.mutants import PAIRS

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("make_checks")


def test_the_page_says_what_was_recorded(checks: Any) -> None:
    assert (DOCS / "checks.md").read_text() == checks.page(checks.recorded())


def test_nineteen_in_twenty_of_all_mutants_are_recorded_as_killed(checks: Any) -> None:
    outcomes = checks.recorded()["mutants"]
    names = [f"{constraint}-{way}" for constraint, way in PAIRS]
    killed = [name for name in names if checks.is_killed(outcomes.get(name, checks.ALIVE))]
    # those of a constraint just written are tried by `python docs/make_checks.py mutants`
    assert len(killed) >= 0.95 * len(names)


def test_a_mutant_alive_or_escaped_is_not_killed(checks: Any) -> None:
    assert not checks.is_killed(checks.ALIVE)
    assert not checks.is_killed(f"{checks.ESCAPED} on random-3")
    assert checks.is_killed("random-3")
