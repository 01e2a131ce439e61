"""Evidence: which part of a plan rests on assumptions, and which of these move the least cost.

Influence is a finite re-solve: each assumed number is raised and lowered by a tenth, alone, and
the problem is solved anew.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from instances.words import money, percent
from optimizer.assumed import assumed_bought, assumed_costs, assumed_needed, assumed_numbers
from optimizer.engine.family import Axis
from optimizer.options import Options
from optimizer.plain import rows
from optimizer.solve import solve
from optimizer.status import Stop
from optimizer.sweep import sweep
from optimizer.sweep.design import tornado
from optimizer.sweep.ranges import Range
from optimizer.text_grid import grid

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    import pandas as pd

    from instances import Problem
    from optimizer.status import Status
    from optimizer.sweep.outcome import PointRecord
    from optimizer.sweep.outcome import Status as Held

SCHEMA = 1
STEP, MOST = 0.1, 10
SECONDS = 60.0
"""Time that an answer may take if nothing is said about it."""


@dataclass(frozen=True, slots=True)
class Influence:
    """What one assumed number does to the least cost.

    Parameters
    ----------
    where
        Path of the number.
    reason
        Why it is what it is.
    up_usd, down_usd
        Change of the least cost when it is a tenth higher, and a tenth lower; ``None`` without a
        plan there.
    up, down
        What is held there: ``optimal``, or why there is no number, such as ``infeasible``,
        ``invalid`` (a share above 1), ``missing`` (time ran out).
    """

    where: str
    reason: str
    up_usd: float | None
    down_usd: float | None
    up: Held
    down: Held

    @property
    def size(self) -> float:
        """Return the larger of the two changes, USD."""
        return max(abs(self.up_usd or 0.0), abs(self.down_usd or 0.0))


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the cheapest plan rests on.

    Parameters
    ----------
    problem, status, cost_usd
        Of what; how its solve ended; the least cost, ``None`` without a plan.
    accounts
        Which part of each account rests on assumed prices, rates of duty and costs, see
        `optimizer.assumed`; ``None`` where that cannot be told.
    assumed_bought, assumed_needed
        Fraction of the tonnes bought that come from offers whose capacity or availability is
        assumed; of the tonnes needed, whose quantity is. ``None`` where there are none.
    influences
        The assumed numbers that were moved, the most influential first.
    untried
        Paths of assumptions that no step can be made from: dates, texts, whole numbers.
    complete, seconds
        Whether time did not run out, and how long it took.
    """

    problem: Problem
    status: Status
    cost_usd: float | None = None
    accounts: pd.DataFrame | None = None
    assumed_bought: float | None = None
    assumed_needed: float | None = None
    influences: tuple[Influence, ...] = ()
    untried: tuple[str, ...] = ()
    complete: bool = True
    seconds: float = 0.0

    @property
    def assumed_cost(self) -> float | None:
        """Return the fraction of all accounts, costs and incomes alike, that is assumed."""
        if self.accounts is None or not (total := float(self.accounts["cost_usd"].abs().sum())):
            return None
        return float(self.accounts["assumed_usd"].sum()) / total

    @property
    def table(self) -> pd.DataFrame:
        """Every number that was moved: path, reason, change of the least cost up and down."""
        import pandas as pd

        columns = ["where", "reason", "up_usd", "down_usd", "up", "down"]
        return pd.DataFrame([asdict(item) for item in self.influences], columns=columns)

    def summary(self, most: int = MOST) -> str:
        """Return it as text for people, with so many numbers."""
        name = self.problem.name
        if self.cost_usd is None:
            return f"{name}: there is no plan ({self.status}); explain says why."
        told = [
            f"{percent(round(part, 3))} of {what}"
            for part, what in (
                (self.assumed_cost, "the money in it"),
                (self.assumed_bought, "the tonnes bought, by the size of what is on offer"),
                (self.assumed_needed, "the tonnes needed"),
            )
            if part is not None
        ]
        lines = [f"{name}: what the cheapest plan, {money(self.cost_usd)}, rests on"]
        lines += [f"Assumed: {'; '.join(told)}."] if told else []
        if self.accounts is not None:
            cells = [
                [
                    str(row["account"]).replace("_", " "),
                    money(row["cost_usd"]),
                    percent(round(row["assumed_share"], 3)),
                ]
                for row in rows(self.accounts)
            ]
            lines += [grid(["", "USD", "assumed"], cells), ""]
        moving = [item for item in self.influences if item.size > 0][:most]
        lines.append(
            f"Of {len(self.influences)} assumed numbers, each a tenth up and down alone, "
            f"{'these' if moving else 'none'} move the least cost{' most' if moving else ''}"
        )
        if moving:
            head = ["", "a tenth more", "a tenth less"]
            shown = [
                [item.where, _change(item.up_usd, item.up), _change(item.down_usd, item.down)]
                for item in moving
            ]
            lines.append(grid(head, shown))
            lines += [f"  {item.where}: {item.reason}" for item in moving]
        if self.untried:
            lines.append(
                f"Not moved, since a tenth of it means nothing: {', '.join(self.untried)}."
            )
        if not self.complete:
            lines.append("Time ran out: not every number was moved up and down.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "schema": SCHEMA,
            "name": self.problem.name,
            "hash": self.problem.hash,
            "status": {"stop": str(self.status.stop), "point": str(self.status.point)},
            "cost_usd": self.cost_usd,
            "assumed_cost": self.assumed_cost,
            "assumed_bought": self.assumed_bought,
            "assumed_needed": self.assumed_needed,
            "accounts": None if self.accounts is None else rows(self.accounts),
            "influences": [asdict(item) for item in self.influences],
            "untried": list(self.untried),
            "complete": self.complete,
            "seconds": self.seconds,
        }


