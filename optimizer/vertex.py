"""A point of a frontier: its plan drawn, judged by the referee, and what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.check import check
from instances.errors import CheckFailed
from optimizer.curve import Vertex
from optimizer.extract import plan_of

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem
    from optimizer.answer import Answer
    from optimizer.compile import Matrices


def vertex_of(problem: Problem, matrices: Matrices, at: float, answer: Answer) -> Vertex:
    """Return the vertex of an answer with a plan.

    Parameters
    ----------
    problem
        The problem at this point.
    matrices
        A program of its structure, for the names of its columns.

    Raises
    ------
    CheckFailed
        The referee disagrees with the plan.
    """
    assert answer.values is not None
    assert answer.objective is not None
    plan = plan_of(problem, matrices, answer.values)
    verdict = check(problem, plan, claimed=answer.objective)
    if verdict.faults:
        raise CheckFailed(verdict.faults)
    from optimizer import tables

    chance = {node.id: node.probability for node in problem.nodes}
    supply: dict[tuple[str, str], float] = {}
    for table, amount in (
        (tables.purchases(problem, plan), "bought_t"),
        (tables.production(problem, plan), "made_t"),
    ):
        table[amount] *= table["node"].map(chance)
        for key, tonnes in _sums(table, amount).items():
            supply[key] = supply.get(key, 0.0) + tonnes
    unmet = plan.shortfalls["tonnes"] * plan.shortfalls["node"].map(chance)
    return Vertex(at, answer.objective, float(unmet.sum()), supply)


def _sums(table: pd.DataFrame, amount: str) -> dict[tuple[str, str], float]:
    sums = table.groupby(["commodity", "country"], as_index=False)[amount].sum()
    keys = zip(sums["commodity"], sums["country"], strict=True)
    return dict(zip(keys, sums[amount].tolist(), strict=True))
