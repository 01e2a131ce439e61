"""Races: ours and its rivals on the same inputs, turn by turn in one process, in CPU seconds."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AGREES = 1e-6
"""Relative difference of costs within which two ways agree."""


@dataclass
class Race:
    """The seconds that each contestant took on each input it was given.

    Parameters
    ----------
    section, what
        Where the report shows it.
    seconds
        By contestant and number of the input; ours is "ours".
    notes
        What else the report says of it, by column.
    """

    section: str
    what: str
    seconds: dict[str, dict[int, float]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def median(self, name: str) -> float:
        """Return the median seconds of a contestant."""
        return median(self.seconds[name].values())

    def ratio(self, name: str, of: str = "ours") -> float:
        """Return the median of ``of`` over ``name``, on the inputs that both were given."""
        mine, theirs = self.seconds[of], self.seconds[name]
        return median(mine[turn] / theirs[turn] for turn in theirs if turn in mine)


def run(
    benchmark: Any,
    race: Race,
    ours: Callable[[Any], Any],
    rivals: dict[str, tuple[Callable[[Any], Any], int]],
    inputs: Sequence[Any],
) -> None:
    """Run a race, of which pytest-benchmark times ours; costs that are returned must agree.

    Parameters
    ----------
    rivals
        By name the call and its stride: a slow one is given only every so many inputs.
    """
    costs: dict[int, dict[str, float]] = {turn: {} for turn in range(len(inputs))}
    turns = iter(range(len(inputs)))
    now = [0]

    def setup() -> tuple[tuple[Any], dict[str, Any]]:
        turn = now[0] = next(turns)
        for name, (call, stride) in rivals.items():
            if turn % stride == 0:
                gc.collect()
                start = time.process_time()
                found = call(inputs[turn])
                race.seconds.setdefault(name, {})[turn] = time.process_time() - start
                if isinstance(found, float):
                    costs[turn][name] = found
        gc.collect()
        return (inputs[turn],), {}

    def timed(given: Any) -> None:
        start = time.process_time()
        found = ours(given)
        race.seconds.setdefault("ours", {})[now[0]] = time.process_time() - start
        if isinstance(found, float):
            costs[now[0]]["ours"] = found

    benchmark.pedantic(timed, setup=setup, rounds=len(inputs))
    for turn, found in costs.items():
        for name, cost in found.items():
            size = max(1.0, abs(cost))
            assert abs(cost - found["ours"]) <= AGREES * size, (race.what, inputs[turn], name)
