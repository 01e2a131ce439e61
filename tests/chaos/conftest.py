"""A server that is killed again and again, and clients that go on asking."""

from __future__ import annotations

import copy
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from instances import parse
from optimizer import solve
from service.client import Client
from service.examples import TINY
from service.jobs.record import State

ROOT = Path(__file__).parents[2]


def started_by(process: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(number) for number in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            found += [child, *started_by(child)]
    return found


def module_of(process: int) -> str:
    """Return the module that a process runs, as ``python -m`` was told."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return words[words.index("-m") + 1] if "-m" in words else ""


@dataclass
class Victim:
    """A server on one port and data directory, started again whenever it is dead."""

    data: Path
    more: dict[str, str]
    port: int = 0
    kills: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._ending = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._restart)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self, draw: random.Random) -> None:
        """Kill a part of it: the API, the worker, or what reads an order."""
        module = draw.choice(["service.cli", "service.jobs.worker", "service.jobs.clerk"])
        server = self._process.pid
        there = [server, *started_by(server)]
        victims = [process for process in there if module_of(process) == module]
        if not victims:
            return
        try:
            os.kill(draw.choice(victims), signal.SIGKILL)
        except ProcessLookupError:
            return
        self.kills[module] = self.kills.get(module, 0) + 1

    def end(self) -> None:
        self._ending.set()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)
        self._thread.join()

    def _restart(self) -> None:
        while not self._ending.is_set():
            self._process.wait()
            if not self._ending.is_set():
                self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {"DATA": str(self.data), "CONNECTIONS": "200", **self.more}
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        environment |= {f"DIVERSIFY_{name}": value for name, value in settings.items()}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "service.cli", "serve", "--port", str(self.port)],
            env=environment,
            stderr=subprocess.DEVNULL,
        )


def problem(number: int) -> dict[str, Any]:
    """Return a problem that is like no other one."""
    made = copy.deepcopy(TINY)
    made["demand"][0]["quantity"] = 50 + number / 100
    return made


@dataclass(frozen=True)
class Told:
    """What a client was told of its order."""

    job: str
    state: State
    cost: float | None
    truth: float | None


def let_loose(
    data: Path, *, jobs: int, clients: int, kills: int, pause: float, seed: int, **more: str
) -> tuple[list[Told], Victim]:
    """Have clients submit jobs while parts of the server are killed; return what they are told.

    Parameters
    ----------
    pause
        Seconds between two kills, on average.
    """
    draw = random.Random(seed)
    victim = Victim(data, more)
    over = threading.Event()

    def order(number: int) -> Told:
        with Client(victim.url, patience=300) as client:
            job = client.submit(problem(number)).wait()
            held = (
                job.answer()["result"]["objective_usd"] if job.state is State.SUCCEEDED else None
            )
            return Told(job.id, job.state, held, solve(parse(problem(number))).objective)

    def kill() -> None:
        for _ in range(kills):
            if over.wait(draw.uniform(0.5, 1.5) * pause):
                return
            victim.kill(draw)

    killer = threading.Thread(target=kill)
    begun = time.monotonic()
    killer.start()
    try:
        with ThreadPoolExecutor(clients) as pool:
            told = list(pool.map(order, range(jobs)))
    finally:
        over.set()
        killer.join()
        victim.end()
    seconds = time.monotonic() - begun
    print(f"\n{jobs} jobs of {clients} clients in {seconds:.0f} s; killed: {victim.kills}")
    return told, victim


@pytest.fixture(name="let_loose")
def let_loose_fixture() -> Any:
    """Lets clients and a killer loose on a server."""
    return let_loose
