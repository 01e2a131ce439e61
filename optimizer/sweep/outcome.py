"""What a sweep found: a record for each point, and the tables they make."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from instances.words import money

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem
    from optimizer.sweep.design import Design

Status = Literal[
    "optimal", "feasible", "infeasible", "unbounded", "none", "invalid", "failed", "missing"
]
"""What is held at a point: a plan (optimal, feasible), the proof that there is none (infeasible,
unbounded), nothing (the solver was stopped), a problem that its edits made invalid, a failure of
the solver or of a worker, or a point that was not reached."""
MOST_TOLD = 5
"""Reasons that are told why points have no answer; the table has them all."""
UNANSWERED = ("none", "invalid", "failed", "missing")
State = Literal["complete", "partial", "failed"]
Way = Literal["direct", "compiled", "cold"]


@dataclass(frozen=True)
class PointRecord:
    """The outcome of one point.

    Parameters
    ----------
    point
        Its id in the design.
    status
        What is held.
    stop
        Why the solver stopped; ``None`` where it did not run.
    objective_usd
        Least cost found, discounted under the problem's perspective; ``None`` without a plan.
    way
        Whether its numbers were written along a proven line ("direct"), compiled and compared
        ("compiled"), or solved from nothing with the referee ("cold").
    seconds
        What it took.
    reason
        Why there is no plan, in words; ``None`` where there is one or the status says it all.
    figures
        Sums of the plan by figure, of what, and whose; empty without a plan.
    """

    point: str
    status: Status
    stop: str | None = None
    objective_usd: float | None = None
    way: Way | None = None
    seconds: float = 0.0
    reason: str | None = None
    figures: tuple[tuple[str, str, str, float], ...] = ()

    @property
    def has_plan(self) -> bool:
        """Whether a plan is held."""
        return self.status in ("optimal", "feasible")

    def to_plain(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return {
            "point": self.point,
            "status": self.status,
            "stop": self.stop,
            "objective_usd": self.objective_usd,
            "way": self.way,
            "seconds": self.seconds,
            "reason": self.reason,
            "figures": [list(row) for row in self.figures],
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> PointRecord:
        """Return the record that `to_plain` was made from."""
        figures = tuple((str(a), str(b), str(c), float(d)) for a, b, c, d in plain["figures"])
        return cls(**(plain | {"figures": figures}))


@dataclass(frozen=True, eq=False)
class Sweep:
    """The outcome of a sweep.

    Parameters
    ----------
    problem
        What was edited.
    design
        The points that were asked for.
    records
        One for each point, in the order of the design.
    checked
        How many points were solved again from nothing, and agreed.
    warnings
        What a reader of the numbers should know: warm results thrown away, for instance.
    seconds
        Wall time.
    """

    problem: Problem
    design: Design
    records: tuple[PointRecord, ...]
    checked: int
    warnings: tuple[str, ...]
    seconds: float

    @property
    def counts(self) -> Counter[str]:
        """Return how many points ended in each status."""
        return Counter(record.status for record in self.records)

    @property
    def state(self) -> State:
        """Return whether every point was answered, some were, or none."""
        unanswered = sum(self.counts[status] for status in UNANSWERED)
        if not unanswered:
            return "complete"
        return "failed" if unanswered == len(self.records) else "partial"

    @property
    def table(self) -> pd.DataFrame:
        """Return a row per point: its values by path, status, least cost, tonnes unmet, reason."""
        import pandas as pd

        points = {point.id: point for point in self.design.points}
        frame: dict[str, list[Any]] = {"point": [record.point for record in self.records]}
        for number, axis in enumerate(self.design.axes):
            frame[axis.name] = [points[record.point].values[number] for record in self.records]
        frame["status"] = [record.status for record in self.records]
        frame["objective_usd"] = [record.objective_usd for record in self.records]
        frame["unmet_t"] = [
            sum(row[3] for row in record.figures if row[0] == "unmet_t")
            if record.has_plan
            else None
            for record in self.records
        ]
        frame["way"] = [record.way for record in self.records]
        frame["seconds"] = [record.seconds for record in self.records]
        frame["reason"] = [record.reason for record in self.records]
        return pd.DataFrame(frame)

    @property
    def figures(self) -> pd.DataFrame:
        """Return the long table: point, figure, of what, whose, value."""
        import pandas as pd

        rows = [(record.point, *row) for record in self.records for row in record.figures]
        return pd.DataFrame(rows, columns=["point", "figure", "of", "whose", "value"])

    @property
    def bars(self) -> pd.DataFrame | None:
        """Return how far each axis moves the least cost, for a tornado; ``None`` for others."""
        from optimizer.sweep.bars import bars

        return None if self.design.base is None else bars(self)

    @property
    def influence(self) -> pd.DataFrame | None:
        """Return how much each axis moves the least cost; ``None`` but for a screening.

        ``None``, too, where one of its points has no plan.
        """
        from optimizer.sweep.screening import influence

        held = all(record.has_plan for record in self.records)
        return influence(self) if held and self.design.screening is not None else None

    def to_plain(self) -> dict[str, Any]:
        """Return the sweep as plain data for JSON."""
        from optimizer.plain import rows

        return {
            "name": self.problem.name,
            "state": self.state,
            "counts": dict(self.counts),
            "axes": [axis.name for axis in self.design.axes],
            "checked": self.checked,
            "warnings": list(self.warnings),
            "seconds": round(self.seconds, 4),
            "bars": None if self.bars is None else rows(self.bars),
            "influence": None if self.influence is None else rows(self.influence),
            "points": [
                {
                    "values": list(point.values),
                    "edits": list(point.edits),
                    **record.to_plain(),
                }
                for point, record in zip(self.design.points, self.records, strict=True)
            ],
        }

    def summary(self) -> str:
        """Return the sweep in words: how many points ended how, the range of cost, and where."""
        counts = ", ".join(f"{number:,} {status}" for status, number in self.counts.items())
        rate = len(self.records) / max(self.seconds, 1e-9)
        lines = [
            f"{self.problem.name}: sweep of {len(self.records):,} points, {self.state}",
            f"{counts}; {self.seconds:.3g} s, {rate:,.3g} points/s; {self.checked} of them solved "
            "again from nothing, with the same cost.",
        ]
        costs = [item.objective_usd for item in self.records if item.objective_usd is not None]
        if costs:
            ordered = sorted(costs)
            middle = ordered[len(ordered) // 2]
            lines.append(
                f"Least cost {money(ordered[0])} to {money(ordered[-1])}, median {money(middle)}."
            )
        if self.design.base is not None:
            from optimizer.sweep.bars import in_words

            lines += ["", in_words(self), ""]
        if self.design.screening is not None:
            from optimizer.sweep.screening import influence_in_words

            lines += ["", influence_in_words(self), ""]
        if self.design.base is None and self.design.screening is None:
            from optimizer.sweep.points_in_words import points_in_words

            told = points_in_words(self)
            lines += ["", told, ""] if told else []
        lines += self._unanswered()
        lines += [f"Note: {warning}" for warning in self.warnings]
        return "\n".join(lines)

    def _unanswered(self) -> list[str]:
        """Return a line for each reason why points have no answer, the most frequent first."""
        reasons = Counter(
            f"{item.status}, {item.reason or item.stop}"
            for item in self.records
            if item.status in UNANSWERED
        )
        told = [f"{number:,} {reason}" for reason, number in reasons.most_common(MOST_TOLD)]
        left = sum(reasons.values()) - sum(number for _, number in reasons.most_common(MOST_TOLD))
        return told + ([f"... and {left:,} more without an answer."] if left else [])
