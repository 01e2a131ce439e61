"""Cluster: the same batches on a Dask scheduler by its address. Dask is loaded only when used."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from instances.errors import Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Event

Item = TypeVar("Item")
Answer = TypeVar("Answer")
CONNECT_SECONDS = 10
MOST_LOSSES = 5
TICK = 0.25
"""Seconds after which a stop, or the loss of who asked, is noticed."""


class ClusterLost(InputError):
    """No scheduler answers at the address, or it answers no more."""


class Cluster(Generic[Item, Answer]):
    """Workers of a Dask cluster that all hold one task.

    A batch whose worker died is run again by another one; a batch that keeps killing its workers
    is split until the guilty item is alone, which is given up. Workers that die take their copies
    of the task with them: it is sent again, `MOST_LOSSES` times at most. When the caller stops,
    workers hand back what they have done of their batches; when it is gone they stop, too.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    work, task, cancel
        As for `optimizer.engine.fan.Fan`.

    Raises
    ------
    InputError
        Dask is not installed.
    ClusterLost
        No scheduler answers.
    """

    def __init__(
        self,
        address: str,
        work: Callable[[Any, Sequence[Item], threading.Event], list[Answer]],
        task: Any,
        cancel: threading.Event,
    ) -> None:
        try:
            from distributed import Client, Event
        except ImportError:
            raise InputError(
                [
                    Finding(
                        "cluster",
                        "needs Dask, which is not installed",
                        remedy="Install the extra: supply-diversification[cluster].",
                    )
                ]
            ) from None
        self._work = work
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise _lost(address, error) from None
        self._address = address
        self._task = task
        self._cancel = cancel
        self._closed = threading.Event()
        self._stop = Event(client=self._client)
        self._losses = 0
        try:
            self._send()
        except BaseException:
            self._client.close()
            raise
        threading.Thread(target=self._pass_on, daemon=True).start()

    @property
    def places(self) -> int:
        """How many batches run at the same time."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def _send(self) -> None:
        try:
            self._held = self._client.scatter(self._task, broadcast=True, hash=False)
        except OSError as error:
            # also without a single worker: there is nobody to send it to
            raise _lost(self._address, error) from None

    def _pass_on(self) -> None:
        """Tell the workers once the caller stops."""
        while not self._closed.is_set():
            if self._cancel.wait(TICK):
                with suppress(OSError):
                    self._stop.set()
                return

    def run(
        self, batches: Sequence[Sequence[Item]]
    ) -> Iterator[tuple[Sequence[Item], list[Answer] | None]]:
        """Yield each batch with its answers as it ends; ``None`` for items that were given up.

        Once stopped, batches come back with as many answers as there are.

        Raises
        ------
        ClusterLost
            The scheduler has gone.
        """
        from distributed import KilledWorker, as_completed

        known: dict[Any, tuple[Sequence[Item], int]] = {}
        ended = as_completed([], loop=self._client.loop, raise_errors=False, with_results=True)

        def submit(batch: Sequence[Item]) -> None:
            future = self._client.submit(
                _heeding, self._work, self._held, batch, self._stop.name, pure=False
            )
            known[future] = batch, self._losses
            ended.add(future)

        for batch in batches:
            submit(batch)
        for future, answers in ended:
            batch, losses = known.pop(future)
            if future.status == "finished":
                yield batch, answers
            elif future.status == "error":
                fault = future.exception()
                if not isinstance(fault, KilledWorker):
                    raise fault
                if len(batch) == 1:
                    yield batch, None
                    continue
                middle = len(batch) // 2
                submit(batch[:middle])
                submit(batch[middle:])
            elif self._recovered(losses):
                submit(batch)
            else:
                yield batch, None

    def _recovered(self, losses: int) -> bool:
        """Return whether the task is there again, after the loss that cancelled a batch.

        One loss cancels many batches: only the first of them sends the task anew.
        """
        if losses == self._losses and losses < MOST_LOSSES:
            self._losses += 1
            self._send()
        return losses < self._losses

    def close(self) -> None:
        """Drop what is not done, and leave the cluster."""
        self._closed.set()
        self._client.close()


def _lost(address: str, error: Exception) -> ClusterLost:
    return ClusterLost(
        [
            Finding(
                "cluster",
                "has no scheduler that answers",
                address,
                remedy=f"Start one there, or correct the address ({error}).",
            )
        ]
    )


def _heeding(
    work: Callable[[Any, Sequence[Item], threading.Event], list[Answer]],
    task: Any,
    batch: Sequence[Item],
    stop: str,
) -> list[Answer]:
    """Do a batch on a worker until ``stop``, the name of an event of the cluster, is set."""
    from distributed import Event, get_client

    event = Event(stop, client=get_client())
    if event.is_set():
        return []
    with _heed(event) as cancel:
        return work(task, batch, cancel)


@contextmanager
def _heed(stop: Event) -> Iterator[threading.Event]:
    """Set an event once ``stop`` is set, or nobody wants this task any more."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()
    cancel, ended = threading.Event(), threading.Event()

    def unwanted() -> bool:
        # what the scheduler lets go, when its client has gone, say, is no longer executing here
        known = worker.state.tasks.get(key)
        return known is None or known.state not in {"executing", "long-running"}

    def look() -> None:
        while not ended.wait(TICK):
            try:
                stopped = unwanted() or stop.is_set()
            except OSError:
                # the scheduler has gone, and with it who would hear an answer
                stopped = True
            if stopped:
                cancel.set()
                return

    threading.Thread(target=look, daemon=True).start()
    try:
        yield cancel
    finally:
        ended.set()
