"""Words for what takes part in a clash: each record says what it states at a node."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from instances.words import listed, money, percent, tonnes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from instances.expansion import Expansion
    from instances.facility import Facility
    from instances.network import Demand, Lane
    from instances.problem import Problem
    from instances.rules.rule import Line, RuleRecord
    from instances.schedule import Schedule
    from instances.stockpile import Stockpile
    from instances.supply import Offer
    from instances.tree import Node
    from optimizer.explain.conflict import Touched

    Phrase: TypeAlias = Callable[[Problem, Any, Node], str]

MOST_SELLERS = 5
"""Sellers of one commodity that are named."""
MOST_TOLD = 8
"""Records of a clash that are put into words; the rest is counted."""


def record_of(problem: Problem, table: str, id: str) -> Any:
    """Return the record of a table by its id."""
    return next(item for item in getattr(problem, table) if item.id == id)


def nodes_of(problem: Problem) -> dict[str, Node]:
    """Return node id to node, in order."""
    return {node.id: node for node in problem.nodes}


def in_branch(node: Node) -> str:
    """Return which branch a node is of, as a rule that names its period only does not say."""
    told = node.cut_off is not None or node.id == node.period.label
    return "" if told else f", in {node.id}"


def amount(number: float, unit: str) -> str:
    """Return a number with its unit as people read it."""
    show = _SHOWS.get(unit)
    return f"{number:.4g}" if show is None else show(number)


_SHOWS: dict[str, Callable[[float], str]] = {
    "fraction": percent,
    "t": tonnes,
    "t/yr": lambda rate: f"{tonnes(rate)} a year",
    "d": lambda days: f"{days:.4g} day{'' if days == 1 else 's'}",
    "USD": money,
    "USD/yr": lambda rate: f"{money(rate)} a year",
}


def who(problem: Problem, table: str, id: str) -> str:
    """Return what people call a record: a supplier and its country, or its id."""
    record = record_of(problem, table, id)
    if table == "offers":
        return f"{record.supplier} ({problem.names.country(record.country)})"
    if table == "contracts":
        return f"contract {id}"
    return f"{table.removesuffix('s')} {id}" if table != "facilities" else f"facility {id}"


def line_of(problem: Problem, rule: RuleRecord, named: Touched) -> Line:
    """Return which of the limits that a rule states takes part."""
    lines = {(line.who, line.goods): line for line in rule.lines(problem.directory)}
    return lines.get(named.lines.get(rule.id, ("", "")), next(iter(lines.values())))


def _at(schedule: Schedule, node: Node) -> float:
    """Return the number that a schedule states at a node, 0 where it states none."""
    return schedule.at(node.period.start, node.branch) or 0.0


def sell_at_most(offer: Offer, node: Node) -> float | None:
    """Return the tonnes that an offer can sell in a period, ``None`` without a limit."""
    expected = _at(offer.available, node) * offer.delivery_probability
    part = expected * node.period.years_within(offer.start, offer.end)
    if part == 0:
        return 0.0
    sizes = [None if tranche.capacity is None else tranche.capacity for tranche in offer.slices]
    if any(size is None for size in sizes):
        return None
    return part * sum(_at(size, node) for size in sizes if size is not None)


def because(problem: Problem, clash: Touched) -> tuple[str, ...]:
    """Return what each record of a clash states, at the first node at which it takes part.

    Offers of one commodity are told together.
    """
    happening = tuple(_happening(problem, clash))
    problem = problem.realised
    places = nodes_of(problem)
    told: list[str] = []
    for table, group in groupby(clash.records.items(), key=lambda item: item[0][0]):
        found = [(id, nodes) for (_, id), nodes in group]
        if table == "offers":
            told += _offers(problem, dict(found))
            continue
        for id, nodes in found:
            record, node = record_of(problem, table, id), places[nodes[0]]
            text = (
                _rule(problem, record, node, clash)
                if table == "rules"
                else PHRASES[table](problem, record, node)
            )
            told.append(f"{text}{_likewise(nodes)}")
    if len(told) > MOST_TOLD:
        told = [*told[:MOST_TOLD], f"{len(told) - MOST_TOLD} more limits take part"]
    return (*told, *happening)


def _happening(problem: Problem, clash: Touched) -> Iterator[str]:
    """Yield the events that hold wherever something clashes, in every scenario that gets there."""
    branches = {branch.id: branch for branch in problem.branches}
    places = nodes_of(problem)
    told: set[str] = set()
    for id in dict.fromkeys(nodes[0] for nodes in clash.records.values()):
        node = places[id]
        passing = [branches[name] for name in node.scenarios if name in branches]
        for event in passing[0].events if passing else ():
            everywhere = all(event in branch.events for branch in passing)
            until = event.until
            lasts = event.start < node.period.end and (until is None or until > node.period.start)
            if everywhere and lasts and event.id not in told:
                told.add(event.id)
                yield f"in {id} this has happened: {event.sentence(problem.names)} ({event.id})"


def _likewise(nodes: tuple[str, ...]) -> str:
    if len(nodes) < 2:
        return ""
    rest = listed(nodes[1:]) if len(nodes) < 5 else f"{nodes[1]} to {nodes[-1]}"
    return f" (likewise in {rest})"


def _rule(problem: Problem, rule: RuleRecord, node: Node, clash: Touched) -> str:
    line = line_of(problem, rule, clash)
    return f"{rule.sentence(problem.names, line, node.period)}{in_branch(node)} ({rule.id})"


def _demand(problem: Problem, demand: Demand, node: Node) -> str:
    needed = _at(demand.quantity, node) * node.period.years
    goods = problem.names.commodity(demand.commodity)
    where = problem.names.country(demand.country)
    return f"{where} needs {tonnes(needed)} of {goods} in {node.id} ({demand.id})"


def _offers(problem: Problem, found: dict[str, tuple[str, ...]]) -> Iterator[str]:
    places = nodes_of(problem)
    offers = [record_of(problem, "offers", id) for id in found]
    for goods in dict.fromkeys(offer.commodity for offer in offers):
        some = [offer for offer in offers if offer.commodity == goods]
        node = found[some[0].id][0]
        named = [offer for offer in some if node in found[offer.id]]
        sizes = [sell_at_most(offer, places[node]) for offer in named]
        limited = [
            (offer, size) for offer, size in zip(named, sizes, strict=True) if size is not None
        ]
        if not limited:
            continue
        closed = [offer for offer, size in limited if not size]
        if 0 < len(closed) < len(limited):
            limited = [(offer, size) for offer, size in limited if size]
        else:
            closed = []
        sellers = _sellers(problem, [offer for offer, _ in limited])
        total = sum(size for _, size in limited)
        what = problem.names.commodity(goods)
        sold = f"can sell at most {tonnes(total)} of {what} in {node}"
        together = " together" if len(limited) > 1 else ""
        rest = "" if not closed else f", and {_sellers(problem, closed)} nothing"
        yield f"{sellers}{together} {sold}{rest}{_likewise(found[some[0].id])}"


def _sellers(problem: Problem, offers: list[Offer]) -> str:
    named = listed(tuple(who(problem, "offers", offer.id) for offer in offers[:MOST_SELLERS]))
    more = len(offers) - MOST_SELLERS
    return f"{named} and {more} more" if more > 0 else named


def _facility(problem: Problem, site: Facility, node: Node) -> str:
    where = problem.names.country(site.country)
    if site.capacity is None:
        return f"facility {site.id} ({where}) is open from {site.start} to {site.end}"
    part = _at(site.utilisation, node) * node.period.years_within(site.start, site.end)
    room = _at(site.capacity, node) * site.delivery_probability * part
    more = any(item.facility == site.id for item in problem.expansions)
    return (
        f"facility {site.id} ({where}) can run at most {tonnes(room)} in {node.id}"
        f"{' before what is built' if more else ''}"
    )


def _expansion(problem: Problem, item: Expansion, node: Node) -> str:
    text = f"expansion {item.id} adds at most {tonnes(item.size)} a year"
    days = item.lead_time + _at(item.delay, node)
    if days:
        text += f", {days:.4g} days after it is decided"
    if item.start is not None:
        text += f", not before {item.start}"
    return text


def _lane(problem: Problem, lane: Lane, node: Node) -> str:
    names = problem.names
    way = f"lane {lane.id} ({names.country(lane.origin)} to {names.country(lane.destination)})"
    if lane.capacity is None:
        return f"{way} takes {lane.lead_time:.4g} days" if lane.lead_time else f"{way} is used"
    most = _at(lane.capacity, node) * node.period.years
    text = f"{way} carries at most {tonnes(most)} in {node.id}"
    return f"{text}, in {lane.lead_time:.4g} days" if lane.lead_time else text


def _stockpile(problem: Problem, store: Stockpile, node: Node) -> str:
    facts = [f"opens with {tonnes(store.opening)}"]
    for text, rate in (("takes in", store.fill_rate), ("gives out", store.draw_rate)):
        if rate is not None:
            most = _at(rate, node) * node.period.years
            facts.append(f"{text} at most {tonnes(most)} in {node.id}")
    if store.capacity is not None:
        facts.append(f"holds at most {tonnes(store.capacity)}")
    if store.rotation:
        facts.append(f"must rotate {percent(store.rotation)} a year")
    return f"stockpile {store.id} {listed(tuple(facts))}"


def _named(problem: Problem, record: Any, node: Node) -> str:
    return f"{type(record).__name__.lower()} {record.id} sets limits in {node.id}"


PHRASES: dict[str, Phrase] = {
    "demand": _demand,
    "contracts": lambda problem, contract, node: (
        f"contract {contract.id}: {contract.sentence(node.period.start)}"
    ),
    "facilities": _facility,
    "expansions": _expansion,
    "lanes": _lane,
    "stockpiles": _stockpile,
    "funds": lambda problem, fund, node: (
        f"fund {fund.id} has {money(_at(fund.equity, node))} of equity and may "
        f"borrow {money(fund.loan)}"
    ),
    "outlets": _named,
    "recycling": _named,
    "substitutions": _named,
}
