"""Measures the page in Debian's Chromium on this machine: ``python docs/measure_page.py``.

Writes the table of docs/page.md. A server is started on a data directory of its own. Each page is
opened by a reader who has nothing of it yet, and again by one who has; then fifty readers open
fifty different problems, while the API is asked without a break.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

PAGE = Path(__file__).with_name("page.md")
CHROMIUM = "/usr/bin/chromium"
MARKS = ("<!-- measured -->\n", "<!-- /measured -->\n")
RUNS = 3
READERS = 50
LATE = 900.0
"""Seconds that fifty readers may take."""
ASKED = ("/v1/instances", "/v1/jobs?limit=25", "/v1/limits", "/health/live")
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"


@dataclass(frozen=True)
class Visit:
    """What opening a page took: bytes and requests, seconds to the form and to a picture."""

    sent: int
    requests: int
    ready: float
    picture: float


def visit(context: BrowserContext, url: str, seen: str) -> Visit:
    """Open a page until ``seen`` is there."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    begun = time.monotonic()
    page.goto(url)
    page.locator(seen).first.wait_for(timeout=120_000)
    picture = time.monotonic() - begun
    page.wait_for_timeout(500)
    ready = float(page.evaluate(READY))
    page.close()
    return Visit(int(sum(sizes)), len(sizes), ready, picture)


def opened(browser: Browser, url: str, seen: str) -> tuple[list[Visit], list[Visit]]:
    """Return what opening a page takes for new readers, and for those who come again."""
    new, again = [], []
    for _ in range(RUNS):
        context = browser.new_context()
        new.append(visit(context, url, seen))
        again.append(visit(context, url, seen))
        context.close()
    return new, again


