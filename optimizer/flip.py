"""Flips: the probabilities of a scenario at which the first decision turns to something else."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, nearest_name
from instances.record import with_fields
from instances.words import listed, percent, tonnes
from optimizer.options import Options
from optimizer.within import Within
from optimizer.worth import shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.problem import Problem

STEPS = 8
"""Equal stretches into which the range is cut before it is looked at where its ends differ."""
NEVER, SURE = 1e-6, 1 - 1e-6
"""Ends of the range: beyond them a scenario is none."""
NOTHING = 1e-6
"""Tonnes, or part of a contract, below which nothing is decided."""
SAME = 1e-3
"""Relative difference below which as much is decided on either side."""
Choice = Mapping[tuple[str, str], float]
"""What is decided before scenarios part: kind and id to tonnes, t/yr, or a part of a contract."""


@dataclass(frozen=True)
class Flip:
    """Where the first decision turns.

    Parameters
    ----------
    scenario
        Whose probability moves; those of all others keep their proportions.
    below, above
        Probabilities on either side, both solved.
    before, after
        What is decided there.
    cost_below, cost_above
        Least expected cost there, USD.
    """

    scenario: str
    below: float
    above: float
    before: Choice
    after: Choice
    cost_below: float
    cost_above: float

    def sentence(self) -> str:
        """Say what changes; what is decided on either side alike is left out."""
        same = {
            key
            for key in self.before.keys() & self.after.keys()
            if math.isclose(self.before[key], self.after[key], rel_tol=SAME)
        }
        before, after = (
            told({key: amount for key, amount in choice.items() if key not in same})
            for choice in (self.before, self.after)
        )
        turn = f"turns from {before or 'waiting'} to {after or 'waiting'}"
        if same:
            turn = f"{turn}; all else stays" if before and after else ""
            turn = turn or (f"gains {after}" if after else f"gives up {before}")
        return (
            f"At a probability of {self.scenario} between {percent(self.below)} and "
            f"{percent(self.above)} the first decision {turn}."
        )

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""

        def listing(choice: Choice) -> list[dict[str, Any]]:
            return [{"kind": kind, "id": id, "amount": x} for (kind, id), x in choice.items()]

        return {
            "scenario": self.scenario,
            "below": self.below,
            "above": self.above,
            "before": listing(self.before),
            "after": listing(self.after),
            "cost_below_usd": self.cost_below,
            "cost_above_usd": self.cost_above,
            "sentence": self.sentence(),
        }


def told(choice: Choice) -> str:
    """Return a choice in words."""
    words = {
        "stockpile": lambda id, amount: f"{tonnes(amount)} into stockpile {id}",
        "contract": lambda id, amount: f"{percent(amount)} of contract {id}",
        "plant": lambda id, amount: f"{tonnes(amount)}/yr of plant {id}",
    }
    return listed(tuple(words[kind](id, x) for (kind, id), x in choice.items()))


def flips(
    problem: Problem,
    scenario: str,
    *,
    low: float = 0.0,
    high: float = 1.0,
    tolerance: float = 1e-4,
    options: Options | None = None,
    cancel: threading.Event | None = None,
) -> tuple[Flip, ...]:
    """Return where the first decision turns as a scenario becomes likelier.

    A decision is which stockpiles are filled, which contracts are signed and which plants are
    built before scenarios part. The range is cut into `STEPS` stretches; where the ends of one
    differ it is halved until it is narrower than ``tolerance``. A decision that turns and turns
    back within a stretch is not seen.

    Parameters
    ----------
    scenario
        Id of a scenario of the problem.
    low, high
        Range of its probability.
    tolerance
        Width of the bracket in which a flip is told.
    options
        How to solve, weights of risk as the problem has them; the time limit is that of all solves
        together: what is known by then is returned.
    cancel
        Set it from another thread to stop; what is known by then is returned.

    Raises
    ------
    InputError
        There is no such scenario, or no range.
    """
    refuse_flip(problem, scenario)
    if not (0 <= low < high <= 1 and tolerance > 0):
        remedy = "Give 0 <= low < high <= 1 and a tolerance above 0."
        raise InputError([Finding("flip", "has no range", f"{low:g} to {high:g}", None, remedy)])
    options = options or Options()
    within = Within(options, cancel or threading.Event())
    held: dict[float, tuple[Choice, float] | None] = {}

    def at(chance: float) -> tuple[Choice, float] | None:
        if chance not in held:
            held[chance] = _first(with_chance(problem, scenario, chance), within)
        return held[chance]

    def between(below: float, above: float) -> Iterator[Flip]:
        if within.over:
            return
        left, right = at(below), at(above)
        if left is None or right is None or left[0].keys() == right[0].keys():
            return
        if above - below <= tolerance:
            yield Flip(scenario, below, above, left[0], right[0], left[1], right[1])
            return
        middle = (below + above) / 2
        yield from between(below, middle)
        yield from between(middle, above)

    start, end = max(low, NEVER), min(high, SURE)
    ends = [start + (end - start) * step / STEPS for step in range(STEPS + 1)]
    return tuple(
        flip for number in range(STEPS) for flip in between(ends[number], ends[number + 1])
    )


def refuse_flip(problem: Problem, scenario: str) -> None:
    """Raise InputError for what is no scenario of ``problem``, or is certain."""
    known = {item.id: item for item in problem.scenarios}
    if scenario not in known:
        near = nearest_name(scenario, known)
        raise InputError([Finding("flip", "is no scenario that is listed", scenario, near)])
    if len(problem.branches) < 2 or known[scenario].probability >= 1:
        raise InputError([Finding("flip", "leaves nothing else to happen", scenario)])


def with_chance(problem: Problem, scenario: str, chance: float) -> Problem:
    """Return the problem in which a scenario has a probability, the others in proportion."""
    own = next(item.probability for item in problem.scenarios if item.id == scenario)
    factor = (1 - chance) / (1 - own)
    scenarios = tuple(
        with_fields(item, probability=chance if item.id == scenario else factor * item.probability)
        for item in problem.scenarios
    )
    combined = tuple(
        with_fields(item, probability=factor * item.probability) for item in problem.combinations
    )
    return with_fields(problem, scenarios=scenarios, combinations=combined)


def _first(problem: Problem, within: Within) -> tuple[Choice, float] | None:
    """Return what is decided before scenarios part, and the cost; ``None`` without a plan."""
    result = within.solve(problem)
    if result is None or result.decisions is None or result.objective is None:
        return None
    first = shared(problem)
    choice: dict[tuple[str, str], float] = {}
    for kind, table, id, amount in (
        ("stockpile", "stocks", "stockpile", "fill"),
        ("contract", "signings", "contract", "share"),
        ("plant", "builds", "expansion", "size"),
    ):
        rows = result.decisions.tables()[table]
        rows = rows[rows["node"].isin(first) & (rows[amount] > NOTHING)]
        for name, value in rows.groupby(id)[amount].sum().items():
            choice[kind, str(name)] = float(value)
    return choice, result.objective
