"""Sweeps: every point is what a solve of the edited problem gives, whatever happens beside it."""

from __future__ import annotations

import json
import random
import threading
from typing import TYPE_CHECKING

import pytest

from instances import apply, load
from instances.errors import InputError
from instances.generate import random_problem
from models import build
from optimizer import Options, solve
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.engine import Program
from optimizer.sweep import Design, Point, grid, parse_range, scenarios, sweep
from optimizer.sweep import run as run_module
from optimizer.sweep.outcome import PointRecord
from tests.optimizer.random_edits import fitting_edit

if TYPE_CHECKING:
    from pathlib import Path

    from instances.problem import Problem
    from optimizer import Result

GALLIUM = load("gallium-usa")
CAP = "rules[cn-cap].max_share"
PLAIN = Options(tie_break=False)


def _grid(text: str, problem: object = GALLIUM) -> Design:
    return grid([parse_range(part, problem) for part in text.split(" x ")])  # type: ignore[arg-type]


BOTH = f"{CAP}=0.3:0.9:4 x offers[*].price*=0.9,1,1.1"


@pytest.fixture(scope="module")
def solved() -> list[Result]:
    """Return the solves of the edited problems, point by point."""
    return [
        solve(apply(GALLIUM, [f"{CAP}={cap}", f"offers[*].price*={factor}"]), PLAIN)
        for cap, factor in (point.values for point in _grid(BOTH).points)
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_point_of_a_grid_is_a_solve_of_the_edited_problem(
    workers: int, solved: list[Result]
) -> None:
    outcome = sweep(GALLIUM, _grid(BOTH), workers=workers)
    assert outcome.state == "complete"
    assert outcome.checked >= 2
    for record, result in zip(outcome.records, solved, strict=True):
        assert record.objective_usd == pytest.approx(result.objective, rel=1e-9)
        unmet = sum(row[3] for row in record.figures if row[0] == "unmet_t")
        assert unmet == pytest.approx(result.unmet["unmet_t"].sum(), abs=1e-6)
    assert {record.way for record in outcome.records} == {"direct"}


def test_figures_add_up_to_the_tables_of_the_plan() -> None:
    record = sweep(GALLIUM, _grid(f"{CAP}=0.5"), workers=1).records[0]
    result = solve(apply(GALLIUM, [f"{CAP}=0.5"]), PLAIN)
    bought = result.purchases.groupby("country")["bought_t"].sum().to_dict()
    found = {row[2]: row[3] for row in record.figures if row[0] == "supply_t"}
    assert sum(found.values()) == pytest.approx(sum(bought.values()))
    held = {row[1]: row[3] for row in record.figures if row[0] == "stock_t"}
    last = result.stocks.groupby("stockpile")["stock_t"].last().to_dict()
    assert held == pytest.approx(last)


def test_scenarios_that_change_the_structure_or_mean_nothing_stand_side_by_side() -> None:
    outcome = sweep(
        GALLIUM,
        scenarios(
            {
                "as-is": [],
                "two-years": ["periods.count=2"],
                "nonsense": ["offers[nobody].price=1"],
                "dear": ["offers[chn-gallium].price*=2"],
            }
        ),
    )
    assert [record.status for record in outcome.records] == [
        "optimal",
        "optimal",
        "invalid",
        "optimal",
    ]
    assert outcome.state == "partial"
    assert "nobody" in str(outcome.records[2].reason)
    costs = [record.objective_usd for record in outcome.records]
    assert costs[0] == pytest.approx(solve(GALLIUM, PLAIN).objective)
    assert costs[1] == pytest.approx(solve(apply(GALLIUM, ["periods.count=2"]), PLAIN).objective)


def test_a_poisoned_point_leaves_its_neighbours_as_they_are_without_it() -> None:
    edits = {"a": [f"{CAP}=0.5"], "bad": ["demand[*].quantity=-1"], "b": [f"{CAP}=0.6"]}
    whole = sweep(GALLIUM, scenarios(edits)).records
    clean = sweep(GALLIUM, scenarios({"a": edits["a"], "b": edits["b"]})).records
    assert [whole[0].objective_usd, whole[2].objective_usd] == [
        record.objective_usd for record in clean
    ]


def test_infeasible_points_are_answers() -> None:
    hard = apply(GALLIUM, ["demand[usa-gallium].shortfall_cost=null"])
    outcome = sweep(hard, _grid("demand[usa-gallium].quantity=10,20,1e6", hard))
    assert [record.status for record in outcome.records] == ["optimal", "optimal", "infeasible"]
    assert outcome.state == "complete"
    assert outcome.records[2].objective_usd is None
    assert outcome.records[2].reason == "no plan keeps every rule"


def test_a_cold_solve_that_disagrees_throws_the_warm_results_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Spoilt(run_module.Chain):
        def _warm(self, point: Point, cancel: threading.Event | None) -> PointRecord:
            record = super()._warm(point, cancel)
            assert record.objective_usd is not None
            return PointRecord(**(vars(record) | {"objective_usd": record.objective_usd + 5e3}))

    monkeypatch.setattr(run_module, "Chain", Spoilt)
    outcome = sweep(GALLIUM, _grid(f"{CAP}=0.4,0.5,0.6"), workers=1)
    assert "solved again from nothing" in outcome.warnings[0]
    assert {record.way for record in outcome.records} == {"cold"}
    expected = solve(apply(GALLIUM, [f"{CAP}=0.5"]), PLAIN).objective
    assert outcome.records[1].objective_usd == pytest.approx(expected)


def test_a_stopped_sweep_is_resumed_and_repeats_nothing(tmp_path: Path) -> None:
    design = _grid(f"{CAP}=0.3:0.9:8")
    stop = threading.Event()

    def after_three(done: int, total: int) -> None:
        assert total == 8
        if done == 3:
            stop.set()

    first = sweep(GALLIUM, design, workers=1, folder=tmp_path, progress=after_three, cancel=stop)
    assert first.state == "partial"
    assert first.counts["missing"] == 5
    lines = (tmp_path / "points.jsonl").read_text().splitlines()
    assert len(lines) == 3
    # the process may have died while writing a line
    with (tmp_path / "points.jsonl").open("a") as file:
        file.write('{"point": "7", "sta')
    told: list[int] = []
    second = sweep(
        GALLIUM,
        design,
        workers=1,
        folder=tmp_path,
        resume=True,
        progress=lambda done, _: told.append(done),
    )
    assert told == [4, 5, 6, 7, 8]
    assert second.state == "complete"
    assert [json.loads(line) for line in lines] == [
        record.to_plain() for record in second.records[:3]
    ]
    assert second.table["objective_usd"].is_monotonic_decreasing
    assert (tmp_path / "points.csv").exists()


def test_a_folder_of_another_sweep_is_refused(tmp_path: Path) -> None:
    sweep(GALLIUM, _grid(f"{CAP}=0.4,0.5"), workers=1, folder=tmp_path)
    with pytest.raises(InputError, match="holds a sweep"):
        sweep(GALLIUM, _grid(f"{CAP}=0.4,0.5"), workers=1, folder=tmp_path)
    with pytest.raises(InputError, match="holds another sweep"):
        sweep(GALLIUM, _grid(f"{CAP}=0.4,0.6"), workers=1, folder=tmp_path, resume=True)


def test_a_sweep_without_points_is_refused() -> None:
    with pytest.raises(InputError, match="has no points"):
        sweep(GALLIUM, Design((), ()))


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=() if seed in (2, 3, 4) else [pytest.mark.deep])
        for seed in range(100)
    ],
)
def test_points_of_generated_problems_equal_cold_solves(seed: int) -> None:
    draw = random.Random(seed)
    problem = random_problem(seed)
    factors = ",".join(f"{draw.uniform(0.5, 1.5):.3f}" for _ in range(3))
    outcome = sweep(
        problem,
        _grid(f"offers[*].price*={factors} x demand[*].quantity*=0.7,1,1.2", problem),
        workers=1,
    )
    assert outcome.warnings == ()
    for point, record in zip(outcome.design.points, outcome.records, strict=True):
        price, need = point.values
        _agrees(record, problem, [f"offers[*].price*={price}", f"demand[*].quantity*={need}"])


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=() if seed in (2, 3, 4) else [pytest.mark.deep])
        for seed in range(100)
    ],
)
def test_scenarios_of_generated_problems_equal_cold_solves(seed: int) -> None:
    """Edits of every kind, those that change the structure too, stand side by side."""
    draw = random.Random(seed)
    problem = random_problem(seed)
    edits = {f"s{number}": [fitting_edit(draw, problem)] for number in range(5)}
    outcome = sweep(problem, scenarios(edits), workers=1)
    assert outcome.warnings == ()
    for point, record in zip(outcome.design.points, outcome.records, strict=True):
        _agrees(record, problem, edits[point.id])


def _agrees(record: PointRecord, problem: Problem, edits: list[str]) -> None:
    """Assert that a record is that of the edited problem, compiled and solved from nothing."""
    edited = apply(problem, edits)
    matrices = compile_frame(build(edited))
    cold = Program.of(edited, matrices, PLAIN).run(Watch())
    assert record.status == str(cold.status.point)
    if cold.objective is not None:
        assert cold.values is not None
        size = float(abs(matrices.cost * cold.values).sum()) + 1.0
        assert record.objective_usd == pytest.approx(cold.objective, abs=3e-6 * size)
