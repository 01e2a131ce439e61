"""Purse: the most cover, the least unmet or the least reliance that a fixed sum of money buys.

Within the sum, first the least is left unmet; among the plans that leave no more, the one that is
best by the goal; among these, the cheapest (lexicographic goals under a budget: Isermann,
OR Spektrum 4 (1982) 223). All three goals are fractions of demand, so that tonnes of unlike
commodities are never summed:

- ``unmet``: the sum over demands and nodes of the fraction left unmet;
- ``reliance``: the sum over commodities and nodes of the largest tonnage of one country, relative
  to demand;
- ``cover``: the years of demand that the worst-covered commodity has in stock at the end of a
  period, on the mean of the horizon.

What counts as money is what the problem's perspective pays, discounted: neither shortfall, delay
and fines, which are no money, nor what stock is said to be worth after the horizon.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError
from instances.record import with_fields
from instances.words import money
from optimizer.answer import Watch
from optimizer.options import Options
from optimizer.purse_search import PURSE_GOALS, Bought, PurseGoal, Search
from optimizer.text_grid import grid

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    import pandas as pd

    from instances.problem import Problem

SCHEMA = 1
AROUND = (0.8, 0.9, 1.0, 1.1, 1.25)
"""Sums that are looked at if none is given, relative to what the cheapest plan spends."""


@dataclass(frozen=True, eq=False)
class Purse:
    """What sums of money buy.

    Parameters
    ----------
    problem
        Of what.
    bought
        By sum and goal.
    reason
        Why nothing was bought where no sum was given.
    complete, seconds
        Whether time did not run out, and how long it took.
    """

    problem: Problem
    bought: tuple[Bought, ...]
    complete: bool
    seconds: float
    reason: str | None = None

    @property
    def table(self) -> pd.DataFrame:
        """A row per sum and goal, the fields of `Bought`."""
        import pandas as pd

        return pd.DataFrame([asdict(item) for item in self.bought])

    def summary(self) -> str:
        """Return it as text for people."""
        whose = self.problem.perspective
        lines = [f"{self.problem.name}: what a fixed purse of the {whose} buys, discounted"]
        words = {
            "unmet": "Least unmet",
            "reliance": "Least reliance, as little unmet as can be",
            "cover": "Most cover, as little unmet as can be",
        }
        head = ["at most", "spent", "unmet", "reliance", "cover"]
        for goal in dict.fromkeys(item.goal for item in self.bought):
            own = [item for item in self.bought if item.goal == goal]
            cells = [
                [
                    money(item.budget_usd),
                    "no plan" if item.spent_usd is None else money(item.spent_usd),
                    _figure(item.unmet),
                    _figure(item.reliance),
                    "-" if item.cover is None else f"{365 * item.cover:.1f} days",
                ]
                for item in own
            ]
            lines += [words[goal], grid(head, cells)]
            lines += [
                f"  {money(item.budget_usd)}: {item.reason}."
                for item in own
                if item.reason is not None
            ]
        if self.reason is not None:
            lines.append(f"What the cheapest plan spends is not known: {self.reason}.")
        lines.append("Unmet and reliance are in demands, summed over commodities and periods.")
        if not self.complete:
            lines.append("Time ran out: not every sum was looked at.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "schema": SCHEMA,
            "name": self.problem.name,
            "hash": self.problem.hash,
            "bought": [asdict(item) for item in self.bought],
            "reason": self.reason,
            "complete": self.complete,
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return it as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)


def purse(
    problem: Problem,
    budgets: Sequence[float] = (),
    goals: Sequence[PurseGoal] = PURSE_GOALS,
    *,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Purse:
    """Return the best that sums of money buy, by each goal.

    Parameters
    ----------
    budgets
        USD, discounted, in the order in which they are told; eight tenths to five quarters of
        what the cheapest plan spends if not given.
    goals
        What is sought.
    options
        How to solve; the time limit holds for everything together.
    progress
        Called with the sums looked at and all of them.
    cancel
        Set it from another thread to stop; what is known by then is returned.

    Raises
    ------
    InputError
        A sum below 0, an unknown goal, cover without a stockpile of anything that is needed, or a
        problem that weighs risk.
    CheckFailed
        The referee disagrees with a plan: a bug of ours.
    """
    refuse_purse(problem, budgets, goals)
    options = options or Options()
    begun = time.monotonic()
    watch = Watch.within(options.time_limit, cancel)
    search = Search(worthless(problem), options, watch)
    if not budgets:
        spent = search.cheapest()
        budgets = () if spent is None else tuple(part * spent for part in AROUND)
    found = []
    for done, budget in enumerate(budgets, 1):
        found.append(search.best(budget, goals))
        if progress is not None:
            progress(done, len(budgets))
    over = watch.over
    why = None
    if not found:
        why = "time ran out" if over else "no plan keeps every rule"
    ordered = tuple(row for goal in goals for rows in found for row in rows if row.goal == goal)
    return Purse(problem, ordered, not over, time.monotonic() - begun, why)


def refuse_purse(problem: Problem, budgets: Sequence[float], goals: Sequence[str]) -> None:
    """Raise InputError for what cannot be asked of a purse."""
    findings = [Finding("budget", "is below 0", f"{sum:g} USD") for sum in budgets if sum < 0]
    findings += [
        Finding("goal", "is none", goal, remedy=f"Ask for {', '.join(PURSE_GOALS)}.")
        for goal in goals
        if goal not in PURSE_GOALS
    ]
    if problem.risk is not None and not problem.risk.neutral:
        remedy = "Drop 'risk': a purse is spent on the mean."
        findings.append(Finding("risk", "weighs scenarios", remedy=remedy))
    if findings:
        raise InputError(findings)


def worthless(problem: Problem) -> Problem:
    """Return the problem in which what is left in store, or at sea, is worth nothing."""
    stores = tuple(with_fields(store, terminal_value=0.0) for store in problem.stockpiles)
    lanes = tuple(with_fields(lane, terminal_value=0.0) for lane in problem.lanes)
    return with_fields(problem, stockpiles=stores, lanes=lanes)


def _figure(number: float | None) -> str:
    # a millionth is what the solver leaves open
    return "-" if number is None else f"{round(number, 6):.4g}"
