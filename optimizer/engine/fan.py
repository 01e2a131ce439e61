"""Fan: batches of work on this machine's cores or on a Dask cluster; none is lost with a worker.

A batch whose worker died is split and tried again. A single item that took its worker with it
more than once is given up, and handed back as such, so that it cannot stop the others. When the
caller stops, workers hand back what they have done of their batches. They do not hear Ctrl-C
themselves, and end with their parent.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Answer = TypeVar("Answer")
TRIES = 2
"""Workers that a single item may take with it before it is given up."""
MEMORY_OF_A_WORKER = 600e6
"""Bytes set aside for each local worker: interpreter, libraries and a mid-size program."""


TICK = 0.05
"""Seconds after which a stop, or the end of the parent, is noticed."""


def default_workers() -> int:
    """Return the number of local workers: one for each core, as far as memory goes."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    return max(1, min(cores, int(memory / MEMORY_OF_A_WORKER)))


class Fan(Generic[Item, Answer]):
    """Local worker processes that all hold one task.

    Parameters
    ----------
    work
        A function at the top of a module: (task, items, cancel) -> an answer for each item, or
        for the first ones once the event ``cancel`` is set.
    task
        What every call gets; it is sent to each worker once.
    workers
        How many processes.
    cancel
        Set it from another thread to stop.
    """

    def __init__(
        self,
        work: Callable[[Any, Sequence[Item], threading.Event], list[Answer]],
        task: Any,
        workers: int,
        cancel: threading.Event,
    ) -> None:
        self._work = work
        self._task = task
        self._workers = workers
        self._cancel = cancel
        self._context = multiprocessing.get_context("spawn")
        # no lock: a worker that dies must not take one with it
        self._stop = self._context.RawValue(ctypes.c_bool, False)
        self._pool: ProcessPoolExecutor | None = None

    def run(
        self, batches: Sequence[Sequence[Item]]
    ) -> Iterator[tuple[Sequence[Item], list[Answer] | None]]:
        """Yield each batch with its answers as it ends; ``None`` for an item that was given up.

        Batches of a dead worker come back in pieces. Once stopped, what was begun comes back with
        as many answers as there are.
        """
        waiting = deque(batches)
        running: dict[Future[list[Answer]], Sequence[Item]] = {}
        while waiting or running:
            if self._cancel.is_set():
                self._stop.value = True
                waiting.clear()
            while waiting and len(running) < 2 * self._workers:
                batch = waiting.popleft()
                running[self._submit(batch)] = batch
            done, _ = wait(running, timeout=TICK, return_when=FIRST_COMPLETED)
            suspects: list[Sequence[Item]] = []
            for future in done:
                batch = running.pop(future)
                try:
                    answers = future.result()
                except BrokenProcessPool:
                    suspects.append(batch)
                    continue
                yield batch, answers
            if suspects:
                # a worker that dies takes all that runs with it, guilty or not
                suspects += running.values()
                running.clear()
                self.close()
                for suspect in suspects:
                    yield from self._alone(suspect, 0)

    def _alone(
        self, batch: Sequence[Item], deaths: int
    ) -> Iterator[tuple[Sequence[Item], list[Answer] | None]]:
        """Run a suspect with nothing beside it; halve it until the guilty item is found."""
        if self._cancel.is_set():
            return
        try:
            answers = self._submit(batch).result()
        except BrokenProcessPool:
            self.close()
        else:
            yield batch, answers
            return
        if len(batch) > 1:
            middle = len(batch) // 2
            yield from self._alone(batch[:middle], 0)
            yield from self._alone(batch[middle:], 0)
        elif deaths + 1 < TRIES:
            yield from self._alone(batch, deaths + 1)
        else:
            yield batch, None

    def _submit(self, batch: Sequence[Item]) -> Future[list[Answer]]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=self._context,
                initializer=_hold,
                initargs=(self._work, self._task, self._stop, os.getpid()),
            )
        with _interrupts_held():
            return self._pool.submit(_do, batch)

    def close(self) -> None:
        """End the workers, and with them whatever they are at."""
        if self._pool is None:
            return
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        self._pool = None


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while workers start, who inherit that: it is for the caller alone."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


_HELD: list[Any] = []


def _hold(work: Any, task: Any, stop: Any, parent: int) -> None:
    cancel = threading.Event()
    _HELD[:] = [work, task, cancel]
    threading.Thread(target=_look, args=(stop, cancel, parent), daemon=True).start()


def _look(stop: Any, cancel: threading.Event, parent: int) -> None:
    while os.getppid() == parent:
        if stop.value:
            cancel.set()
        time.sleep(TICK)
    # nobody is left to hand anything to
    os._exit(1)


def _do(batch: Any) -> Any:
    work, task, cancel = _HELD
    return work(task, batch, cancel)
