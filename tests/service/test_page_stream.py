"""A solve that is watched: stopped by its reader, and over connections that are lost."""

from __future__ import annotations

import json
import re
import signal
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Visits = Callable[..., Page]

LONGEST = 90_000  # milliseconds


def dropped(page: Page, folder: Path, problem: dict[str, Any]) -> None:
    """Drop a problem as a file on the page."""
    file = folder / "problem.json"
    file.write_text(json.dumps(problem))
    page.locator("#file").set_input_files(file)


def test_a_solve_that_is_cancelled_shows_the_best_plan(
    server: Any, visits: Visits, hard: dict[str, Any], tmp_path: Path
) -> None:
    page = visits(f"{server.url}/?instance=dantzig")
    expect(page.locator("#verdict")).to_contain_text("dantzig", timeout=LONGEST)
    dropped(page, tmp_path, hard)
    # a plan is held as soon as there is a gap to tell of
    expect(page.locator("#phase")).to_contain_text("gap", timeout=LONGEST)
    expect(page.locator("#progress")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#verdict")).to_contain_text(
        "The cost of the plan held when the solver stopped (it was cancelled) is", timeout=LONGEST
    )
    # how far it may be from the best is said
    expect(page.locator("#verdict")).to_contain_text(
        re.compile(r"no plan costs less than [\d,]+ USD, [\d.]+ % below it")
    )
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    jobs = server.http.get("/v1/jobs?limit=1&kind=solve").json()["jobs"]
    assert jobs[0]["state"] == "cancelled"


class Line:
    """A line to a server that can be cut: it hands bytes on, until it is told not to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open = True
        self.taken: list[socket.socket] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break off all connections, and refuse others."""
        self.open = False
        for connection in self.taken:
            closed(connection)
        self.taken.clear()

    def mend(self) -> None:
        """Take connections again."""
        self.open = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            if not self.open:
                closed(near)
                continue
            far = socket.create_connection(("127.0.0.1", self.port))
            self.taken += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=ends, daemon=True).start()


def closed(connection: socket.socket) -> None:
    """Close a connection so that the other end hears of it at once."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    closed(sink)


@pytest.mark.deep
def test_a_lost_stream_is_taken_up_again(
    server: Any, visits: Visits, hard: dict[str, Any], tmp_path: Path
) -> None:
    line = Line(int(server.url.rpartition(":")[2]))
    page = visits(f"{line.url}/?instance=dantzig")
    expect(page.locator("#verdict")).to_contain_text("dantzig", timeout=LONGEST)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/events" in r.url else None)
    dropped(page, tmp_path, hard | {"name": "hard-line"})
    expect(page.locator("#phase")).to_contain_text("gap", timeout=LONGEST)
    line.cut()
    expect(page.locator("#phase")).to_contain_text("connection lost", timeout=LONGEST)
    line.mend()
    expect(page.locator("#phase")).to_contain_text("gap", timeout=LONGEST)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#verdict")).to_contain_text("hard-line", timeout=LONGEST)
    # nothing was told twice: what follows the last event is asked for
    after = [int(url.rpartition("after=")[2]) for url in asked]
    assert after[0] == 0
    assert after[-1] > 1
    assert after == sorted(after)


@pytest.mark.deep
def test_a_solve_outlives_its_server(
    running: Callable[..., Any], visits: Visits, hard: dict[str, Any], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with running(DATA=str(data)) as first:
        page = visits(f"{first.url}/?instance=dantzig")
        expect(page.locator("#verdict")).to_contain_text("dantzig", timeout=LONGEST)
        dropped(page, tmp_path, hard)
        expect(page.locator("#phase")).to_contain_text("gap", timeout=LONGEST)
        first.process.send_signal(signal.SIGKILL)
        expect(page.locator("#phase")).to_contain_text("connection lost", timeout=LONGEST)
    with running("--port", first.url.rpartition(":")[2], DATA=str(data)) as second:
        assert second.url == first.url
        # the job begins again
        expect(page.locator("#phase")).to_contain_text("gap", timeout=LONGEST)
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#verdict")).to_contain_text(
            "when the solver stopped", timeout=LONGEST
        )


@pytest.mark.deep
def test_many_tabs_of_one_browser_do_not_block_one_another(
    server: Any, visits: Visits, hard: dict[str, Any], tmp_path: Path
) -> None:
    one = visits(f"{server.url}/?instance=dantzig")
    expect(one.locator("#verdict")).to_contain_text("dantzig", timeout=LONGEST)
    order = {"kind": "solve", "problem": hard, "fresh": True}
    jobs = [server.http.post("/v1/jobs", json=order).json()["id"] for _ in range(8)]
    tabs = []
    for job in jobs:
        tab = one.context.new_page()
        tab.goto(f"{server.url}/?job={job}")
        tabs.append(tab)
    # eight streams would take every connection that a browser opens to a host
    one.reload()
    expect(one.locator("#verdict")).to_contain_text("dantzig", timeout=LONGEST)
    # it did not have to wait for one of them to end
    states = [server.http.get(f"/v1/jobs/{job}").json()["state"] for job in jobs]
    assert set(states) <= {"queued", "running"}
    for tab in tabs:
        expect(tab.locator("#phase")).not_to_be_empty()
    for job in jobs:
        server.http.post(f"/v1/jobs/{job}/cancel")
