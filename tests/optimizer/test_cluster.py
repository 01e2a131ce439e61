"""A real Dask scheduler with two workers: the same answers, and no point lost with a worker."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from instances import load
from instances.errors import InputError
from optimizer.sweep import grid, parse_range, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
GALLIUM = load("gallium-usa")
CAP = "rules[cn-cap].max_share"


class Farm:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            # a worker that is gone is missed after seconds, not minutes
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "30s",
        }
        file = folder / "scheduler.log"
        arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self._scheduler = self._start(file, "scheduler", *arguments)
        self.address = self._found(file, r"Scheduler at:\s+(tcp://[\d.:]+)")
        self.workers = [self._worker(number) for number in range(2)]

    def _start(self, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
        with log.open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                stdout=file,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd=self._folder,
            )

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        file = self._folder / f"worker-{number}.log"
        arguments = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        process = self._start(file, "worker", self.address, *arguments)
        self._found(file, r"Registered to:\s+(tcp://)")
        return process

    def _found(self, log: Path, pattern: str) -> str:
        for _ in range(600):
            match = re.search(pattern, log.read_text(errors="replace"))
            if match:
                return match[1]
            time.sleep(0.1)
        raise AssertionError(f"{log.name} never said {pattern}: {log.read_text()}")

    def end(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    farm = Farm(tmp_path_factory.mktemp("farm"))
    yield farm
    farm.end()


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
    with pytest.raises(InputError, match="has no scheduler that answers"):
        sweep(GALLIUM, design, cluster="tcp://127.0.0.1:9")
