"""The fan over worker processes: answers in any order, none lost with a worker that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.engine.fan import Fan, default_workers

if TYPE_CHECKING:
    from collections.abc import Sequence

POISON = -1


def double(task: int, items: Sequence[int], _cancel: threading.Event) -> list[int]:
    if POISON in items:
        os._exit(1)
    return [task * item for item in items]


def slow(task: str, items: Sequence[int], _cancel: threading.Event) -> list[int]:
    """Note the worker's pid in a file, then take a while."""
    with Path(task).open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(1.0)
    return list(items)


def patient(_task: str, items: Sequence[int], cancel: threading.Event) -> list[int]:
    """Do one item, then wait to be stopped."""
    cancel.wait()
    return list(items[:1])


def test_every_item_is_answered() -> None:
    fan = Fan(double, 3, workers=2, cancel=threading.Event())
    try:
        answered = dict(
            pair
            for batch, answers in fan.run([[1, 2], [3], [4, 5, 6]])
            for pair in zip(batch, answers or (), strict=True)
        )
    finally:
        fan.close()
    assert answered == {1: 3, 2: 6, 3: 9, 4: 12, 5: 15, 6: 18}


def test_an_item_that_kills_its_worker_is_given_up_and_no_other_is() -> None:
    fan = Fan(double, 2, workers=2, cancel=threading.Event())
    try:
        found = [
            (item, None if answers is None else answers[place])
            for batch, answers in fan.run([[1, 2, POISON, 3], [4, 5], [6]])
            for place, item in enumerate(batch)
        ]
    finally:
        fan.close()
    assert sorted(found, key=str) == sorted(
        [(1, 2), (2, 4), (3, 6), (4, 8), (5, 10), (6, 12), (POISON, None)], key=str
    )


def test_the_batch_of_a_killed_worker_is_done_by_another(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    fan = Fan(slow, str(pids), workers=1, cancel=threading.Event())
    found: list[int] = []
    try:
        run = fan.run([[1], [2]])
        batch, answers = next(run)
        found += answers or []
        while len(pids.read_text().split()) < 2:
            time.sleep(0.01)
        os.kill(int(pids.read_text().split()[-1]), signal.SIGKILL)
        for _, answers in run:
            found += answers or []
    finally:
        fan.close()
    assert batch == [1]
    assert found == [1, 2]


def test_once_stopped_what_was_begun_comes_back_as_far_as_it_is() -> None:
    cancel = threading.Event()
    threading.Timer(0.5, cancel.set).start()
    fan = Fan(patient, "", workers=1, cancel=cancel)
    try:
        found = list(fan.run([[1, 2], [3, 4], [5, 6], [7, 8]]))
    finally:
        fan.close()
    # two batches were under way, and either may come back first
    assert sorted(found) == [([1, 2], [1]), ([3, 4], [3])]


def test_there_are_no_more_workers_than_cores() -> None:
    assert 1 <= default_workers() <= (os.cpu_count() or 1)


PARENT = """
import os, sys, threading, time
from optimizer.engine.fan import Fan

def work(task, items, cancel):
    with open(task, "a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(60)

if __name__ == "__main__":
    list(Fan(work, sys.argv[1], 1, threading.Event()).run([[1]]))
"""


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script, pids = tmp_path / "parent.py", tmp_path / "pids"
    script.write_text(PARENT)
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, str(script), str(pids)], env={**os.environ, "PYTHONPATH": str(root)}
    )
    deadline = time.monotonic() + 60
    while not (pids.exists() and pids.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    worker = Path(f"/proc/{pids.read_text().strip()}/cmdline")
    while worker.exists() and worker.read_bytes():
        assert time.monotonic() < deadline, "the worker lives on"
        time.sleep(0.02)
