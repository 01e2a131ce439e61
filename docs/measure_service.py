"""Measures what a job costs a server on this machine: ``python docs/measure_service.py``.

Writes docs/scaling.json, from which docs/make_scaling.py computes; with ``--database`` it measures
on an empty PostgreSQL database and prints only. A server is started on a data directory of its own, jobs that are all different are posted by several clients, and processor
seconds of each part are read from /proc (Linux), which other load on the machine hardly changes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from instances import load, parse
from optimizer import solve
from service.client import Client
from service.examples import TINY
from service.jobs.record import State

if TYPE_CHECKING:
    from collections.abc import Callable

FIGURES = Path(__file__).with_name("scaling.json")
TICK = os.sysconf("SC_CLK_TCK")
PARTS = {
    "service.cli": "api",
    "service.jobs.clerk": "clerks",
    "service.jobs.worker": "worker",
    "service.forking": "forks",
}
FORKED = "child"
"""What a process is called that was forked to compute; its command line is its parent's."""


def different(name: str, number: int) -> dict[str, Any]:
    """Return a problem unlike any other: its name is its own."""
    plain = dict(TINY) if name == "two-sellers" else load(name).to_plain()
    plain["name"] = f"{name}-{number}"
    return plain


def processes(root: int) -> dict[str, list[int]]:
    """Return the processes of a server by part."""
    found: dict[str, list[int]] = {part: [] for part in PARTS.values()}
    left = [root]
    while left:
        process = left.pop()
        try:
            if Path(f"/proc/{process}/comm").read_text().strip() == FORKED:
                continue
            words = Path(f"/proc/{process}/cmdline").read_text().split("\0")
            tasks = list(Path(f"/proc/{process}/task").glob("*/children"))
            left += [int(child) for task in tasks for child in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        module = words[words.index("-m") + 1] if "-m" in words else ""
        if module in PARTS:
            found[PARTS[module]].append(process)
    return found


def seconds_of(process: int) -> tuple[float, float]:
    """Return the processor seconds of a process, and of the children that it has seen end."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own, ended = (sum(int(field) for field in fields[at : at + 2]) for at in (11, 13))
    return own / TICK, ended / TICK


def spent(root: int) -> dict[str, float]:
    """Return processor seconds by part; those of solves are of forked children that have ended."""
    parts = processes(root)
    forks = parts.pop("forks")
    total = {part: sum(seconds_of(each)[0] for each in parts[part]) for part in parts}
    total["solves"] = sum(seconds_of(each)[1] for each in forks)
    return total


def resident(process: int) -> float:
    """Return the memory of a process, in MB."""
    words = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", words)
    assert found is not None
    return int(found[1]) * 1024 / 1e6


def stored(data: Path, database: str | None) -> int:
    """Return the bytes of the database's pages, whether or not they are in its journal yet."""
    if database is not None:
        with psycopg.connect(database) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row is not None
        return int(row[0])
    with closing(sqlite3.connect(data / "jobs.sqlite")) as database:
        (pages,), (size,) = (
            database.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
        )
    return int(pages) * int(size)


def measured(
    url: str, root: int, name: str, count: int, clients: int, size: Callable[[], int]
) -> dict[str, Any]:
    """Return what jobs of one problem cost, posted by several clients, each waiting for its own."""

    def one(number: int) -> tuple[float, float]:
        begun = time.monotonic()
        with Client(url, patience=120.0) as client:
            job = client.submit(different(name, number))
            accepted = time.monotonic() - begun
            job.wait()
            if job.state is not State.SUCCEEDED:
                raise RuntimeError(f"job {job.id} of {name}: {job.state}, {job.shown['detail']}")
        return accepted, time.monotonic() - begun

    one(-1)
    time.sleep(1.0)
    before, bytes_before, begun = spent(root), size(), time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        times = list(pool.map(one, range(count)))
    wall = time.monotonic() - begun
    time.sleep(1.0)
    after = spent(root)
    direct = []
    for number in range(3):
        problem = parse(different(name, number))
        begun = time.monotonic()
        solve(problem)
        direct.append(time.monotonic() - begun)
    alone = [one(count + number)[1] for number in range(3)]
    return {
        "jobs": count,
        "clients": clients,
        "jobs_per_second": round(count / wall, 2),
        "processor_seconds": {
            part: round((after[part] - before[part]) / count, 4) for part in after
        },
        "bytes_per_job": round((size() - bytes_before) / count),
        "accepted_seconds_median": round(statistics.median(each[0] for each in times), 3),
        "in_process_seconds_median": round(statistics.median(direct), 3),
        "alone_seconds_median": round(statistics.median(alone), 3),
    }


def main() -> None:
    """Measure, and write the figures."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jobs", type=int, default=40)
    arguments.add_argument("--clients", type=int, default=8)
    arguments.add_argument("--database", help="postgresql://user@host/name, empty")
    arguments.add_argument(
        "names", nargs="*", default=["two-sellers", "gallium-usa", "rare-earths-usa"]
    )
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        line = [sys.executable, "-P", "-m", "service.cli", "serve", "--port", "0"]
        environment = os.environ | {"DIVERSIFY_DATA": folder, "DIVERSIFY_CONNECTIONS": "200"}
        if given.database is not None:
            environment["DIVERSIFY_DATABASE"] = given.database
        size = partial(stored, Path(folder), given.database)
        log = Path(folder) / "server.log"
        with log.open("w") as errors:
            server = subprocess.Popen(line, env=environment, stderr=errors, stdout=errors)
        try:
            url = None
            for _ in range(600):
                if url is None:
                    found = re.search(r"http://[\d.]+:\d+", log.read_text())
                    url = found and found[0]
                if url is not None and processes(server.pid)["worker"]:
                    break
                if server.poll() is not None:
                    sys.exit(log.read_text())
                time.sleep(0.1)
            assert url is not None
            begun = resident(server.pid)
            problems = {}
            for name in given.names:
                found_here = measured(url, server.pid, name, given.jobs, given.clients, size)
                problems[name] = found_here
                sys.stdout.write(f"{name}: {json.dumps(found_here)}\n")
                sys.stdout.flush()
            parts = processes(server.pid)
            figures = {
                "date": datetime.now(UTC).date().isoformat(),
                "machine": f"{platform.system()} {platform.machine()}, SQLite",
                "cores": os.cpu_count(),
                "load_average": round(os.getloadavg()[0], 1),
                "api_megabytes": {"at_start": round(begun), "at_end": round(resident(server.pid))},
                "worker_megabytes": round(sum(resident(each) for each in parts["worker"])),
                "problems": problems,
            }
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
    if given.database is None:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
