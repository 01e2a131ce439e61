"""Prices of rules: what one step of each rule is worth, by duals and by solves, side by side.

The dual is the slope of the least cost where the rule stands; solves one step to either side say
what a step really saves or costs. They differ at a kink, and with yes/no choices they may differ
altogether: so all are given, labelled, and the dual with the stretch on which it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from instances.record import with_fields
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.engine.family import Family
from optimizer.engine.program import Program
from optimizer.options import Options
from optimizer.status import Point

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable

    import pandas as pd

    from instances.problem import Problem
    from instances.rules.rule import Lever, RuleRecord
    from optimizer.answer import Answer
    from optimizer.compile import Matrices

SAME = 1e-6
"""Relative difference within which two prices are one."""
ROUNDS = 12
"""Solves after which the end of the stretch on which a dual holds is given up."""


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What moving one lever of a rule, at all its dates at once, is worth.

    Every number is a saving: USD (discounted, under the problem's perspective) less for one unit
    of the lever in the direction that relaxes the rule.

    Parameters
    ----------
    rule, lever, unit, step
        Which number, its base unit, and the step that was solved.
    dual
        Slope of the least cost; of the program with yes/no choices fixed, where there are any.
    dual_kind
        "lp" or "fixed_integers"; ``None`` without a dual.
    relaxation_dual
        The same of the program that lets choices be fractions; ``None`` where there are none.
    relaxing, tightening
        Saving per unit of a step that relaxes, and loss per unit of one that tightens, by solves;
        ``None`` where the step has no plan or the lever is at its end.
    holds_tighter, holds_looser
        How far the lever can be tightened and relaxed (units) while the dual holds, looked at as
        far as the number nearest to its bounds can go; ``None`` with choices, or where the cost
        does not move in straight lines.
    degenerate
        Whether the two solved steps differ: the rule stands at a kink, and has two prices.
    reason
        Why numbers are missing.
    """

    rule: str
    lever: str
    unit: str
    step: float
    dual: float | None = None
    dual_kind: str | None = None
    relaxation_dual: float | None = None
    relaxing: float | None = None
    tightening: float | None = None
    holds_tighter: float | None = None
    holds_looser: float | None = None
    degenerate: bool = False
    reason: str | None = None


COLUMNS = [field.name for field in fields(RulePrice)]


