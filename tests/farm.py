"""A real Dask scheduler with two workers, each a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]


class Farm:
    """A scheduler and its workers; they write to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            # a worker that is gone is missed in less than minutes
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "30s",
        }
        # only who uses a cluster loads Dask
        from distributed import Client

        file = folder / "scheduler.log"
        arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self._scheduler = self._start(file, "scheduler", *arguments)
        self.address = self._found(file, r"Scheduler at:\s+(tcp://[\d.:]+)")
        self.workers = [self._worker(number) for number in range(2)]
        self._eye = Client(self.address, set_as_default=False)

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

    def lose_worker(self, number: int) -> None:
        """End a worker as a power cut would; another one comes in its place."""
        self.workers[number].kill()
        self.workers[number].wait()
        self.workers[number] = self._worker(number)

    def busy(self) -> int:
        """Return how many tasks the workers have in hand."""
        return sum(map(len, self._eye.processing().values())) + sum(
            self._eye.run(_executing).values()
        )

    def lose(self) -> None:
        """End the scheduler as a power cut would."""
        self._eye.close()
        self._scheduler.kill()
        self._scheduler.wait()

    def end(self) -> None:
        """End everything."""
        self._eye.close()
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()


def _executing(dask_worker: Any) -> int:
    return len(dask_worker.state.executing)


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """A scheduler and two workers that a module's tests share."""
    made = Farm(tmp_path_factory.mktemp("farm"))
    yield made
    made.end()
