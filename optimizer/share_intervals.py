"""Share intervals: the least and the most a party's share can be, where lots mix unobserved.

The totals of a plan are facts that can be observed: what is bought, run, loaded, put into stock,
drawn and delivered, summed over whose lots they are. Which lot went to whom is not. With the
totals fixed, two linear programs a row give the least and the most that can count as the party's
over every allocation of lots that the totals allow (Cheng, Fuchs, Karplus and Michalek, Nature
Communications 15 (2024), s41467-024-46418-1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.build import build
from models.horizon import horizon
from models.rows import RuleRows, demand_of
from models.share import share_rows
from optimizer.compile import compile_frame
from optimizer.extract import AMOUNTS, FLAGS, NOTHING, STOCKS
from optimizer.highs import Instance
from optimizer.mixing import Mixing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from instances.plan import Plan
    from instances.problem import Problem
    from instances.rules.rule import RuleUse
    from optimizer.answer import Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.options import Options

NOT_OBSERVED = ("tag", "blend")
"""Parts of an index that say whose a lot is."""
ENDS = (1.0, -1.0)
EXACT = 1e-6
"""Tonnes (relative above 1 t) within which the totals of the plan are met again."""
COLUMNS = [
    "rule",
    "who",
    "goods",
    "node",
    "denominator",
    "origin",
    "whole_t",
    "least_share",
    "reported_share",
    "most_share",
    "proportional_share",
    "reason",
]


def share_intervals(
    asked: Problem, plan: Plan, uses: Sequence[RuleUse], options: Options, watch: Watch
) -> pd.DataFrame:
    """Return the interval of each row of each question, as fractions.

    Parameters
    ----------
    asked
        The problem with nothing but questions for rules (`optimizer.share_questions`).
    plan
        The plan whose totals are kept.
    uses
        What the plan itself says of the rules that it was made with.

    Returns
    -------
    pandas.DataFrame
        Least, most, what the plan books (null where it follows no lots), and what each share
        would be if every store and every country's goods were one mix (null with its ``reason``
        where that cannot be told).
    """
    import pandas as pd

    matrices = compile_frame(build(asked))
    matrices = replace(matrices, integer=np.zeros_like(matrices.integer))
    instance = Instance(matrices, options)
    _keep_totals(matrices, instance, plan)
    booked = {(use.rule, use.who, use.goods, use.node): use.value for use in uses}
    mixing = Mixing(asked, plan, horizon(asked))
    first = matrices.columns["counted"]
    wholes = {
        key: matrices.columns["whole"] + place
        for place, key in enumerate(matrices.variables["whole"].rows())
    }
    table = []
    for place, row in enumerate(share_rows(RuleRows(asked))):
        column = wholes.get((row.rule.id, row.line.goods, row.node))
        least, most = (_extreme(matrices, instance, first + place, sign, watch) for sign in ENDS)
        whole: float | None = None
        reason = None
        if least is None or most is None:
            reason = "time ran out, or the totals of the plan could not be met again"
        else:
            whole = demand_of(asked, row) if column is None else float(least[column])
        proportional = None
        if whole is not None and whole > EXACT:
            proportional, reason = mixing.share(row, whole)
        table.append(
            {
                "rule": row.rule.id,
                "who": row.line.who,
                "goods": row.line.goods,
                "node": row.node,
                "denominator": row.rule.denominator,
                "origin": row.rule.origin,
                "whole_t": whole if row.rule.denominator != "value" else None,
                "least_share": _share(least, first + place, whole),
                "reported_share": booked.get(row.key),
                "most_share": _share(most, first + place, whole),
                "proportional_share": proportional,
                "reason": reason,
            }
        )
    return pd.DataFrame(table, columns=COLUMNS)


def _share(values: Floats | None, column: int, whole: float | None) -> float | None:
    if values is None or whole is None or whole <= EXACT:
        return None
    share = float(values[column]) / whole
    return 0.0 if abs(share) <= EXACT else share


def _extreme(
    matrices: Matrices, instance: Instance, column: int, sign: float, watch: Watch
) -> Floats | None:
    cost = np.zeros(len(matrices.cost))
    cost[column] = sign
    instance.change_cost(cost)
    return instance.run(watch).values


def _keep_totals(matrices: Matrices, instance: Instance, plan: Plan) -> None:
    """Fix every amount of the plan, summed over whose lots it is made of."""
    for variable, table, amount in _observed():
        index = matrices.variables[variable]
        dims = [dim for dim in index.dims if dim not in NOT_OBSERVED]
        found = getattr(plan, table)
        sums = found.groupby(dims)[amount].sum()
        totals = {key: float(value) for key, value in zip(sums.index, sums, strict=True)}
        members: dict[Any, list[int]] = {}
        keys = zip(*(index.column(dim) for dim in dims), strict=True)
        for place, key in enumerate(keys):
            members.setdefault(key, []).append(matrices.columns[variable] + place)
        still: list[int] = []
        for key, columns in members.items():
            total = totals.get(key, 0.0)
            room = EXACT * max(1.0, abs(total))
            if abs(total) <= NOTHING:
                still += columns
            else:
                instance.add_row(
                    total - room, total + room, np.array(columns), np.ones(len(columns))
                )
        instance.change_bounds(np.array(still), np.zeros(len(still)), np.zeros(len(still)))


def _observed() -> Iterator[tuple[str, str, str]]:
    """Yield the variables whose totals are observed, with the plan's table and column of each."""
    for table, variable in AMOUNTS.items():
        yield variable, table, "tonnes"
    for name in STOCKS:
        yield name, "stocks", name
    yield "build", "builds", "size"
    yield "sign", "signings", "share"
    for table, variable in FLAGS.items():
        yield variable, table, "on"
