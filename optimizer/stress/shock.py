"""Shocks: the problem in which somebody is cut off and nobody knows for how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from instances.errors import Finding, InputError
from instances.network import Demand, ShortfallTier
from instances.periods import Length, timeline
from instances.record import with_fields
from instances.references import reference_findings
from instances.rules import StockTarget
from instances.scenarios.declared import among, declares
from instances.scenarios.event import Event
from instances.scenarios.hits import hits_of
from instances.scenarios.scenario import Scenario
from instances.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.problem import Problem
    from instances.supply import Offer

DEAREST_TIMES = 10.0
"""Factor on the dearest price of a problem: what a tonne unmet of a hard demand costs here."""
AMPLE = 100.0
"""Years' worth of a rate that nothing exceeds: a capacity outside the shock."""
WHOLE = 1e-9
"""Part of a demand that no slice of shortfall covers and that is rounding."""


@dataclass(frozen=True, slots=True)
class Shock:
    """How somebody is cut off; equal for all cases.

    Parameters
    ----------
    lengths
        How long it may last: nobody knows which before it is over.
    available
        Fraction that is left of what could be bought and made there.
    rebuild
        Time after the end until which stock targets are waived; ``None`` where they hold at once.
    waived
        Rules waived besides stock targets.
    penalty
        USD per tonne unmet of a demand that is hard; ``None`` for `DEAREST_TIMES` the dearest
        price.
    """

    lengths: tuple[Length, ...]
    available: float = 0.0
    rebuild: Length | None = None
    waived: tuple[str, ...] = ()
    penalty: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Who is cut off, and from when."""

    who: tuple[str, ...]
    onset: date

    @property
    def name(self) -> str:
        """Return who is meant as text: "CHN", or "CHN+MYS"."""
        return "+".join(self.who)


@dataclass(frozen=True, eq=False)
class Shocked:
    """The problem of a case.

    Parameters
    ----------
    problem
        A scenario for every branch of the plan's problem and every length: they share their nodes
        for as long as they cannot be told apart.
    origin
        Node to the node of the plan's problem that it is.
    weights
        Length to nodes with their probability, given that length.
    until
        Length to the day from which the shock is over.
    """

    problem: Problem
    origin: Mapping[str, str]
    weights: Mapping[str, Mapping[str, float]]
    until: Mapping[str, date]


def shocked(problem: Problem, case: Case, shock: Shock, rates: Mapping[str, float]) -> Shocked:
    """Return the problem in which a case comes about.

    Parameters
    ----------
    rates
        Commodity to the tonnes per year at which an offer without a capacity sells what is left of
        it, where a part of it or of a period is taken.

    Raises
    ------
    InputError
        Nothing can be taken from whom it names, or not as the problem is written.
    """
    # a shock that comes about is what survival rules were kept for
    problem = problem.without_cut_offs
    targets = [rule.id for rule in problem.rules if isinstance(rule, StockTarget)]
    waived = tuple(dict.fromkeys((*targets, *shock.waived)))
    events = [
        Event(
            id=f"cut-{_word(length)}",
            of=case.who,
            availability=shock.available,
            start=case.onset,
            length=length,
            waives=waived or None,
            rebuild=shock.rebuild if waived else None,
        )
        for length in shock.lengths
    ]
    findings = findings_of(problem, case, shock)
    if findings:
        raise InputError(findings)
    problem = _limited(problem, case, events, shock, rates)
    known = {event.model_dump_json(): event for item in problem.branches for event in item.events}
    named = {
        text: with_fields(event, id=f"event-{number}", certain=False)
        for number, (text, event) in enumerate(known.items())
    }
    base: dict[str, str] = {}
    length_of: dict[str, str] = {}
    scenarios = []
    for number, branch in enumerate(problem.branches):
        own = tuple(named[event.model_dump_json()].id for event in branch.events)
        for length, event in zip(shock.lengths, events, strict=True):
            name = f"{_word(length)}-{number}"
            base[name], length_of[name] = branch.id, str(length)
            likely = branch.probability / len(shock.lengths)
            scenarios.append(Scenario(id=name, probability=likely, events=(*own, event.id)))
    problem = _released(problem, known, named, events)
    made = with_fields(
        with_short(problem, shock.penalty),
        events=(*named.values(), *events),
        scenarios=tuple(scenarios),
        combinations=(),
    )
    passing = {
        (node.period.label, name): node.id for node in problem.nodes for name in node.scenarios
    }
    chance = {branch.id: branch.probability for branch in problem.branches}
    weights: dict[str, dict[str, float]] = {str(length): {} for length in shock.lengths}
    for node in made.nodes:
        for name in node.scenarios:
            own_weights = weights[length_of[name]]
            own_weights[node.id] = own_weights.get(node.id, 0.0) + chance[base[name]]
    return Shocked(
        problem=made,
        origin={
            node.id: passing[node.period.label, base[node.scenarios[0]]] for node in made.nodes
        },
        weights=weights,
        until={
            str(length): event.until or date.max
            for length, event in zip(shock.lengths, events, strict=True)
        },
    )


def _released(
    problem: Problem,
    known: Mapping[str, Event],
    named: Mapping[str, Event],
    cuts: list[Event],
) -> Problem:
    """Return the problem in which what events declare is declared by their copies and by cuts."""
    stores = [
        item
        if item.declared_by is None
        else with_fields(
            item,
            declared_by=(
                *(named[text].id for text, event in known.items() if declares(item, event)),
                *(cut.id for cut in cuts),
            ),
        )
        for item in problem.stockpiles
    ]
    return with_fields(problem, stockpiles=tuple(stores))


def with_short(problem: Problem, penalty: float | None) -> Problem:
    """Return the problem in which every demand may stay unmet, hard parts at a penalty."""
    price = dearest(problem) * DEAREST_TIMES if penalty is None else penalty
    return with_fields(problem, demand=tuple(_soft(item, price) for item in problem.demand))


def dearest(problem: Problem) -> float:
    """Return the highest price of an offer or a shortfall, USD/t."""
    offered = (tier.price for offer in problem.offers for tier in offer.slices)
    short = (tier.cost for demand in problem.demand for tier in demand.tiers)
    return max((max(item.values) for item in (*offered, *short)), default=1.0)


def _word(length: Length) -> str:
    return str(length).replace(" ", "")


def hard_part(demand: Demand) -> float:
    """Return the fraction of a demand that the problem lets nobody go without."""
    left = 1.0 - sum(tier.share for tier in demand.tiers)
    return left if left > WHOLE else 0.0


def _soft(demand: Demand, price: float) -> Demand:
    tiers, left = demand.tiers, hard_part(demand)
    if not left:
        return demand
    last = ShortfallTier.model_construct(share=left, cost=Schedule.always(price))
    return with_fields(demand, shortfall_cost=(*tiers, last))


def findings_of(problem: Problem, case: Case, shock: Shock) -> list[Finding]:
    """Return what is wrong with a case: it names nobody, or takes what is not there.

    What else the problem may have in store is not part of the question, nor is how much of what
    is unlimited could be taken.
    """
    problem = problem.without_cut_offs
    cut = Event(id="cut", of=case.who, availability=0.0, start=case.onset, certain=True)
    # names are looked up, whatever they look like
    cut = with_fields(cut, waives=shock.waived or None)
    stores = among(problem.stockpiles, ())
    alone = with_fields(problem, events=(cut,), scenarios=(), combinations=(), stockpiles=stores)
    return [
        replace(item, where=f"{case.name}: {item.where.partition('.')[2]}", remedy=None)
        for item in reference_findings(alone)
    ]


def unlimited(problem: Problem) -> Iterator[Offer]:
    """Yield offers of which a tranche has no capacity."""
    for offer in problem.offers:
        if any(part.capacity is None for part in offer.slices):
            yield offer


def cuts_parts(problem: Problem, onset: date, shock: Shock) -> bool:
    """Return whether a part of what is on offer, or of a period, is taken."""
    line = timeline(problem.periods)
    ends = {period.end for period in line}
    until = [Event(id="cut", start=onset, length=length).until for length in shock.lengths]
    return shock.available > 0 or any(
        day is not None and day < line[-1].end and day not in ends for day in until
    )


def _limited(
    problem: Problem, case: Case, events: list[Event], shock: Shock, rates: Mapping[str, float]
) -> Problem:
    """Return the problem in which there is a capacity wherever a part of it is taken."""
    if not cuts_parts(problem, case.onset, shock):
        return problem
    hit = {item.place for item in hits_of(problem, events[0]) if item.table == "offers"}
    until = max(event.until or date.max for event in events)
    offers = list(problem.offers)
    for place in hit:
        offer = offers[place]
        rate = rates.get(offer.commodity, 0.0)
        ample = Schedule(((date.min, AMPLE * rate), (case.onset, rate), (until, AMPLE * rate)))
        if offer.tranches is None:
            if offer.capacity is None:
                offers[place] = with_fields(offer, capacity=ample)
            continue
        parts = [
            with_fields(part, capacity=ample) if part.capacity is None else part
            for part in offer.tranches
        ]
        offers[place] = with_fields(offer, tranches=tuple(parts))
    return with_fields(problem, offers=tuple(offers))


def everybody(problem: Problem) -> Iterator[str]:
    """Yield the countries that sell or make something, in order of their codes."""
    sites = {item.country for item in problem.facilities}
    yield from sorted({item.country for item in problem.offers} | sites)
