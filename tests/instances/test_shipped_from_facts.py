"""The instances built from the facts are what the builder makes, and solve to what is stated."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

import instances
from instances import describe, load
from instances.from_facts import RECIPES, from_facts, market
from optimizer import solve

ROOT = Path(instances.__file__).parent.parent
SPEC = importlib.util.spec_from_file_location("maker", ROOT / "docs" / "make_instances.py")
assert SPEC is not None
assert SPEC.loader is not None
MAKER: Any = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(MAKER)
MINERALS = sorted(set(RECIPES) - MAKER.LEFT_OUT)
FIRST = {"antimony", "graphite_natural", "cobalt", "tungsten", "germanium"}


def _name(mineral: str) -> str:
    return f"{mineral.replace('_', '-')}-usa"


def test_twenty_minerals_ship() -> None:
    assert len(MINERALS) >= 20
    assert set(MINERALS) >= FIRST


def _told_of_imports(name: str) -> tuple[str, list[float]]:
    """Return the import reliance that a README tells: of the facts, and of the plan as numbers."""
    row = re.search(
        r"\| net import reliance \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|", describe(name).readme
    )
    assert row is not None
    return row[1], [float(row[number].removesuffix("%")) / 100 for number in (2, 3, 4)]


@pytest.mark.parametrize("mineral", MINERALS)
def test_import_reliance_is_told_before_and_after(mineral: str) -> None:
    found = market(mineral).reliance
    before, after = _told_of_imports(_name(mineral))
    if found is None:
        assert before == "none found"
    else:
        assert before.endswith(f"{found.value:g} % in {found.row['year']} ({found.source})")
    assert all(-1 <= part <= 1 for part in after)


@pytest.mark.parametrize("mineral", MINERALS)
def test_what_ships_is_what_the_builder_makes(mineral: str) -> None:
    path = ROOT / "instances" / "data" / _name(mineral) / "problem.yaml"
    assert path.read_text(encoding="utf-8") == MAKER.problem_text(mineral)
    assert load(_name(mineral)) == from_facts(mineral)


@pytest.mark.parametrize(
    "mineral",
    [
        mineral if mineral in FIRST else pytest.param(mineral, marks=pytest.mark.deep)
        for mineral in MINERALS
    ],
)
def test_it_solves_to_the_optimum_of_its_readme(mineral: str) -> None:
    # solve has the referee recount the plan
    result = solve(load(_name(mineral)))
    stated = re.search(
        r"Known optimum, buyer's view: ([0-9,.]+) USD \(\d{4}-\d\d-\d\d\)",
        describe(_name(mineral)).readme,
    )
    assert stated is not None
    assert result.objective == pytest.approx(float(stated[1].replace(",", "")), rel=1e-6)
    assert result.verdict.faults == ()
    rows = result.indices.query("index == 'net_import_reliance' and basis == 'buyers'")
    values = rows.set_index("node")["value"]
    first, last = (result.problem.nodes[place].id for place in (0, -1))
    _, (planned, at_the_end, _) = _told_of_imports(_name(mineral))
    assert values[first] == pytest.approx(planned, abs=0.0051)
    assert values[last] == pytest.approx(at_the_end, abs=0.0051)


@pytest.mark.parametrize("mineral", MINERALS)
def test_its_readme_says_where_offers_are_thin(mineral: str) -> None:
    line = MAKER.thin(load(_name(mineral)))
    text = describe(_name(mineral)).readme
    assert (line in text) if line else ("**Thin offers**" not in text)
