"""The summary of a stress test: what it assumed, who hurts whom, and why cases have no plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import money, percent, tonnes
from optimizer.text_grid import grid, spread

if TYPE_CHECKING:
    from optimizer.stress.outcome import CaseRecord, Loss, Stress

MOST_TOLD = 5
"""Reasons that are told why cases have no answer, and rows of the worst; the table has all."""
FOREMOST = 40
"""Rows of a matrix that are printed, the worst first."""


def summary(stress: Stress) -> str:
    """Return the outcome as text for people."""
    if not stress.result.has_plan:
        status = stress.result.status
        return f"There is no plan to put under stress ({status}); `explain` says why."
    counts = ", ".join(f"{count} {status}" for status, count in stress.counts.items())
    lengths = " or ".join(stress.lengths)
    depth = "cut off" if stress.available == 0 else f"down to {percent(stress.available)}"
    lines = [
        f"{stress.result.problem.name} under stress: {len(stress.records)} cases ({counts}), "
        f"{depth} for {lengths}",
        *stress.assumptions,
    ]
    if stress.held:
        lines += ["", "Least part of any need that is met while it lasts, by onset"]
        lines += _grid(stress)
        lines += ["", *_worst_words(stress)]
        lines += _by_need(stress)
    why: dict[tuple[str, str | None], list[str]] = {}
    for record in stress.records:
        if not record.losses:
            days = why.setdefault((record.status, record.reason), [])
            days.append(f"{record.who} from {record.onset}")
    if why:
        lines += ["", "Without a plan"]
        for (held, reason), days in list(why.items())[:MOST_TOLD]:
            more = f" and {len(days) - 1} more" if len(days) > 1 else ""
            lines.append(f"  {days[0]}{more}: {held}" + (f": {reason}" if reason else ""))
        if len(why) > MOST_TOLD:
            lines.append(f"  ... and {len(why) - MOST_TOLD} more")
    return "\n".join(lines)


def _grid(stress: Stress) -> list[str]:
    cells = {(record.who, record.onset): record.least_met for record in stress.records}
    first = {record.onset.isoformat(): record.onset for record in stress.records}
    onsets = spread(sorted(first))
    least: dict[str, float] = {}
    for record in stress.records:
        met = record.least_met
        least[record.who] = min(least.get(record.who, 2.0), 2.0 if met is None else met)
    ranked = sorted(least, key=lambda who: least[who])
    shown = [
        [_called(stress, who), *(_share(cells.get((who, first[onset]))) for onset in onsets)]
        for who in ranked[:FOREMOST]
    ]
    heads = [onset.removesuffix("-01-01") for onset in onsets]
    lines = [grid(["cut off", *heads], shown)]
    if len(ranked) > FOREMOST:
        lines.append(f"  ... and {len(ranked) - FOREMOST} more")
    return lines


def _called(stress: Stress, who: str) -> str:
    names = stress.result.problem.names
    places = {item.country for item in stress.result.problem.offers}
    places |= {item.country for item in stress.result.problem.facilities}
    return " + ".join(names.country(name) if name in places else name for name in who.split("+"))


def _worst_words(stress: Stress) -> list[str]:
    """Tell of the worst case of each of the worst, in a sentence each."""
    lines = []
    best: dict[str, tuple[CaseRecord, Loss]] = {}
    for record in stress.records:
        for loss in record.losses:
            known = best.get(record.who)
            if loss.first_unmet is not None and (known is None or loss.met < known[1].met):
                best[record.who] = (record, loss)
    ranked = sorted(best.values(), key=lambda pair: pair[1].met)
    names = stress.result.problem.names
    for record, loss in ranked[:MOST_TOLD]:
        cost, _ = record.costs[loss.length]
        again = (
            "not met again within the horizon"
            if loss.recover_days is None
            else f"met again after {loss.recover_days} days"
        )
        other = (
            ""
            if loss.met_reoptimised is None
            else f" ({percent(loss.met_reoptimised)} by a plan that knows of it)"
        )
        lines.append(
            f"{_called(stress, record.who)} from {record.onset} for {loss.length}: "
            f"{names.commodity(loss.commodity)} for {loss.demand_class} is met to "
            f"{percent(loss.met)}{other}, {tonnes(loss.unmet_t)} unmet, first on "
            f"{loss.first_unmet} (day {loss.survive_days}), {again}; all but shortfall costs "
            f"{money(abs(cost))} {'more' if cost >= 0 else 'less'}"
        )
    if not lines:
        lines.append("Every need is met as in the plan, whoever is cut off.")
    return lines


def _by_need(stress: Stress) -> list[str]:
    """Tell whose cut leaves each need shortest, the worst first; nothing where none does."""
    worst: dict[tuple[str, str], tuple[CaseRecord, Loss]] = {}
    for record in stress.records:
        for loss in record.losses:
            known = worst.get((loss.commodity, loss.demand_class))
            if loss.first_unmet is not None and (known is None or loss.met < known[1].met):
                worst[loss.commodity, loss.demand_class] = (record, loss)
    names = stress.result.problem.names
    ranked = sorted(worst.values(), key=lambda pair: (pair[1].met, pair[1].commodity))
    cells = [
        [
            f"{names.commodity(loss.commodity)} for {loss.demand_class}",
            _called(stress, record.who),
            record.onset.isoformat(),
            loss.length,
            percent(loss.met),
            tonnes(loss.unmet_t),
            f"{loss.missing_days:,.3g}",
            f"day {loss.survive_days}",
        ]
        for record, loss in ranked[:FOREMOST]
    ]
    head = ["need", "cut off", "from", "for", "met", "unmet", "days missing", "short from"]
    return ["", "Whose cut hurts each need most", grid(head, cells)] if cells else []


def _share(met: float | None) -> str:
    return "none" if met is None else percent(round(met, 3))
