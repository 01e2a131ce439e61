"""Bridge: from one cost to another, cause by cause, taken in order and averaged over orders.

What a cause adds depends on what has changed before it. The ordered bridge takes causes one after
the other; the averaged one takes the mean over all orders, which treats causes alike (Shapley, A
value for n-person games (1953); for cost allocation Moulin, Fair Division and Collective Welfare
(2003)). Both add up to the difference.
"""

from __future__ import annotations

import math
import random
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any

from instances.errors import InputError
from optimizer.compare.differences import CAUSES, Cause, mixed
from optimizer.engine.family import Family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instances.problem import Problem
    from optimizer.answer import Watch
    from optimizer.compare.differences import Difference
    from optimizer.options import Options

MOST_EXACT = 6
"""Causes of which all orders are taken."""
SAMPLED = 200
"""Orders that are drawn where there are more causes."""


@dataclass(frozen=True, slots=True)
class Pillar:
    """What one cause adds to the cost.

    Parameters
    ----------
    cause
        Which.
    ordered_usd
        What it adds after the causes before it; ``None`` where a step has no plan.
    shapley_usd
        The mean over orders.
    """

    cause: Cause
    ordered_usd: float | None
    shapley_usd: float

    def to_plain(self) -> dict[str, Any]:
        """Return the pillar as plain data."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Bridge:
    """From the cost of one problem to that of another.

    Parameters
    ----------
    before_usd, after_usd
        The two costs; ``None`` without a plan.
    pillars
        What each cause adds; empty where no order has a plan at every step.
    exact
        Whether all orders were taken.
    notes
        What a reader should know.
    complete
        Whether time did not run out.
    """

    before_usd: float | None
    after_usd: float | None
    pillars: tuple[Pillar, ...]
    exact: bool
    notes: tuple[str, ...]
    complete: bool


class _Costs:
    """Least costs after some causes, each solved once, from the basis of the last one."""

    def __init__(
        self,
        problem: Problem,
        causes: Sequence[Cause],
        differences: Sequence[Difference],
        options: Options,
        watch: Watch,
    ) -> None:
        self._causes = causes
        self._watch = watch
        self._known: dict[frozenset[Cause], float | None] = {}
        self.complete = True

        def made(mask: float) -> Problem:
            chosen = {cause for bit, cause in enumerate(causes) if int(mask) >> bit & 1}
            return mixed(problem, [item for item in differences if item.cause in chosen])

        self._family = Family.made_by(problem, made, options)

    def of(self, causes: frozenset[Cause]) -> float | None:
        """Return the least cost, ``None`` without a plan or a valid problem."""
        if causes not in self._known:
            if self._watch.over:
                self.complete = False
                return None
            mask = sum(1 << bit for bit, cause in enumerate(self._causes) if cause in causes)
            try:
                answer = self._family.solve([float(mask)], self._watch)
                self._known[causes] = answer.objective
            except InputError:
                self._known[causes] = None
        return self._known[causes]


def bridge_of(
    first: Problem, differences: Sequence[Difference], options: Options, watch: Watch
) -> Bridge:
    """Return the bridge over the causes of some differences."""
    causes = tuple(cause for cause in CAUSES if any(item.cause == cause for item in differences))
    costs = _Costs(first, causes, differences, options, watch)
    before, after = costs.of(frozenset()), costs.of(frozenset(causes))
    if before is None or after is None:
        note = "A bridge needs a plan at both ends."
        if watch.over:
            note = "Time was over before the costs at both ends of a bridge were found."
        return Bridge(before, after, (), False, (note,), costs.complete)
    exact = len(causes) <= MOST_EXACT
    orders = list(permutations(causes)) if exact else _drawn(causes)
    steps: dict[Cause, list[float]] = {cause: [] for cause in causes}
    whole = 0
    for order in orders:
        added = _along(order, costs)
        if added is None:
            continue
        whole += 1
        for cause, amount in added.items():
            steps[cause].append(amount)
    if not whole:
        note = "No order of the causes has a plan at every step, so that none can be told apart."
        return Bridge(before, after, (), False, (note,), costs.complete)
    notes = []
    if not exact:
        notes.append(f"The average is over {len(orders)} orders drawn at random, not over all.")
    if whole < len(orders):
        notes.append(
            f"{len(orders) - whole} of {len(orders)} orders have no plan at some step and are "
            "left out of the average."
        )
    ordered = _along(causes, costs)
    pillars = tuple(
        Pillar(
            cause,
            None if ordered is None else ordered[cause],
            math.fsum(steps[cause]) / whole,
        )
        for cause in causes
    )
    return Bridge(
        before, after, pillars, exact and whole == len(orders), tuple(notes), costs.complete
    )


def _drawn(causes: tuple[Cause, ...]) -> list[tuple[Cause, ...]]:
    draw = random.Random(0)
    return [tuple(draw.sample(causes, len(causes))) for _ in range(SAMPLED)]


def _along(order: Sequence[Cause], costs: _Costs) -> dict[Cause, float] | None:
    """Return what each cause adds in an order, ``None`` where a step has no plan."""
    found: dict[Cause, float] = {}
    taken: frozenset[Cause] = frozenset()
    last = costs.of(taken)
    for cause in order:
        taken |= {cause}
        cost = costs.of(taken)
        if cost is None or last is None:
            return None
        found[cause] = cost - last
        last = cost
    return found
