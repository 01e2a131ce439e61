"""A service that is killed again and again, part by part, and clients that go on asking."""

from __future__ import annotations

import copy
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
import psycopg
import pytest

from instances import parse
from optimizer import solve, sweep
from optimizer.sweep import scenarios as listed
from service.client import Client
from service.examples import TINY
from service.jobs.record import State
from tests.postgres import free_port, postgres, postgres_database

if TYPE_CHECKING:
    from tests.farm import Farm

__all__ = ["postgres", "postgres_database"]
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


class Program:
    """A part of the service as a process, started again whenever it is dead."""

    def __init__(self, *arguments: str, **settings: str) -> None:
        self._arguments = arguments
        self._settings = settings
        self._ending = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._restart)
        self._thread.start()

    @property
    def number(self) -> int:
        """The process."""
        return self._process.pid

    def tell(self) -> None:
        """Tell it to end, for good."""
        self._ending.set()
        self._process.send_signal(signal.SIGINT)

    def end(self) -> None:
        """Wait until it has ended."""
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._thread.join()

    def _restart(self) -> None:
        while not self._ending.is_set():
            self._process.wait()
            if not self._ending.is_set():
                self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        kept = {name: it for name, it in os.environ.items() if not name.startswith("DIVERSIFY_")}
        environment = kept | {"PYTHONPATH": str(ROOT)}
        environment |= {f"DIVERSIFY_{name}": value for name, value in self._settings.items()}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "service.cli", *self._arguments],
            env=environment,
            stderr=subprocess.DEVNULL,
        )


