"""Pooling: what sharing a stockpile saves, against one stockpile for each member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.apart import apart
from optimizer.options import Options
from optimizer.solve import solve

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from instances.problem import Problem
    from optimizer.result import Result

COLUMNS = [
    "stockpile",
    "members",
    "pooled_t",
    "separate_t",
    "gain_t",
    "pooled_usd",
    "separate_usd",
    "gain_usd",
    "reason",
]


def pooling(problem: Problem, options: Options | None = None) -> pd.DataFrame:
    """Return the gain of every pool: what members hold apart less what they hold together.

    Stock is the most held at the end of a period under the plan of least cost; apart, the sum of
    each member's own. Gains are null, with a reason, where one of the two has no plan. Pooling
    saves stock as far as needs do not coincide: where all are cut off at once there is nothing to
    save but what prices and limits make of it.

    Parameters
    ----------
    problem
        A problem in which some stockpile has members.
    options
        How to solve.
    """
    asked = options or Options()
    together = solve(problem, asked)
    rows = []
    for store in problem.stockpiles:
        if store.members:
            names = [f"{store.id}-{member.country}" for member in store.members]
            own = solve(apart(problem, store.id), asked)
            pooled, separate = _most(together, [store.id]), _most(own, names)
            rows.append(
                {
                    "stockpile": store.id,
                    "members": ", ".join(member.country for member in store.members),
                    "pooled_t": pooled,
                    "separate_t": separate,
                    "gain_t": _less(separate, pooled),
                    "pooled_usd": together.objective,
                    "separate_usd": own.objective,
                    "gain_usd": _less(own.objective, together.objective),
                    "reason": _reason(together, own),
                }
            )
    numbers = dict.fromkeys(COLUMNS[2:8], float)
    # loaded with the first table: importing the package takes none
    import pandas as pd

    return pd.DataFrame(rows, columns=COLUMNS).astype(numbers)


def _most(result: Result, names: Iterable[str]) -> float | None:
    if not result.has_plan:
        return None
    held = result.stocks.groupby("stockpile")["stock_t"].max()
    return float(sum(held[name] for name in names))


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _reason(together: Result, own: Result) -> str | None:
    if not together.has_plan:
        return f"pooled: {together.status}"
    return None if own.has_plan else f"separate: {own.status}"
