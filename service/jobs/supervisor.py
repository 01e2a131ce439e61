"""Keeps a worker running beside the API, and ends it with the server."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from service.children import environment
from service.jobs.leases import name_of
from service.jobs.store import JobStore
from service.settings import Settings, to_environment

logger = logging.getLogger(__name__)

PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before a worker that ended is started again: longer each time, up to the last."""
STEADY_SECONDS = 60.0
"""A worker that ran as long starts again as if for the first time."""
END_SECONDS = 15.0
"""How long a worker may take to hand its jobs back."""


@contextmanager
def supervised(settings: Settings, store: JobStore, lock: int) -> Iterator[None]:
    """Keep a worker running while the block lasts.

    Parameters
    ----------
    store
        The record, in which workers that have ended are struck.
    lock
        Descriptor of the locked file of the data directory, which the worker holds, too.
    """
    supervisor = _Supervisor(settings, store, lock)
    thread = threading.Thread(target=supervisor.run, name="supervisor")
    thread.start()
    try:
        yield
    finally:
        supervisor.end()
        thread.join()


class _Supervisor:
    def __init__(self, settings: Settings, store: JobStore, lock: int) -> None:
        self._settings = settings
        self._store = store
        self._lock = lock
        # a file is one server's at a time: whoever left a sign there has ended
        self._before: list[str] | None = None if settings.database is None else []
        self._ending = threading.Event()
        self._held = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start the worker, and start it again when it ends by itself."""
        failures = 0
        while True:
            begun = time.monotonic()
            with self._held:
                if self._ending.is_set():
                    return
                self._process = process = self._start()
            code = process.wait()
            if self._ending.is_set():
                return
            steady = time.monotonic() - begun > STEADY_SECONDS
            failures = 0 if steady else failures + 1
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            logger.error("the worker ended (code %s); it starts again in %g s", code, pause)
            if self._ending.wait(pause):
                return

    def end(self) -> None:
        """End the worker, by force if it takes long."""
        with self._held:
            self._ending.set()
            process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        # what they held is taken up at once; were they not struck, it would be after their lease
        with suppress(DBAPIError, NoConnectionError):
            self._store.leave(self._before)
        name = name_of(self._settings)
        if self._before is not None:
            self._before.append(name)
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "service.jobs.worker", name],
            # its end tells the worker that the server is gone
            stdin=subprocess.PIPE,
            env=environment() | to_environment(self._settings),
            pass_fds=(self._lock,),
            # Ctrl-C in the terminal is for the server, which hands the word on
            start_new_session=True,
        )
