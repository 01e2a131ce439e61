"""Options of a solve, and the progress it reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from instances.goals import Aim, Goals, read_aim

if TYPE_CHECKING:
    from instances.problem import Problem

Second = Literal["shortfall", "concentration"]
"""A goal that can be weighed against the cost."""
Method = Literal["auto", "extensive", "l-shaped"]
"""How a tree of scenarios is solved."""


class Options(BaseModel):
    """How to solve. The answer of a repeated solve with equal options is equal."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    time_limit: float | None = Field(default=None, gt=0, le=1e7)
    """Seconds the solver may take; unlimited if not given."""
    gap: float = Field(default=1e-6, ge=0, le=1)
    """Relative gap to the bound within which a plan with yes/no choices counts as optimal."""
    threads: int = Field(default=1, ge=1, le=256)
    """Threads of the solver; one value per process."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    """Seed of the solver's random choices."""
    log: bool = False
    """Whether the solver's log is kept in the result."""
    hhi_tolerance: float = Field(default=1e-6, ge=1e-9, le=1e-4)
    """How far above its cap a concentration (0 to 1) may lie: the cuts end there."""
    tie_break: bool = True
    """Whether a second solve seeks the least concentrated among the plans of least cost."""
    method: Method = "auto"
    """How a tree of scenarios is solved: ``extensive``, in one piece; ``l-shaped``, by a loop
    between what is decided before the first branching and a sub-problem for each branch; or
    ``auto``, whichever is likely to be faster. The L-shaped loop breaks no ties, and solves up to
    ``threads`` sub-problems at a time."""
    share_intervals: bool = False
    """Whether the least and the most that shares can be are sought for every share rule that
    follows lots: two more solves for each of its rows."""
    shares_of: tuple[str, ...] = Field(default=(), max_length=100)
    """The same for shares that no rule is about, such as
    ``of=CHN,commodity=gallium,origin=traced,demand_class=defence``."""
    rule_prices: bool = False
    """Whether every number of a rule is also priced by solves a step to either side, with the
    stretch on which its dual holds: a few more solves for each."""
    goals: Goals | None = None
    """What is sought, in order, each goal held while the next is sought: ``shortfall`` (by class
    of demand), ``cost``, ``concentration``; with the fraction by which it may give way, as in
    ``cost:1%``. Cost is always among them. The problem's own if not given."""

    def aims(self, problem: Problem) -> tuple[Aim, ...]:
        """Return the goals in order: those asked for, else those that ``problem`` states."""
        return tuple(read_aim(text) for text in self.goals or problem.goals)

    @property
    def asks_shares(self) -> bool:
        """Whether any interval is asked for."""
        return self.share_intervals or bool(self.shares_of)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running solve has come.

    Parameters
    ----------
    seconds
        Time since the solver started.
    bound
        No plan can cost less, USD; ``None`` if not known yet.
    incumbent
        Cost of the best plan held, USD; ``None`` without one.
    gap
        Relative distance between the two, a fraction; ``None`` without either.
    """

    seconds: float
    bound: float | None
    incumbent: float | None
    gap: float | None
