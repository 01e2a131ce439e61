"""Phases of one large problem by size, beside what others need to build the same model."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from instances.generate.large import SIZES, large_data
from instances.parse import parse
from models.build import build
from optimizer.compile import compile_frame
from optimizer.highs import Instance
from optimizer.options import Options
from optimizer.solve import solve
from tests.benchmarks import rivals
from tests.benchmarks.conftest import has
from tests.benchmarks.race import Race, run

if TYPE_CHECKING:
    from optimizer.compile import Matrices

ROUNDS = {"small": 9, "medium": 5, "large": 3}
SOLVES = {"small": 5, "medium": 3}
"""HiGHS takes minutes for the large one: it is only built."""
PLAIN = Options(threads=1, tie_break=False)


def _count(matrices: Matrices) -> str:
    return f"{matrices.size['columns']:,} columns"


def test_build(size: str, benchmark: Any, races: list[Race]) -> None:
    data = large_data(*SIZES[size])
    matrices = compile_frame(build(parse(data)))
    table = rivals.by_row(matrices)
    race = Race("build", _count(matrices))
    phases: dict[str, list[float]] = {}

    def ours(_: int) -> None:
        start = time.process_time()
        problem = parse(data)
        read = time.process_time()
        frame = build(problem)
        built = time.process_time()
        compile_frame(frame)
        ends = (start, read, built, time.process_time())
        for name, first, last in zip(("read", "build", "compile"), ends, ends[1:], strict=False):
            phases.setdefault(name, []).append(last - first)

    others: dict[str, tuple[Any, int]] = {}
    if has("linopy"):
        others["linopy, summing"] = (lambda _: rivals.linopy_sums(matrices, table), 1)
        others["linopy, handed arrays"] = (lambda _: rivals.linopy_arrays(matrices, table), 1)
    if has("pyoptinterface"):
        others["PyOptInterface"] = (lambda _: rivals.pyoptinterface_model(matrices, table), 1)
    others["highspy, finished arrays"] = (lambda _: rivals.highspy_model(matrices), 1)
    for call, _ in others.values():
        call(0)  # imports and first uses are start-up, not building
    run(benchmark, race, ours, others, range(ROUNDS[size]))
    for name, seconds in phases.items():
        race.notes[name] = f"{sorted(seconds)[len(seconds) // 2]:.3f} s"
    races.append(race)


def test_solve(
    size: str, benchmark: Any, races: list[Race], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of `parse` and `solve`, less what passes inside HiGHS."""
    if size not in SOLVES:
        pytest.skip("it is only built")
    data = large_data(*SIZES[size])
    matrices = compile_frame(build(parse(data)))
    table = rivals.by_row(matrices)
    race = Race("solve", _count(matrices))
    inside = [0.0]
    ask = Instance.run

    def asked(instance: Instance, watch: Any) -> Any:
        start = time.process_time()
        answer = ask(instance, watch)
        inside[0] += time.process_time() - start
        return answer

    monkeypatch.setattr(Instance, "run", asked)
    phases: dict[str, list[float]] = {}

    def ours(turn: int) -> float:
        inside[0] = 0.0
        start = time.process_time()
        result = solve(parse(data), PLAIN)
        whole = time.process_time() - start
        race.seconds.setdefault("HiGHS", {})[turn] = inside[0]
        race.seconds.setdefault("all but HiGHS", {})[turn] = whole - inside[0]
        for name, seconds in result.record["seconds"].items():
            phases.setdefault(name, []).append(seconds)
        assert result.objective is not None
        return result.objective

    others: dict[str, tuple[Any, int]] = {}
    if has("linopy"):
        others["linopy, end to end"] = (lambda _: rivals.linopy_solved(matrices, table), 1)
    run(benchmark, race, ours, others, range(SOLVES[size]))
    for name, seconds in phases.items():
        race.notes[name] = f"{sorted(seconds)[len(seconds) // 2]:.3f} s"
    races.append(race)
