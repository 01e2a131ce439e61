"""The calendar of a sheet: which dates are known, and what has to be settled before the next.

A known date is the first day of an event, a day on which a rule begins, ends or states another
number, the last day to sign a contract, the day from which a supplier sells no more, and the one
from which release from stock is declared. What has to be settled is what the plan decides before
scenarios part, each with the last day that still serves: a contract on the day the plan signs it,
a plant on the last day from which, whatever event comes, it runs as planned (see
`optimizer.sheet.building`), an offer its qualification time before the first
tonne, other goods on the first day on which they are bought.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from instances.schedule import Schedule
from instances.words import listed
from optimizer.explain.words import amount
from optimizer.sheet.building import built_of
from optimizer.sheet.plan import goods_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.problem import Problem
    from instances.supply import Offer
    from instances.tree import Node
    from optimizer.result import Result

NOTHING = 1e-6
"""Tonnes, or part of a contract, that are nothing."""
Kind = Literal["sign", "build", "qualify", "buy", "store"]
ORDER: tuple[Kind, ...] = ("sign", "build", "qualify", "buy", "store")


@dataclass(frozen=True, slots=True)
class KnownDate:
    """A day on which something changes, and what."""

    day: date
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something to be settled.

    Parameters
    ----------
    kind
        What has to be done.
    table, id, name
        With which record.
    by
        Last day on which it serves.
    serves
        Day from which it does.
    amount, unit
        A fraction of a contract; t/yr of a plant; tonnes bought, or in store on the known date.
    usd
        What it takes, undiscounted, of purchases up to the known date; ``None`` where its money is
        told elsewhere.
    """

    kind: Kind
    table: str
    id: str
    name: str
    by: date
    serves: date
    amount: float
    unit: str
    usd: float | None


def known_dates(problem: Problem) -> tuple[KnownDate, ...]:
    """Return the known dates after the first day and before the end, in order."""
    first, end = problem.nodes[0].period.start, problem.nodes[-1].period.end
    found: dict[date, dict[str, None]] = {}
    for day, what in _dates(problem):
        if first < day < end:
            found.setdefault(day, {})[what] = None
    return tuple(KnownDate(day, tuple(found[day])) for day in sorted(found))


def _dates(problem: Problem) -> Iterator[tuple[date, str]]:
    events = {event.id: event for event in problem.events}
    for branch in problem.branches:
        events |= {event.id: event for event in branch.events}
    for event in events.values():
        yield event.start, f"the problem supposes: {event.sentence(problem.names)}"
    for rule in problem.rules:
        if rule.start is not None:
            yield rule.start, f"{rule.id} begins"
        if rule.end is not None:
            yield rule.end, f"{rule.id} ends"
        units = {lever.field: lever.unit for lever in rule.levers()}
        for field in type(rule).model_fields:
            value = getattr(rule, field)
            if isinstance(value, Schedule):
                for day, number in value.points:
                    shown = amount(number, units.get(field, ""))
                    yield day, f"{rule.id}: {field.replace('_', ' ')} {shown}"
    for contract in problem.contracts:
        if contract.sign_by is not None:
            yield contract.sign_by, f"contract {contract.id} can be signed no longer"
    stops: dict[tuple[date, date | None, str], dict[str, None]] = {}
    for offer in problem.offers:
        for day, until in _stops(offer):
            goods = stops.setdefault((day, until, offer.supplier), {})
            goods[problem.names.commodity(offer.commodity)] = None
    for (day, until, supplier), sold in stops.items():
        span = f"from {day} on" if until is None else f"from {day} to {until}"
        yield (
            day,
            f"the problem supposes that {supplier} stops selling {listed(tuple(sold))} {span}",
        )
    for store in problem.stockpiles:
        for stretch in store.declared or ():
            yield stretch.start, f"release from {store.id} is declared"


def _stops(offer: Offer) -> Iterator[tuple[date, date | None]]:
    """Yield the days from which an offer sells nothing that sold before, and on which it does."""
    if offer.end is not None:
        yield offer.end, None
    for schedule in (offer.available, offer.capacity):
        points = () if schedule is None else schedule.points
        for (_, before), (day, after) in pairwise(points):
            if before > 0 and after == 0:
                yield day, next((then for then, sold in points if then > day and sold > 0), None)


