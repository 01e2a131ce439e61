"""Trees of scenarios by their number: cost, seconds and memory, ours and bare HiGHS's."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from instances.generate.disruptions import disrupted_data
from instances.parse import parse
from models.build import build
from optimizer.compile import compile_frame
from optimizer.options import Options
from optimizer.solve import solve
from optimizer.status import Point
from tests.benchmarks.race import AGREES

COUNTS = (10, 30, 100, 300, 1000)
CAP = 150.0
"""Seconds that a solver may take."""
WAYS = ("l-shaped", "extensive", "HiGHS")
START = "import sys; from tests.benchmarks.bench_scenarios import work; work(*sys.argv[1:])"


def work(way: str, path: str) -> None:
    """Solve what ``path`` holds in this fresh process, and print what it took."""
    given = pickle.loads(Path(path).read_bytes())
    Path("/proc/self/clear_refs").write_text("5")
    before, start = _held("VmRSS:"), time.process_time()
    if way == "HiGHS":
        cost, inside = _bare(given)
    else:
        options = Options(method=way, tie_break=False, time_limit=CAP)
        result = solve(parse(given), options)
        # a plan that time cut short is no answer here
        cost = result.objective if result.status.point is Point.OPTIMAL else None
        inside = result.record["seconds"]["solve"]
    found = {
        "cost": cost,
        "seconds": time.process_time() - start,
        "inside": inside,
        "megabytes": _held("VmHWM:") - before,
    }
    print(json.dumps(found))


def _bare(matrices: Any) -> tuple[float | None, float]:
    import highspy

    from tests.benchmarks.rivals import highspy_model

    start = time.process_time()
    solver = highspy_model(matrices)
    solver.setOptionValue("time_limit", CAP)
    solver.run()
    done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    cost = float(solver.getInfo().objective_function_value) if done else None
    return cost, time.process_time() - start


def _held(what: str) -> float:
    """Return memory in MB by the kernel's own mark."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith(what))


@pytest.mark.parametrize("count", COUNTS)
def test_scenarios(count: int, benchmark: Any, said: dict[str, list[str]], tmp_path: Path) -> None:
    data = disrupted_data(count)
    matrices = compile_frame(build(parse(data)))
    found: dict[str, dict[str, Any]] = {}
    for name, some in (("data", data), ("arrays", matrices)):
        (tmp_path / name).write_bytes(pickle.dumps(some))

    def turn() -> None:
        for way in WAYS:
            path = tmp_path / ("arrays" if way == "HiGHS" else "data")
            given = [sys.executable, "-c", START, way, str(path)]
            done = subprocess.run(given, check=True, capture_output=True, text=True)
            found[way] = json.loads(done.stdout.splitlines()[-1])

    benchmark.pedantic(turn, rounds=1)
    costs = [item["cost"] for item in found.values() if item["cost"] is not None]
    assert costs
    assert max(costs) - min(costs) <= 2 * AGREES * abs(min(costs))
    cells = [f"{count:,}", f"{len(matrices.cost):,}", f"{min(costs):,.0f}"]
    for way in WAYS:
        item = found[way]
        ended = item["cost"] is not None
        seconds = f"{item['seconds']:.1f}" if ended else f"not in {CAP:.0f}"
        cells += [seconds, f"{item['megabytes']:,.0f}"]
    said.setdefault("scenarios", []).append(f"| {' | '.join(cells)} |")
