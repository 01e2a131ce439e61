"""Properties of random problems on contested supply: what a plan forgets, the referee does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instances import apply, parse_edit
from instances.check import check
from instances.generate import random_contested
from instances.rules import ReserveLimit
from optimizer import Options, solve
from tests.generated import HEAVY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances import Problem

QUICK = Options(tie_break=False, time_limit=20)
ALMOST_NONE = 1e-6
"""An effect must be one: this is none to any figure."""


def _edits(problem: Problem, forgotten: str) -> Iterator[str]:
    """Yield the edits after which a problem says nothing of what a plan is to forget."""
    if forgotten == "owners":
        for rule in problem.rules:
            if getattr(rule, "stake", None) is not None:
                cap = rule.kind == "share_cap"
                yield f"rules[{rule.id}].{'max_share=1' if cap else 'min_share=0'}"
    elif forgotten == "reserves":
        for rule in problem.rules:
            if isinstance(rule, ReserveLimit):
                yield f"rules[{rule.id}].reserves=1e9"
    elif forgotten == "probability":
        for table in ("offers", "facilities", "expansions"):
            for record in getattr(problem, table):
                if record.delivery_probability < 1:
                    yield f"{table}[{record.id}].delivery_probability=1"
    else:
        for event in problem.events:
            if forgotten in event.effects:
                none = ALMOST_NONE + (1 if forgotten == "capex" else 0)
                yield f"events[{event.id}].{forgotten}={none}"


def caught(problem: Problem, forgotten: str) -> bool | None:
    """Return whether the referee refuses the least cost of a plan that forgets something.

    ``None`` where nothing is forgotten, no plan is there, or it is no cheaper to forget.
    """
    edits = [parse_edit(edit) for edit in _edits(problem, forgotten)]
    if not edits:
        return None
    knows, forgets = solve(problem, QUICK), solve(apply(problem, edits), QUICK)
    if forgets.objective is None or forgets.plan is None:
        return None
    if knows.objective is not None:
        size = float(knows.verdict.totals["discounted_usd"].abs().sum()) + 1.0
        if forgets.objective >= knows.objective - 1e-5 * size:
            return None
    return check(problem, forgets.plan, claimed=forgets.objective).faults != ()


SHOWN = {"owners": 7, "reserves": 9, "probability": 9, "capex": 9, "lead_time": 20}
"""A seed on which it is cheaper to forget."""


@pytest.mark.slow
@pytest.mark.parametrize(("forgotten", "seed"), SHOWN.items())
def test_a_plan_that_forgets_is_refused(forgotten: str, seed: int) -> None:
    assert caught(random_contested(seed), forgotten) is True


@pytest.mark.deep
@pytest.mark.parametrize("forgotten", SHOWN)
def test_no_plan_that_forgets_escapes(forgotten: str) -> None:
    found = [caught(random_contested(seed), forgotten) for seed in range(40) if seed not in HEAVY]
    assert False not in found
    assert found.count(True) >= 2