def evidence(
    problem: Problem,
    options: Options | None = None,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Evidence:
    """Return which part of the cheapest plan rests on assumptions, and which of these matter.

    Parameters
    ----------
    problem
        Any problem that says which of its numbers are assumed.
    options
        How to solve; ties are not broken, and the time limit holds for everything together, 60 s
        if not given. With yes/no choices changes below the gap are no more than that.
    workers
        Local processes; as `sweep`.
    progress, cancel
        As `sweep`.
    """
    options = (options or Options()).model_copy(update={"tie_break": False})
    begun = time.monotonic()
    seconds = SECONDS if options.time_limit is None else options.time_limit
    numbers, untried = assumed_numbers(problem)
    result = solve(problem, options.model_copy(update={"time_limit": seconds}), cancel=cancel)
    if result.objective is None or not result.has_plan:
        ended = result.status.stop is Stop.FINISHED
        took = time.monotonic() - begun
        return Evidence(problem, result.status, complete=ended, seconds=took)
    influences: list[Influence] = []
    complete = True
    if numbers:
        left = max(begun + seconds - time.monotonic(), 0.0)
        moved = sweep(
            problem,
            tornado(
                [Range(Axis(path, "multiply"), (1 - STEP, 1 + STEP)) for path in numbers],
                [1.0] * len(numbers),
            ),
            options.model_copy(update={"time_limit": left}),
            workers=workers,
            progress=progress,
            cancel=cancel,
            total_time=left,
        )
        records = {record.point: record for record in moved.records}
        base = result.objective
        for number, (where, reason) in enumerate(numbers.items()):
            up, down = (records[f"{number}-{end}"] for end in ("high", "low"))
            if up.status == down.status == "invalid":
                untried += (where,)
                continue
            item = Influence(
                where, reason, _less(up, base), _less(down, base), up.status, down.status
            )
            influences.append(item)
        influences.sort(key=lambda item: (-item.size, item.where))
        complete = not any(
            "missing" in (item.up, item.down) or "none" in (item.up, item.down)
            for item in influences
        )
    paths = list(numbers)
    return Evidence(
        problem,
        result.status,
        result.objective,
        assumed_costs(result, paths),
        assumed_bought(result, paths),
        assumed_needed(result, paths),
        tuple(influences),
        untried,
        complete,
        time.monotonic() - begun,
    )


def _less(record: PointRecord, base: float) -> float | None:
    if not record.has_plan or record.objective_usd is None:
        return None
    change = record.objective_usd - base
    # what is rounding is no change
    return 0.0 if abs(change) <= 1e-9 * abs(base) else change


def _change(value: float | None, held: Held) -> str:
    if value is None:
        return {"infeasible": "no plan", "invalid": "cannot be", "missing": "not tried"}.get(
            held, held
        )
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return f"{sign}{money(abs(value))}"
