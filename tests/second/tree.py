"""The tree of the second program: periods after what has happened so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.second.raw import Data, day, number, periods, years


@dataclass(frozen=True)
class Node:
    """A period after what has happened so far."""

    time: int
    happened: tuple[str, ...]
    start: date
    end: date
    probability: float
    before: Node | None
    last: bool

    @property
    def years(self) -> float:
        return years(self.start, self.end)


def tree(plain: Data) -> list[Node]:
    """Return the nodes: scenarios share a period in which the same has begun in both."""
    events = {item["id"]: item for item in plain.get("events", ())}
    scenarios = plain.get("scenarios") or [{"probability": 1}]
    chances: dict[tuple[int, tuple[str, ...]], float] = {}
    earlier: dict[tuple[int, tuple[str, ...]], tuple[str, ...]] = {}
    spans = periods(plain)
    for scenario in scenarios:
        last: tuple[str, ...] = ()
        for time, (_, end) in enumerate(spans):
            begun = [
                name for name in scenario.get("events", ()) if day(events[name]["start"]) < end
            ]
            key = (time, tuple(sorted(begun)))
            chances[key] = chances.get(key, 0.0) + number(scenario["probability"])
            earlier[key] = last
            last = key[1]
    made: dict[tuple[int, tuple[str, ...]], Node] = {}
    for time, happened in sorted(chances):
        before = made[time - 1, earlier[time, happened]] if time else None
        chance = chances[time, happened]
        last_of_all = time == len(spans) - 1
        made[time, happened] = Node(time, happened, *spans[time], chance, before, last_of_all)
    return list(made.values())


def way(node: Node) -> list[Node]:
    """Return a node and those before it."""
    return [node, *(way(node.before) if node.before else ())]


def worth(plain: Data, node: Node) -> float:
    """Return what a dollar due in a node counts for: its probability, discounted."""
    told = plain["discount"]
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[told.get("timing", "middle")]
    until = years(day(plain["periods"]["start"]), node.start) + share * node.years
    return float(node.probability * (1 + number(told["rate"])) ** -until)


def worth_at_end(plain: Data, node: Node) -> float:
    """Return what a dollar on the last day of a node counts for."""
    until = years(day(plain["periods"]["start"]), node.end)
    return float(node.probability * (1 + number(plain["discount"]["rate"])) ** -until)


def closes(event: Data, good: str, country: str) -> bool:
    """Return whether an event leaves less of a good of a country."""
    return "availability" in event and country == event["of"] and good in event["commodities"]


def hit(event: Data, node: Node, start: date) -> float:
    """Return for how many years of a node from a day on an event that has happened holds."""
    if event["id"] not in node.happened:
        return 0.0
    begins = day(event["start"])
    ends = begins + timedelta(days=number(event["length"]))
    return years(max(start, begins), min(node.end, ends))


def effect(event: Data, node: Node, field: str, none: float) -> float:
    """Return what an event makes of a number in a node, by the part of it on which it holds."""
    stated = number(event.get(field, none))
    return none + (stated - none) * hit(event, node, node.start) / node.years
