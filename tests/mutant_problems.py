"""Problems on which a spoilt constraint shows its damage: random ones, and some made for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from instances import Problem, load
from instances.generate import random_problem, random_tree
from models import build
from optimizer.answer import Watch
from optimizer.compile import Matrices, compile_frame
from optimizer.cuts import Cuts
from optimizer.highs import Instance
from optimizer.options import Options
from tests import tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TRIED = 150
"""Problems on which a mutant is given the chance to show its damage."""
CHOICES = 70
"""Most yes/no choices of a problem that is tried: a mutant of more may take minutes."""
FEW = 30
"""The same in `make test`: such small problems show nearly all damage, and in no time."""
RISK = {
    "node_charged",
    "branch_charged",
    "beyond_threshold",
    "worst_branch",
    "doubted_branch",
}
"""Constraints that weigh branches: without them what is minimised falls without end."""


@dataclass(frozen=True, eq=False)
class Solved:
    """A problem with its matrices and their answer."""

    problem: Problem
    matrices: Matrices
    values: Any
    cost: float
    duals: Any
    """Of the rows, with the yes/no choices as they are."""

    def works(self, constraint: str) -> bool:
        """Return whether a constraint has a price here, or leaves choices no room.

        Where it does neither, no plan nearby is cheaper without it.
        """
        rows = self.matrices.row_positions[constraint]
        if np.abs(self.duals[rows]).max(initial=0.0) > 1e-9:
            return True
        columns = np.repeat(np.arange(len(self.values)), np.diff(self.matrices.start))
        entries = self.matrices.coefficients * self.values[columns]
        sums = np.bincount(self.matrices.rows, entries, len(self.duals))[rows]
        near = 1e-6 * np.maximum(1.0, np.abs(sums))
        tight = (sums <= self.matrices.row_lower[rows] + near) | (
            sums >= self.matrices.row_upper[rows] - near
        )
        chosen = self.matrices.integer[columns]
        choices = np.bincount(self.matrices.rows, chosen, len(self.duals))[rows]
        return bool((tight & (choices > 0)).any())

    @property
    def size(self) -> float:
        return float(np.abs(self.matrices.cost * self.values).sum()) + 1.0


@cache
def solved_seed(
    seed: int, most: int = FEW, draw: Callable[[int], Problem] = random_problem
) -> Solved | None:
    problem = draw(seed)
    matrices = compile_frame(build(problem))
    if matrices.integer.sum() > most:
        return None
    cuts = Cuts(problem, matrices, Options().hhi_tolerance)
    answer = cuts.solve(Instance(cuts.matrices, Options()), Watch())
    if answer.values is None or answer.objective is None:
        return None
    fixed = _fixed(cuts.matrices, answer.values)
    duals = Instance(fixed, Options()).run(Watch()).row_dual
    return Solved(problem, cuts.matrices, answer.values, answer.objective, duals)


def _fixed(matrices: Matrices, values: Any) -> Matrices:
    """Return the linear program in which the choices stand as they are."""
    lower, upper, chosen = matrices.lower.copy(), matrices.upper.copy(), matrices.integer
    lower[chosen] = upper[chosen] = np.round(values[chosen])
    return replace(matrices, lower=lower, upper=upper, integer=np.zeros_like(chosen))


def problems(most: int = FEW) -> Iterator[Solved]:
    return (solved for seed in range(TRIED) if (solved := solved_seed(seed, most)) is not None)


def problems_with(constraint: str, most: int = CHOICES) -> Iterator[Solved]:
    """Yield those on which a constraint is at work, those made for it first."""
    draws: list[tuple[int, Callable[[int], Problem]]] = [(TRIED, random_problem)]
    if constraint in RISK:
        draws = [(TRIED, random_tree)]
    elif constraint == "survival_met":
        draws = [(4, _survival)]
    elif constraint == "reserves_last":
        draws = [(4, _reserves)]
    elif constraint == "borrowing_limit":
        draws = [(4, _pool), *draws]
    found = (solved_seed(seed, most, draw) for count, draw in draws for seed in range(count))
    return (solved for solved in found if solved is not None and solved.works(constraint))


def _survival(seed: int) -> Problem:
    """Return G7 with a rule in place of its cut-offs of probability 0, which bites at once."""
    rule = {"id": "hold", "kind": "survival", "of": {"each": ["CHN", "AUS", "KAZ"]}}
    rule |= {"length": "1 yr", "min_met": 0.6 + 0.1 * seed, "at_once": 1 + seed % 2}
    plain = load("survival").to_plain() | {"events": [], "scenarios": [], "rules": [rule]}
    return Problem.model_validate(plain)


def _reserves(seed: int) -> Problem:
    """Return a country whose cheap seller and pit use up what it holds, and a dear one abroad."""
    dig = [{"id": "dig", "outputs": {"metal": 0.5 + 0.1 * seed}, "cost": 10}]
    ground = {"id": "ground", "kind": "reserve_limit", "of": "KAZ", "commodity": "metal"}
    return tiny.problem(
        name=f"deposit-{seed}",
        periods={"start": "2026-01-01", "count": 3, "length": "1 yr"},
        facilities=[{"id": "pit", "country": "KAZ", "capacity": 100, "processes": dig}],
        offers=[tiny.offer("KAZ", 15, 40), tiny.offer("AUS", 90, 40)],
        demand=[tiny.need(90, 400, country="KAZ")],
        rules=[ground | {"reserves": 150 + 10 * seed}],
    )


def _pool(seed: int) -> Problem:
    """Return a pool whose smaller member needs 10 t when nothing is sold and may borrow 1 to 4 t.

    Three tenths are its own: a tonne that it may not borrow takes 3.3 t more in the pool.
    """
    members = [
        {"country": "JPN", "share": 0.3, "borrowing": 1.0 + seed},
        {"country": "KOR", "share": 0.7},
    ]
    pool = {"id": "pool", "commodity": "metal", "country": "USA", "holding_cost": 1}
    return tiny.problem(
        name=f"pool-{seed}",
        periods={"start": "2026-01-01", "count": 3, "length": "1 yr"},
        offers=[tiny.offer("CHN", 100, {2026: 1000, 2027: 0, 2028: 1000})],
        demand=[
            tiny.need({2026: 0, 2027: 10, 2028: 0}, 1000, id="jp", country="JPN"),
            tiny.need({2026: 0, 2028: 10}, 1000, id="kr", country="KOR"),
        ],
        stockpiles=[pool | {"members": members, "loan_days": 365}],
    )
