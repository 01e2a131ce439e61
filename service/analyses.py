"""From what is asked to what the optimizer is called with, for people and programs alike."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError
from instances.words import money, tonnes

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from instances import Problem
    from optimizer import Curve, Flip, Front, Instrument, Options, Result, Stress
    from service.asks import FrontierAsk, InstrumentsAsk, StressAsk, WorthAsk


def trace(
    problem: Problem,
    ask: FrontierAsk,
    options: Options,
    cancel: threading.Event | None = None,
) -> Curve:
    """Return the curve of least cost that is asked for.

    Raises
    ------
    InputError
        There is no such rule or field, or no stretch to look at.
    """
    from optimizer import frontier

    low, high = _ends(problem, ask)
    return frontier(
        problem,
        ask.rule,
        path=ask.path,
        low=low,
        high=high,
        tolerance=ask.tolerance,
        most=ask.most,
        options=options,
        cancel=cancel,
    )


def weigh(
    problem: Problem,
    ask: FrontierAsk,
    options: Options,
    cancel: threading.Event | None = None,
) -> Front:
    """Return the front of cost and the second objective that is asked for.

    Raises
    ------
    InputError
        A rule, a field or ends are asked for as well.
    """
    from optimizer import front

    refuse_stretch(problem, ask)
    assert ask.against is not None
    return front(problem, ask.against, most=ask.most, options=options, cancel=cancel)


def refuse_stretch(problem: Problem, ask: FrontierAsk) -> None:
    """Refuse a frontier that has no stretch to look at, or both a stretch and an objective.

    Raises
    ------
    InputError
        There is no such rule or field, or what is asked for excludes one another.
    """
    from optimizer.stretch import span_of

    if ask.against is None:
        span_of(problem, ask.rule, ask.path, *_ends(problem, ask))
        return
    others = [name for name in ("rule", "path", "low", "high") if getattr(ask, name) is not None]
    if others:
        what = "is traced against the cost, not against a number"
        remedy = f"Leave out {', '.join(others)}."
        raise InputError([Finding("against", what, ask.against, remedy=remedy)])


def put_under_stress(
    subject: Problem | Result,
    ask: StressAsk,
    options: Options,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Stress:
    """Return what the plan loses in the cases that are asked for; errors as `optimizer.stress`."""
    from optimizer import stress

    return stress(
        subject,
        ask.who,
        onsets=ask.onsets,
        lengths=ask.lengths,
        available=ask.available,
        pairs=ask.pairs,
        reoptimise=ask.reoptimise,
        waive=ask.waive,
        rebuild=None if ask.rebuild == "none" else ask.rebuild,
        penalty=ask.penalty,
        options=options,
        workers=workers,
        progress=progress,
        cancel=cancel,
    )


def refuse_shock(problem: Problem, ask: StressAsk) -> None:
    """Refuse a shock that is none, or that meets nobody.

    Raises
    ------
    InputError
        Everything wrong with it.
    """
    from optimizer.stress.run import days_of, refuse_strangers, shock_of

    rebuild = None if ask.rebuild == "none" else ask.rebuild
    shock = shock_of(ask.lengths, ask.available, ask.waive, rebuild, ask.penalty)
    refuse_strangers(problem, ask.who, days_of(problem, ask.onsets)[0], shock)


def turned(
    problem: Problem,
    ask: WorthAsk,
    options: Options,
    spent: float = 0.0,
    cancel: threading.Event | None = None,
) -> tuple[tuple[Flip, ...], bool]:
    """Return where the first decision turns, and whether all of it was looked at in time.

    Parameters
    ----------
    spent
        Seconds of the time limit that are gone already.
    """
    from optimizer import flips

    limit = options.time_limit
    deadline = math.inf if limit is None else time.monotonic() + limit - spent
    turns: list[Flip] = []
    for name in ask.flip:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        own = options.model_copy(update={"time_limit": None if limit is None else left})
        turns += flips(problem, name, options=own, cancel=cancel)
    over = time.monotonic() >= deadline or (cancel is not None and cancel.is_set())
    return tuple(turns), not (ask.flip and over)


def pooled(problem: Problem, ask: WorthAsk, options: Options) -> list[dict[str, Any]] | None:
    """Return what sharing saves, a row per pool; ``None`` if not asked for.

    Raises
    ------
    InputError
        No stockpile has members.
    """
    from optimizer import pooling
    from optimizer.plain import rows

    refuse_pooling(problem, ask)
    return rows(pooling(problem, options)) if ask.pooling else None


def refuse_pooling(problem: Problem, ask: WorthAsk) -> None:
    """Raise InputError where sharing is asked about and no stockpile has members."""
    if ask.pooling and not any(store.members for store in problem.stockpiles):
        what = "is asked for, but no stockpile has members"
        raise InputError([Finding("pooling", what, remedy="Give one `members`.")])


def pooled_in_words(table: list[dict[str, Any]]) -> str:
    """Return what sharing saves, a sentence per pool."""
    return "\n".join(
        f"Sharing {row['stockpile']} cannot be weighed: {row['reason']}."
        if row["gain_t"] is None
        else f"Together {row['stockpile']} holds {tonnes(row['pooled_t'])} at most, apart its "
        f"members would hold {tonnes(row['separate_t'])}: sharing saves {tonnes(row['gain_t'])} "
        f"and {money(row['gain_usd'])}."
        for row in table
    )


def named_in(problem: Problem, ask: InstrumentsAsk) -> tuple[Instrument, ...]:
    """Return the instruments that are asked about.

    Raises
    ------
    InputError
        Everything that is no instrument, and an outlay that is none.
    """
    from optimizer import Instrument, parse_range
    from optimizer.instruments import refuse_instruments

    findings: list[Finding] = []
    named = []
    for text in ask.turn:
        try:
            found = parse_range(text, problem)
        except InputError as error:
            findings += error.findings
            continue
        if len(found.values) != 2 or found.axis.action != "set":
            what, remedy = "is no instrument", "Write PATH=OFF,MOST: two values."
            findings.append(Finding("turn", what, text, remedy=remedy))
            continue
        named.append(Instrument(found.axis.select, *found.values))
    try:
        if named:
            refuse_instruments(named, ask.outlay)
    except InputError as error:
        findings += error.findings
    if findings:
        raise InputError(findings)
    return tuple(named)


def _ends(problem: Problem, ask: FrontierAsk) -> tuple[float | None, float | None]:
    """Return the ends of the stretch that is asked for, in the base unit of its field."""
    from optimizer.stretch import span_of

    path = span_of(problem, ask.rule, ask.path, 0.0, 1.0).path
    return _end(problem, path, ask.low), _end(problem, path, ask.high)


def _end(problem: Problem, path: str, given: float | str | None) -> float | None:
    """Return an end of a stretch in the base unit of its field."""
    from optimizer import parse_range

    if given is None:
        return None
    values = parse_range(f"{path}={given}", problem).values
    if len(values) != 1:
        raise InputError([Finding(path, "has an end that is no number", str(given))])
    return values[0]
