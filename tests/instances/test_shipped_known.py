"""Every shipped instance solves, passes the referee and gives its recorded optimum again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import instances
from instances import describe, instance_names, load, parse
from optimizer import solve

ROOT = Path(instances.__file__).parent.parent
PAGE = (ROOT / "docs" / "instances.md").read_text(encoding="utf-8")
RECORDED = {
    name: float(optimum.replace(",", ""))
    for name, optimum in re.findall(r"^\| ([a-z0-9-]+) \| (-?[0-9.,]+) \|", PAGE, flags=re.M)
}
QUICK = ("antimony-usa", "dantzig", "gallium-usa", "korea-reserve", "survival")
NAMES = [
    name if name in QUICK else pytest.param(name, marks=pytest.mark.deep)
    for name in instance_names()
]


def _stated(name: str) -> float | None:
    """Return the optimum that the README of an instance states, rounded to a dollar or a cent."""
    found = re.search(r"Known optimum, buyer's view: (-?[0-9,.]*[0-9]) USD", describe(name).readme)
    return None if found is None else float(found[1].replace(",", ""))


def test_the_page_has_a_row_for_every_instance() -> None:
    assert sorted(RECORDED) == sorted(instance_names())


@pytest.mark.parametrize("name", [name for name in instance_names() if _stated(name) is not None])
def test_the_page_and_the_readme_state_one_optimum(name: str) -> None:
    assert RECORDED[name] == pytest.approx(_stated(name), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_it_solves_to_what_is_recorded_and_repeats(name: str) -> None:
    problem = load(name)
    # what is written out reads back as the same problem
    assert parse(problem.to_plain()) == problem
    first, again = solve(problem), solve(problem)
    assert first.verdict.faults == again.verdict.faults == ()
    assert first.objective == pytest.approx(RECORDED[name], rel=1e-6)
    assert again.objective == pytest.approx(first.objective, rel=1e-9)