def resident(process: int) -> float:
    """Return the memory of a process, in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024 / 1e6


def spread(times: list[float]) -> dict[str, float]:
    """Return median and 95th percentile, in ms."""
    ordered = sorted(times)
    return {
        "median": 1000 * statistics.median(ordered),
        "p95": 1000 * ordered[int(0.95 * len(ordered))],
    }


def crowd(browser: Browser, http: httpx.Client, server: int) -> dict[str, float]:
    """Return how the server fares while many readers solve problems of their own."""
    before = resident(server)
    contexts, pages = [], []
    times: list[float] = []
    later: list[float] = []
    seen: set[int] = set()
    most = before
    begun = time.monotonic()

    def ask(told: list[float]) -> None:
        for path in ASKED:
            at = time.monotonic()
            http.get(path).raise_for_status()
            told.append(time.monotonic() - at)

    for number in range(READERS):
        contexts.append(browser.new_context())
        pages.append(contexts[-1].new_page())
        edit = f"rules[cn-cap].max_share={0.3 + number / 100:.2f}"
        pages[-1].goto(f"{http.base_url}?instance=gallium-usa&edit={edit}", wait_until="commit")
        ask(times)
    while len(seen) < READERS and time.monotonic() - begun < LATE:
        for number, page in enumerate(pages):
            if number not in seen and page.locator("#verdict").count():
                seen.add(number)
        ask(times)
        most = max(most, resident(server))
        pages[0].wait_for_timeout(50)
    took = time.monotonic() - begun
    for number in range(2):
        edits = [f"demand[*].quantity*={1.001 + number / 1000}"]
        order = {"kind": "solve", "instance": "rare-earths-usa", "edits": edits}
        http.post("/v1/jobs", json=order).raise_for_status()
    for _ in range(50):
        ask(later)
        pages[0].wait_for_timeout(50)
    for context in contexts:
        context.close()
    return {
        "answered": len(seen),
        "took": took,
        "asked": len(times),
        **{
            f"{name} {key}": value
            for name, told in (("opening", times), ("open", later))
            for key, value in spread(told).items()
        },
        "before_mb": before,
        "most_mb": most,
    }


def posted(http: httpx.Client, **order: Any) -> str:
    """Return the id of a job that is over."""
    job = http.post("/v1/jobs", json=order, headers={"Prefer": "wait=60"}).json()
    while http.get(f"/v1/jobs/{job['id']}").json()["state"] in ("queued", "running"):
        time.sleep(0.5)
    return str(job["id"])


def row(name: str, new: list[Visit], again: list[Visit]) -> str:
    """Return a line of the table of pages."""
    ready, picture = (
        statistics.median(getattr(one, field) for one in new) for field in ("ready", "picture")
    )
    back = statistics.median(one.picture for one in again)
    return (
        f"| {name} | {new[0].sent / 1000:,.0f} | {new[0].requests} | {ready:.1f} | {picture:.1f} "
        f"| {again[0].sent / 1000:,.0f} | {back:.1f} |\n"
    )


def text(pages: dict[str, tuple[list[Visit], list[Visit]]], many: dict[str, float]) -> str:
    """Return what is written between the marks."""
    cores = os.cpu_count()
    load = os.getloadavg()[1]
    head = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {cores} cores for server, solver and browser "
        f"together, load of {load:.1f} (five minutes); medians of {RUNS}.\n\n"
        "| page | kB, first visit | requests | form ready, s | first picture, s "
        "| kB, next visit | picture, s |\n|---|---|---|---|---|---|---|\n"
    )
    lines = "".join(row(name, *visits) for name, visits in pages.items())
    growth = many["most_mb"] - many["before_mb"]
    first = next(iter(pages.values()))[0]
    told = (
        f"\n| | this page | the sketch (a toy problem of 20 ms) |\n|---|---|---|\n"
        f"| kB to the browser, first visit | {first[0].sent / 1000:,.0f} | 424, about 290 slim |\n"
        f"| requests | {first[0].requests} | 10-11 |\n"
        f"| form ready, s | {statistics.median(v.ready for v in first):.1f} | 0.5-0.9 |\n"
        f"| first picture, s | {statistics.median(v.picture for v in first):.1f} | 2.7-4.0 |\n"
        f"| {READERS} readers: answered | {many['answered']:.0f} of {READERS}, the last after "
        f"{many['took']:.0f} s | 50 of 50 |\n"
        f"| API while they open and solve, p95 (median) | {many['opening p95']:.0f} ms "
        f"({many['opening median']:.0f} ms) of {many['asked']:.0f} requests | not measured |\n"
        f"| API while all are open and two solves run, p95 (median) | {many['open p95']:.0f} ms "
        f"({many['open median']:.0f} ms) | 8 ms |\n"
        f"| memory of the API's process | {many['before_mb']:.0f} MB, at most {growth:+.0f} MB "
        "| +7 MB |\n"
    )
    return head + lines + told


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="do not write the page")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "service.cli", "serve", "--port", "0", "--data", folder],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stderr is not None
            found = re.search(r"http://\S+", server.stderr.readline())
            assert found is not None
            http = httpx.Client(base_url=found[0], timeout=120)
            base = {"kind": "solve", "instance": "gallium-usa"}
            first = posted(http, **base, edits=[])
            second = posted(http, **base, edits=["rules[cn-cap].max_share=0.3"])
            axes = ["rules[cn-cap].max_share=0.3:0.9:5", "offers[*].price*=0.9,1,1.1"]
            sweep = posted(http, kind="sweep", instance="gallium-usa", axes=axes)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            pages = {
                f"`{name}`": opened(browser, found[0] + path, seen)
                for name, path, seen in (
                    ("/", "/?instance=gallium-usa", ".chart svg"),
                    ("/jobs", "/jobs", ".job"),
                    ("/compare", f"/compare?a={first}&b={second}", ".chart svg"),
                    ("/sweeps", f"/sweeps/{sweep}", ".chart svg"),
                )
            }
            many = crowd(browser, http, server.pid)
            browser.close()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
    written = text(pages, many)
    sys.stdout.write(written)
    if not asked.print:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        PAGE.write_text(before + MARKS[0] + written + MARKS[1] + after, encoding="utf-8")


if __name__ == "__main__":
    main()
