"""What events name and hit: parties, goods, lanes and rules that are there, and numbers to change.

Whatever an event states must change something: an effect on nothing is a wrong name, and a part of
what is unlimited is as unlimited as before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, shortened
from instances.periods import timeline
from instances.rules import Participation, ReserveLimit
from instances.scenarios.hits import hits_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instances.facility import Facility, Process
    from instances.network import Lane
    from instances.reference_scope import Scope
    from instances.scenarios.event import Event
    from instances.scenarios.hits import Hit

_HITABLE = (
    "offers",
    "facilities",
    "expansions",
    "lanes",
    "demand",
    "contracts",
    "commodities",
    "groups",
)
_OF_PLACES = frozenset({"demand", "yields", "capex", "lead_time"})
"""Effects on countries and facilities, which no lane has."""
ROUNDING = 1e-9
"""Years by which a period may seem longer than the same period: rounding."""
_LIKE_COUNTRY = re.compile("[A-Z]{3}")
_WANTED = {
    "availability": "no offer is made, and no facility makes any, of these goods there",
    "price": "no offer of these goods is made there",
    "tariff": "no lane carries these goods from there",
    "delay": "no lane carries these goods from there",
    "demand": "these goods are not needed there",
    "yields": "no facility makes any of these goods there",
    "capex": "no facility there that makes any of these goods can be expanded",
    "lead_time": "no facility there that makes any of these goods can be expanded",
}


def event_findings(scope: Scope) -> Iterator[Finding]:
    """Yield what events name that is not there, and effects on nothing."""
    for place, event in enumerate(scope.problem.events):
        where = scope.where("events", place)
        names = list(_names(scope, where, event))
        yield from names
        if not event.effects:
            yield Finding(
                where,
                "changes nothing",
                remedy="State an effect: availability, price, tariff, delay, demand, yields, "
                "capex or lead_time.",
            )
        elif not names and scope.complete(*_HITABLE):
            yield from _effects(scope, where, event)


def _names(scope: Scope, where: str, event: Event) -> Iterator[Finding]:
    of = event.of
    alone = isinstance(of, str)
    for number, name in enumerate((of,) if isinstance(of, str) else of or ()):
        path = f"{where}.of" + ("" if alone else f"[{number}]")
        if scope.parties & {name, ""} or "" in scope.suppliers:
            continue
        if _LIKE_COUNTRY.fullmatch(name):
            yield from scope.unknown_country(path, name)
        else:
            yield Finding(
                path,
                "names nobody: neither a country, a group, a supplier nor a facility",
                shortened(name),
                scope.nearest(name, scope.parties),
                "Name a country, group, supplier or facility of the problem.",
            )
    yield from goods_findings(scope, where, event)
    whole = {
        rule.id for rule in scope.problem.rules if isinstance(rule, Participation | ReserveLimit)
    }
    for number, name in enumerate(event.waives or ()):
        if name in whole:
            yield Finding(
                f"{where}.waives[{number}]",
                "is judged over the whole horizon, so that no event can waive it",
                shortened(name),
                remedy="Take it off the list.",
            )


def goods_findings(scope: Scope, where: str, event: Event) -> Iterator[Finding]:
    """Yield lanes, goods, stages, buyers and rules that an event names and that are not there."""
    for field, table, one in (
        ("lanes", "lanes", "a lane"),
        ("commodities", "commodities", "a commodity"),
        ("waives", "rules", "a rule"),
    ):
        names = getattr(event, field) or ()
        yield from scope.repeated(f"{where}.{field}", names)
        for number, name in enumerate(names):
            yield from scope.unknown(f"{where}.{field}[{number}]", table, name, one)
    yield from scope.repeated(f"{where}.stages", event.stages or ())
    for number, name in enumerate(event.stages or ()):
        yield from scope.unknown_stage(f"{where}.stages[{number}]", name)
    for number, name in enumerate(event.buyers or ()):
        if name not in scope.places and "" not in scope.places:
            yield Finding(
                f"{where}.buyers[{number}]",
                "is neither a country nor a group",
                shortened(name),
                scope.nearest(name, scope.places),
                "Name a country or a group of the problem.",
            )


def _effects(scope: Scope, where: str, event: Event) -> Iterator[Finding]:
    hits = list(hits_of(scope.problem, event))
    courses = _courses(scope, event)
    for effect in event.effects:
        own = [hit for hit in hits if hit.effect == effect]
        if not own:
            lanes = event.lanes is not None or (effect == "availability" and event.buyers)
            why = _WANTED["tariff" if lanes and effect not in _OF_PLACES else effect]
            yield Finding(
                f"{where}.{effect}",
                f"changes nothing: {why}",
                f"{getattr(event, effect):g}",
                remedy="Correct whom or what it hits, or drop the effect. Goods that move freely "
                "need declared lanes to be held up.",
            )
        for hit in own:
            yield from _hit(scope, f"{where}.{effect}", event, hit)
            if effect == "availability":
                yield from _unlimited_part(scope, f"{where}.{effect}", courses, hit)


def _courses(scope: Scope, event: Event) -> list[Event]:
    """Return an event in every way in which some branch has it, or as it is where none has."""
    if not scope.complete("events", "combinations", "scenarios"):
        return [event]
    found = {
        (item.start, item.until, item.availability): item
        for branch in scope.problem.branches
        for item in branch.events
        if item.id == event.id
    }
    return list(found.values()) or [event]


def availability_findings(scope: Scope, where: str, courses: list[Event]) -> Iterator[Finding]:
    """Yield what an event takes away that cannot be, in any of its courses, as it is written."""
    for hit in hits_of(scope.problem, courses[0]):
        yield from _hit(scope, where, courses[0], hit)
        yield from _unlimited_part(scope, where, courses, hit)


def _hit(scope: Scope, where: str, event: Event, hit: Hit) -> Iterator[Finding]:
    record = getattr(scope.problem, hit.table)[hit.place]
    if hit.table == "lanes" and hit.path[0] in ("available", "tariff", "delay"):
        yield from _lane(scope, where, event, record, hit.effect)
    if hit.effect == "yields":
        yield from _process(scope, where, event, record, record.processes[hit.path[1]])
    closed = hit.table == "facilities" and event.availability == 0
    if hit.effect == "availability" and closed and record.capacity is None:
        yield Finding(
            where,
            f"closes facilities[{record.id}], which has no capacity to take away",
            remedy="Give the facility a capacity.",
        )


def _unlimited_part(scope: Scope, where: str, courses: list[Event], hit: Hit) -> Iterator[Finding]:
    """Yield a finding if a part of what is unlimited is taken: it would change nothing."""
    record = getattr(scope.problem, hit.table)[hit.place]
    if not _unlimited(record):
        return
    name = f"{hit.table}[{record.id}]"
    part = next((item for item in courses if 0 < item.availability < 1), None)
    if part is not None:
        yield Finding(
            where,
            f"takes a part of {name}, which is unlimited",
            f"{part.availability:g}",
            remedy="Give it a capacity, or let nothing be available (0).",
        )
        return
    if hit.table == "facilities" or not scope.known.horizon:
        # a site without a capacity cannot be closed for any time
        return
    opens, closes = getattr(record, "start", None), getattr(record, "end", None)
    for event in courses:
        first = event.start if opens is None else max(event.start, opens)
        ends = [day for day in (event.until, closes) if day is not None]
        last = min(ends, default=None)
        for period in timeline(scope.problem.periods):
            open_, cut = period.years_within(opens, closes), period.years_within(first, last)
            if 0 < cut < open_ - ROUNDING:
                yield Finding(
                    where,
                    f"closes {name} for a part of {period.label} only, in the rest of which it "
                    "sells or carries any amount: nothing is taken from what is unlimited",
                    f"{max(first, period.start)} to {min(last or period.end, period.end)}",
                    remedy="Give it a capacity, let the event begin and end with periods, or "
                    "make the periods shorter.",
                )
                return


def _others(scope: Scope, event: Event, goods: Iterable[str]) -> list[str]:
    """Return those of some goods that an event does not name, if it names any."""
    named = set(event.commodities or ())
    stages = {item.id: item.stage for item in scope.problem.commodities}
    if event.stages is not None:
        named = {name for name, stage in stages.items() if stage in event.stages}
    return [name for name in goods if named and name not in named]


def _process(
    scope: Scope, where: str, event: Event, site: Facility, process: Process
) -> Iterator[Finding]:
    others = _others(scope, event, process.outputs)
    if others:
        yield Finding(
            where,
            f"changes what facilities[{site.id}].processes[{process.id}] gives of "
            f"'{others[0]}', too",
            remedy="Name all that the process gives, or the facility without goods.",
        )


def _lane(scope: Scope, where: str, event: Event, lane: Lane, effect: str) -> Iterator[Finding]:
    others = _others(scope, event, lane.commodities)
    if others:
        yield Finding(
            where,
            f"holds up lanes[{lane.id}], which carries '{others[0]}', too",
            remedy="Split the lane in two, or let the event hit all that it carries.",
        )
    if effect == "tariff":
        values = {item.id: item.customs_value for item in scope.problem.commodities}
        for name in lane.commodities:
            if values.get(name) is None:
                yield Finding(
                    where,
                    f"is a share of the customs value of '{name}', which has none",
                    remedy=f"Add commodities[{name}].customs_value, or drop the tariff.",
                )


def _unlimited(record: Any) -> bool:
    slices = getattr(record, "slices", None)
    if slices is not None:
        return any(part.capacity is None for part in slices)
    return record.capacity is None
