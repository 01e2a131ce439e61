"""Worth of knowing: what foresight, and planning for what may happen, are worth.

The plan for all scenarios (recourse problem, RP) is compared with plans that know the scenario in
advance (wait and see, WS) and with the plan for the mean, whose first stage is then met by every
scenario (EEV). EVPI = RP - WS, VSS = EEV - RP; Birge and Louveaux, Introduction to Stochastic
Programming (2011), chapter 4.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.check import check
from instances.errors import CheckFailed, Finding, InputError, nearest_name
from instances.record import with_fields
from instances.words import money, percent
from models.build import build
from optimizer.averaged import averaged
from optimizer.compile import compile_frame
from optimizer.engine.program import Program
from optimizer.extract import plan_of
from optimizer.fixing import fixed
from optimizer.options import Options
from optimizer.plain import rows
from optimizer.result import Result
from optimizer.status import Stop
from optimizer.text_grid import grid
from optimizer.within import Within

if TYPE_CHECKING:
    import pandas as pd

    from instances.plan import Plan
    from instances.problem import Problem

SCHEMA = 1
COLUMNS = (
    *("scenario", "probability", "foresight_usd", "plan_usd", "regret_usd"),
    *("mean_plan_usd", "mean_regret_usd"),
)


@dataclass(frozen=True, eq=False)
class Worth:
    """What foresight is worth, and planning for scenarios.

    Parameters
    ----------
    problem
        What was asked.
    recourse, foresight
        Expected cost of the plan for all scenarios, and of plans that know the scenario, USD;
        ``None`` where there is no plan.
    mean_plan
        Expected cost with the first stage of the plan for the mean, USD; ``None`` where it leaves
        no plan in some scenario.
    reference
        What that plan was made for: a scenario, or "the mean of the data".
    table
        By scenario: costs with foresight, of the plan, and of the plan for the mean; regrets.
    notes
        What a reader of the numbers should know.
    complete
        Whether every solve came to its end; costs that were not found by then are ``None``.
    """

    problem: Problem
    recourse: float | None
    foresight: float | None
    mean_plan: float | None
    reference: str
    table: pd.DataFrame
    notes: tuple[str, ...]
    complete: bool = True

    @property
    def of_information(self) -> float | None:
        """Expected value of perfect information (EVPI), USD."""
        return _less(self.recourse, self.foresight)

    @property
    def of_the_stochastic_solution(self) -> float | None:
        """Value of the stochastic solution (VSS), USD."""
        return _less(self.mean_plan, self.recourse)

    def summary(self) -> str:
        """Return it as text for people."""
        lines = [
            f"{self.problem.name}: what knowing is worth",
            f"  expected cost of the plan for all scenarios       {_shown(self.recourse)}",
            f"  ... of plans that know the scenario               {_shown(self.foresight)}",
            f"  knowing it is worth (EVPI)                        {_shown(self.of_information)}",
            f"  ... of the first stage planned for {self.reference}: {_shown(self.mean_plan)}",
            "  planning for all of them is worth (VSS)           "
            f"{_shown(self.of_the_stochastic_solution)}",
            "",
        ]
        head = ["scenario", "probability", "foresight", "plan", "regret", "plan for the mean"]
        cells = [
            [
                str(row["scenario"]),
                percent(row["probability"]),
                *(
                    _shown(row[name])
                    for name in ("foresight_usd", "plan_usd", "regret_usd", "mean_plan_usd")
                ),
            ]
            for row in rows(self.table)
        ]
        return "\n".join([*lines, grid(head, cells), *self.notes])

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "schema": SCHEMA,
            "name": self.problem.name,
            "recourse_usd": self.recourse,
            "foresight_usd": self.foresight,
            "mean_plan_usd": self.mean_plan,
            "evpi_usd": self.of_information,
            "vss_usd": self.of_the_stochastic_solution,
            "reference": self.reference,
            "scenarios": rows(self.table),
            "notes": list(self.notes),
            "complete": self.complete,
        }

    def to_json(self) -> str:
        """Return it as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)


