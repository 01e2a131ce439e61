"""Problems written as folders of tables come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from instances import instance_names, load, read, write
from instances.fields import fields_of
from instances.generate import random_problem
from instances.starter import starter, write_starter
from instances.tables.form import form_of
from instances.tables.layout import NESTED, classes_of, table_names
from optimizer import solve

if TYPE_CHECKING:
    from instances.problem import Problem


@pytest.fixture(scope="module")
def every_feature() -> Problem:
    return read(Path(__file__).with_name("every_feature.yaml"))


@pytest.mark.parametrize("name", instance_names())
def test_shipped_instance_comes_back_equal(name: str, tmp_path: Path) -> None:
    write(load(name), tmp_path / "there", form="folder")
    back = read(tmp_path / "there")
    assert back == load(name)
    assert back.hash == load(name).hash


@pytest.mark.parametrize("seed", range(50))
def test_generated_problem_comes_back_equal(seed: int, tmp_path: Path) -> None:
    problem = random_problem(seed)
    write(problem, tmp_path / "there", form="folder")
    assert read(tmp_path / "there") == problem


def test_problem_of_every_feature_comes_back_equal(every_feature: Problem, tmp_path: Path) -> None:
    write(every_feature, tmp_path / "there", form="folder")
    assert read(tmp_path / "there") == every_feature


def test_every_form_of_a_problem_solves_to_the_same_cost(tmp_path: Path) -> None:
    costs = []
    for form in ("yaml", "json", "folder", "xlsx"):
        path = tmp_path / (form if form == "folder" else f"it.{form}")
        write_starter(path, form)
        assert read(path) == starter()
        costs.append(solve(read(path)).objective)
    assert len(set(costs)) == 1


def test_every_kind_of_nested_part_has_a_table() -> None:
    told = {(entry.kind, entry.field): entry.part for entry in NESTED}
    for kind, field in told:
        assert form_of(kind, field).part is told[kind, field]
    for table in table_names():
        for kind in classes_of(table) if table != "recipes" else ():
            for field in fields_of(kind):
                form = form_of(kind, field)
                assert form.in_cell or (kind, field) in told or field in ("inputs", "outputs")
