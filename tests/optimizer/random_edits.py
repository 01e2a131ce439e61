"""Random edits of every kind: of costs, bounds, coefficients, or of the structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances import apply

if TYPE_CHECKING:
    import random

    from instances.problem import Problem


def random_edit(draw: random.Random, problem: Problem) -> str:
    """Return an edit of any kind: of costs, bounds, coefficients, or of the structure."""
    last = problem.nodes[-1].period.start
    factor = round(draw.uniform(0.5, 1.5), 3)
    kinds = [
        f"offers[*].price*={factor}",
        f"demand[*].quantity*={factor}",
        f"offers[{draw.choice(problem.offers).id}].available={draw.choice([0.0, 0.5, 1.0])}",
        f"discount.rate={round(draw.uniform(0, 0.1), 3)}",
        f"offers[*].start={last}",
        f"periods.count={max(1, len(problem.nodes) - 1)}",
        f"periods.count={len(problem.nodes) + 1}",
    ]
    for rule in problem.rules:
        lever = rule.levers()[0]
        if lever.unit == "fraction":
            kinds.append(f"rules[{rule.id}].{lever.field}={round(draw.uniform(0, 1), 3)}")
        kinds += [f"rules[{rule.id}].end={last}", f"rules[{rule.id}].start={last}"]
    for lane in problem.lanes:
        kinds += [f"lanes[{lane.id}].loss=0.07", f"lanes[{lane.id}].lead_time=100"]
    for site in problem.facilities:
        kinds.append(f"facilities[{site.id}].utilisation={round(draw.uniform(0.3, 1), 3)}")
    return draw.choice(kinds)


def fitting_edit(draw: random.Random, problem: Problem) -> str:
    """Return an edit that leaves the problem valid."""
    while True:
        text = random_edit(draw, problem)
        try:
            apply(problem, [text])
        except ValueError:
            # not every edit fits every problem (a horizon stated by dates, say)
            continue
        return text
