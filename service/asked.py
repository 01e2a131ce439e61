"""What a request asks, read and checked in full before anything is solved.

An order for a job is accepted after the same checks that an answer at once begins with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from instances.errors import Finding, InputError
from service.asks import (
    AlternativesAsk,
    Ask,
    CompareAsk,
    ExplainAsk,
    FrontierAsk,
    InstrumentsAsk,
    PartnersAsk,
    PurseAsk,
    SheetAsk,
    SolveAsk,
    StressAsk,
    SweepAsk,
    WorthAsk,
)
from service.request import TooLarge, read_asked, read_object, read_options, read_other

if TYPE_CHECKING:
    from instances import Problem
    from optimizer import Design, Instrument, Options
    from service.work import Limits

AnAsk = TypeVar("AnAsk", bound=Ask)

OF_A_SOLVE = ("share_intervals", "shares_of", "goals", "rule_prices", "method")


@dataclass(frozen=True, slots=True)
class Asked(Generic[AnAsk]):
    """A problem, what is asked of it, how it is to be solved, and what it was made of."""

    problem: Problem
    ask: AnAsk
    options: Options
    made_of: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskedSweep(Asked[SweepAsk]):
    """A sweep, its points laid out."""

    design: Design


@dataclass(frozen=True, slots=True)
class AskedComparison(Asked[CompareAsk]):
    """A comparison, with the second problem."""

    other: Problem


@dataclass(frozen=True, slots=True)
class AskedInstruments(Asked[InstrumentsAsk]):
    """Instruments at one outlay, found in the problem."""

    named: tuple[Instrument, ...]


def read_solve(body: bytes, limits: Limits) -> Asked[SolveAsk]:
    """Return the solve that is asked for.

    Raises
    ------
    BrokenJson
        The body is not JSON.
    InputError
        Everything wrong with the request and the problem in it.
    TooLarge
        The problem, or what is asked of it, is more than ``limits`` allow.
    """
    from optimizer.solve import questions_within

    task, ask = read_asked(body, limits, SolveAsk)
    options = task.options or read_options({}, limits)
    questions_within(task.problem, options)
    return Asked(task.problem, ask, options, task.made_of)


def read_sweep(body: bytes, limits: Limits) -> AskedSweep:
    """Return the sweep that is asked for; errors as `read_solve`."""
    from service.points import count_of, design_of, ranges_of

    asked = _read(body, limits, SweepAsk)
    ranges = ranges_of(asked.problem, asked.ask)
    _refuse_beyond(limits, "sweep", count_of(ranges, asked.ask))
    design = design_of(asked.problem, ranges, asked.ask)
    return AskedSweep(asked.problem, asked.ask, asked.options, asked.made_of, design)


def read_frontier(body: bytes, limits: Limits) -> Asked[FrontierAsk]:
    """Return the frontier that is asked for; errors as `read_solve`."""
    from service.analyses import refuse_stretch

    asked = _read(body, limits, FrontierAsk)
    _refuse_beyond(limits, "most", asked.ask.most)
    refuse_stretch(asked.problem, asked.ask)
    return asked


def read_alternatives(body: bytes, limits: Limits) -> Asked[AlternativesAsk]:
    """Return the search for alternatives that is asked for; errors as `read_solve`."""
    from optimizer.alternatives import refuse_margin

    asked = _read(body, limits, AlternativesAsk)
    _refuse_beyond(limits, "count", asked.ask.count)
    refuse_margin(asked.ask.margin, asked.ask.count)
    return asked


def read_explain(body: bytes, limits: Limits) -> Asked[ExplainAsk]:
    """Return the explanation that is asked for; errors as `read_solve`."""
    from optimizer.explain.asked import asked_of

    asked = _read(body, limits, ExplainAsk)
    if asked.ask.assumptions and asked.ask.why is not None:
        what = "is another question than `why`"
        raise InputError([Finding("assumptions", what, remedy="Ask one of them.")])
    if asked.ask.why is not None:
        asked_of(asked.problem, asked.ask.why)
    return asked


def read_compare(body: bytes, limits: Limits) -> AskedComparison:
    """Return the comparison that is asked for; errors as `read_solve`."""
    asked = _read(body, limits, CompareAsk)
    other = read_other(asked.problem, asked.ask, limits)
    return AskedComparison(asked.problem, asked.ask, asked.options, asked.made_of, other)


def read_stress(body: bytes, limits: Limits) -> Asked[StressAsk]:
    """Return the stress test that is asked for; errors as `read_solve`."""
    from optimizer.stress import cases_of
    from service.analyses import refuse_shock

    asked = _read(body, limits, StressAsk)
    ask = asked.ask
    cases = cases_of(asked.problem, ask.who, ask.onsets, pairs=ask.pairs)
    _refuse_beyond(limits, "who", len(cases))
    refuse_shock(asked.problem, ask)
    return asked


def read_worth(body: bytes, limits: Limits) -> Asked[WorthAsk]:
    """Return what is asked about the worth of knowing; errors as `read_solve`."""
    from optimizer.flip import refuse_flip
    from optimizer.worth import refuse_certain
    from service.analyses import refuse_pooling

    asked = _read(body, limits, WorthAsk)
    _refuse_beyond(limits, "scenarios", len(asked.problem.branches))
    refuse_certain(asked.problem, asked.ask.reference)
    for scenario in asked.ask.flip:
        refuse_flip(asked.problem, scenario)
    refuse_pooling(asked.problem, asked.ask)
    return asked


def read_sheet(body: bytes, limits: Limits) -> Asked[SheetAsk]:
    """Return the decision sheet that is asked for; errors as `read_solve`.

    Without a time limit it takes as long as on the command line, though a job may take longer:
    somebody waits for it.
    """
    from optimizer.sheet.sheet import SECONDS

    asked = _read(body, limits, SheetAsk)
    given = read_object(body).get("options") or {}
    if given.get("time_limit") is not None:
        return asked
    seconds = min(SECONDS, limits.solve_seconds)
    return replace(asked, options=asked.options.model_copy(update={"time_limit": seconds}))


def read_partners(body: bytes, limits: Limits) -> Asked[PartnersAsk]:
    """Return the partners whose worth is asked for; errors as `read_solve`."""
    from optimizer.partners import partners_of

    asked = _read(body, limits, PartnersAsk)
    _refuse_beyond(limits, "of", len(partners_of(asked.problem, asked.ask.of)))
    return asked


def read_purse(body: bytes, limits: Limits) -> Asked[PurseAsk]:
    """Return the sums whose best use is asked for; errors as `read_solve`."""
    from optimizer.purse import AROUND, refuse_purse

    asked = _read(body, limits, PurseAsk)
    budgets, goals = asked.ask.budgets, asked.ask.goals
    _refuse_beyond(limits, "budgets", (len(budgets) or len(AROUND)) * len(goals))
    refuse_purse(asked.problem, budgets, goals)
    return asked


def read_instruments(body: bytes, limits: Limits) -> AskedInstruments:
    """Return the instruments that are compared; errors as `read_solve`."""
    from service.analyses import named_in

    asked = _read(body, limits, InstrumentsAsk)
    _refuse_beyond(limits, "turn", len(asked.ask.turn))
    named = named_in(asked.problem, asked.ask)
    return AskedInstruments(asked.problem, asked.ask, asked.options, asked.made_of, named)


READERS: dict[str, Callable[[bytes, Limits], Asked[Any]]] = {
    "solve": read_solve,
    "sweep": read_sweep,
    "frontier": read_frontier,
    "alternatives": read_alternatives,
    "explain": read_explain,
    "compare": read_compare,
    "stress": read_stress,
    "worth": read_worth,
    "sheet": read_sheet,
    "partners": read_partners,
    "purse": read_purse,
    "instruments": read_instruments,
}


def _read(body: bytes, limits: Limits, kind: type[AnAsk]) -> Asked[AnAsk]:
    """Return a problem and what is asked of it.

    Raises
    ------
    InputError
        Also for options that only a solve has use for: they are not passed over in silence.
    """
    task, ask = read_asked(body, limits, kind)
    options = task.options or read_options({}, limits)
    unused = [
        Finding(f"options.{name}", "is of no use to an analysis", remedy="Ask /v1/solve.")
        for name in OF_A_SOLVE
        if getattr(options, name) != type(options).model_fields[name].default
    ]
    if unused:
        raise InputError(unused)
    return Asked(task.problem, ask, options, task.made_of)


def _refuse_beyond(limits: Limits, where: str, count: int) -> None:
    if count > limits.points:
        what = f"has {count:,} points, this server takes at most {limits.points:,}"
        raise TooLarge([Finding(where, what, remedy="Use the command line for more.")])