def rule_prices(
    problem: Problem,
    rules: Iterable[str] | None = None,
    options: Options | None = None,
    *,
    cancel: threading.Event | None = None,
) -> pd.DataFrame:
    """Return a row for every lever of every rule (or of those named).

    Parameters
    ----------
    rules
        Ids; all if not given.
    options
        How to solve; a time limit holds for all solves together, after which the rows that are
        missing say so.

    Returns
    -------
    The fields of `RulePrice` as columns.
    """
    import pandas as pd

    options = (options or Options()).model_copy(update={"tie_break": False})
    watch = Watch.within(options.time_limit, cancel)
    wanted = None if rules is None else set(rules)
    matrices = compile_frame(build(problem))
    program = Program.of(problem, matrices, options)
    base, matrices = program.run(watch), program.base
    found = [
        _priced(problem, rule, lever, matrices, base, options, watch)
        for rule in problem.rules
        if wanted is None or rule.id in wanted
        for lever in rule.levers()
    ]
    rows = [[getattr(row, name) for name in COLUMNS] for row in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def _priced(
    problem: Problem,
    rule: RuleRecord,
    lever: Lever,
    matrices: Matrices,
    base: Answer,
    options: Options,
    watch: Watch,
) -> RulePrice:
    blank = RulePrice(rule.id, lever.field, lever.unit, lever.step)
    if base.status.point is not Point.OPTIMAL or base.objective is None:
        return replace(blank, reason=f"there is no least cost to start from: {base.status}")
    if watch.over:
        return replace(blank, reason="time ran out")
    family = Family.made_by(problem, partial(_moved, problem, rule, lever), options)
    relaxing = _step(family, base.objective, lever.step, watch)
    tightening = _step(family, base.objective, -lever.step, watch)
    price = replace(
        blank,
        relaxing=relaxing,
        tightening=tightening,
        degenerate=relaxing is not None
        and tightening is not None
        and abs(relaxing - tightening) > SAME * max(abs(relaxing), abs(tightening), 1.0),
        reason=None if relaxing is not None and tightening is not None else _why(lever),
    )
    if lever.unit == "count":
        return replace(price, reason="a whole number has no dual: only solves price it")
    size = _room(rule, lever)
    if size <= 0 or not family.prove([-size], [size]):
        return replace(price, reason=price.reason or "the model does not move in proportion to it")
    assert family.line is not None
    if not matrices.integer.any():
        dual = -family.line.slope(family.solve([0.0], watch))
        looser, tighter = _stretch(family, base.objective, dual, size, watch)
        return replace(
            price, dual=dual + 0.0, dual_kind="lp", holds_looser=looser, holds_tighter=tighter
        )
    duals = [
        -family.line.slope(answer) + 0.0 if answer.row_dual is not None else None
        for answer in (
            with_choices_fixed(matrices, base, options, watch),
            _relaxed(matrices, options, watch),
        )
    ]
    kind = None if duals[0] is None else "fixed_integers"
    return replace(price, dual=duals[0], dual_kind=kind, relaxation_dual=duals[1])


def _moved(problem: Problem, rule: RuleRecord, lever: Lever, amount: float) -> Problem:
    """Return the problem with a lever of one rule relaxed by ``amount`` (tightened, below 0)."""
    rules = tuple(
        item.relaxed(lever, amount) if item.id == rule.id else item for item in problem.rules
    )
    # a plain copy would keep what is worked out of the rules as they were
    return with_fields(problem, rules=rules)


def _room(rule: RuleRecord, lever: Lever) -> float:
    """Return how far a lever can go to either side before it is brought back to its bounds."""
    value = getattr(rule, lever.field)
    numbers = list(getattr(value, "values", None) or [float(value)])
    below = float(min(numbers))
    return min(below, 1.0 - float(max(numbers))) if lever.unit == "fraction" else below


def _why(lever: Lever) -> str:
    return f"a step of {lever.step:g} leads to no plan, or beyond what {lever.field} can be"


def _step(family: Family, cost: float, amount: float, watch: Watch) -> float | None:
    """Return the saving per unit of a step, by a solve; ``None`` without a plan."""
    if family.at([amount]).rules == family.problem.rules:
        return None
    answer = family.solve([amount], watch)
    if answer.objective is None:
        return None
    return (cost - answer.objective) / amount + 0.0


def _stretch(
    family: Family, cost: float, dual: float, size: float, watch: Watch
) -> tuple[float | None, float | None]:
    """Return how far the dual holds when the rule is relaxed, and when it is tightened."""
    assert family.line is not None
    if len(family.line.places.entries) or family.line.moves_costs:
        return None, None
    ends = []
    for sign in (1.0, -1.0):
        end = sign * size
        for _ in range(ROUNDS):
            answer = family.solve([end], watch)
            if answer.objective is None:
                break
            expected = cost - dual * end
            if abs(answer.objective - expected) <= SAME * 1e-3 * max(1.0, abs(cost)):
                break
            slope = family.line.slope(answer)
            if abs(slope + dual) <= 1e-12:
                break
            # where the tangent of the far point meets the one at hand
            end = (answer.objective - slope * end - cost) / (-dual - slope)
            if sign * end <= 0:
                end = 0.0
                break
        ends.append(abs(end))
    return ends[0], ends[1]


def with_choices_fixed(matrices: Matrices, base: Answer, options: Options, watch: Watch) -> Answer:
    """Solve the linear program in which the choices stand as they are."""
    assert base.values is not None
    lower, upper = matrices.lower.copy(), matrices.upper.copy()
    chosen = matrices.integer
    lower[chosen] = upper[chosen] = np.round(base.values[chosen])
    fixed = replace(matrices, lower=lower, upper=upper, integer=np.zeros_like(matrices.integer))
    return Program(fixed, options).run(watch)


def _relaxed(matrices: Matrices, options: Options, watch: Watch) -> Answer:
    """Solve the linear program in which choices may be fractions."""
    free = replace(matrices, integer=np.zeros_like(matrices.integer))
    return Program(free, options).run(watch)
