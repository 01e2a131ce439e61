from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

Problem = dict[str, Any]
Running = Callable[..., AbstractContextManager[Any]]
Alive = Callable[[int], bool]


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_killed_child_is_a_crash_and_the_server_lives(server: Any, hard: Problem):
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(server.http.post, "/v1/solve", json={"problem": hard})
        server.wait_until(lambda: len(server.children()) == 1)
        os.kill(server.children()[0], signal.SIGKILL)
        answer = asked.result(30)
    assert kind(answer) == (500, "crashed")
    assert "SIGKILL" in answer.json()["detail"]
    assert server.http.get("/health/ready").json()["running"] == 0


def test_caller_who_leaves_takes_the_solve_along(server: Any, hard: Problem):
    body = json.dumps({"problem": hard}).encode()
    host, port = server.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/solve HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), 5) as line:
        line.sendall(head.encode() + body)
        server.wait_until(lambda: len(server.children()) == 1)
    server.wait_until(lambda: not server.children(), 3)
    server.wait_until(lambda: server.http.get("/health/ready").json()["running"] == 0, 3)


def test_time_limit_of_the_solver_is_an_answer(server: Any, hard: Problem):
    body = {"problem": hard, "options": {"time_limit": 0.01}}
    answer = server.http.post("/v1/solve", json=body)
    assert answer.status_code == 200
    assert answer.json()["status"] == {"stop": "time_limit", "point": "none"}


def test_one_more_than_may_run_is_sent_away(running: Running, hard: Problem, tiny: Problem):
    with running(RUNNING="1") as narrow, ThreadPoolExecutor() as pool:
        narrow.wait_until_ready()
        pool.submit(narrow.http.post, "/v1/solve", json={"problem": hard})
        narrow.wait_until(lambda: narrow.http.get("/health/ready").json()["running"] == 1)
        answer = narrow.http.post("/v1/validate", json={"problem": tiny})
        assert kind(answer) == (503, "busy")
        assert int(answer.headers["retry-after"]) > 0
        narrow.wait_until(lambda: len(narrow.children()) == 1)
        os.kill(narrow.children()[0], signal.SIGKILL)
        # the solver is in the children only
        assert "highs" not in Path(f"/proc/{narrow.process.pid}/maps").read_text()


def test_stopping_the_server_ends_its_children(running: Running, alive: Alive, hard: Problem):
    with running() as stopped, ThreadPoolExecutor() as pool:
        stopped.wait_until_ready()
        asked = pool.submit(stopped.http.post, "/v1/solve", json={"problem": hard})
        stopped.wait_until(lambda: len(stopped.children()) == 1)
        (child,) = stopped.children()
        stopped.process.send_signal(signal.SIGTERM)
        stopped.process.wait(15)
        asked.exception(10)
    assert not alive(child)


def test_killed_server_leaves_no_child_behind(running: Running, alive: Alive, hard: Problem):
    with running() as killed, ThreadPoolExecutor() as pool:
        killed.wait_until_ready()
        asked = pool.submit(killed.http.post, "/v1/solve", json={"problem": hard})
        killed.wait_until(lambda: len(killed.children()) == 1)
        (child,) = killed.children()
        killed.process.kill()
        asked.exception(10)
        killed.wait_until(lambda: not alive(child), 5)


def test_slow_body_is_given_up_on(running: Running):
    with running(BODY_SECONDS="0.5") as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 5) as line:
            line.sendall(
                f"POST /v1/solve HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
                "Content-Length: 100\r\n\r\n{".encode()
            )
            assert line.recv(100).startswith(b"HTTP/1.1 408")
