"""Goals: what is sought, in order, each held within a tolerance while the next is sought."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal, cast, get_args

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

Goal = Literal["shortfall", "cost", "concentration"]
GOALS = get_args(Goal)
_GOAL = re.compile(r"(\w+)(?::(\d+(?:\.\d*)?(?:e-?\d+)?) ?(%?))?")


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal, and the fraction of its least value by which a later goal may worsen it."""

    goal: Goal
    tolerance: float = 0.0


def read_aim(text: str) -> Aim:
    """Return the goal that a text such as "cost" or "cost:1%" states.

    Raises
    ------
    PydanticCustomError
        It states none.
    """
    match = _GOAL.fullmatch(text.strip())
    if match is None or match[1] not in GOALS:
        raise PydanticCustomError(
            "goal",
            "names {text}, which is no goal. Write {goals}, each with a tolerance if it may give "
            "way: 'cost:1%'.",
            {"text": repr(text), "goals": ", ".join(GOALS)},
        )
    tolerance = float(match[2] or 0) / (100 if match[3] else 1)
    if tolerance > 1:
        raise PydanticCustomError(
            "goal", "gives {goal} a tolerance above 100 %.", {"goal": match[1]}
        )
    return Aim(cast("Goal", match[1]), tolerance)


def _read(goals: tuple[str, ...]) -> tuple[str, ...]:
    names = [read_aim(text).goal for text in goals]
    if len(set(names)) < len(names):
        raise PydanticCustomError("goal", "names a goal twice. Keep one of them.")
    if "cost" not in names:
        raise PydanticCustomError("goal", "leaves out the cost. Add 'cost' where it belongs.")
    return goals


Goals = Annotated[
    tuple[str, ...], Field(min_length=1, max_length=len(GOALS)), AfterValidator(_read)
]
"""Goals in order, each with the fraction by which it may give way, as in ``cost:1%``."""
