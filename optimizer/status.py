"""Status on two axes, never merged: why the solver stopped, and what we hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stop(StrEnum):
    """Why the solver stopped."""

    FINISHED = "finished"
    """It proved what it reports, within the gap asked for."""
    TIME_LIMIT = "time_limit"
    """The time limit was reached."""
    GAP_LIMIT = "gap_limit"
    """A looser gap than the one asked for was accepted."""
    CANCELLED = "cancelled"
    """The caller asked it to stop."""
    MEMORY = "memory"
    """Memory ran out."""
    ERROR = "error"
    """The solver gave up for numerical reasons."""


class Point(StrEnum):
    """What we hold."""

    OPTIMAL = "optimal"
    """A plan of least cost, within the gap asked for."""
    FEASIBLE = "feasible"
    """A plan that keeps every rule; a cheaper one may exist."""
    INFEASIBLE = "infeasible"
    """Proof that no plan keeps every rule."""
    UNBOUNDED = "unbounded"
    """Proof that the cost can fall without end: something makes money from nothing."""
    NONE = "none"
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Status:
    """Why the solver stopped and what we hold.

    Parameters
    ----------
    stop
        Why it stopped.
    point
        What we hold.
    """

    stop: Stop
    point: Point

    @property
    def has_plan(self) -> bool:
        """Whether a plan is held."""
        return self.point in (Point.OPTIMAL, Point.FEASIBLE)

    def __str__(self) -> str:
        return f"{self.point} ({self.stop})" if self.stop is not Stop.FINISHED else str(self.point)
