"""Tiny problems as plain data, the command line as a process, and the server as a process."""

from __future__ import annotations

import copy
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx2 as httpx
import pytest

from service.cli import main
from tests.service.hard import hard_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
CLI = (sys.executable, "-P", "-m", "service.cli")

# 100 t in 2026: 40 t from China at 10 USD/t (its cap), 60 t from Australia at 30 USD/t: 2,200 USD
TINY: dict[str, Any] = {
    "schema": 1,
    "name": "two-sellers",
    "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
    "commodities": [{"id": "gallium", "stage": "metal", "basis": "contained Ga"}],
    "offers": [
        {"id": "cn", "supplier": "A", "country": "CHN", "commodity": "gallium", "price": 10},
        {"id": "au", "supplier": "B", "country": "AUS", "commodity": "gallium", "price": 30},
    ],
    "demand": [{"id": "us", "commodity": "gallium", "country": "USA", "quantity": 100}],
    "rules": [
        {
            "id": "cn-cap",
            "kind": "share_cap",
            "of": "CHN",
            "commodity": "gallium",
            "max_share": 0.4,
            "denominator": "demand",
        }
    ],
}


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process that runs this source tree."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIVERSIFY_")}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "120", **more}


@pytest.fixture
def tiny() -> dict[str, Any]:
    """A problem of least cost 2,200 USD whose cap on China binds."""
    return copy.deepcopy(TINY)


@pytest.fixture
def short(tiny: dict[str, Any]) -> dict[str, Any]:
    """The tiny problem with Australia at 50 t/yr: 10 t stay unmet at 1,000 USD/t."""
    tiny["offers"][1]["capacity"] = 50
    tiny["demand"][0]["shortfall_cost"] = 1000
    return tiny


@pytest.fixture
def impossible(tiny: dict[str, Any]) -> dict[str, Any]:
    """The tiny problem with Australia at 50 t/yr and a hard demand: 10 t cannot be had."""
    tiny["offers"][1]["capacity"] = 50
    return tiny


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Saves a problem to a file."""

    def save(problem: dict[str, Any]) -> Path:
        path = tmp_path / "problem.json"
        path.write_text(json.dumps(problem))
        return path

    return save


@dataclass(frozen=True)
class Run:
    """What a command wrote and the code it ended with."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def diversify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Run]:
    """Runs the command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Run:
        monkeypatch.setattr(sys, "argv", ["diversify", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        written = capfd.readouterr()
        return Run(int(ended.value.code or 0), written.out, written.err)

    return run


def alive(process: int) -> bool:
    """Return whether a process still runs; one that only waits to be counted does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def started_by(process: int, module: str) -> list[int]:
    """Return the processes that a process started and that run a module."""
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        listed = [number for at in threads for number in (at / "children").read_text().split()]
        return [
            number
            for number in map(int, listed)
            if alive(number) and module in Path(f"/proc/{number}/cmdline").read_text().split("\0")
        ]
    except (FileNotFoundError, ProcessLookupError):
        return []


def computing(process: int) -> list[int]:
    """Return the processes that compute for a process: fresh ones, and forked ones."""
    found = started_by(process, "service.child")
    for source in started_by(process, "service.forking"):
        found += [
            number
            for number in started_by(source, "service.forking")
            if Path(f"/proc/{number}/comm").read_text() == "child\n"
        ]
    return found


class Server:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30)

    def children(self) -> list[int]:
        """Return the processes that compute answers at once for it."""
        return computing(self.process.pid)

    def worker(self) -> int:
        """Return the process that runs its jobs, once there is one."""
        self.wait_until(lambda: bool(started_by(self.process.pid, "service.jobs.worker")))
        return started_by(self.process.pid, "service.jobs.worker")[0]

    def clerk(self) -> int:
        """Return a process that reads orders for it, once there is one."""
        self.wait_until(lambda: bool(started_by(self.process.pid, "service.jobs.clerk")))
        return started_by(self.process.pid, "service.jobs.clerk")[0]

    def wait_until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until ``condition`` holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come about in time"
            time.sleep(0.02)

    def wait_until_ready(self) -> None:
        """Wait until it has solved its first problem."""
        self.wait_until(lambda: self.http.get("/health/ready").status_code == 200)


@contextmanager
def running(*arguments: str, **settings: str) -> Iterator[Server]:
    """Run a server with ``settings`` (variables without their prefix) on a free port."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _running(arguments, {"DATA": folder, **settings})


def _running(arguments: tuple[str, ...], settings: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(
        [*CLI, "serve", "--port", "0", *arguments],
        env=environment(**{f"DIVERSIFY_{name}": value for name, value in settings.items()}),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        found = re.search(r"http://\S+", line)
        assert found is not None, line + process.stderr.read()
        server = Server(process, found[0])
        with server.http:
            yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A ready server with default settings."""
    with running() as server:
        server.wait_until_ready()
        yield server


@pytest.fixture(scope="session")
def hard() -> dict[str, Any]:
    """Three sellers for each of 36 goods, narrow lanes: a plan in a second, proof in over ten."""
    return hard_problem()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command line as a process in an empty folder, its streams open."""
    processes: list[subprocess.Popen[str]] = []

    def run(
        *arguments: str | Path, before: tuple[str, ...] = (), **more: str
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*before, *CLI, *map(str, arguments)],
            cwd=tmp_path,
            env=environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture(name="running", scope="session")
def running_fixture() -> Callable[..., Any]:
    """Runs a server with given settings while a block lasts."""
    return running


@pytest.fixture(name="alive", scope="session")
def alive_fixture() -> Callable[[int], bool]:
    """Says whether a process still runs."""
    return alive


@pytest.fixture(name="computing", scope="session")
def computing_fixture() -> Callable[[int], list[int]]:
    """Lists the processes that compute for a process."""
    return computing


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of Debian; nothing is downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visits(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of a server, each reader by itself.

    A script error or a request off the host fails the test.
    """
    wrong: list[str] = []
    contexts = []

    def opened(url: str, **more: Any) -> Page:
        host = "/".join(url.split("/")[:3])
        context = browser.new_context(**({"viewport": {"width": 1300, "height": 900}} | more))
        contexts.append(context)
        own = (host, "data:", "blob:")
        context.on("request", lambda r: None if r.url.startswith(own) else wrong.append(r.url))
        context.on("weberror", lambda found: wrong.append(str(found.error)))
        page = context.new_page()
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def visit(visits: Callable[..., Page], server: Any) -> Callable[..., Page]:
    """Opens the first page at a state."""

    def opened(*edits: str, **state: str) -> Page:
        query = urlencode([*state.items(), *(("edit", edit) for edit in edits)])
        return visits(f"{server.url}/?{query}")

    return opened


@pytest.fixture(scope="session")
def faults() -> Callable[[Page], list[str]]:
    """Returns what axe-core finds on a page as it stands."""

    def found(page: Page) -> list[str]:
        # by the debugger: the policy of the page lets no script of ours in
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        told = session.send(
            "Runtime.evaluate",
            {
                "expression": "axe.run().then(found => JSON.stringify(found.violations))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        session.detach()
        violations = json.loads(told["result"]["value"])
        return [f"{item['id']}: {item['nodes'][0]['html'][:200]}" for item in violations]

    return found
