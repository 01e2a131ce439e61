"""Changes: the numbers and dates of a problem that a remedy may move, and how to say it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.edit import Edit, apply
from instances.errors import InputError
from instances.periods import timeline
from instances.rules.rule import LEAST_HHI
from instances.schedule import Schedule
from optimizer.explain.words import amount, line_of, nodes_of, record_of, who

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from instances.problem import Problem
    from instances.rules.rule import RuleRecord
    from optimizer.explain.conflict import Touched

    Edits: TypeAlias = Callable[[float], tuple[Edit, ...]]

LEVERS: tuple[tuple[str, str, str, int, str], ...] = (
    ("offers", "capacity", "t/yr", 1, "{more} more from {who}"),
    ("offers", "available", "fraction", 1, "{new} of what {who} makes, not {old}"),
    ("contracts", "maximum", "t/yr", 1, "{more} more under {who}"),
    ("contracts", "take_or_pay", "fraction", -1, "{who} with {new} to be taken, not {old}"),
    ("facilities", "capacity", "t/yr", 1, "{more} more capacity at {who}"),
    ("facilities", "utilisation", "fraction", 1, "{who} used to {new}, not {old}"),
    ("facilities", "minimum_run", "t/yr", -1, "{who} able to run at {new}, not {old}"),
    ("facilities", "growth", "t/yr", 1, "{who} growing by {new} each year, not {old}"),
    ("expansions", "size", "t/yr", 1, "{who} larger by {more}"),
    ("expansions", "lead_time", "d", -1, "{who} ready {new} after it is decided, not {old}"),
    ("lanes", "capacity", "t/yr", 1, "{more} more on {who}"),
    ("lanes", "lead_time", "d", -1, "{who} in {new}, not {old}"),
    ("stockpiles", "opening", "t", 1, "{more} more in {who} at the start"),
    ("stockpiles", "capacity", "t", 1, "room for {more} more in {who}"),
    ("stockpiles", "fill_rate", "t/yr", 1, "{who} filled at {new}, not {old}"),
    ("stockpiles", "draw_rate", "t/yr", 1, "{who} drawn at {new}, not {old}"),
    ("stockpiles", "market_share", "fraction", 1, "{who} filled with {new} of offers, not {old}"),
    ("stockpiles", "rotation", "fraction", -1, "{who} rotated by {new} a year, not {old}"),
    ("outlets", "capacity", "t/yr", 1, "{more} more taken by {who}"),
    ("recycling", "recovered", "fraction", 1, "{new} recovered by {who}, not {old}"),
    ("substitutions", "limit", "fraction", 1, "{new} of the demand met by {who}, not {old}"),
    ("funds", "equity", "USD", 1, "{more} more paid into {who}"),
    ("funds", "loan", "USD", 1, "{more} more lent to {who}"),
    ("demand", "quantity", "t/yr", -1, "{more} less needed by {who}"),
)
"""Table, field, base unit, direction that may help (+1 up), and how a remedy says it."""
DATES = (
    ("offers", "start", -1),
    ("facilities", "start", -1),
    ("expansions", "start", -1),
    ("offers", "end", 1),
    ("facilities", "end", 1),
)
"""Table, field, and whether a period earlier (-1) or later (+1) may help."""
LATEST = 3
"""Periods by which a rule may be put off in a remedy."""
LEAST = 1e-6
"""Fraction to which one may fall that must be above 0."""
LARGEST_HHI = 10.0
"""Largest concentration, weighted by governance, that a rule can state."""
NEEDED_LESS = 0.95
"""Largest part of a demand that a remedy may do without."""
TIMES = 10.0
"""How many times what is missing, and what is there, a number may be raised by."""


@dataclass(frozen=True, eq=False)
class Change:
    """A number or a date that a remedy may move by an amount above 0.

    Parameters
    ----------
    table, id, field, unit
        What is moved; a date moves in periods.
    most
        How far it may be moved.
    whole
        Whether it moves in steps of one.
    edits
        The edits that move it by an amount.
    tell
        The same in words; of a rule, what it says once it is moved.
    last
        Whether it is a remedy of the last resort: to need less.
    """

    table: str
    id: str
    field: str
    unit: str
    most: float
    whole: bool
    edits: Edits
    tell: Callable[[float], str]
    last: bool = False


def changes_of(
    problem: Problem, needed: Touched, missing: Mapping[str, float]
) -> Iterator[Change]:
    """Yield the changes of the records that take part in a proof.

    Parameters
    ----------
    needed
        The records, and the nodes at which each takes part.
    missing
        What has to give in the elastic re-solve, by unit.
    """
    for (table, id), nodes in needed.records.items():
        record = record_of(problem, table, id)
        if table == "rules":
            yield from _of_rule(problem, record, nodes, missing, needed)
            continue
        for lever in LEVERS:
            if lever[0] == table:
                yield from _of_field(problem, record, lever, nodes, missing)
        for name, field, sign in DATES:
            if name == table and getattr(record, field) is not None:
                yield from _of_date(problem, table, record, field, sign)


def _of_rule(
    problem: Problem,
    rule: RuleRecord,
    nodes: Sequence[str],
    missing: Mapping[str, float],
    needed: Touched,
) -> Iterator[Change]:
    for lever in rule.levers():
        value = getattr(rule, lever.field)
        most = _most(value, lever.unit, lever.direction, missing)
        if most <= 0:
            continue
        edits = _mover(problem, f"rules[{rule.id}].{lever.field}", value, nodes, lever.direction)
        if lever.unit == "hhi" and not _valid(problem, edits(most)):
            # no weight by governance: a share of all, squared, is 1
            most *= (1.0 - max(_numbers(value))) / (LARGEST_HHI - max(_numbers(value)))

        def tell(step: float, edits: Edits = edits) -> str:
            after = record_of(apply(problem, edits(step)), "rules", rule.id)
            said = after.sentence(problem.names, line_of(problem, after, needed))
            return f"{said} ({rule.id})"

        whole = lever.unit == "count"
        yield Change("rules", rule.id, lever.field, lever.unit, most, whole, edits, tell)
    yield from _put_off(problem, rule, nodes, needed)


def _put_off(
    problem: Problem, rule: RuleRecord, nodes: Sequence[str], needed: Touched
) -> Iterator[Change]:
    """Yield the rule a few periods later: it begins, or steps up, later."""
    line = timeline(problem.periods)
    starts = [period.start for period in line]
    levers = rule.levers()
    value = getattr(rule, levers[0].field) if levers else None
    held = [at for at, period in enumerate(line) if rule.limit(period) is not None]
    if not held or not isinstance(value, Schedule) or value.interpolate:
        return
    first = starts.index(nodes_of(problem)[nodes[0]].period.start)
    dated = [day for day, _ in value.points if day > starts[0]]
    later = len(starts) - 1 - held[0]
    if dated:
        place = max(bisect_right(value.points, starts[first], key=lambda point: point[0]) - 1, 0)

        def edits(step: float) -> tuple[Edit, ...]:
            points = value.points[:place] + tuple(
                (_later(max(day, starts[0]), int(step), starts), number)
                for day, number in value.points[place:]
            )
            plain = Schedule(tuple(dict(points).items())).to_plain()
            return (Edit(select=f"rules[{rule.id}].{levers[0].field}", value=plain),)

    else:

        def edits(step: float) -> tuple[Edit, ...]:
            return (Edit(select=f"rules[{rule.id}].start", value=starts[held[0] + int(step)]),)

    def tell(step: float) -> str:
        after = record_of(apply(problem, edits(step)), "rules", rule.id)
        when = "one period later" if step == 1 else f"{step:.0f} periods later"
        said = after.sentence(problem.names, line_of(problem, after, needed))
        if dated:
            return f"{rule.id} {when}: {said}"
        return f"{rule.id} begins {when}, on {after.start}, and asks nothing before: {said}"

    most = float(min(LATEST, later))
    if most >= 1:
        yield Change("rules", rule.id, "start", "periods", most, True, edits, tell)


def _later(day: date, periods: int, starts: list[date]) -> date:
    """Return the start of a period so many periods after the one that ``day`` begins or is in."""
    at = max(bisect_right(starts, day) - 1, 0) + periods
    if at < len(starts):
        return starts[at]
    # beyond the horizon: never, as far as this problem goes
    return day.replace(year=min(starts[-1].year + 1 + at - len(starts) + 1, 9998), day=1)


def _of_field(
    problem: Problem,
    record: Any,
    lever: tuple[str, str, str, int, str],
    nodes: Sequence[str],
    missing: Mapping[str, float],
) -> Iterator[Change]:
    table, field, unit, sign, text = lever
    path, value = f"{table}[{record.id}].{field}", getattr(record, field)
    if table == "offers" and field == "capacity" and record.tranches is not None:
        last = len(record.tranches) - 1
        path, value = (
            f"offers[{record.id}].tranches[{last}].capacity",
            record.tranches[-1].capacity,
        )
    if value is None:
        return
    most = _most(value, unit, sign, missing)
    if table == "demand":
        # to need nothing at all is no remedy
        most *= NEEDED_LESS
    if most <= 0:
        return
    edits = _mover(problem, path, value, nodes, sign)
    old = _now(problem, value, nodes)
    first = nodes_of(problem)[nodes[0]]
    since = "" if nodes[0] == problem.nodes[0].id else f" from {first.period.label} on"
    since = since if isinstance(value, Schedule) else ""

    def tell(step: float) -> str:
        said = text.format(
            more=amount(step, unit),
            new=amount(old + sign * step, unit),
            old=amount(old, unit),
            who=who(problem, table, record.id),
        )
        return said[0].upper() + said[1:] + since

    yield Change(table, record.id, field, unit, most, False, edits, tell, last=table == "demand")


def _of_date(problem: Problem, table: str, record: Any, field: str, sign: int) -> Iterator[Change]:
    line = timeline(problem.periods)
    starts, ends = [period.start for period in line], [period.end for period in line]
    stops = starts if field == "start" else ends
    day = getattr(record, field)
    inside = [stop for stop in stops if (stop < day if sign < 0 else stop > day)]
    inside.sort(reverse=sign < 0)
    if not inside:
        return

    def edits(step: float) -> tuple[Edit, ...]:
        return (Edit(select=f"{table}[{record.id}].{field}", value=inside[int(step) - 1]),)

    def tell(step: float) -> str:
        word = "from" if field == "start" else "until"
        said = f"{who(problem, table, record.id)} {word} {inside[int(step) - 1]}, not {day}"
        return said[0].upper() + said[1:]

    yield Change(table, record.id, field, "periods", float(len(inside)), True, edits, tell)


def _mover(problem: Problem, path: str, value: Any, nodes: Sequence[str], sign: int) -> Edits:
    """Return the edits that move a number, or what of a schedule is in force at some nodes."""
    if not isinstance(value, Schedule):
        return lambda step: (Edit(select=path, value=type(value)(_neat(value + sign * step))),)
    places_of = nodes_of(problem)
    first = problem.nodes[0].period.start
    begins = [places_of[node].period.start for node in nodes]
    points = value.points
    places = {bisect_right(points, day, key=lambda point: point[0]) - 1 for day in begins}
    if value.interpolate:
        places = set(range(len(points)))
    elif value.constant and begins[0] > first:
        points, places = ((first, points[0][1]), (begins[0], points[0][1])), {1}
    elif -1 in places:
        points, places = ((begins[0], 0.0), *points), {place + 1 for place in places}
    if len(places) == 1 and not value.constant:
        (place,) = places
        day, number = points[place]
        dated = f"{path}[{max(day, first).isoformat()}]"
        return lambda step: (Edit(select=dated, value=_neat(number + sign * step)),)

    def edits(step: float) -> tuple[Edit, ...]:
        moved = Schedule(
            tuple(
                (day, _neat(number + sign * step) if at in places else number)
                for at, (day, number) in enumerate(points)
            ),
            value.interpolate,
        )
        return (Edit(select=path, value=moved.to_plain()),)

    return edits


def _now(problem: Problem, value: Any, nodes: Sequence[str]) -> float:
    if not isinstance(value, Schedule):
        return float(value)
    return value.at(nodes_of(problem)[nodes[0]].period.start) or 0.0


def _neat(number: float) -> float:
    """Return a number without the noise of an addition."""
    return float(f"{number:.12g}")


def _valid(problem: Problem, edits: tuple[Edit, ...]) -> bool:
    try:
        apply(problem, edits)
    except InputError:
        return False
    return True


def _numbers(value: Any) -> tuple[float, ...]:
    return value.values if isinstance(value, Schedule) else (float(value),)


def _most(value: Any, unit: str, sign: int, missing: Mapping[str, float]) -> float:
    """Return how far a number can go without leaving what it may be."""
    numbers = _numbers(value)
    if sign < 0:
        # a number that may not be 0 stops short of it
        least = {"count": 1.0, "hhi": LEAST_HHI, "fraction": LEAST}.get(unit, 0.0)
        least = 0.0 if unit == "fraction" and isinstance(value, Schedule) else least
        return min(numbers) - least
    if unit == "fraction":
        return 1.0 - max(numbers)
    if unit == "hhi":
        return LARGEST_HHI - max(numbers)
    if unit == "count":
        return 10.0
    if unit == "d":
        return 3650.0
    lacking = missing.get("USD" if unit.startswith("USD") else "t", 0.0)
    return TIMES * max(max(numbers), lacking, 1.0)
