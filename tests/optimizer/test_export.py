from __future__ import annotations

from typing import TYPE_CHECKING, Any

import highspy
import pytest

from instances import load, parse
from instances.generate import random_problem
from instances.rules import HHICap
from instances.starter import starter
from models.build import build
from optimizer import solve
from optimizer.compile import compile_frame
from optimizer.export import column_names, export, row_names

if TYPE_CHECKING:
    from pathlib import Path

    from instances.problem import Problem

# ids that read alike once their dashes are gone, and an id as long as ids may be
AWKWARD: dict[str, Any] = {
    "name": "awkward",
    "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
    "commodities": [{"id": "m", "stage": "metal", "basis": "product"}],
    "offers": [
        {"id": "a-b", "supplier": "A & Co", "country": "CHN", "commodity": "m", "price": 10},
        {"id": "a_b", "supplier": "é", "country": "AUS", "commodity": "m", "price": 30},
        {"id": "e" * 64, "supplier": "E", "country": "KAZ", "commodity": "m", "price": 40},
    ],
    "demand": [{"id": "us", "commodity": "m", "country": "USA", "quantity": 100}],
    "rules": [
        {
            "id": "cap",
            "kind": "share_cap",
            "of": "A & Co",
            "commodity": "m",
            "denominator": "deliveries",
            "max_share": 0.4,
        },
        {"id": "two", "kind": "min_suppliers", "commodity": "m", "count": 2, "min_share": 0.1},
    ],
}


def solved(text: str, language: str, folder: Path) -> tuple[highspy.HighsModelStatus, float]:
    file = folder / f"model.{language}"
    file.write_text(text)
    solver = highspy.Highs()
    solver.silent()
    assert solver.readModel(str(file)) == highspy.HighsStatus.kOk
    solver.run()
    return solver.getModelStatus(), solver.getInfo().objective_function_value


@pytest.mark.parametrize("language", ["lp", "mps"])
@pytest.mark.parametrize("problem", [starter(), load("gallium-usa"), parse(AWKWARD)])
def test_exported_model_costs_the_same(problem: Problem, language: Any, tmp_path: Path) -> None:
    status, cost = solved(export(problem, language), language, tmp_path)
    assert status == highspy.HighsModelStatus.kOptimal
    assert cost == pytest.approx(solve(problem).objective, rel=1e-9)


@pytest.mark.parametrize("language", ["lp", "mps"])
@pytest.mark.parametrize("seed", [0, *range(2, 8)])
def test_generated_model_costs_the_same(seed: int, language: Any, tmp_path: Path) -> None:
    problem = random_problem(seed)
    status, cost = solved(export(problem, language), language, tmp_path)
    result = solve(problem)
    if any(isinstance(rule, HHICap) for rule in problem.rules):
        # only the first cuts of the cap are in the text, which says so
        assert result.objective is None or cost <= result.objective * (1 + 2e-6) + 1e-6
        assert "Concentration" in export(problem, language).partition("\n")[0]
        return
    assert (status == highspy.HighsModelStatus.kOptimal) == result.has_plan
    if result.has_plan:
        # numbers of 15 figures, and a gap of 1e-6 where there are yes/no choices
        assert cost == pytest.approx(result.objective, rel=2e-6, abs=1e-6)


def test_names_say_what_a_column_and_a_row_are() -> None:
    text = export(starter(), "lp")
    assert "buy(cn_metal,0,2027)" in text
    assert "run(us_smelter,smelt,any,2027)" in text
    assert "demand_met(us_metal,2027):" in text


@pytest.mark.parametrize("problem", [load("rare-earths-usa"), parse(AWKWARD), random_problem(3)])
def test_names_are_unique_and_safe(problem: Problem) -> None:
    matrices = compile_frame(build(problem))
    for names, count in (
        (column_names(matrices), len(matrices.cost)),
        (row_names(matrices), len(matrices.row_lower)),
    ):
        assert len(set(names)) == len(names) == count
        assert all(name and name.isascii() for name in names)
        assert not set("".join(names)) & set(" -+*/^<>=:[]\\")
        assert max(map(len, names), default=0) < 255


def test_ids_that_read_alike_are_told_apart() -> None:
    names = column_names(compile_frame(build(parse(AWKWARD))))
    assert {"buy(a_b,0,2026)", "buy(a_b,0,2026).2"} <= set(names)


def test_text_is_the_same_each_time() -> None:
    assert export(starter(), "mps") == export(starter(), "mps")
