"""Front: the least of a second objective at each cost, from the cheapest plan to the best one.

The second objective is minimised under a limit on cost (the epsilon-constraint method: Haimes,
Lasdon and Wismer, IEEE Trans. Syst. Man Cybern. 1 (1971) 296). Of a linear program the front is
convex and piecewise linear in the limit, and its kinks are found exactly; with yes/no choices or
caps on concentration it is drawn through evenly spaced limits, each with its cheapest plan.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from instances.rules import HHICap
from instances.words import money
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.front_search import FrontSearch, Stopped
from optimizer.options import Options

if TYPE_CHECKING:
    import threading

    import pandas as pd
    from matplotlib.axes import Axes

    from instances.problem import Problem
    from optimizer.curve import Vertex
    from optimizer.options import Second


@dataclass(frozen=True, eq=False)
class Front:
    """The least of a second objective against cost.

    Parameters
    ----------
    problem, against
        What was asked about, and the second objective.
    points
        From the cheapest to the dearest: a plan (``at`` is the second objective, in demands).
    exact
        Whether the front is straight between neighbours, and every kink is among them.
    reason
        Why it is not, ``None`` where it is.
    complete
        Whether time or a cancel did not end the search.
    solves, seconds
        What it took.
    """

    problem: Problem
    against: Second
    points: tuple[Vertex, ...]
    exact: bool
    reason: str | None
    complete: bool
    solves: int
    seconds: float

    @property
    def table(self) -> pd.DataFrame:
        """Return a row per point, with what a unit less of the objective costs to the next."""
        import pandas as pd

        prices: list[float | None] = [
            (second.objective - first.objective) / (first.at - second.at)
            for first, second in pairwise(self.points)
        ]
        return pd.DataFrame(
            {
                "objective_usd": [point.objective for point in self.points],
                self.against: [point.at for point in self.points],
                "unmet_t": [point.unmet_t for point in self.points],
                "usd_per_unit_less": [*prices, None] if self.points else [],
            }
        )

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the front by matplotlib (the extra ``pictures``) and return the axes."""
        from optimizer.pictures import draw_front

        return draw_front(self, axes)

    def to_plain(self) -> dict[str, Any]:
        """Return the front as plain data for JSON."""
        from optimizer.plain import rows

        return {
            "against": self.against,
            "unit": "demands",
            "exact": self.exact,
            "reason": self.reason,
            "complete": self.complete,
            "solves": self.solves,
            "seconds": round(self.seconds, 4),
            "points": rows(self.table),
        }

    def summary(self) -> str:
        """Return the front in words, point by point."""
        kind = "exact kinks" if self.exact else f"drawn through a grid, since {self.reason}"
        lines = [
            f"{self.problem.name}: least {self.against} (in demands) against cost",
            f"{len(self.points)} points in {self.solves} solves; {kind}.",
        ]
        if not self.complete:
            lines.append("Stopped early: there may be more between the points, and beyond them.")
        if not self.points:
            lines.append("No plan at any cost.")
        for number, point in enumerate(self.points):
            text = f"{money(point.objective)}: {self.against} {point.at:.6g}"
            if number:
                before = self.points[number - 1]
                price = (point.objective - before.objective) / (before.at - point.at)
                text += f"; each 0.01 less costs {money(0.01 * price)}"
            lines.append(text + ".")
        if len(self.points) == 1 and self.complete:
            lines.append("The cheapest plan is the best one, too: there is nothing to trade.")
        return "\n".join(lines)


def front(
    problem: Problem,
    against: Second = "shortfall",
    *,
    most: int = 17,
    options: Options | None = None,
    cancel: threading.Event | None = None,
) -> Front:
    """Return the least of a second objective at each cost.

    Parameters
    ----------
    against
        "shortfall": the sum over demands and nodes of the fraction left unmet. "concentration":
        the sum over commodities and nodes of the largest share of one country.
    most
        Points where there are no exact kinks.
    options
        How to solve. A time limit holds for all solves together.
    cancel
        Set it from another thread to stop; what is known by then is returned.

    Raises
    ------
    SolverFailed, CheckFailed
        The solver failed, or the referee disagrees with a plan: a bug.
    """
    options = (options or Options()).model_copy(update={"tie_break": False})
    begun = time.monotonic()
    watch = Watch.within(options.time_limit, cancel)
    matrices = compile_frame(build(problem))
    reason = None
    if matrices.integer.any():
        reason = "the problem has yes/no choices"
    elif any(isinstance(rule, HHICap) for rule in problem.rules):
        reason = "a cap on concentration makes it curved"
    search = FrontSearch(problem, matrices, against, options, watch)
    complete = True
    try:
        search.trace() if reason is None else search.grid(most)
    except Stopped:
        complete = False
    return Front(
        problem=problem,
        against=against,
        points=search.points(),
        exact=reason is None,
        reason=reason,
        complete=complete,
        solves=search.solves,
        seconds=time.monotonic() - begun,
    )
