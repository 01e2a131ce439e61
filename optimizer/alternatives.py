"""Alternatives: other plans within a margin of least cost, and how far each partner's part can go.

The least cost plus a margin becomes a limit; within it the tonnes of each country are made as
small and as large as they can be (modelling to generate alternatives; DeCarolis, Energy Economics
33 (2011) 145; Brill, Chang and Hopkins, Management Science 28 (1982) 221). Among all plans met on
the way those are kept that differ most in who supplies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.errors import Finding, InputError
from models.build import build
from optimizer.answer import Watch
from optimizer.choice import Alternatives, Candidate, Partner, choose, drawn
from optimizer.compile import compile_frame
from optimizer.engine.figures import figures_of
from optimizer.engine.program import Program
from optimizer.options import Options

if TYPE_CHECKING:
    import threading

    from instances.problem import Problem
    from optimizer.answer import Answer
    from optimizer.compile import Floats, Matrices
    from optimizer.engine.figures import Figures

TIED = 1e-9
"""Margin, relative to the least cost, within which plans cost the same."""
MOVES = 1e-4
"""Tonnes, relative to the largest part, from which on a part is not determined: the margin within
which plans cost the same leaves some freedom of its own."""


def alternatives(
    problem: Problem,
    margin: float = 0.03,
    count: int = 5,
    options: Options | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Alternatives:
    """Return plans within ``margin`` of least cost that differ most in who supplies.

    Parameters
    ----------
    margin
        How much dearer than the least cost a plan may be, a fraction of it.
    count
        How many plans to keep, the cheapest among them.
    options
        How to solve; a time limit holds for all solves together, after which what is known is
        returned and said to be incomplete.
    cancel
        Set it from another thread to stop.

    Raises
    ------
    InputError
        ``margin`` is below 0 or ``count`` below 1.
    CheckFailed
        The referee disagrees with a plan.
    """
    refuse_margin(margin, count)
    options = (options or Options()).model_copy(update={"tie_break": False})
    watch = Watch.within(options.time_limit, cancel)
    matrices = compile_frame(build(problem))
    program = Program.of(problem, matrices, options)
    first = program.run(watch)
    if first.values is None:
        return Alternatives(problem, margin, first.status, None, (), (), False)
    search = _Search(matrices, program, figures_of(problem, matrices), first, watch)
    search.within(margin * abs(search.least))
    ranges = search.ranges()
    search.hop(count)
    # with yes/no choices the least cost itself is known to the gap only
    search.within(max(TIED, options.gap if search.chooses else 0.0) * abs(search.least))
    tied = search.ranges([most - least > search.small for least, most in ranges])
    partners = tuple(
        Partner(key[1], key[2], float(now), *ends, fixed[1] - fixed[0] <= search.small)
        for key, now, ends, fixed in zip(
            search.keys, search.found[0].tonnes, ranges, tied, strict=True
        )
    )
    plans = tuple(
        drawn(problem, matrices, candidate, distance, search.least)
        for candidate, distance in choose(search.keys, search.found, count)
    )
    return Alternatives(
        problem, margin, first.status, search.least, partners, plans, search.complete
    )


def refuse_margin(margin: float, count: int) -> None:
    """Raise InputError for a margin below 0 and a count below 1."""
    if margin < 0 or count < 1:
        what = "margin is below 0" if margin < 0 else "count is below 1"
        raise InputError([Finding("alternatives", what, remedy="Write 0.03 and 5, say.")])


class _Search:
    """Solves within a limit of cost, each towards another mix."""

    def __init__(
        self, matrices: Matrices, program: Program, figures: Figures, first: Answer, watch: Watch
    ) -> None:
        assert first.values is not None
        self.matrices = matrices
        self.program = program
        self.watch = watch
        self.complete = True
        places = [at for at, key in enumerate(figures.keys) if key[0] == "supply_t"]
        self.keys = [figures.keys[at] for at in places]
        self.weights = figures.weights_of(places, len(matrices.cost))
        self.least = float(matrices.cost @ first.values) + matrices.offset
        self.found: list[Candidate] = []
        self._keep(first.values)
        self.chooses = bool(matrices.integer.any())
        self.small = MOVES * max(1.0, float(np.abs(self.found[0].tonnes).max(initial=0.0)))

    def within(self, margin: float) -> None:
        """Let plans cost at most ``margin`` USD more than the least cost."""
        self.program.limit_cost(self.least + margin)

    def ranges(self, wanted: list[bool] | None = None) -> list[tuple[float, float]]:
        """Return the least and the greatest tonnes of each partner within the limit.

        Those that are not ``wanted``, and all once time is up, are what they are in the first
        plan.
        """
        ends = []
        for number, weights in enumerate(self.weights):
            now = float(self.found[0].tonnes[number])
            if wanted is not None and not wanted[number]:
                ends.append((now, now))
                continue
            low, high = (self._towards(sign * weights) for sign in (1.0, -1.0))
            ends.append(
                (
                    now if low is None else min(max(float(weights @ low), 0.0), now),
                    now if high is None else max(float(weights @ high), now),
                )
            )
        return ends

    def hop(self, count: int) -> None:
        """Look for plans that use least of what the plans before used most: hop, skip, jump."""
        used = np.zeros(len(self.keys))
        for _ in range(count):
            used += self.found[-1].tonnes / max(float(self.found[-1].tonnes.sum()), 1e-9)
            if self._towards(used @ self.weights) is None:
                return

    def _towards(self, weights: Floats) -> Floats | None:
        if self.watch.over:
            self.complete = False
            return None
        self.program.aim(weights)
        answer = self.program.run(self.watch)
        if answer.values is None:
            self.complete = False
            return None
        self._keep(answer.values)
        return answer.values

    def _keep(self, values: Floats) -> None:
        cost = float(self.matrices.cost @ values) + self.matrices.offset
        self.found.append(Candidate(values, cost, self.weights @ values))
