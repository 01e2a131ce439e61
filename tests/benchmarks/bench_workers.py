"""Two local workers, beside two processes that patch HiGHS by its own calls, in the same run."""

from __future__ import annotations

import multiprocessing
import time
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.generate.large import SIZES, large_data
from instances.parse import parse
from optimizer.engine import Axis, Family
from optimizer.options import Options
from optimizer.sweep import Range, grid, sweep
from tests.benchmarks import points
from tests.benchmarks.report import verdict

if TYPE_CHECKING:
    from optimizer.engine import Line

PLAIN = Options(tie_break=False)
AXIS = Axis("demand[*].quantity", "multiply")
VALUES = np.linspace(0.9, 1.1, 120)
ROUNDS = 2


def _patch(line: Line, values: list[float]) -> None:
    solve = points.raw(line)
    for value in values:
        solve(value)


def _raw(line: Line, workers: int) -> None:
    context = multiprocessing.get_context("spawn")
    parts = np.array_split(VALUES, workers)
    started = [context.Process(target=_patch, args=(line, part.tolist())) for part in parts]
    for process in started:
        process.start()
    for process in started:
        process.join()
        assert process.exitcode == 0


def test_two_workers(benchmark: Any, said: dict[str, list[str]]) -> None:
    problem = parse(large_data(*SIZES["small"]))
    family = Family(problem, [AXIS], PLAIN)
    family.prove([VALUES[0]], [VALUES[-1]])
    assert family.line is not None
    line = family.line
    design = grid([Range(AXIS, tuple(VALUES.tolist()))])
    seconds: dict[str, list[float]] = {}

    def timed(name: str, call: Any) -> None:
        start = time.perf_counter()
        call()
        seconds.setdefault(name, []).append(time.perf_counter() - start)

    def turn() -> None:
        timed("ours 1", lambda: sweep(problem, design, PLAIN, workers=1))
        timed("raw 1", lambda: _raw(line, 1))
        timed("ours 2", lambda: sweep(problem, design, PLAIN, workers=2))
        timed("raw 2", lambda: _raw(line, 2))

    benchmark.pedantic(turn, rounds=ROUNDS)
    ours = [one / two for one, two in zip(seconds["ours 1"], seconds["ours 2"], strict=True)]
    raw = [one / two for one, two in zip(seconds["raw 1"], seconds["raw 2"], strict=True)]
    part = median(mine / theirs for mine, theirs in zip(ours, raw, strict=True))
    spent = {name: median(some) for name, some in seconds.items()}
    verdict(said, "two workers' speed-up: ours / raw processes", part, 0.9, least=True)
    said["workers"] = [
        f"| a sweep of ours, checks included | {spent['ours 1']:.1f} | {spent['ours 2']:.1f} "
        f"| {median(ours):.2f} | {part:.2f} |",
        f"| processes that patch HiGHS | {spent['raw 1']:.1f} | {spent['raw 2']:.1f} "
        f"| {median(raw):.2f} | |",
    ]
