"""The looks that a sheet takes beside its plan, a few solves each, counted for whoever waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Looks:
    """Counts them.

    Parameters
    ----------
    progress
        Called with the looks taken and all of them.
    count
        How many there are.
    """

    def __init__(self, progress: Callable[[int, int], None] | None, count: int) -> None:
        self._progress = progress
        self._count = count
        self._done = 0

    def taken(self) -> None:
        """Count one more."""
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._count)
