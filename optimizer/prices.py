"""Shadow prices: what relaxing each row of a rule by one unit saves; undiscounted, at least 0."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Literal

import numpy as np

from instances.rules import (
    Benchmark,
    Budget,
    HHICap,
    MaxNewSellers,
    MinSuppliers,
    Participation,
    Survival,
)
from instances.rules.share import ShareRule
from models.horizon import horizon
from models.rows import THOUSAND, all_rows, demand_of
from models.survival import asked_of

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem
    from instances.rules.rule import RuleRecord
    from models.rows import Row
    from optimizer.compile import Floats, Matrices

DualKind = Literal["lp", "fixed_integers"]
COLUMNS = ["rule", "who", "goods", "node", "shadow_price", "per_tonne", "dual_kind", "reason"]


def shadow_prices(
    problem: Problem, matrices: Matrices, values: Floats, row_dual: Floats, kind: DualKind
) -> pd.DataFrame:
    """Return the price of every row of every rule.

    Parameters
    ----------
    values, row_dual
        Point and duals (USD of the first day per unit) of the linear program; for a model with
        yes/no choices, of the one in which they are fixed.

    Returns
    -------
    Columns: rule, who, goods, node; ``shadow_price``, USD saved per unit of the limit (1.0 of
    share, 1 t, 1 USD) more, of a survival rule as of the first day; ``per_tonne``, USD saved per
    tonne of room, ``None`` for a rule by value and a budget, whose room is dollars; ``dual_kind``;
    ``reason`` where there is no price.
    """
    import pandas as pd

    time = horizon(problem)
    worth = dict(zip([node.id for node in time.nodes], time.worth.tolist(), strict=True))
    duals = _duals(matrices, row_dual) | _of_budgets(problem, matrices, row_dual)
    duals |= _of_owners(matrices, row_dual)
    wholes, sold = _wholes(matrices, values), _sold(matrices, values)
    table = []
    for row in all_rows(problem):
        key = dict(zip(("rule", "who", "goods", "node"), row.key, strict=True))
        if isinstance(row.rule, MinSuppliers | MaxNewSellers):
            reason = "a number of sellers is whole: only a re-solve prices it"
            table.append(key | _priced(None, None, None, reason))
            continue
        survives = isinstance(row.rule, Survival)
        if worth[row.node] == 0 and not survives:
            reason = "at a node of probability 0 a saving has no price of its own"
            table.append(key | _priced(None, None, None, reason))
            continue
        # a row has one bound: the sign of its dual says which, and relaxing it saves either way
        # what an owner may lose is money of the first day; all else is money of its period, but a
        # cut-off has none, and what it costs to be ready for it is told as of the first day
        first_day = survives or isinstance(row.rule, Participation)
        saved = abs(duals[row.key]) / (1.0 if first_day else worth[row.node])
        by_value = isinstance(row.rule, Budget | Participation) or (
            isinstance(row.rule, ShareRule) and row.rule.denominator == "value"
        )
        price = saved * (
            sold[row.key] / (2 * sqrt(row.limit))
            if isinstance(row.rule, HHICap)
            else _size(problem, row, wholes)
        )
        # adding zero takes the sign from a zero
        table.append(
            key
            | _priced(
                price + 0.0,
                None if by_value or isinstance(row.rule, Benchmark) else saved,
                kind,
                None,
            )
        )
    return pd.DataFrame(table, columns=COLUMNS)


def _priced(
    price: float | None, per_tonne: float | None, kind: DualKind | None, reason: str | None
) -> dict[str, object]:
    return {"shadow_price": price, "per_tonne": per_tonne, "dual_kind": kind, "reason": reason}


def _size(
    problem: Problem, row: Row[RuleRecord], wholes: dict[tuple[str, str, str], float]
) -> float:
    """Return the tonnes of room that one unit of the limit gives."""
    if isinstance(row.rule, Survival):
        return asked_of(problem, row)
    if not isinstance(row.rule, ShareRule):
        return 1.0
    if row.rule.denominator == "demand":
        return demand_of(problem, row)
    return wholes[row.rule.id, row.line.goods, row.node]


def _duals(matrices: Matrices, row_dual: Floats) -> dict[object, float]:
    names = (
        "share_cap_of_demand",
        "share_cap_of_total",
        "share_floor_of_demand",
        "share_floor_of_total",
        "stock_target",
        "benchmark_met",
        "survival_met",
        "reserves_last",
    )
    duals: dict[object, float] = _cut_duals(matrices, row_dual)
    for name in names:
        positions = matrices.row_positions[name]
        numbers = row_dual[positions] if len(positions) else np.zeros(0)
        duals.update(zip(matrices.constraints[name].rows(), numbers.tolist(), strict=True))
    return duals


def _cut_duals(matrices: Matrices, row_dual: Floats) -> dict[object, float]:
    """Return the duals of the cuts of each cap, summed: all move with the root of the limit."""
    sums: dict[object, float] = {key: 0.0 for key in matrices.variables["excess"].rows()}
    keys = matrices.constraints["hhi_cut"].rows()
    for key, place in zip(keys, matrices.row_positions["hhi_cut"].tolist(), strict=True):
        assert isinstance(key, tuple)
        sums[key[:4]] += float(row_dual[place])
    return sums


def _sold(matrices: Matrices, values: Floats) -> dict[tuple[str, str, str, str], float]:
    """Return what all sellers sell together, by row of a cap on concentration."""
    total: dict[tuple[str, str, str, str], float] = {}
    keys = matrices.variables["sold"].rows()
    for key, number in zip(keys, values[matrices.span("sold")].tolist(), strict=True):
        assert isinstance(key, tuple)
        rule, goods, _, node = key
        total[rule, "-", goods, node] = total.get((rule, "-", goods, node), 0.0) + number
    return total


def _of_budgets(problem: Problem, matrices: Matrices, row_dual: Floats) -> dict[object, float]:
    """Return the saving per USD more in a period: its own row's and of all it is carried to."""
    time = horizon(problem)
    rules = {rule.id: rule for rule in problem.rules if isinstance(rule, Budget)}
    positions = matrices.row_positions["budget"]
    numbers = np.abs(row_dual[positions]) / THOUSAND if len(positions) else np.zeros(0)
    keys = matrices.constraints["budget"].rows()
    saved: dict[object, float] = dict.fromkeys(keys, 0.0)
    for key, number in zip(keys, numbers.tolist(), strict=True):
        assert isinstance(key, tuple)
        *head, node = key
        way = time.way(node) if rules[key[0]].carry_over else (node,)
        for earlier in way:
            if (*head, earlier) in saved:
                saved[*head, earlier] += number
    return saved


def _of_owners(matrices: Matrices, row_dual: Floats) -> dict[object, float]:
    """Return the saving per USD more that an owner may lose, both of the first day."""
    positions = matrices.row_positions["participation"]
    numbers = np.abs(row_dual[positions]) / THOUSAND if len(positions) else np.zeros(0)
    keys = matrices.constraints["participation"].rows()
    return dict(zip(keys, numbers.tolist(), strict=True))


def _wholes(matrices: Matrices, values: Floats) -> dict[tuple[str, str, str], float]:
    keys = matrices.variables["whole"].rows()
    found: dict[tuple[str, str, str], float] = {}
    for key, number in zip(keys, values[matrices.span("whole")].tolist(), strict=True):
        assert isinstance(key, tuple)
        found[key] = number
    return found
