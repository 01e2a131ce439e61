"""Cluster: the same batches on a Dask scheduler by its address. Dask is loaded only when used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from instances.errors import Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Answer = TypeVar("Answer")
CONNECT_SECONDS = 10
MOST_LOSSES = 5


class Cluster(Generic[Item, Answer]):
    """Workers of a Dask cluster that all hold one task.

    A batch whose worker died is run again by another one; a batch that keeps killing its workers
    is split until the guilty item is alone, which is given up. Workers that die take their copies
    of the task with them: it is sent again, `MOST_LOSSES` times at most.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    work, task
        As for `optimizer.engine.fan.Fan`.

    Raises
    ------
    InputError
        Dask is not installed, or no scheduler answers.
    """

    def __init__(
        self, address: str, work: Callable[[Any, Sequence[Item]], list[Answer]], task: Any
    ) -> None:
        try:
            from distributed import Client
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
            raise InputError(
                [
                    Finding(
                        "cluster",
                        "has no scheduler that answers",
                        address,
                        remedy=f"Start one there, or correct the address ({error}).",
                    )
                ]
            ) from None
        self._task = task
        self._losses = 0
        self._send()

    def _send(self) -> None:
        self._held = self._client.scatter(self._task, broadcast=True, hash=False)

    def run(
        self, batches: Sequence[Sequence[Item]]
    ) -> Iterator[tuple[Sequence[Item], list[Answer] | None]]:
        """Yield each batch with its answers as it ends; ``None`` for items that were given up."""
        from distributed import KilledWorker, as_completed

        known: dict[Any, tuple[Sequence[Item], int]] = {}
        ended = as_completed([], loop=self._client.loop, raise_errors=False, with_results=True)

        def submit(batch: Sequence[Item]) -> None:
            future = self._client.submit(self._work, self._held, batch, pure=False)
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
        self._client.close()
