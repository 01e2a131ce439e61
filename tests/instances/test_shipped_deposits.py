"""Reserves of deposits and countries, and events that hit building, on shipped instances."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

import instances
from instances import describe, load
from instances.facts import facts
from instances.rules import ReserveLimit
from optimizer import Result, solve

ROOT = Path(instances.__file__).parent.parent
README = describe("lithium-deposits").readme
PROBLEM = load("lithium-deposits")


def _maker(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


MADE, TOLD = _maker("make_deposits"), _maker("make_reserves")
PAGE = TOLD.PAGE.read_text(encoding="utf-8")


def test_what_ships_is_what_its_maker_makes() -> None:
    assert MADE.FILE.read_text(encoding="utf-8") == MADE.problem_text()


def test_reserves_are_those_of_the_facts() -> None:
    limits = {rule.of: rule for rule in PROBLEM.rules if isinstance(rule, ReserveLimit)}
    sites = {site.id for site in PROBLEM.facilities}
    assert len(sites & limits.keys()) == len(sites) == 35
    held = {
        round(1000 * float(row.row["reserve_kt_li"]), 1)
        for row in facts("lithium_deposits")
        if float(row.row["reserve_kt_li"]) > 0
    }
    assert {limits[name].reserves for name in sites} == held
    for code in limits.keys() - sites:
        (row,) = facts("reserves", mineral="lithium", country=code)
        assert (limits[code].reserves, limits[code].source) == (row.to("t"), "mcs2026")
    # what SQM can make now uses up its part of Atacama in 9.1 years
    (capacity,) = (
        site.capacity.values[0] for site in PROBLEM.facilities if site.id == "salar-de-atacama-sqm"
    )
    assert limits["salar-de-atacama-sqm"].reserves / capacity == pytest.approx(9.1, abs=0.05)


@pytest.fixture(scope="module")
def solved() -> Result:
    return solve(PROBLEM)


@pytest.mark.deep
def test_no_deposit_gives_more_than_it_holds_and_fourteen_give_all(solved: Result) -> None:
    found = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert found is not None
    assert solved.objective == pytest.approx(float(found[1].replace(",", "")), rel=1e-8)
    limits = {rule.of: rule.reserves for rule in PROBLEM.rules if isinstance(rule, ReserveLimit)}
    for branch in PROBLEM.branches:
        passed = {node.id for node in PROBLEM.nodes if branch.id in node.scenarios}
        runs = solved.plan.runs[solved.plan.runs["node"].isin(passed)]
        taken = runs.groupby("facility")["tonnes"].sum()
        assert all(taken[name] <= limits[name] * (1 + 1e-6) for name in taken.index)
        gone = [name for name in taken.index if taken[name] >= limits[name] * (1 - 1e-6)]
        assert len(gone) == 14


@pytest.mark.deep
def test_the_page_is_what_its_maker_finds() -> None:
    assert TOLD.building() in PAGE
    for name in TOLD.NAMES:
        assert TOLD.row(name) in PAGE
