"""A case: the shocked problem solved with the plan standing, and what is lost."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from instances.check import check
from instances.errors import CheckFailed, InputError, SolveError, SolverFailed
from instances.tree import periods_of
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.elastic import breaks
from optimizer.engine.program import Program
from optimizer.extract import plan_of
from optimizer.fixing import ROOM, fixed
from optimizer.status import Point
from optimizer.stress.outcome import CaseRecord, Loss
from optimizer.stress.shock import hard_part, shocked

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from instances.plan import Plan
    from instances.problem import Problem
    from optimizer.compile import Matrices
    from optimizer.options import Options
    from optimizer.stress.shock import Case, Shock, Shocked

SHORT = 1e-6
"""Tonnes, and part of what is needed, below which a need counts as met."""
ROOMS = (ROOM, 10 * ROOM)
"""Distances from the plan that are tried in turn: presolve has found columns infeasible that are
as narrow as its own tolerance."""
MOST_TOLD = 3
"""Rules that are named where no plan keeps them all."""


@dataclass(frozen=True, eq=False)
class Task:
    """What all cases share; it travels to workers.

    Parameters
    ----------
    problem, plan
        What is put under stress.
    shock
        How somebody is cut off.
    reoptimised
        Whether plans that know of the shock from the start are sought, too.
    options
        How to solve.
    deadline
        When time is up, by the monotonic clock; ``None`` without a limit.
    """

    problem: Problem
    plan: Plan
    shock: Shock
    reoptimised: bool
    options: Options
    deadline: float | None

    @cached_property
    def base_cost(self) -> tuple[float, float]:
        """What the plan costs as it stands, USD: shortfall apart."""
        chance = {node.id: node.probability for node in self.problem.nodes}
        costs = check(self.problem, self.plan).costs
        return _cost(self.problem, costs, chance)

    @cached_property
    def base_short(self) -> Mapping[tuple[str, str], float]:
        """Tonnes unmet in the plan as it stands, by node and demand."""
        table = _needs(self.problem, self.plan)
        return dict(
            zip(zip(table["node"], table["demand"], strict=True), table["unmet_t"], strict=True)
        )

    @cached_property
    def rates(self) -> Mapping[str, float]:
        """Commodity to the most that is needed of it, or bought in the plan, t/yr."""
        years = {node.id: node.period.years for node in self.problem.nodes}
        goods = {offer.id: offer.commodity for offer in self.problem.offers}
        bought = self.plan.purchases
        needs = _needs(self.problem, self.plan)
        most: dict[str, float] = {}
        for rows in (
            zip(bought["node"], bought["offer"].map(goods), bought["tonnes"], strict=True),
            zip(needs["node"], needs["commodity"], needs["needed_t"], strict=True),
        ):
            sums: dict[tuple[str, str], float] = defaultdict(float)
            for node, commodity, tonnes in rows:
                sums[node, commodity] += tonnes / years[node]
            for (_, commodity), rate in sums.items():
                most[commodity] = max(most.get(commodity, 0.0), rate)
        return most


def solve_cases(
    task: Task, cases: Sequence[Case], cancel: threading.Event | None = None
) -> list[CaseRecord]:
    """Return the records of some cases: what a worker does.

    Parameters
    ----------
    cancel
        Once it is set, the records so far are returned.
    """
    records: list[CaseRecord] = []
    for case in cases:
        watch = Watch(deadline=task.deadline)
        if cancel is not None:
            watch.cancel = cancel
        if watch.over:
            break
        records.append(solve_case(task, case, watch))
    return records


def solve_case(task: Task, case: Case, watch: Watch) -> CaseRecord:
    """Return the record of a case, whatever becomes of it."""
    begun = time.perf_counter()
    try:
        record = _solved(task, case, watch)
    except InputError as error:
        record = CaseRecord(case.name, case.onset, "invalid", str(error))
    except SolveError as error:
        record = CaseRecord(case.name, case.onset, "failed", str(error))
    return replace(record, seconds=round(time.perf_counter() - begun, 3))


def _solved(task: Task, case: Case, watch: Watch) -> CaseRecord:
    world = shocked(task.problem, case, task.shock, task.rates)
    free = compile_frame(build(world.problem))
    before = {node.id for node in world.problem.nodes if node.period.end <= case.onset}
    data = world.problem.realised

    def least(program: Program) -> tuple[Point, Plan | None, pd.DataFrame | None]:
        answer = program.run(watch)
        if answer.values is None:
            return answer.status.point, None, None
        plan = plan_of(data, program.base, answer.values)
        verdict = check(world.problem, plan, answer.objective)
        if verdict.faults:
            raise CheckFailed(verdict.faults)
        return answer.status.point, plan, verdict.costs

    for room in ROOMS:
        matrices = fixed(free, task.plan, world.origin, before, room=room)
        point, plan, costs = least(Program.of(data, matrices, task.options))
        if point is not Point.INFEASIBLE:
            break
    if plan is None or costs is None:
        reason = _why(data, matrices, task, watch) if point is Point.INFEASIBLE else None
        return CaseRecord(case.name, case.onset, point.value, reason)
    known: dict[tuple[str, str, str], float] | None = None
    if task.reoptimised:
        _, other, _ = least(Program.of(data, free, task.options))
        if other is not None:
            known = {
                (loss.length, loss.commodity, loss.demand_class): loss.met
                for loss in _losses(task, case, world, other)
            }
    losses = tuple(
        replace(
            loss,
            met_reoptimised=None
            if known is None
            else known[loss.length, loss.commodity, loss.demand_class],
        )
        for loss in _losses(task, case, world, plan)
    )
    extra: dict[str, tuple[float, float | None]] = {}
    hard = any(hard_part(demand) for demand in task.problem.demand)
    for length, weights in world.weights.items():
        cost, short = _cost(task.problem, costs, weights)
        extra[length] = (cost - task.base_cost[0], None if hard else short - task.base_cost[1])
    return CaseRecord(case.name, case.onset, point.value, losses=losses, costs=extra)


def _why(problem: Problem, matrices: Matrices, task: Task, watch: Watch) -> str:
    """Return what would have to give, in words."""
    try:
        gives = breaks(problem, matrices, task.options, watch)[:MOST_TOLD]
    except SolverFailed as error:
        # commitments that are neither demands nor rules stand against one another
        return str(error)
    return " ".join(item.sentence for item in gives) or "no plan keeps every rule"


def _cost(
    problem: Problem, costs: pd.DataFrame, weights: Mapping[str, float]
) -> tuple[float, float]:
    """Return what nodes cost by their weight, USD: all but shortfall, and that."""
    dollars = costs[f"{problem.perspective}_usd"] * costs["node"].map(weights).fillna(0.0)
    short = costs["account"] == "shortfall"
    return float(dollars[~short].sum()), float(dollars[short].sum())


def _needs(problem: Problem, plan: Plan) -> pd.DataFrame:
    # its module loads pandas, which importing the package does not
    from optimizer.tables import unmet

    return unmet(problem.realised, plan)


def _losses(task: Task, case: Case, world: Shocked, plan: Plan) -> Iterator[Loss]:
    """Yield what is lost, by length, commodity and class of demand."""
    table = _needs(world.problem, plan)
    table = table[["node", "demand", "commodity", "demand_class", "needed_t", "unmet_t"]]
    period = periods_of(world.problem.nodes)
    groups: dict[tuple[str, str], list[tuple[str, float, float, float]]] = defaultdict(list)
    for node, demand, commodity, who, needed, short in table.itertuples(index=False):
        if period[node].end > case.onset:
            base = task.base_short.get((world.origin[node], demand), 0.0)
            groups[commodity, who].append((node, needed, short, base))
    for length, weights in world.weights.items():
        until = world.until[length]
        for (commodity, who), rows in groups.items():
            own = [(weights[row[0]], *row) for row in rows if row[0] in weights]
            during = [row for row in own if period[row[1]].start < until]
            needed = sum(weight * need for weight, _, need, _, _ in during)
            lost = sum(weight * short for weight, _, _, short, _ in during)
            unmet = sum(weight * short for weight, _, _, short, _ in own)
            anyway = sum(weight * base for weight, _, _, _, base in own)
            days = sum((item.end - item.start).days for item in {period[row[1]] for row in during})
            worse = [
                period[node]
                for _, node, need, short, base in own
                if short - base > max(SHORT, SHORT * need)
            ]
            first = min((item.start for item in worse), default=None)
            last = max((item.end for item in worse), default=case.onset)
            ends = max(item.end for item in period.values())
            yield Loss(
                length=length,
                commodity=commodity,
                demand_class=who,
                needed_t=needed,
                unmet_t=unmet,
                unmet_anyway_t=anyway,
                missing_days=max(0.0, (unmet - anyway) / needed * days) if needed > 0 else 0.0,
                met=1.0 - lost / needed if needed > 0 else 1.0,
                first_unmet=first,
                survive_days=None if first is None else (first - case.onset).days,
                recover_days=(last - case.onset).days if last < ends or not worse else None,
            )
