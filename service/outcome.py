"""How a request that ran in a child process can end; each word is also the kind of its error."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a request ended in its child process."""

    ANSWER = "answer"
    """With the answer that was asked for; an infeasible problem is one, too."""
    BROKEN_JSON = "broken-json"
    """The body is not JSON, or not the plain JSON that is accepted."""
    INVALID_INPUT = "invalid-input"
    """The input is wrong; the findings say where."""
    TOO_LARGE = "problem-too-large"
    """The problem has more variables than this server takes."""
    SOLVER_FAILED = "solver-failed"
    """HiGHS failed."""
    CHECK_FAILED = "check-failed"
    """The referee disagrees with the solver: a bug of ours."""
    FAULT = "fault"
    """Our program failed: a bug of ours."""
    OUT_OF_MEMORY = "out-of-memory"
    """More memory was needed than a request may have."""
    CPU_TIME = "cpu-time"
    """More processor time was needed than a request may have."""
    WALL_TIME = "wall-time"
    """It took longer than a request may take, and no plan was handed over in time."""
    CRASHED = "crashed"
    """The child process ended without a word."""
