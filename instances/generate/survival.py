"""Generated cut-offs: random problems in which a seller may be cut off, in draws of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.generate.draw import Draw
from instances.generate.world import random_problem
from instances.parse import parse
from instances.periods import timeline

if TYPE_CHECKING:
    from instances.problem import Problem


def random_survival(seed: int) -> Problem:
    """Return `random_problem` with a survival rule: any of its sellers, or any two, are cut off.

    The problem without the rule is the random one.
    """
    problem = random_problem(seed)
    # the rule has draws of its own: the problem does not hang on it
    draw = Draw(f"survival {seed}")
    wanted = {item.commodity for item in problem.demand}
    offer = draw.choice([item for item in problem.offers if item.commodity in wanted])
    others = [item.supplier for item in problem.offers if item.commodity == offer.commodity]
    names = list(dict.fromkeys([offer.supplier, *others]))[: draw.randint(2, 3)]
    # what is unlimited cannot be cut off for a part of a period
    endless = any(
        part.capacity is None
        for item in problem.offers
        if item.supplier in names
        for part in item.slices
    )
    rule: dict[str, Any] = {
        "id": "survival",
        "kind": "survival",
        "of": {"each": names},
        "commodities": [offer.commodity],
        "length": "30 yr" if endless else draw.choice(("60 d", "1 yr", "30 yr")),
        "min_met": draw.amount(0.5, 0.98),
    }
    if len(names) > 1 and draw.chance(0.4):
        rule["at_once"] = 2
    line = timeline(problem.periods)
    if len(line) == 1 or draw.chance(0.3):
        rule["start"] = line[0].start
    if draw.chance(0.5):
        rule["demand_classes"] = [draw.choice(problem.demand).demand_class]
    rules = [*problem.to_plain().get("rules", ()), rule]
    return parse(problem.to_plain() | {"rules": rules})
