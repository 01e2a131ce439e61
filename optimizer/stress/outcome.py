"""What a stress test found: a record for each case, a long table, and a matrix."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from instances.words import money, percent, tonnes
from optimizer.status import Stop
from optimizer.text_grid import grid, spread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from optimizer.result import Result

SCHEMA = 1
MOST_TOLD = 5
"""Reasons that are told why cases have no answer, and rows of the worst; the table has all."""
FOREMOST = 40
"""Rows of a matrix that are printed, the worst first."""
Status = Literal[
    "optimal", "feasible", "infeasible", "unbounded", "none", "invalid", "failed", "missing"
]
UNANSWERED = ("none", "failed", "missing")


@dataclass(frozen=True)
class Loss:
    """What a shock of one length does to the users of one commodity and class.

    Parameters
    ----------
    length, commodity, demand_class
        Of what.
    needed_t
        What they need in the periods that the shock touches, t.
    unmet_t, unmet_anyway_t
        What they go without from the onset to the end of the horizon, and what they do in the
        plan without the shock, t.
    missing_days
        What the shock leaves unmet, in days of what they need in the periods that it touches: a
        reserve with so many days more would spare them.
    met
        Fraction that is met of what they need in the periods that the shock touches.
    met_reoptimised
        The same with the plan made anew, knowing of the cut; ``None`` if not asked for or found.
    first_unmet
        First day of the first period in which they go without more than in the plan.
    survive_days
        Days from the onset to that day; ``None`` if it never comes.
    recover_days
        Days from the onset to the end of the last such period; 0 if there is none, ``None`` if it
        is the last of the horizon.
    """

    length: str
    commodity: str
    demand_class: str
    needed_t: float
    unmet_t: float
    unmet_anyway_t: float
    missing_days: float
    met: float
    first_unmet: date | None
    survive_days: int | None
    recover_days: int | None
    met_reoptimised: float | None = None


@dataclass(frozen=True)
class CaseRecord:
    """The outcome of one case.

    Parameters
    ----------
    who, onset
        Who was cut off, and from when.
    status
        What is held.
    reason
        Why there is no plan, in words.
    losses
        By length, commodity and class; empty without a plan.
    costs
        Length to USD that the shock adds: all but shortfall; and shortfall, ``None`` where a
        demand is hard, so that its price is an invention.
    seconds
        What it took.
    """

    who: str
    onset: date
    status: Status
    reason: str | None = None
    losses: tuple[Loss, ...] = ()
    costs: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    seconds: float = 0.0


COLUMNS = (
    *("who", "onset", "length", "status", "commodity", "demand_class", "needed_t", "unmet_t"),
    *("unmet_anyway_t", "missing_days", "met", "met_reoptimised"),
    *("first_unmet", "survive_days", "recover_days"),
    *("extra_cost_usd", "extra_shortfall_usd", "reason"),
)


@dataclass(frozen=True, eq=False)
class Stress:
    """A plan under stress.

    Parameters
    ----------
    result
        The plan.
    records
        Of all cases, in order: by who, then onset.
    lengths, available
        How long the shocks last, and what is left meanwhile.
    assumptions
        What the numbers rest on, in sentences.
    reoptimised
        Whether plans that know of the cut were sought.
    seconds
        Wall time of all of it.
    """

    result: Result
    records: tuple[CaseRecord, ...]
    lengths: tuple[str, ...]
    available: float
    assumptions: tuple[str, ...]
    reoptimised: bool
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        """Return how many cases have each status."""
        return dict(Counter(record.status for record in self.records))

    @property
    def complete(self) -> bool:
        """Whether every case has an answer; that it has no plan is one."""
        if not self.result.has_plan:
            return self.result.status.stop is Stop.FINISHED
        return not any(record.status in UNANSWERED for record in self.records)

    @property
    def held(self) -> bool:
        """Whether any case has a plan."""
        return any(record.losses for record in self.records)

    @property
    def table(self) -> pd.DataFrame:
        """Every case by length, commodity and class of demand; one row for a case without plan."""
        import pandas as pd

        return pd.DataFrame(self._rows(), columns=list(COLUMNS))

    def _rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for record in self.records:
            head = {"who": record.who, "onset": record.onset.isoformat(), "status": record.status}
            if not record.losses:
                rows.append(dict.fromkeys(COLUMNS) | head | {"reason": record.reason})
            for loss in record.losses:
                own = {name: getattr(loss, name) for name in COLUMNS if hasattr(loss, name)}
                if loss.first_unmet is not None:
                    own["first_unmet"] = loss.first_unmet.isoformat()
                cost, short = record.costs[loss.length]
                money = {"extra_cost_usd": cost, "extra_shortfall_usd": short}
                rows.append(dict.fromkeys(COLUMNS) | head | own | money)
        return rows

    @property
    def matrix(self) -> pd.DataFrame:
        """Who (rows) by onset (columns): least fraction met of any need, whatever the length."""
        import pandas as pd

        cells = {(record.who, record.onset.isoformat()): _least(record) for record in self.records}
        who = list(dict.fromkeys(name for name, _ in cells))
        onsets = sorted({onset for _, onset in cells})
        table = [[cells.get((name, onset)) for onset in onsets] for name in who]
        return pd.DataFrame(table, index=pd.Index(who, name="who"), columns=onsets, dtype=object)

    @property
    def worst(self) -> tuple[CaseRecord, Loss] | None:
        """The case and the users that are met least; ``None`` where no case has a plan."""
        every = ((record, loss) for record in self.records for loss in record.losses)
        return min(every, key=lambda pair: (pair[1].met, -pair[1].unmet_t), default=None)

    def summary(self) -> str:
        """Return the outcome as text for people."""
        if not self.result.has_plan:
            status = self.result.status
            return f"There is no plan to put under stress ({status}); `explain` says why."
        counts = ", ".join(f"{count} {status}" for status, count in self.counts.items())
        lengths = " or ".join(self.lengths)
        depth = "cut off" if self.available == 0 else f"down to {percent(self.available)}"
        lines = [
            f"{self.result.problem.name} under stress: {len(self.records)} cases ({counts}), "
            f"{depth} for {lengths}",
            *self.assumptions,
        ]
        if self.held:
            lines += ["", "Least part of any need that is met while it lasts, by onset"]
            lines += self._grid()
            lines += ["", *self._worst_words()]
            lines += self._by_need()
        why: dict[tuple[str, str | None], list[str]] = {}
        for record in self.records:
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

    def _grid(self) -> list[str]:
        cells = {(record.who, record.onset): _least(record) for record in self.records}
        first = {record.onset.isoformat(): record.onset for record in self.records}
        onsets = spread(sorted(first))
        least: dict[str, float] = {}
        for record in self.records:
            met = _least(record)
            least[record.who] = min(least.get(record.who, 2.0), 2.0 if met is None else met)
        ranked = sorted(least, key=lambda who: least[who])
        shown = [
            [self._called(who), *(_share(cells.get((who, first[onset]))) for onset in onsets)]
            for who in ranked[:FOREMOST]
        ]
        heads = [onset.removesuffix("-01-01") for onset in onsets]
        lines = [grid(["cut off", *heads], shown)]
        if len(ranked) > FOREMOST:
            lines.append(f"  ... and {len(ranked) - FOREMOST} more")
        return lines

    def _called(self, who: str) -> str:
        names = self.result.problem.names
        places = {item.country for item in self.result.problem.offers}
        places |= {item.country for item in self.result.problem.facilities}
        return " + ".join(
            names.country(name) if name in places else name for name in who.split("+")
        )

    def _worst_words(self) -> list[str]:
        """Tell of the worst case of each of the worst, in a sentence each."""
        lines = []
        best: dict[str, tuple[CaseRecord, Loss]] = {}
        for record in self.records:
            for loss in record.losses:
                known = best.get(record.who)
                if loss.first_unmet is not None and (known is None or loss.met < known[1].met):
                    best[record.who] = (record, loss)
        ranked = sorted(best.values(), key=lambda pair: pair[1].met)
        names = self.result.problem.names
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
                f"{self._called(record.who)} from {record.onset} for {loss.length}: "
                f"{names.commodity(loss.commodity)} for {loss.demand_class} is met to "
                f"{percent(loss.met)}{other}, {tonnes(loss.unmet_t)} unmet, first on "
                f"{loss.first_unmet} (day {loss.survive_days}), {again}; all but shortfall costs "
                f"{money(abs(cost))} {'more' if cost >= 0 else 'less'}"
            )
        if not lines:
            lines.append("Every need is met as in the plan, whoever is cut off.")
        return lines

    def _by_need(self) -> list[str]:
        """Tell whose cut leaves each need shortest, the worst first; nothing where none does."""
        worst: dict[tuple[str, str], tuple[CaseRecord, Loss]] = {}
        for record in self.records:
            for loss in record.losses:
                known = worst.get((loss.commodity, loss.demand_class))
                if loss.first_unmet is not None and (known is None or loss.met < known[1].met):
                    worst[loss.commodity, loss.demand_class] = (record, loss)
        names = self.result.problem.names
        ranked = sorted(worst.values(), key=lambda pair: (pair[1].met, pair[1].commodity))
        cells = [
            [
                f"{names.commodity(loss.commodity)} for {loss.demand_class}",
                self._called(record.who),
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

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return the outcome as plain data for JSON."""
        worst = self.worst
        matrix = self.matrix
        return {
            "schema": SCHEMA,
            "name": self.result.problem.name,
            "hash": self.result.problem.hash,
            "lengths": list(self.lengths),
            "available": self.available,
            "assumptions": list(self.assumptions),
            "reoptimised": self.reoptimised,
            "counts": self.counts,
            "complete": self.complete,
            "seconds": self.seconds,
            "status": str(self.result.status),
            "cases": self._rows(),
            "matrix": {
                "onsets": list(matrix.columns),
                "met": {
                    str(who): list(row)
                    for who, row in zip(matrix.index, matrix.to_numpy().tolist(), strict=True)
                },
            },
            "worst": None
            if worst is None
            else {
                "who": worst[0].who,
                "onset": worst[0].onset.isoformat(),
                "length": worst[1].length,
                "commodity": worst[1].commodity,
                "demand_class": worst[1].demand_class,
                "met": worst[1].met,
                "unmet_t": worst[1].unmet_t,
            },
        }

    def to_json(self) -> str:
        """Return the outcome as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)


def _least(record: CaseRecord) -> float | None:
    return min((loss.met for loss in record.losses), default=None)


def _share(met: float | None) -> str:
    return "none" if met is None else percent(round(met, 3))
