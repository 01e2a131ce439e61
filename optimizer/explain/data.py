"""Data: what a look at the numbers shows before any solver is asked.

Each finding is a bound that holds for every plan, from a few numbers of the file: if it is broken,
no plan exists, and there is nothing to search for.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from instances.routes import free_lanes
from instances.rules import Budget, ShareCap, StockTarget
from instances.words import listed, money, percent, tonnes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Party
    from instances.problem import Problem
    from instances.tree import Node
    from optimizer.compile import Matrices

ROOM = 1e-6
"""Relative difference within which a bound counts as kept."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A bound of the data that no plan can keep.

    Parameters
    ----------
    kind
        "unreachable", "target_too_early", "budget_committed" or "caps_below_one".
    ids
        The records at fault.
    node
        When; ``None`` where always.
    needed, possible, unit
        Both numbers.
    sentence
        The same in words.
    """

    kind: str
    ids: tuple[str, ...]
    node: str | None
    needed: float
    possible: float
    unit: str
    sentence: str

    def to_plain(self) -> dict[str, Any]:
        """Return the flaw as plain data."""
        return asdict(self)


def flaws_of(problem: Problem, matrices: Matrices) -> tuple[Flaw, ...]:
    """Return what the data alone show to be impossible; the first node of each is told."""
    problem = problem.realised
    found: dict[tuple[str, tuple[str, ...]], Flaw] = {}
    for search in (_unreachable, _caps_below_one, _budgets_committed):
        for flaw in search(problem):
            found.setdefault((flaw.kind, flaw.ids), flaw)
    for flaw in _targets_too_early(problem, matrices):
        found.setdefault((flaw.kind, flaw.ids), flaw)
    return tuple(found.values())


def _hard_part(problem: Problem) -> dict[str, float]:
    """Return the fraction of each demand that has to be met."""
    return {
        demand.id: max(0.0, 1.0 - sum(tier.share for tier in demand.tiers))
        for demand in problem.demand
    }


def _unreachable(problem: Problem) -> Iterator[Flaw]:
    reached = _reached(problem)
    swaps: dict[str, list[str]] = {}
    for swap in problem.substitutions:
        swaps.setdefault(swap.demand, []).append(swap.commodity)
    for demand in problem.demand:
        goods = (demand.commodity, *swaps.get(demand.id, ()))
        if any((name, demand.country) in reached for name in goods):
            continue
        part = _hard_part(problem)[demand.id]
        for node in problem.nodes:
            needed = (
                part
                * (demand.quantity.at(node.period.start, node.branch) or 0.0)
                * node.period.years
            )
            if needed > ROOM:
                what = problem.names.commodity(demand.commodity)
                where = problem.names.country(demand.country)
                had = sorted(country for name, country in reached if name == demand.commodity)
                only = (
                    f"it can be had only in {listed(tuple(map(problem.names.country, had)))}, and "
                    "no lane leads on from there"
                    if had
                    else "nobody sells it and nothing that makes it has all its inputs"
                )
                yield Flaw(
                    "unreachable",
                    (demand.id,),
                    node.id,
                    needed,
                    0.0,
                    "t",
                    f"No {what} can reach {where}, which needs {tonnes(needed)} in "
                    f"{node.period.label} ({demand.id}), because {only}.",
                )
                break


def _reached(problem: Problem) -> set[tuple[str, str]]:
    """Return the commodities that can be had at all, and where."""
    found = {(offer.commodity, offer.country) for offer in problem.offers}
    found |= {(item.commodity, item.country) for item in problem.recycling}
    found |= {(item.commodity, item.country) for item in problem.in_transit}
    found |= {(item.commodity, item.country) for item in problem.stockpiles if item.opening}
    lanes = [*problem.lanes, *free_lanes(problem)]
    while True:
        more = {
            (name, lane.destination)
            for lane in lanes
            for name in lane.commodities
            if (name, lane.origin) in found
        }
        more |= {
            (name, site.country)
            for site in problem.facilities
            for process in site.processes
            if all((input_, site.country) in found for input_ in process.inputs)
            for name in process.outputs
        }
        if more <= found:
            return found
        found |= more


def _sellers(problem: Problem, commodity: str) -> dict[tuple[str, str], None]:
    """Return everybody who sells or makes a commodity: country, and supplier or facility."""
    sellers = {
        (offer.country, offer.supplier): None
        for offer in problem.offers
        if offer.commodity == commodity
    }
    for site in problem.facilities:
        if any(commodity in process.outputs for process in site.processes):
            sellers[site.country, site.id] = None
    return sellers


def _caps_below_one(problem: Problem) -> Iterator[Flaw]:
    part = _hard_part(problem)
    for demand_goods in dict.fromkeys(demand.commodity for demand in problem.demand):
        hard = all(part[item.id] == 1 for item in problem.demand if item.commodity == demand_goods)
        stocked = demand_goods in (
            *(item.commodity for item in problem.stockpiles),
            *(item.commodity for item in problem.recycling),
            *(item.commodity for item in problem.in_transit),
        )
        sellers = _sellers(problem, demand_goods)
        if not hard or stocked or not sellers or problem.substitutions:
            continue
        for node in problem.nodes:
            caps = _caps(problem, demand_goods, node)
            chosen, left = [], set(sellers)
            for share, id, party in sorted(caps, key=lambda item: item[0]):
                mine = {seller for seller in left if party.includes(*seller)}
                if mine and all(seller in left for seller in sellers if party.includes(*seller)):
                    chosen.append((share, id, party))
                    left -= mine
            total = sum(share for share, _, _ in chosen)
            if not left and total < 1 - ROOM:
                goods = problem.names.commodity(demand_goods)
                each = listed(
                    tuple(
                        f"{percent(share)} for {problem.names.party(party)} ({id})"
                        for share, id, party in chosen
                    )
                )
                yield Flaw(
                    "caps_below_one",
                    tuple(dict.fromkeys(id for _, id, _ in chosen)),
                    node.id,
                    1.0,
                    total,
                    "fraction",
                    f"Only {percent(total)} of {goods} demand in {node.period.label} may be "
                    f"bought, because the caps on all who sell it add up to no more: {each}.",
                )
                break


def _caps(problem: Problem, commodity: str, node: Node) -> list[tuple[float, str, Party]]:
    found = []
    for rule in problem.rules:
        if not isinstance(rule, ShareCap) or not rule.hard or rule.buyers or rule.demand_class:
            continue
        share = None if rule.id in node.waived else rule.limit(node.period)
        if share is None or rule.denominator != "demand" or rule.origin != "direct":
            continue
        for line in rule.lines(problem.directory):
            if line.commodities == (commodity,) and line.party is not None:
                found.append((share, rule.id, line.party))
    return found


def _budgets_committed(problem: Problem) -> Iterator[Flaw]:
    offers = {offer.id: offer for offer in problem.offers}
    signed = [item for item in problem.contracts if not item.optional and item.take_or_pay]
    for rule in problem.rules:
        if not isinstance(rule, Budget) or not rule.hard or rule.carry_over:
            continue
        if rule.payer != "buyer" or not {"purchase", "take_or_pay"} <= set(rule.lines_of_account):
            continue
        if rule.accounts == "all":
            # what is received may pay for it
            continue
        for node in problem.nodes:
            most, day = rule.limit(node.period), node.period.start
            if most is None:
                continue
            owed: dict[str, float] = {}
            for contract in signed:
                offer = offers[contract.offer]
                if (
                    contract.priority_share < 1
                    or offer.delivery_probability < 1
                    or offer.available.at(day, node.branch) != 1
                ):
                    continue
                years = min(
                    node.period.years_within(contract.start, contract.end),
                    node.period.years_within(offer.start, offer.end),
                )
                sizes = [part.capacity for part in offer.slices]
                rate = contract.maximum.at(day, node.branch) or 0.0
                if all(size is not None for size in sizes):
                    whole = sum(
                        size.at(day, node.branch) or 0.0 for size in sizes if size is not None
                    )
                    rate = min(rate, whole)
                price = contract.price_on(day, node.branch) or 0.0
                owed[contract.id] = contract.take_or_pay * rate * years * price
            total = sum(owed.values())
            if total > most + ROOM * max(1.0, most):
                said = rule.sentence(problem.names, None, node.period)
                yield Flaw(
                    "budget_committed",
                    (rule.id, *(id for id, amount in owed.items() if amount)),
                    node.id,
                    total,
                    most,
                    "USD",
                    f"{said} ({rule.id}), but contracts already signed cost at least "
                    f"{money(total)}: {listed(tuple(owed))}.",
                )
                break


def _targets_too_early(problem: Problem, matrices: Matrices) -> Iterator[Flaw]:
    """Yield targets above what opening stock and fill rate can have brought in by then."""
    stores = {store.id: store for store in problem.stockpiles}
    rules = {
        rule.id: rule for rule in problem.rules if isinstance(rule, StockTarget) and rule.hard
    }
    nodes = {node.id: node for node in problem.nodes}
    index = matrices.constraints["stock_target"]
    required = matrices.row_lower[matrices.row_positions["stock_target"]]
    for number, needed in enumerate(required):
        name, _, goods, at = map(str, index.row(number))
        if name not in rules:
            continue
        store, node = stores[goods], nodes[at]
        held, way = store.opening, node
        path = [node]
        while way.parent is not None:
            way = nodes[way.parent]
            path.append(way)
        for step in reversed(path):
            kept = (1 - store.decay) ** step.period.years
            rate = (
                None
                if store.fill_rate is None
                else store.fill_rate.at(step.period.start, step.branch)
            )
            more = float("inf") if store.fill_rate is None else (rate or 0.0) * step.period.years
            held = held * kept + more
            if store.capacity is not None:
                held = min(held, store.capacity)
        if needed > held * (1 + ROOM) + ROOM:
            said = rules[name].sentence(problem.names, None, node.period)
            why = [f"opens with {tonnes(store.opening)}"]
            if store.fill_rate is not None:
                why.append("takes in no more than its fill rate")
            if store.capacity is not None:
                why.append(f"holds {tonnes(store.capacity)}")
            as_tonnes = "" if rules[name].tonnes else f", which is {tonnes(float(needed))}"
            yield Flaw(
                "target_too_early",
                (name, goods),
                at,
                float(needed),
                held,
                "t",
                f"{said} ({name}){as_tonnes}, but it can hold no more than "
                f"{tonnes(held)} by then, because it {listed(tuple(why))}.",
            )
