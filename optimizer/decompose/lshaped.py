"""The L-shaped method on one problem: what its loop needs, and what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.decompose.choice import Choice, choose
from optimizer.decompose.loop import Loop
from optimizer.decompose.recourse import Trouble

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Matrices, Positions
    from optimizer.decompose.partition import Partition
    from optimizer.options import Options


def l_shaped(parts: Partition, options: Options, watch: Watch) -> tuple[Answer, dict[str, Any]]:
    """Return the plan of least cost with duals of the rows of rules, and what the loop did.

    Raises
    ------
    Trouble
        It cannot be told by cuts; the extensive form may do.
    """
    loop = Loop(parts, _priced(parts.matrices), options, watch)
    answer = loop.solve()
    return answer, loop.facts


def by_parts(
    problem: Problem,
    matrices: Matrices,
    options: Options,
    watch: Watch,
    *,
    by_cost_alone: bool,
) -> tuple[dict[str, Any], Answer | None]:
    """Return how a problem is solved, for its record, and the answer if it is taken apart.

    Raises
    ------
    InputError
        The L-shaped loop is asked for where it cannot do.
    """
    choice = choose(problem, matrices, options, by_cost_alone=by_cost_alone)
    if len(problem.branches) == 1:
        return {}, None
    if choice.parts is None:
        return choice.facts, None
    try:
        answer, told = l_shaped(choice.parts, options, watch)
    except Trouble as trouble:
        return Choice("extensive form", f"the L-shaped loop gave up: {trouble}").facts, None
    return choice.facts | told, answer


def _priced(matrices: Matrices) -> Positions:
    """Return the rows of rules, which alone have a shadow price."""
    none = np.zeros(0, dtype=np.int64)
    found = [
        at
        for name, at in matrices.row_positions.items()
        if "rule" in matrices.constraints[name].dims
    ]
    return np.concatenate([none, *found])
