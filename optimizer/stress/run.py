"""Run a stress test: cases made, fanned out, and gathered."""

from __future__ import annotations

import threading
import time
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from instances.errors import Finding, InputError, nearest_name
from instances.periods import Length, timeline
from instances.words import listed, money
from optimizer.engine.fan import Fan, default_workers
from optimizer.options import Options
from optimizer.result import Result
from optimizer.solve import solve
from optimizer.stress.case import Task, solve_cases
from optimizer.stress.outcome import CaseRecord, Stress
from optimizer.stress.shock import (
    DEAREST_TIMES,
    Case,
    Shock,
    cuts_parts,
    dearest,
    everybody,
    findings_of,
    hard_part,
    unlimited,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from instances.problem import Problem

YEAR = Length(months=12, days=0)
TRIAL = 4
"""Cases solved here before it is known whether other processes are worth starting."""
NAMES = ("of", "waives")
"""Fields of an event that hold names."""
WORTH = 20.0
"""Seconds of work left from which on they are."""


def stress(
    subject: Problem | Result,
    who: Sequence[str] = (),
    *,
    onsets: Sequence[str | date] = (),
    lengths: Sequence[str | Length] = (YEAR,),
    available: float = 0.0,
    pairs: bool = False,
    reoptimise: bool = False,
    waive: Sequence[str] = (),
    rebuild: str | Length | None = YEAR,
    penalty: float | None = None,
    options: Options | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Stress:
    """Return what is lost when somebody is cut off and the plan stands.

    What is decided before the onset stays as it is, and so do capacity, contracts and
    qualification after it; flows, draws and spot purchases from the onset on are chosen anew, at
    least cost. How long it lasts shows only when it is over: each of ``lengths`` is as likely.

    Parameters
    ----------
    subject
        A result, also one read from a file; or a problem, which is solved first.
    who
        Who is cut off, a case each: countries, groups, suppliers or facilities, several at once
        joined by "+"; every country that sells or makes, and every facility, if not given.
    onsets
        First days, or labels, of periods; all of them if not given.
    lengths
        How long it may last.
    available
        Fraction that is left of what can be bought and made there.
    pairs
        Whether each pair of countries is cut off, too.
    reoptimise
        Whether plans that know from the start who is cut off, and when, are sought beside.
    waive, rebuild
        Stock targets, and the rules named here, need not be kept while it lasts and so long
        after it; at once after it where ``rebuild`` is ``None``.
    penalty
        USD per tonne unmet of a demand that is hard in the problem; ten times the dearest price
        of the problem if not given.
    options
        How to solve; the time limit holds for everything together.
    workers
        Local processes; one for each core where it is worth it, if not given.
    progress
        Called with the cases done and the cases in all.
    cancel
        Set it from another thread to stop: cases that are not reached are missing, and say so.

    Raises
    ------
    InputError
        An onset begins no period, a length is none, a fraction or price is out of range, a name is
        nobody's, or a result holds what is no plan of its problem.
    SolverFailed, CheckFailed
        The problem itself cannot be solved; what goes wrong in a case is told there.
    """
    begun = time.perf_counter()
    asked = options or Options()
    options = asked.model_copy(update={"tie_break": False})
    stop = cancel or threading.Event()
    seconds = options.time_limit
    deadline = None if seconds is None else time.monotonic() + seconds
    problem = subject.problem if isinstance(subject, Result) else subject
    shock = shock_of(lengths, available, waive, rebuild, penalty)
    cases = cases_of(problem, who, onsets, pairs=pairs)
    days = days_of(problem, onsets)
    refuse_strangers(problem, who, days[0], shock)
    result = subject if isinstance(subject, Result) else solve(problem, asked, cancel=stop)
    if not result.has_plan:
        cases = []
    elif result.verdict.faults:
        raise InputError([Finding("plan", "is none of its problem", result.verdict.faults[0])])
    found: dict[tuple[str, date], CaseRecord] = {}
    if cases:
        plain = options.model_copy(update={"time_limit": None})
        seen = problem.without_cut_offs
        plan = result.plan
        if seen is not problem:
            # what survival rules ask about is no part of what the shock meets
            plan = plan.at({node.id for node in seen.nodes})
        task = Task(seen, plan, shock, reoptimise, plain, deadline)
        for record in _records(task, cases, workers, stop):
            found[record.who, record.onset] = record
            if progress is not None:
                progress(len(found), len(cases))
    why = "it was stopped before it" if stop.is_set() else "time ran out before it"
    records = tuple(
        found.get((case.name, case.onset), CaseRecord(case.name, case.onset, "missing", why))
        for case in cases
    )
    return Stress(
        result,
        records,
        tuple(str(length) for length in shock.lengths),
        available,
        _assumptions(problem, shock, days),
        reoptimise,
        time.perf_counter() - begun,
    )


def _records(
    task: Task, cases: Sequence[Case], workers: int | None, stop: threading.Event
) -> Iterator[CaseRecord]:
    """Yield records as they come: solved here, or by workers once that is worth it."""
    count = default_workers() if workers is None else workers
    begun = time.perf_counter()
    done = 0
    for case in cases:
        if done >= TRIAL and count > 1:
            left = (time.perf_counter() - begun) / done * (len(cases) - done)
            if workers is not None or left > WORTH:
                break
        records = solve_cases(task, [case], stop)
        if not records:
            return
        done += 1
        yield from records
    if done == len(cases):
        return
    fan: Fan[Case, CaseRecord] = Fan(solve_cases, task, count, stop)
    try:
        for batch, answers in fan.run([[case] for case in cases[done:]]):
            if answers is None:
                why = "the process that solved it ended, more than once"
                yield from (CaseRecord(x.name, x.onset, "failed", why) for x in batch)
            else:
                yield from answers
    finally:
        fan.close()


def cases_of(
    problem: Problem, who: Sequence[str], onsets: Sequence[str | date], *, pairs: bool
) -> list[Case]:
    """Return the cases that are asked for, by who, then onset; parameters as for `stress`.

    Raises
    ------
    InputError
        An onset begins no period.
    """
    days = days_of(problem, onsets)
    parties = [_parties(name) for name in who] or _all(problem)
    if pairs:
        parties += list(combinations(everybody(problem), 2))
    return [Case(party, day) for party in dict.fromkeys(parties) for day in days]


def _all(problem: Problem) -> list[tuple[str, ...]]:
    return [
        *((name,) for name in everybody(problem)),
        *((site.id,) for site in problem.facilities),
    ]


def refuse_strangers(problem: Problem, who: Sequence[str], day: date, shock: Shock) -> None:
    """Refuse names that are nobody's, all at once; what else is wrong with a case is told there.

    Raises
    ------
    InputError
        A party or a waived rule is not there.
    """
    parties = [_parties(name) for name in who]
    empty = [Finding("who", "names nobody", "+".join(party)) for party in parties if "" in party]
    if empty:
        raise InputError(empty)
    wrong = [
        item
        for party in parties or _all(problem)[:1]
        for item in findings_of(problem, Case(party, day), shock)
        if item.where.partition(": ")[2].startswith(NAMES)
    ]
    if wrong:
        raise InputError(wrong)


def _parties(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("+"))


def days_of(problem: Problem, given: Sequence[str | date]) -> list[date]:
    """Return the first days of the periods that are named, of all if none is; in order.

    Raises
    ------
    InputError
        An onset begins no period.
    """
    line = timeline(problem.periods)
    starts = {text: item.start for item in line for text in (item.start.isoformat(), item.label)}
    if not given:
        return [item.start for item in line]
    texts = [item.isoformat() if isinstance(item, date) else item for item in given]
    wrong = [
        Finding(
            "onset",
            "begins no period",
            text,
            nearest_name(text, starts),
            "Give the first day, or the label, of a period.",
        )
        for text in texts
        if text not in starts
    ]
    if wrong:
        raise InputError(wrong)
    return sorted({starts[text] for text in texts})


def shock_of(
    lengths: Sequence[str | Length],
    available: float,
    waive: Sequence[str],
    rebuild: str | Length | None,
    penalty: float | None,
) -> Shock:
    """Return the shock that is asked for; parameters as for `stress`.

    Raises
    ------
    InputError
        A length is none, or a fraction or price is out of range.
    """
    findings = []
    read: dict[str, Length] = {}
    for item in (*lengths, *(() if rebuild is None else (rebuild,))):
        try:
            read[str(item)] = Length.parse(item)
        except ValueError as error:
            findings.append(Finding("length", str(error), str(item)))
    if not lengths:
        findings.append(Finding("length", "is missing", remedy="Write '1 yr', say."))
    if not 0 <= available < 1:
        remedy = "Give a fraction of at least 0 and below 1."
        findings.append(Finding("available", "takes nothing away", f"{available:g}", None, remedy))
    if penalty is not None and penalty <= 0:
        findings.append(Finding("penalty", "is not above 0", f"{penalty:g}"))
    if findings:
        raise InputError(findings)
    unlike = dict.fromkeys(read[str(item)] for item in lengths)
    after = None if rebuild is None else read[str(rebuild)]
    return Shock(tuple(unlike), available, after, tuple(waive), penalty)


def _assumptions(problem: Problem, shock: Shock, days: Sequence[date]) -> tuple[str, ...]:
    told = [
        "The plan stands: what comes before the onset, capacity, contracts and qualification are "
        "as planned; flows, draws and spot purchases after it are chosen anew at least cost, in "
        "the problem's own periods."
    ]
    if len(shock.lengths) > 1:
        told.append(
            "How long it lasts shows only when it is over; until then each length is as likely."
        )
    after = "" if shock.rebuild is None else f" and {shock.rebuild} after it"
    others = f" and {listed(shock.waived)}" if shock.waived else ""
    told.append(f"Stock targets{others} are waived in the shock{after}; all other rules hold.")
    ample = tuple(offer.id for offer in unlimited(problem))
    if ample and any(cuts_parts(problem, day, shock) for day in days):
        told.append(
            f"Offers without a capacity ({listed(ample)}) sell what is left to them at the "
            "highest rate at which their good is needed or bought in the plan."
        )
    hard = [item.id for item in problem.demand if hard_part(item)]
    if hard:
        price = DEAREST_TIMES * dearest(problem) if shock.penalty is None else shock.penalty
        told.append(
            f"Demand {listed(tuple(hard))} is hard: here a tonne unmet counts {money(price)}, "
            "which is no cost that anybody pays."
        )
    return tuple(told)
