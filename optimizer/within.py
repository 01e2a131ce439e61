"""Within: several solves that share one limit of time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optimizer.answer import Watch
from optimizer.solve import solve
from optimizer.status import Stop

if TYPE_CHECKING:
    import threading

    from instances.problem import Problem
    from optimizer.options import Options
    from optimizer.result import Result


class Within:
    """Solves problems one after the other until the time of all together is up.

    Parameters
    ----------
    options
        How to solve; the time limit is that of all solves together.
    cancel
        Set from another thread to stop.
    """

    def __init__(self, options: Options, cancel: threading.Event) -> None:
        self._options = options
        self.watch = Watch.within(options.time_limit, cancel)
        self.complete = True
        """Whether every solve so far came to its end."""

    @property
    def over(self) -> bool:
        """Whether nothing more is solved."""
        return self.watch.over

    def solve(self, problem: Problem) -> Result | None:
        """Return the result of a solve that came to its end, ``None`` of any other."""
        if self.over:
            self.complete = False
            return None
        left = self.watch.left()
        limit = None if math.isinf(left) else left
        options = self._options.model_copy(update={"time_limit": limit})
        result = solve(problem, options, cancel=self.watch.cancel)
        if result.status.stop in (Stop.TIME_LIMIT, Stop.CANCELLED, Stop.MEMORY):
            self.complete = False
            return None
        return result
