"""A real Dask scheduler with two workers: the same answers, none lost, and a stop that arrives."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from instances import load, parse
from optimizer import Options
from optimizer.engine.cluster import ClusterLost
from optimizer.sweep import grid, parse_range, sweep
from tests.farm import ROOT, Farm
from tests.service.hard import hard_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GALLIUM = load("gallium-usa")
CAP = "rules[cn-cap].max_share"
LONG = Options(time_limit=300)
ALONE = """
import json, sys
from instances import parse
from optimizer import Options
from optimizer.sweep import grid, parse_range, sweep
problem = parse(json.load(open(sys.argv[1])))
sweep(problem, grid([parse_range(sys.argv[2], problem)]), Options(time_limit=300),
      cluster=sys.argv[3])
"""


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


@pytest.mark.slow
def test_a_stop_reaches_the_solvers_of_a_cluster(farm: Farm) -> None:
    """Each of these points would take minutes."""
    hard = parse(hard_problem())
    design = grid([parse_range(f"offers[{hard.offers[0].id}].price=100:200:6", hard)])
    cancel = threading.Event()

    def stop_once_busy() -> None:
        until(farm.busy)
        cancel.set()

    stopper = threading.Thread(target=stop_once_busy)
    stopper.start()
    stopped = sweep(hard, design, LONG, cluster=farm.address, cancel=cancel)
    stopper.join()
    assert {record.status for record in stopped.records} <= {"missing", "none", "feasible"}
    until(lambda: not farm.busy())


@pytest.mark.slow
def test_a_cluster_does_nothing_more_for_who_is_gone(farm: Farm, tmp_path: Path) -> None:
    hard = tmp_path / "hard.json"
    hard.write_text(json.dumps(hard_problem()))
    first = hard_problem()["offers"][0]["id"]
    path = f"offers[{first}].price=100:200:6"
    arguments = [sys.executable, "-c", ALONE, str(hard), path, farm.address]
    with subprocess.Popen(arguments, cwd=ROOT) as caller:
        until(farm.busy)
        caller.kill()
    until(lambda: not farm.busy())


@pytest.mark.slow
def test_a_cluster_gives_what_this_process_gives_and_a_killed_worker_loses_no_point(
    farm: Farm,
) -> None:
    design = grid([parse_range(f"{CAP}=0.2:0.9:60", GALLIUM)])
    here = sweep(GALLIUM, design, workers=1)
    victim = farm.workers[0]
    killed = threading.Event()

    def kill_after_some(done: int, total: int) -> None:
        assert total == 60
        if done >= 5 and not killed.is_set():
            killed.set()
            victim.send_signal(signal.SIGKILL)

    there = sweep(GALLIUM, design, cluster=farm.address, progress=kill_after_some)
    assert killed.is_set()
    victim.wait()
    assert there.state == "complete"
    assert [record.objective_usd for record in there.records] == pytest.approx(
        [record.objective_usd for record in here.records], rel=1e-9
    )
    assert [record.point for record in there.records] == [point.id for point in design.points]


def test_an_address_where_nobody_listens_is_refused() -> None:
    design = grid([parse_range(f"{CAP}=0.4,0.5", GALLIUM)])
    with pytest.raises(ClusterLost, match="has no scheduler that answers"):
        sweep(GALLIUM, design, cluster="tcp://127.0.0.1:9")


@pytest.mark.slow
def test_a_scheduler_that_goes_is_told_of(farm: Farm) -> None:
    """The last one: nothing is left of the farm."""
    hard = parse(hard_problem())
    design = grid([parse_range(f"offers[{hard.offers[0].id}].price=100:200:6", hard)])

    def lose_once_busy() -> None:
        until(farm.busy)
        farm.lose()

    loser = threading.Thread(target=lose_once_busy)
    loser.start()
    with pytest.raises(ClusterLost):
        sweep(hard, design, LONG, cluster=farm.address)
    loser.join()
