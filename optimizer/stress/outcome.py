"""What a stress test found: a record for each case, a long table, and a matrix."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from optimizer.status import Stop

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from optimizer.result import Result

SCHEMA = 1
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

    @property
    def least_met(self) -> float | None:
        """Least fraction met of any need, whatever the length; ``None`` without a plan."""
        return min((loss.met for loss in self.losses), default=None)


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

        cells = {
            (record.who, record.onset.isoformat()): record.least_met for record in self.records
        }
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
        from optimizer.stress.summary import summary

        return summary(self)

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
