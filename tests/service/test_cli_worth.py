"""``diversify worth`` on the farmer of the textbook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_worth_of_the_farmer(diversify: Run):
    run = diversify("worth", "farmer", "--reference", "fair", "--json", "--out", "run")
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["evpi_usd"] == pytest.approx(7_015.56, abs=0.01)
    assert found["vss_usd"] == pytest.approx(1_150, abs=0.01)
    assert len(Path("run/scenarios.csv").read_text().splitlines()) == 4


def test_worth_that_runs_out_of_time_exits_5(diversify: Run):
    run = diversify("worth", "farmer", "--flip", "poor", "--time-limit", "0.001")
    assert run.returncode == 5, run.stderr
    assert "Time ran out" in run.stdout


def test_worth_needs_scenarios(diversify: Run, saved: Any, tiny: dict[str, Any]):
    run = diversify("worth", saved(tiny))
    assert run.returncode == 2
    assert "are not there to be known" in run.stderr
