"""What a job is: its state, what became of it, and what is told on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, get_args

from service.gist import Gist
from service.jobs.code import code_version

JobKind = Literal[
    "solve",
    "sweep",
    "frontier",
    "stress",
    "alternatives",
    "explain",
    "compare",
    "worth",
    "sheet",
    "partners",
    "purse",
    "instruments",
    "validate",
]
JOB_KINDS: tuple[JobKind, ...] = get_args(JobKind)


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    PARTIAL = "partial"

    @property
    def final(self) -> bool:
        """Whether nothing follows."""
        return self in FINAL


FINAL = frozenset({State.CANCELLED, State.SUCCEEDED, State.FAILED, State.PARTIAL})
GOING = frozenset(State) - FINAL

POISON = "poison"
"""Reason of a job that ended its worker as often as it was tried."""
CANCELLED = "cancelled"
"""Reason of a job that its caller cancelled."""

MOST_SHOWN = 20
"""Edits of a job that are shown with it."""

Progress = dict[str, float | None]
"""How far a job has come, as `service.work.Eye.tell`."""
Findings = list[dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class Order:
    """A job as it is asked for.

    Parameters
    ----------
    kind
        What is to be done.
    body
        The request, as the route of that kind takes it.
    body_hash
        SHA-256 of all that the caller sent; the same key with another hash is refused.
    problem
        Name of the problem.
    instance
        Name of the shipped instance that was asked about; ``None`` for a problem given in full.
    edits
        What was changed in it: the first `MOST_SHOWN`.
    edit_count
        How many edits there are.
    asks
        What else was asked, in short; ``None`` for nothing.
    variables
        Size of the problem, in variables.
    address
        Content address of the answer: equal ones have equal answers.
    label
        The caller's own word for it.
    idempotency_key
        The caller's key: a second order with it is the first job.
    fresh
        Compute it although the answer is known.
    code
        Version of the code that made the address; this process's by default.
    webhook
        URL that is told of its end.
    trace
        Context of the request, as in a ``traceparent`` header; ``None`` where nobody traces.
    """

    kind: JobKind
    body: bytes
    body_hash: str
    problem: str | None
    variables: int
    address: str
    label: str | None = None
    idempotency_key: str | None = None
    fresh: bool = False
    code: str = field(default_factory=code_version)
    webhook: str | None = None
    trace: str | None = None
    instance: str | None = None
    edits: tuple[str, ...] = ()
    edit_count: int = 0
    asks: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job, without its request and its answer.

    Parameters
    ----------
    id, tenant, kind, label, problem
        What it is, and whose.
    instance, edits, edit_count, asks
        As in `Order`; ``None`` for a job that was recorded before these were.
    state
        Where it stands.
    reason
        Why it failed or was cancelled: an `Outcome`, ``poison`` or ``cancelled``; ``None``
        otherwise.
    detail, findings
        The reason in words, and what is wrong with the input.
    created, started, finished, expires
        Seconds since 1970 (UTC); ``None`` for what has not happened. It is deleted once it
        expires.
    attempts
        How often it was begun.
    progress
        How far it has come, as told last.
    has_answer
        Whether there is an answer: also of a cancelled solve that held a plan.
    answered_from
        Job whose answer this is, when it was not computed again.
    cost_usd, words
        What the answer comes to, as `service.gist.Gist`; ``None`` without one, and for one that
        was recorded before these were.
    last_event
        Number of the latest event.
    """

    id: str
    tenant: str
    kind: JobKind
    label: str | None
    problem: str | None
    instance: str | None
    edits: list[str] | None
    edit_count: int | None
    asks: str | None
    state: State
    reason: str | None
    detail: str | None
    findings: Findings
    created: float
    started: float | None
    finished: float | None
    expires: float | None
    attempts: int
    progress: Progress | None
    has_answer: bool
    answered_from: str | None
    cost_usd: float | None
    words: str | None
    last_event: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """A job that a worker has begun.

    Parameters
    ----------
    number
        Which attempt this is, from 1; only the latest may finish the job.
    worker
        Name of the worker, which is this process's alone.
    code
        Version of the code that made the answer's address; ``None`` if it is not known.
    trace
        As in `Order`.
    """

    job: str
    tenant: str
    kind: JobKind
    body: bytes
    number: int
    worker: str
    code: str | None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of an attempt.

    Parameters
    ----------
    state
        A final one.
    reason, detail, findings
        As in `Job`.
    answer
        The answer as JSON; ``None`` if there is none.
    reusable
        Whether the same order has this answer whenever it is asked: nothing was cut short.
    seconds
        How long it was computed, in this attempt.
    gist
        What the answer comes to.
    """

    state: State
    reason: str | None = None
    detail: str | None = None
    findings: Findings | None = None
    answer: bytes | None = None
    reusable: bool = False
    seconds: float = 0.0
    gist: Gist | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a job.

    Parameters
    ----------
    sequence
        Its number, from 1 for each job, without gaps.
    at
        Seconds since 1970 (UTC).
    kind
        ``state`` (the data say which, and why) or ``progress``.
    """

    sequence: int
    at: float
    kind: Literal["state", "progress"]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkerBeat:
    """A worker's sign of life: when it was last seen, what it runs, how much it could run.

    Times are those of this process's clock, in seconds since 1970.
    """

    worker: str
    started: float
    beat: float
    running: int
    places: int
