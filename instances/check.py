"""The referee: a plan judged anew, from the problem alone and by no code of the model.

A row may be off by 1e-6 of its limit or largest number, cost by 1e-6 of itself; both by 1e-6 (t,
USD) where that is more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from instances.plan import Plan
    from instances.problem import Problem
    from instances.rules.rule import RuleUse


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the referee found.

    Parameters
    ----------
    faults
        What is wrong with the plan, a sentence each with ids, node and both numbers; after the
        first five of a kind, how many more there are. Empty when the plan is right.
    costs
        A row per ``node`` and ``account``: ``amount_usd`` as it falls due, ``discounted_usd``, and
        ``buyer_usd``, ``producer_usd``, ``public_usd`` and ``system_usd``: what it counts in each
        purse, and to all together. On lines of money the three purses add up to the system.
    totals
        The same summed over nodes, expected over branches, a row per ``account``.
    objective
        Discounted USD under the perspective of the problem, weighed over branches by its risk.
    branches
        A row per branch: last ``node``, ``probability``, ``cost_usd`` (discounted, under the
        perspective of the problem), ``scenarios``.
    risks
        Discounted USD: ``expected`` cost, ``doubted`` (its worst within the range of
        probabilities), ``tail`` (CVaR), ``worst`` branch, and what is ``minimised`` of them.
    uses
        How far the plan uses each row of each rule.
    funds
        The ledger of every fund, a row per ``node`` and ``fund``.
    """

    faults: tuple[str, ...]
    costs: pd.DataFrame
    totals: pd.DataFrame
    objective: float
    branches: pd.DataFrame
    risks: Mapping[str, float]
    uses: tuple[RuleUse, ...]
    funds: pd.DataFrame


def check(problem: Problem, plan: Plan, claimed: float | None = None) -> Verdict:
    """Judge ``plan`` as an answer to ``problem``.

    Parameters
    ----------
    problem
        What was asked.
    plan
        What was answered. A row that is not there means 0 t.
    claimed
        The objective that the solver claims, discounted USD under the problem's perspective; not
        compared if not given.

    Returns
    -------
    Verdict
        Faults, if any, and every number recomputed.
    """
    # pandas is slow to import, and a problem is read and shown without it
    from instances.referee.costs import amounts, cost_table, expected
    from instances.referee.entries import read_entries
    from instances.referee.faults import Faults, figure, tolerance
    from instances.referee.funds import fund_table
    from instances.referee.judge import judge
    from instances.referee.keeping import check_rules, penalties
    from instances.referee.risk import branch_costs, risks
    from instances.referee.terms import Terms
    from instances.referee.totals import draw_ledger

    faults = Faults()
    terms = Terms(problem)
    entries = read_entries(terms, plan, faults)
    judge(terms, entries, faults)
    uses = check_rules(terms, entries, draw_ledger(terms, entries), faults)
    costs = cost_table(terms, amounts(terms, entries, penalties(terms, uses)))
    totals = expected(terms, costs)
    branches = branch_costs(terms, costs)
    found = risks(problem.risk, branches)
    objective = found["minimised"]
    # a claim of NaN is no claim that holds
    if claimed is not None and not abs(claimed - objective) <= tolerance(objective):
        faults.add(
            f"The plan costs {figure(objective)} USD, but the solver claims {figure(claimed)} USD."
        )
    ledgers = fund_table(terms, entries)
    return Verdict(
        tuple(faults.sentences), costs, totals, objective, branches, found, uses, ledgers
    )
