"""Jobs over HTTP: latency beside the same solve in-process, throughput, delays, memory."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import httpx2 as httpx

from service.examples import TINY
from service.jobs.database import connect, url_of
from service.jobs.record import WorkerBeat
from service.jobs.store import JobStore
from service.work import Limits, do

if TYPE_CHECKING:
    from collections.abc import Iterator

SOLVES = 30
JOBS = 40
CLIENTS = 8
EVENTS = 100
CANCELS = 5
MANY = 10_000
"""Jobs after which the memory of the API is looked at."""
ROOT = Path(__file__).parents[2]


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[tuple[httpx.Client, int]]:
    """Run a server, ready; a client of it, and its process."""
    given = {f"DIVERSIFY_{name}": value for name, value in settings.items()}
    env = {**os.environ, "PYTHONPATH": str(ROOT), "DIVERSIFY_DATA": str(folder), **given}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "service.cli", "serve", "--port", "0"],
        env=env,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    found = re.search(r"http://\S+", process.stderr.readline())
    assert found is not None
    # a full pipe would hold the server up
    threading.Thread(target=process.stderr.read, daemon=True).start()
    limits = httpx.Limits(max_connections=CLIENTS)
    try:
        with httpx.Client(base_url=found[0], timeout=120, limits=limits) as http:
            while http.get("/health/ready").status_code != 200:
                time.sleep(0.2)
            yield http, process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def solve(number: int, **more: Any) -> dict[str, Any]:
    """Return an order for a small solve, unlike any other."""
    edits = [f"demand[us-ga].quantity={100 + number / 1000}"]
    return {"kind": "solve", "problem": TINY, "edits": edits, **more}


def shown(seconds: list[float]) -> str:
    """Return the median and the 95th percentile of some times in milliseconds."""
    return f"{1e3 * median(seconds):.0f} | {1e3 * quantiles(seconds, n=20)[-1]:.0f}"


def test_latency(benchmark: Any, said: dict[str, list[str]], tmp_path: Path) -> None:
    """A small solve posted with `Prefer: wait` beside the same solve in this process."""
    limits = Limits(60.0, 1, 2_000_000, 1000)
    times: dict[str, list[float]] = {"in-process": [], "a job, waited for": [], "known": []}

    def timed(name: str, what: Any) -> None:
        begun = time.perf_counter()
        what()
        times[name].append(time.perf_counter() - begun)

    def posted(http: httpx.Client, number: int, **more: Any) -> None:
        answer = http.post("/v1/jobs", json=solve(number, **more), headers={"Prefer": "wait=60"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["answer"]["status"]["point"] == "optimal"

    def turns() -> None:
        with served(tmp_path) as (http, _):
            for number in range(SOLVES):
                given = solve(number)
                given.pop("kind")
                body = json.dumps(given).encode()
                timed("in-process", partial(do, "solve", body, limits))
                timed("a job, waited for", partial(posted, http, number))
                timed("known", partial(posted, http, number))

    do("solve", json.dumps({"problem": TINY}).encode(), limits)  # loads the libraries
    benchmark.pedantic(turns, rounds=1)
    base = median(times["in-process"])
    said["jobs"] = [
        f"| a small solve, {name} | {shown(some)} | {median(some) / base:.1f} |"
        for name, some in times.items()
    ]


def test_throughput(benchmark: Any, said: dict[str, list[str]], tmp_path: Path) -> None:
    """Small solves from several clients at once: accepted, and done."""

    def turns() -> None:
        with served(tmp_path) as (http, _), ThreadPoolExecutor(CLIENTS) as pool:
            begun = time.perf_counter()
            paths = list(
                pool.map(
                    lambda n: http.post("/v1/jobs", json=solve(n)).headers["location"], range(JOBS)
                )
            )
            accepted = time.perf_counter() - begun
            while http.get("/v1/jobs?state=succeeded&limit=500").text.count('"id"') < JOBS:
                time.sleep(0.1)
            done = time.perf_counter() - begun
            assert len(set(paths)) == JOBS
            said["jobs rates"] = [
                f"| accepted, {CLIENTS} clients | {JOBS / accepted:.0f} |",
                f"| done, {os.cpu_count()} at the same time | {JOBS / done:.2f} |",
            ]

    benchmark.pedantic(turns, rounds=1)


def test_delays(benchmark: Any, said: dict[str, list[str]], tmp_path: Path) -> None:
    """From a worker's word to the watcher's screen, and from a cancel to the end of the job."""
    delays: list[float] = []
    ends: list[float] = []

    def events() -> None:
        # the worker of this server takes nothing else while the first job keeps its only place
        with served(tmp_path / "events", JOBS="1") as (http, _):
            engine = connect(url_of(tmp_path / "events"))
            store = JobStore(engine)
            blocker = http.post("/v1/jobs", json=_long(0)).json()["id"]
            while http.get(f"/v1/jobs/{blocker}").json()["state"] == "queued":
                time.sleep(0.1)
            job = http.post("/v1/jobs", json=solve(1)).json()["id"]
            # without a sign of life the job would be taken from it at once
            store.beat(WorkerBeat("bench", time.time(), time.time(), 0, 1))
            attempt = store.begin(job, "bench", 3)
            assert attempt is not None
            sent: dict[int, float] = {}

            def tell() -> None:
                for number in range(EVENTS):
                    time.sleep(0.05)
                    sent[number] = time.perf_counter()
                    store.tell(attempt, {"done": number, "total": EVENTS})
                http.post(f"/v1/jobs/{job}/cancel")
                http.post(f"/v1/jobs/{blocker}/cancel")

            teller = threading.Thread(target=tell)
            with http.stream("GET", f"/v1/jobs/{job}/events") as stream:
                for line in stream.iter_lines():
                    if line.startswith("data: ") and '"queued"' in line:
                        teller.start()
                    if line.startswith("data: ") and '"done"' in line:
                        number = int(json.loads(line[6:])["done"])
                        delays.append(time.perf_counter() - sent[number])
                        if number == EVENTS - 1:
                            break
            teller.join()
            engine.dispose()

    def cancels() -> None:
        with served(tmp_path / "cancels") as (http, _):
            for number in range(1, CANCELS + 1):
                job = http.post("/v1/jobs", json=_long(number)).json()["links"]
                with http.stream("GET", job["events"]) as stream:
                    for line in stream.iter_lines():
                        if '"incumbent_usd": ' in line and '"incumbent_usd": null' not in line:
                            break
                begun = time.perf_counter()
                http.post(job["cancel"])
                with http.stream("GET", job["events"]) as stream:
                    assert '"cancelled"' in list(stream.iter_lines())[-2]
                ends.append(time.perf_counter() - begun)

    def turns() -> None:
        for folder in ("events", "cancels"):
            (tmp_path / folder).mkdir()
        events()
        cancels()

    benchmark.pedantic(turns, rounds=1)
    said["jobs"] = [
        *said.get("jobs", ()),
        f"| an event, from the worker's write to a watcher | {shown(delays)} | |",
        f"| a cancel, from the request to the end with the best plan | {shown(ends)} | |",
    ]


def test_memory_of_the_api(benchmark: Any, said: dict[str, list[str]], tmp_path: Path) -> None:
    """What the API process holds before and after many jobs, all shown and some watched."""

    def held(process: int) -> float:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

    def turns() -> None:
        with served(tmp_path) as (http, process), ThreadPoolExecutor(CLIENTS) as pool:
            http.post("/v1/jobs", json=solve(0), headers={"Prefer": "wait=60"})

            def one(_number: int) -> None:
                # known, and so it costs no solve
                answer = http.post("/v1/jobs", json=solve(0), headers={"Prefer": "wait=5"})
                assert answer.status_code == 200
                assert http.get(answer.json()["links"]["events"]).status_code == 200

            list(pool.map(one, range(100)))
            before, begun = held(process), time.perf_counter()
            list(pool.map(one, range(MANY)))
            seconds = time.perf_counter() - begun
            said["jobs rates"] = [
                *said.get("jobs rates", ()),
                f"| accepted, waited for, answered from what is known, and watched "
                f"| {MANY / seconds:.0f} |",
            ]
            said["jobs memory"] = [f"| {before:.0f} | {held(process):.0f} |"]

    benchmark.pedantic(turns, rounds=1)


def _long(number: int) -> dict[str, Any]:
    """Return an order for a solve whose plan comes soon and whose proof does not."""
    from tests.service.hard import hard_problem

    return {"kind": "solve", "problem": hard_problem(), "label": str(number), "fresh": True}