def worth(
    subject: Problem | Result,
    reference: str | None = None,
    options: Options | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Worth:
    """Return what foresight, and planning for scenarios, are worth; the regret of a plan.

    Expected costs are compared, whatever weight the problem gives to risk: a note says so.

    Parameters
    ----------
    subject
        A problem with scenarios; or a result, the regret of whose plan is told.
    reference
        Scenario for which the plan for the mean is made; data averaged over scenarios if not
        given.
    options
        How to solve each problem; the time limit is that of all solves together.
    cancel
        Set it from another thread to stop.

    Raises
    ------
    InputError
        There are no scenarios, or not this one.
    SolverFailed, CheckFailed
        The solver failed, or the referee disagrees with a plan: a bug.
    """
    import pandas as pd

    asked = subject.problem if isinstance(subject, Result) else subject
    problem = with_fields(asked, risk=None)
    branches = problem.branches
    known = {branch.id: branch for branch in branches}
    refuse_certain(problem, reference)
    options = (options or Options()).model_copy(update={"tie_break": False})
    within = Within(options, cancel or threading.Event())
    notes = []
    if asked.risk is not None and not asked.risk.neutral:
        notes.append(
            f"The problem minimises {asked.risk.sentence()}; here expected costs are compared, "
            "and the plan for all scenarios is that of least expected cost."
        )
    recourse = within.solve(problem)
    planned = subject if isinstance(subject, Result) else recourse
    plan = None if planned is None else planned.decisions
    alone = {branch.id: _cost(within.solve(problem.under(branch))) for branch in branches}
    mean = averaged(problem) if reference is None else with_fields(problem.under(known[reference]))
    staged, why = _staged(problem, within.solve(mean), options, within)
    if why is not None:
        notes.append(why)
    if not within.complete:
        notes.append("Time ran out: what is not told was not found.")
    spent, mean_spent = ({} if x is None else _by_branch(problem, x) for x in (plan, staged))
    table = [
        {
            "scenario": branch.id,
            "probability": branch.probability,
            "foresight_usd": alone[branch.id],
            "plan_usd": spent.get(branch.id),
            "regret_usd": _less(spent.get(branch.id), alone[branch.id]),
            "mean_plan_usd": mean_spent.get(branch.id),
            "mean_regret_usd": _less(mean_spent.get(branch.id), alone[branch.id]),
        }
        for branch in branches
    ]
    costs = [(branch.probability, alone[branch.id]) for branch in branches]
    foresight = None
    if all(cost is not None for _, cost in costs):
        foresight = sum(chance * (cost or 0.0) for chance, cost in costs)
    return Worth(
        asked,
        _cost(recourse),
        foresight,
        None if not mean_spent else sum(b.probability * mean_spent[b.id] for b in branches),
        "the mean of the data" if reference is None else f"scenario {reference}",
        pd.DataFrame(table, columns=list(COLUMNS), dtype=object),
        tuple(notes),
        within.complete,
    )


def refuse_certain(problem: Problem, reference: str | None) -> None:
    """Raise InputError for a problem without scenarios, and for what is none of them."""
    known = [branch.id for branch in problem.branches]
    if len(known) < 2:
        remedy = "Give it scenarios, or combinations of events."
        raise InputError([Finding("scenarios", "are not there to be known", remedy=remedy)])
    if reference is not None and reference not in known:
        near = nearest_name(reference, known)
        raise InputError([Finding("reference", "is no scenario", reference, near)])


def shared(problem: Problem) -> frozenset[str]:
    """Return the nodes through which every scenario passes: the first stage."""
    count = len(problem.branches)
    return frozenset(node.id for node in problem.nodes if len(node.scenarios) == count)


def _staged(
    problem: Problem, certain: Result | None, options: Options, within: Within
) -> tuple[Plan | None, str | None]:
    """Return the plan whose first stage is that of another, or why there is none."""
    if certain is None or within.over:
        within.complete = False
        return None, None
    if certain.decisions is None:
        return None, f"The plan for the mean could not be made: {certain.status}."
    first = shared(problem)
    free = compile_frame(build(problem))
    origin = {node.id: node.period.label for node in problem.nodes}
    data = problem.realised
    program = Program.of(data, fixed(free, certain.decisions, origin, first, frozenset()), options)
    answer = program.run(within.watch)
    if answer.status.stop in (Stop.TIME_LIMIT, Stop.CANCELLED):
        within.complete = False
        return None, None
    if answer.values is None:
        return None, f"With the first stage planned for the mean: {answer.status}."
    plan = plan_of(data, program.base, answer.values)
    faults = check(problem, plan, answer.objective).faults
    if faults:
        raise CheckFailed(faults)
    note = None if first else "Nothing is decided before scenarios part, so that VSS is 0."
    return plan, note


def _by_branch(problem: Problem, plan: Plan) -> dict[str, float]:
    """Return what a plan costs in each scenario, USD."""
    costs = check(problem, plan).costs
    dollars = costs.groupby("node")[f"{problem.perspective}_usd"].sum().to_dict()
    spent = dict.fromkeys((branch.id for branch in problem.branches), 0.0)
    for node in problem.nodes:
        for name in node.scenarios:
            spent[name] += float(dollars.get(node.id, 0.0))
    return spent


def _cost(result: Result | None) -> float | None:
    return None if result is None else result.objective


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _shown(dollars: float | None) -> str:
    return "no plan" if dollars is None else money(dollars)
