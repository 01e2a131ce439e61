"""Generated trees: random problems to which something may happen, in draws of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.generate.draw import Draw
from instances.generate.world import random_problem
from instances.parse import parse
from instances.periods import timeline

if TYPE_CHECKING:
    from instances.problem import Problem


def random_tree(seed: int) -> Problem:
    """Return `random_problem` with two to five scenarios, and sometimes risk.

    A seller stops selling or sells dearer, more is needed, or a site gives less; from some day on,
    for a known or an unknown time, announced or not. Who sells without limit stops for good, from
    the first day of a period. The problem without its scenarios is the random one.
    """
    problem = random_problem(seed)
    # the tree has draws of its own: the problem does not hang on it
    draw = Draw(f"tree {seed}")
    periods = timeline(problem.periods)
    first, last = periods[0].start, periods[-1].end
    event: dict[str, Any] = {"id": "event", "start": draw.day(first, last)}
    event |= _effect(draw, problem)
    if draw.chance(0.3):
        event["announced"] = first
    if draw.chance(0.3):
        event["ends_known"] = True
    chance = draw.amount(0.05, 0.6)
    tables: dict[str, Any] = {"events": [event]}
    if draw.chance(0.5):
        lengths = ["60 d", "1 yr"][: draw.randint(1, 2)]
        tables["combinations"] = [
            {"id": "varied", "event": "event", "probability": chance, "lengths": lengths}
        ]
        tables["scenarios"] = [{"id": "calm", "probability": 1 - chance}]
    else:
        tables["scenarios"] = [
            {"id": "calm", "probability": 1 - chance},
            {"id": "struck", "probability": chance, "events": ["event"]},
        ]
    if draw.chance(0.6):
        tables["risk"] = {
            "level": draw.choice((0.0, 0.5, 0.9)),
            "tail_weight": draw.choice((0.0, 0.25, 0.5)),
            "worst_weight": draw.choice((0.0, 0.25, 0.5)),
            "probability_range": draw.choice((0.0, 0.2)),
        }
    if problem.facilities and draw.chance(0.3):
        for name in ("of", "commodities", "availability", "price", "demand"):
            event.pop(name, None)
        event |= {"of": draw.choice(problem.facilities).id, "yields": draw.amount(0.5, 0.95)}
    if "availability" in event and _unlimited(problem, event):
        event["start"] = max(item.start for item in periods if item.start <= event["start"])
        for item in tables.get("combinations", ()):
            del item["lengths"]
    return parse(problem.to_plain() | tables)


def _unlimited(problem: Problem, event: dict[str, Any]) -> bool:
    """Return whether an event hits an offer of which a tranche has no capacity."""
    return any(
        part.capacity is None
        for offer in problem.offers
        if (offer.supplier, [offer.commodity]) == (event["of"], event["commodities"])
        for part in offer.slices
    )


def _effect(draw: Draw, problem: Problem) -> dict[str, Any]:
    offer = draw.choice(problem.offers)
    demand = draw.choice(problem.demand)
    seller = {"of": offer.supplier, "commodities": [offer.commodity]}
    return draw.choice(
        (
            seller | {"availability": 0},
            seller | {"price": draw.amount(1.2, 3)},
            {"of": demand.country, "commodities": [demand.commodity]}
            | {"demand": draw.amount(1.05, 1.5)},
        )
    )
