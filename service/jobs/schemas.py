"""Bodies of the routes of jobs, as the API documents them and as a job is shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from service.jobs.record import MOST_SHOWN, Job, JobKind
from service.schemas import Described, FindingBody

LONGEST_LABEL = 200
StateName = Literal[
    "queued", "running", "cancelling", "cancelled", "succeeded", "failed", "partial"
]


class JobLinks(Described):
    """Where the parts of a job are."""

    self: str
    order: str
    result: str
    events: str
    log: str
    cancel: str


class JobBody(Described):
    """A job. An infeasible problem is a job that succeeded, with that answer."""

    id: str
    kind: JobKind
    label: str | None = Field(description="The caller's own word for it.")
    problem: str | None = Field(description="Name of the problem.")
    instance: str | None = Field(
        description="Name of the shipped instance that was asked about; null for a problem given "
        "in full."
    )
    edits: list[str] | None = Field(
        description=f"What was changed in it: the first {MOST_SHOWN}, long ones cut short; the "
        "order has all. Null for a job of before this was recorded; so are `edit_count`, `asks`."
    )
    edit_count: int | None = Field(description="How many edits there are.")
    asks: str | None = Field(description="What else was asked, in short; null for nothing.")
    state: StateName = Field(
        description="Where it stands. `partial`: it ended with a part of what was asked for."
    )
    reason: str | None = Field(
        description="Why it failed or was cancelled: the kind of an error, `poison` for a job "
        "that ended the process that worked on it again and again, or `cancelled`."
    )
    detail: str | None = Field(description="The reason in words.")
    findings: list[FindingBody] = Field(description="Everything wrong with the input.")
    created: datetime
    started: datetime | None
    finished: datetime | None
    expires: datetime | None = Field(description="When it will be deleted.")
    attempts: int = Field(description="How often it was begun.")
    progress: dict[str, float | None] | None = Field(
        description="How far it has come, as told last. A solve says `seconds`, `bound_usd`, "
        "`incumbent_usd` and `gap`; what takes many solves `done` and `total`."
    )
    answered_from: str | None = Field(
        description="Job whose answer this is: the same was asked before, by the same code."
    )
    cost_usd: float | None = Field(
        description="Total cost of the answer, USD discounted; null for an answer that has no "
        "cost or many, and without one."
    )
    outcome: str = Field(description="The answer in a few words; without one, why there is none.")
    links: JobLinks


class RunBody(Described):
    """Where an answer comes from."""

    job: str = Field(description="Job whose answer is shown.")
    answered_from: str | None = Field(description="Job that computed it, if that was another one.")


class JobAnswer(Described):
    """An answer as the route of the job's kind gives it, and where it comes from."""

    model_config = ConfigDict(extra="allow")

    run: RunBody


class AnsweredJob(JobBody):
    """A job that is over, with its answer."""

    answer: JobAnswer | None = Field(description="Absent for a job that has none; see `reason`.")


class JobList(Described):
    """Jobs, newest first."""

    jobs: list[JobBody]
    next: str | None = Field(description="What to give as `cursor` for the jobs that follow.")


class JobLog(Described):
    """A part of a job's log."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    start: int = Field(alias="from", description="Offset of its first sign.")
    next: int = Field(description="What to give as `from` for what follows.")
    text: str
    complete: bool = Field(description="Whether nothing will follow.")


class WebhookBody(Described):
    """Whether the URL that a job names was told of its end."""

    url: str
    state: Literal["waiting", "due", "delivered", "given_up"] = Field(
        description="`waiting`: the job is not over. `due`: it is being sent, or will be again."
    )
    attempts: int = Field(description="How often it was sent.")
    due: datetime | None = Field(description="When it will be sent again, at the latest.")
    outcome: str | None = Field(description="What came of the last attempt.")


class EventBody(Described):
    """What an event of a job says: its data, as JSON."""

    model_config = ConfigDict(extra="allow")

    at: datetime


def shown(job: Job) -> JobBody:
    """Return a job as it is shown."""
    path = path_of(job.id)
    return JobBody(
        id=job.id,
        kind=job.kind,
        label=job.label,
        problem=job.problem,
        instance=job.instance,
        edits=job.edits,
        edit_count=job.edit_count,
        asks=job.asks,
        state=job.state.value,
        reason=job.reason,
        detail=job.detail,
        findings=[FindingBody.model_validate(finding) for finding in job.findings],
        created=time_of(job.created),
        started=None if job.started is None else time_of(job.started),
        finished=None if job.finished is None else time_of(job.finished),
        expires=None if job.expires is None else time_of(job.expires),
        attempts=job.attempts,
        progress=job.progress,
        answered_from=job.answered_from,
        cost_usd=job.cost_usd,
        outcome=job.words or _without(job),
        links=JobLinks(
            self=path,
            order=f"{path}/order",
            result=f"{path}/result",
            events=f"{path}/events",
            log=f"{path}/log",
            cancel=f"{path}/cancel",
        ),
    )


def _without(job: Job) -> str:
    """Return why it is not told what a job's answer comes to."""
    if job.has_answer:
        return "not recorded"
    if not job.state.final:
        return "not over"
    return "no answer" if job.reason is None else f"no answer: {job.reason}"


def answered(job: Job, payload: bytes | None) -> bytes:
    """Return a job with its answer as JSON; what was recorded is handed on as it is."""
    answer = b"null" if payload is None else with_run(job, payload)
    return shown(job).model_dump_json().encode()[:-1] + b',"answer":' + answer + b"}"


def with_run(job: Job, payload: bytes) -> bytes:
    """Return an answer that says where it comes from; what was recorded is handed on as it is."""
    run = RunBody(job=job.id, answered_from=job.answered_from).model_dump_json()
    return b'{"run": ' + run.encode() + b", " + payload.removeprefix(b"{")


def ordered(job: Job, body: bytes) -> bytes:
    """Return an order as JSON that can be posted again; what was recorded stays as it is."""
    own = json.dumps({"kind": job.kind, "label": job.label}).encode()
    rest = body.strip().removeprefix(b"{")
    return own[:-1] + (b"}" if rest == b"}" else b", " + rest)


def path_of(job: str) -> str:
    """Return the path of a job."""
    return f"/v1/jobs/{job}"


def time_of(seconds: float) -> datetime:
    """Return a time, from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