class Victim:
    """The service: one server on a file, or two servers and two workers on PostgreSQL.

    Points of sweeps are solved on a Dask cluster if there is one.
    """

    def __init__(
        self, folder: Path, database: str | None, farm: Farm | None, more: dict[str, str]
    ) -> None:
        self._farm = farm
        self.kills: Counter[str] = Counter()
        self._round: list[str] = []
        self._database = database
        apart = {} if database is None else {"DATABASE": database, "EMBEDDED": "false"}
        cluster = {} if farm is None else {"CLUSTER": farm.address}
        given = {"CONNECTIONS": "200", **apart, **cluster, **more}
        ports = [free_port() for _ in range(1 if database is None else 2)]
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self._servers = [
            Program("serve", "--port", str(port), DATA=str(folder / str(number)), **given)
            for number, port in enumerate(ports)
        ]
        self._workers = [
            Program("worker", DATA=str(folder / name), WORKER=name, **given)
            for name in (() if database is None else ("a", "b"))
        ]

    def wait(self, seconds: float = 180) -> None:
        """Wait until every part has begun."""
        deadline = time.monotonic() + seconds
        for url in self.urls:
            ready = False
            while not ready:
                assert time.monotonic() < deadline, f"{url} is not ready"
                with suppress(httpx.TransportError):
                    ready = httpx.get(f"{url}/health/ready").status_code == 200
                time.sleep(0.1)

    def kill(self, draw: random.Random) -> None:
        """Kill a part of it: a server, a worker, what reads an order, a connection, or a worker of
        the Dask cluster.

        Each has its turn before one comes again.
        """
        below = [child for one in self._servers for child in started_by(one.number)]
        there = {
            "server": [one.number for one in self._servers],
            "worker": [one.number for one in self._workers]
            or [child for child in below if module_of(child) == "service.jobs.worker"],
            "clerk": [child for child in below if module_of(child) == "service.jobs.clerk"],
        }
        if not self._round:
            self._round = [*there, *(() if self._database is None else ("connection",))]
            self._round += () if self._farm is None else ("dask worker",)
            draw.shuffle(self._round)
        part = self._round.pop()
        if part == "connection":
            self._cut(draw)
        elif part == "dask worker":
            assert self._farm is not None
            self._farm.lose_worker(draw.randrange(len(self._farm.workers)))
            self.kills[part] += 1
        elif there[part]:
            with suppress(ProcessLookupError):
                os.kill(draw.choice(there[part]), signal.SIGKILL)
                self.kills[part] += 1

    def _cut(self, draw: random.Random) -> None:
        """End connections to the database from its side: one, or as many as there are."""
        assert self._database is not None
        with psycopg.connect(self._database, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
            held = [number for (number,) in found]
            cut = held if draw.random() < 0.5 else held[:1] and [draw.choice(held)]
            for number in cut:
                connection.execute("SELECT pg_terminate_backend(%s)", (number,))
            self.kills["connection"] += len(cut)

    def end(self) -> None:
        """End every part of it in order."""
        for one in (*self._servers, *self._workers):
            one.tell()
        for one in (*self._servers, *self._workers):
            one.end()


def problem(number: int) -> dict[str, Any]:
    """Return a problem that is like no other one."""
    made = copy.deepcopy(TINY)
    made["demand"][0]["quantity"] = 50 + number / 100
    return made


def scenarios(number: int) -> dict[str, list[str]]:
    """Return the points of a sweep that is like no other one."""
    path = f"demand[{TINY['demand'][0]['id']}].quantity"
    return {f"s{at}": [f"{path}={60 + at + number / 1000}"] for at in range(4)}


@dataclass(frozen=True)
class Told:
    """What a client was told of its order, and what is true: costs of a plan, or of points."""

    job: str
    state: State
    costs: list[float | None]
    truth: list[float | None]


def ordered(client: Client, number: int) -> Told:
    """Order a solve and wait for its answer."""
    job = client.submit(problem(number)).wait()
    costs = [job.answer()["result"]["objective_usd"]] if job.state is State.SUCCEEDED else []
    return Told(job.id, job.state, costs, [solve(parse(problem(number))).objective])


def swept(client: Client, number: int) -> Told:
    """Order a sweep and wait for its answer."""
    job = client.submit(problem(number), "sweep", scenarios=scenarios(number)).wait()
    points = job.answer()["result"]["points"] if job.state is State.SUCCEEDED else []
    true = sweep(parse(problem(number)), listed(scenarios(number)), workers=1)
    return Told(
        job.id,
        job.state,
        [point["objective_usd"] for point in points],
        [record.objective_usd for record in true.records],
    )


def let_loose(
    data: Path,
    database: str | None = None,
    farm: Farm | None = None,
    *,
    jobs: int,
    clients: int,
    kills: int,
    pause: float,
    seed: int,
    **more: str,
) -> tuple[list[Told], Victim]:
    """Have clients submit jobs while parts of the service are killed; return what they are told.

    Parameters
    ----------
    database
        PostgreSQL, by its address; a file in ``data`` if not given.
    farm
        A Dask cluster for the points of sweeps: then every fourth job is one.
    pause
        Seconds between two kills, on average.
    """
    draw = random.Random(seed)
    victim = Victim(data, database, farm, more)
    over = threading.Event()
    turns = threading.Condition()
    done = 0

    def order(number: int) -> Told:
        # they are posted all the while that something is killed
        with turns:
            turns.wait_for(lambda: done >= number * kills // jobs)
        with Client(victim.urls[number % len(victim.urls)], patience=300) as client:
            return (swept if farm and number % 4 == 0 else ordered)(client, number)

    def kill() -> None:
        nonlocal done
        for _ in range(kills):
            try:
                if not over.wait(draw.uniform(0.5, 1.5) * pause):
                    victim.kill(draw)
            finally:
                with turns:
                    done += 1
                    turns.notify_all()

    killer = threading.Thread(target=kill)
    try:
        victim.wait()
        begun = time.monotonic()
        killer.start()
        with ThreadPoolExecutor(clients) as pool:
            told = list(pool.map(order, range(jobs)))
    finally:
        over.set()
        if killer.ident is not None:
            killer.join()
        victim.end()
    seconds = time.monotonic() - begun
    print(f"\n{jobs} jobs of {clients} clients in {seconds:.0f} s; killed: {dict(victim.kills)}")
    return told, victim


@pytest.fixture(name="let_loose")
def let_loose_fixture() -> Any:
    """Lets clients and a killer loose on a server."""
    return let_loose


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """An empty PostgreSQL database: that of DIVERSIFY_DATABASE if set, else of this run's own."""
    given = os.environ.get("DIVERSIFY_DATABASE")
    return given or str(request.getfixturevalue("postgres_database"))
