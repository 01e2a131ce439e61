"""Cluster: the same batches on a Dask scheduler by its address. Dask is loaded only when used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from instances.errors import Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Answer = TypeVar("Answer")
CONNECT_SECONDS = 10


class Cluster(Generic[Item, Answer]):
    """Workers of a Dask cluster that all hold one task.

    A batch whose worker died is run again by another one; a batch that keeps killing its workers
    is split until the guilty item is alone, which is given up.

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
        self._task = self._client.scatter(task, broadcast=True, hash=False)

    def run(
        self, batches: Sequence[Sequence[Item]]
    ) -> Iterator[tuple[Sequence[Item], list[Answer] | None]]:
        """Yield each batch with its answers as it ends; ``None`` for an item that was given up."""
        from distributed import KilledWorker, as_completed
        from distributed.client import FutureCancelledError

        known = {future: batch for batch in batches for future in [self._submit(batch)]}
        ended = as_completed(
            list(known), loop=self._client.loop, raise_errors=False, with_results=True
        )
        for future, answers in ended:
            batch = known.pop(future)
            if future.status == "finished":
                yield batch, answers
                continue
            fault = (
                future.exception()
                if future.status == "error"
                else FutureCancelledError(str(future.key), "lost")
            )
            if not isinstance(fault, KilledWorker | FutureCancelledError):
                raise fault
            if isinstance(fault, KilledWorker) and len(batch) == 1:
                yield batch, None
                continue
            middle = max(len(batch) // 2, 1)
            for part in (batch[:middle], batch[middle:]):
                if part:
                    again = self._submit(part)
                    known[again] = part
                    ended.add(again)

    def _submit(self, batch: Sequence[Item]) -> Any:
        return self._client.submit(self._work, self._task, batch, pure=False)

    def close(self) -> None:
        """Drop what is not done, and leave the cluster."""
        self._client.close()
