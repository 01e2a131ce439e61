"""Instruments side by side: what each buys at one and the same outlay.

An instrument is a number of the problem: the floor of a guaranteed price, the grant of an
expansion, the rate of a tariff, the size of a contract, the days of a stock target, the equity of
a fund. At the least of its range it is off; the problem with all of them off is what each is
compared with. Its outlay is what the purse that pays for it pays more than then, discounted and
expected over scenarios, shortfall, delay and fines apart; of a tariff, by which the public gains,
what the buyers pay more. Its amount is found by bisection.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from instances.edit import apply
from instances.errors import Finding, InputError
from optimizer.answer import Watch
from optimizer.engine.family import Axis, Family
from optimizer.instrument import KINDS, STOCK_TARGETS, Effect, Instruments
from optimizer.instrument_search import Point, effect_of
from optimizer.options import Options

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from instances.problem import Problem
    from optimizer.instrument import Instrument


def instruments(
    problem: Problem,
    named: Sequence[Instrument],
    outlay: float,
    *,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Instruments:
    """Return what each instrument buys at the same outlay, all others off.

    The outlay is taken to rise with the amount. Where it jumps over the sum, as where a plant is
    built or not, the last amount before the jump is told, and what lies beyond it.

    Parameters
    ----------
    named
        The instruments.
    outlay
        USD, discounted.
    options
        How to solve; the time limit holds for everything together.
    progress
        Called with the instruments looked at and all of them.
    cancel
        Set it from another thread to stop; what is known by then is returned.

    Raises
    ------
    InputError
        A path that leads nowhere or to no instrument, a range without length, no outlay.
    CheckFailed
        The referee disagrees with a plan: a bug of ours.
    """
    refuse_instruments(named, outlay)
    limit = None if options is None else options.time_limit
    options = (options or Options()).model_copy(update={"tie_break": False, "time_limit": None})
    begun = time.monotonic()
    watch = Watch.within(limit, cancel)
    off = apply(problem, [Axis(item.path).edit(item.off) for item in named])
    start = Point.at(Family(off, [Axis(named[0].path)], options), named[0].off, watch)
    blank = Effect("", "none", "public")
    if start is None:
        late = watch.over
        why = "time ran out" if late else "no plan keeps every rule"
        base = replace(blank, reason=why)
        return Instruments(problem, outlay, base, (), not late, time.monotonic() - begun)
    top = start.largest()
    base = start.effect(blank, top, start)
    effects = []
    for done, item in enumerate(named, 1):
        effects.append(effect_of(item, off, start, top, outlay, options, watch))
        if progress is not None:
            progress(done, len(named))
    took = time.monotonic() - begun
    over = watch.over
    return Instruments(problem, outlay, base, tuple(effects), not over, took)


def refuse_instruments(named: Sequence[Instrument], outlay: float) -> None:
    """Raise InputError for what cannot be compared."""
    findings = []
    if not named:
        findings.append(Finding("instruments", "are missing", remedy="Name one or more."))
    if outlay <= 0:
        findings.append(Finding("outlay", "is not above 0", f"{outlay:g} USD"))
    for item in named:
        table, field = item.path.partition("[")[0], item.path.rpartition("].")[2]
        if table not in KINDS:
            remedy = f"Name a number of {', '.join(KINDS)}."
            findings.append(Finding(item.path, "is no instrument", remedy=remedy))
        elif table == "rules" and field not in STOCK_TARGETS:
            what = "is no instrument: of rules only stock targets are"
            remedy = f"Name their {' or '.join(STOCK_TARGETS)}."
            findings.append(Finding(item.path, what, remedy=remedy))
        if item.off == item.most:
            findings.append(Finding(item.path, "has no range", f"{item.off:g}"))
    if findings:
        raise InputError(findings)
