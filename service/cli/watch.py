"""Work that a person watches: a progress line, and Ctrl-C that keeps what is held so far.

The work runs in a thread, so that the main thread is free for signals. The first Ctrl-C (or
SIGTERM) asks it to stop; the second ends the process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from instances.words import money, percent
from service.cli.streams import tell
from service.exits import Exit

if TYPE_CHECKING:
    from instances import Problem
    from optimizer import Options, Progress, Result

Answer = TypeVar("Answer")

SILENT_SECONDS = 1.0
TICK = 0.05
LONGEST_PAUSE = 60.0


class ProgressLine:
    """Says how a solve is going: one line that is rewritten; in a log file a line now and then."""

    def __init__(self) -> None:
        self.latest: Progress | None = None
        self._started = time.monotonic()
        self._next = SILENT_SECONDS
        self._terminal = sys.stderr.isatty()
        self._shown = False

    def tick(self) -> None:
        """Write a line when one is due."""
        seconds = time.monotonic() - self._started
        if seconds < self._next:
            return
        text = self._text(seconds)
        if self._terminal:
            tell(f"\r\x1b[2K{text}", end="")
            self._next = seconds + 0.5
        else:
            tell(text)
            # at 1, 2, 4, 8, ... seconds, then once a minute
            self._next = seconds + min(max(seconds, SILENT_SECONDS), LONGEST_PAUSE)
        self._shown = True

    def close(self) -> None:
        """Clear the line."""
        if self._shown and self._terminal:
            tell("\r\x1b[2K", end="")

    def _text(self, seconds: float) -> str:
        parts = [f"Solving: {seconds:.0f} s"]
        progress = self.latest
        if progress is not None:
            if progress.incumbent is not None:
                parts.append(f"best plan {money(progress.incumbent)}")
            if progress.bound is not None:
                parts.append(f"no plan below {money(progress.bound)}")
            if progress.gap is not None:
                parts.append(f"gap {percent(progress.gap)}")
        return ", ".join(parts)


def solve_watched(problem: Problem, options: Options) -> Result:
    """Solve with a progress line on standard error; signals stop the solve."""
    from optimizer import solve

    line = ProgressLine()

    def watch(progress: Progress) -> None:
        line.latest = progress

    return watched(lambda cancel: solve(problem, options, progress=watch, cancel=cancel), line)


def watched(work: Callable[[threading.Event], Answer], line: ProgressLine | None = None) -> Answer:
    """Return what ``work`` does in a thread; signals set the event that it is given.

    Parameters
    ----------
    line
        Says how it is going, now and then; nothing is said if not given.
    """
    cancel = threading.Event()
    answers: list[Answer] = []
    faults: list[BaseException] = []

    def do() -> None:
        try:
            answers.append(work(cancel))
        except BaseException as error:  # handed to the main thread, which raises it
            faults.append(error)

    thread = threading.Thread(target=do, name="work", daemon=True)
    with _signals_set(cancel):
        thread.start()
        while thread.is_alive():
            thread.join(TICK)
            if line is not None:
                line.tick()
    if line is not None:
        line.close()
    if faults:
        raise faults[0]
    return answers[0]


@contextmanager
def _signals_set(cancel: threading.Event) -> Iterator[None]:
    """Let SIGINT and SIGTERM set ``cancel``; the second one ends the process at once."""

    def stop(signum: int, _frame: object) -> None:
        if cancel.is_set():
            os._exit(Exit.STOPPED_WITHOUT)
        cancel.set()
        # not through sys.stderr: the signal may have come in the middle of a write to it
        os.write(2, b"\nStopping; what is held so far is kept. Once more to end at once.\n")

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
