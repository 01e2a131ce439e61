"""The model behind docs/scaling.md, by hand, and the page it made."""

from __future__ import annotations

import importlib
import json
import math
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("make_scaling")


def test_page_of_scaling_is_made_from_the_figures(make: Any) -> None:
    page = make.PAGE.read_text(encoding="utf-8")
    assert page == make.page(page, json.loads(make.FIGURES.read_text())), (
        "run `python docs/make_scaling.py`"
    )


def test_one_process_makes_a_job_wait_as_often_as_it_is_busy(make: Any) -> None:
    # M/M/1: an arrival finds it busy with probability a
    assert make.waits(1, 0.3) == pytest.approx(0.3)


def test_two_processes_make_a_third_of_the_jobs_wait_at_half_load(make: Any) -> None:
    # a = 1, c = 2: a^c / c! x c / (c - a) = 1/2 x 2 = 1, and 1 + a = 2, so 1 / (2 + 1)
    assert make.waits(2, 1.0) == pytest.approx(1 / 3)


def test_long_waits_are_fewer_by_the_exponential_of_idle_processes(make: Any) -> None:
    # (c - a) t / s = (2 - 1) x 1 s / 0.5 s = 2
    assert make.late(2, 1.0, 0.5) == pytest.approx(math.exp(-2) / 3)


def test_too_few_processes_make_every_job_wait(make: Any) -> None:
    assert make.waits(2, 2.0) == 1.0


def test_needed_is_the_fewest_that_suffice(make: Any) -> None:
    enough = make.needed(10.0, 1.0)
    assert make.late(enough, 10.0, 1.0) <= make.LATE < make.late(enough - 1, 10.0, 1.0)
