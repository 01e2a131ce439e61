"""Large trees: a chain from mines to metal under hundreds of scenarios, for benchmarks.

The chain of `large_problem` meets, in each scenario, disruptions of its own from the third year
on: two sellers of ore and two countries with plants lose a part of what they have for a year or
more, and the buyer needs less or more. The first two years are common to all.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from instances.generate.draw import Draw
from instances.generate.large import large_data

if TYPE_CHECKING:
    from instances.problem import Problem

MID_SIZE = (2, 5, 3, 4)
"""Minerals, origins, processors and years of some 800 columns a scenario."""
COMMON_YEARS = 2


def disrupted_problem(
    scenarios: int, size: tuple[int, int, int, int] = MID_SIZE, *, seed: int = 0
) -> Problem:
    """Return a chain under equally likely ``scenarios``; ``size`` is that of `large_problem`."""
    from instances.parse import parse

    return parse(disrupted_data(scenarios, size, seed=seed))


def disrupted_data(
    scenarios: int, size: tuple[int, int, int, int] = MID_SIZE, *, seed: int = 0
) -> dict[str, Any]:
    """Return the problem of `disrupted_problem` as plain data, as a file would hold it."""
    data = large_data(*size, links=0.4, seed=seed)
    # events have draws of their own: the chain does not hang on them
    draw = Draw(f"disruptions {seed}")
    sellers = sorted({offer["country"] for offer in data["offers"]})
    makers = sorted({site["country"] for site in data["facilities"]})
    first = date.fromisoformat(data["periods"]["start"])
    onset = first.replace(year=first.year + COMMON_YEARS)
    ends = [onset.replace(year=onset.year + years).isoformat() for years in (1, 2, 3)]
    events: list[dict[str, Any]] = []
    chances = []
    for number in range(scenarios):
        name = f"s{number:04}"
        struck = [
            {"of": code, "availability": draw.amount(0, 0.9), "end": draw.choice(ends)}
            for code in draw.sample(sellers, 2) + draw.sample(makers, 2)
        ]
        struck.append({"of": "USA", "demand": draw.amount(0.8, 1.3) + 1e-3})
        mine = [
            event | {"id": f"{name}-{place}", "start": onset.isoformat(), "ends_known": True}
            for place, event in enumerate(struck)
        ]
        events += mine
        chances.append(
            {
                "id": name,
                "probability": 1 / scenarios,
                "events": [event["id"] for event in mine],
            }
        )
    return data | {
        "name": f"disrupted-{scenarios}",
        "events": events,
        "scenarios": chances,
    }