def commitments_of(result: Result, until: date) -> tuple[Commitment, ...]:
    """Return what the plan settles before scenarios part, the most urgent first.

    Parameters
    ----------
    until
        The known date up to which purchases and stocks are counted.
    """
    problem = result.problem
    count = len(problem.branches)
    nodes = {node.id: node for node in problem.nodes if len(node.scenarios) == count}
    found = [
        *_signed(result, nodes),
        *_built(result, nodes),
        *_qualified(result, nodes),
        *_bought(result, nodes, until),
        *_stored(result, nodes, until),
    ]
    found.sort(key=lambda item: (item.by, ORDER.index(item.kind), -(item.usd or 0.0), item.id))
    return tuple(found)


def _signed(result: Result, nodes: dict[str, Node]) -> Iterator[Commitment]:
    problem = result.problem
    contracts = {item.id: item for item in problem.contracts}
    for node, name, share in result.plan.signings[["node", "contract", "share"]].itertuples(
        index=False
    ):
        if node in nodes and share > NOTHING:
            contract, day = contracts[name], nodes[node].period.start
            serves = max(day, contract.start or day)
            usd = contract.signing_cost * share or None
            who = f"{goods_from(problem, contract.offer)}, contract {name}"
            yield Commitment("sign", "contracts", name, who, day, serves, share, "part", usd)


def _built(result: Result, nodes: dict[str, Node]) -> Iterator[Commitment]:
    for built in built_of(result, nodes):
        yield Commitment(
            "build", "expansions", built.expansion, built.facility,
            built.by, built.serves, built.size, "t/yr", built.usd,
        )  # fmt: skip


def _qualified(result: Result, nodes: dict[str, Node]) -> Iterator[Commitment]:
    problem = result.problem
    offers = {item.id: item for item in problem.offers}
    for node, name, on in result.plan.qualifications[["node", "offer", "on"]].itertuples(
        index=False
    ):
        if node in nodes and on > 0.5:
            offer, day = offers[name], nodes[node].period.start
            lead = timedelta(days=offer.qualification_time)
            first = _first_bought(result, name, nodes)
            serves = max(day + lead, first or day + lead)
            by = max(serves - lead, day)
            usd = offer.qualification_cost or None
            who = goods_from(problem, name)
            yield Commitment("qualify", "offers", name, who, by, serves, 1.0, "offer", usd)


def _bought(result: Result, nodes: dict[str, Node], until: date) -> Iterator[Commitment]:
    table = result.purchases
    before = {name for name, node in nodes.items() if node.period.start < until}
    own = table[table["node"].isin(before) & (table["bought_t"] > NOTHING)]
    own = own[own["contract"].isna()]
    for name, rows in own.groupby("offer", sort=False):
        first = _first_bought(result, str(name), nodes)
        assert first is not None
        amount, usd = float(rows["bought_t"].sum()), float(rows["cost_usd"].sum())
        who = goods_from(result.problem, str(name))
        yield Commitment("buy", "offers", str(name), who, first, first, amount, "t", usd)


def _first_bought(result: Result, offer: str, nodes: dict[str, Node]) -> date | None:
    """Return the first day on which an offer is bought before scenarios part."""
    table = result.purchases
    opens = next(item.start for item in result.problem.offers if item.id == offer)
    starts = [
        max(nodes[node].period.start, opens or nodes[node].period.start)
        for node, name, tonnes in table[["node", "offer", "bought_t"]].itertuples(index=False)
        if name == offer and node in nodes and tonnes > NOTHING
    ]
    return min(starts, default=None)


def _stored(result: Result, nodes: dict[str, Node], until: date) -> Iterator[Commitment]:
    """Yield the stock held at the end of the last period that is over by the known date."""
    done = [node for node in nodes.values() if node.period.end <= until]
    if not done:
        return
    last = max(done, key=lambda node: node.period.end)
    table = result.stocks
    for row in table[table["node"] == last.id].to_dict("records"):
        if row["stock_t"] > NOTHING:
            name = str(row["stockpile"])
            day = last.period.end
            stock = float(row["stock_t"])
            yield Commitment("store", "stockpiles", name, name, day, day, stock, "t", None)
