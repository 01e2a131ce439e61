"""What a run of the solver gives, and the eye a caller keeps on it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.compile import Floats
    from optimizer.options import Progress
    from optimizer.status import Status


@dataclass(frozen=True, eq=False)
class Answer:
    """What one run of the solver gave.

    Parameters
    ----------
    status
        Why it stopped and what it holds.
    values
        Value of each column; ``None`` without a point.
    objective, bound, gap
        Cost of the point and the proven lower bound, USD, and their relative distance.
    row_dual, column_dual
        Duals of rows and reduced costs of columns, USD per unit; ``None`` where there are none.
    seconds
        Wall time of the run.
    """

    status: Status
    values: Floats | None
    objective: float | None
    bound: float | None
    gap: float | None
    row_dual: Floats | None
    column_dual: Floats | None
    seconds: float


@dataclass(eq=False)
class Watch:
    """A caller's eye on a run: told of progress, and able to stop it."""

    progress: Callable[[Progress], None] | None = None
    cancel: threading.Event = field(default_factory=threading.Event)
    deadline: float | None = None

    @classmethod
    def within(cls, seconds: float | None, cancel: threading.Event | None = None) -> Watch:
        """Return the eye on what may take some seconds from here, or any time."""
        deadline = None if seconds is None else time.monotonic() + seconds
        return cls(cancel=cancel or threading.Event(), deadline=deadline)

    def left(self) -> float:
        """Return the seconds until the deadline, infinite without one."""
        return np.inf if self.deadline is None else self.deadline - time.monotonic()

    @property
    def over(self) -> bool:
        """Whether the caller has stopped it, or time is up."""
        return self.cancel.is_set() or self.left() <= 0
