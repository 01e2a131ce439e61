"""Solver threads of the process: one number of them at a time."""

from __future__ import annotations

import threading

import highspy

from instances.errors import SolverFailed


class Threads:
    """The process's number of solver threads: HiGHS lets it change only while nothing runs."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running = 0
        self.threads = 0

    def enter(self, threads: int) -> None:
        """Note that a solve with so many threads begins.

        Raises
        ------
        SolverFailed
            One with another number of threads is running.
        """
        with self.lock:
            if self.threads not in (0, threads):
                if self.running:
                    raise SolverFailed(
                        f"a solve with {self.threads} thread(s) is running in this process; "
                        f"another with {threads} must wait or run in its own process"
                    )
                highspy.Highs.resetGlobalScheduler(True)
            self.threads = threads
            self.running += 1

    def leave(self) -> None:
        """Note that a solve has ended."""
        with self.lock:
            self.running -= 1


THREADS = Threads()
