"""Bodies of answers and errors, as the API documents them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Described(BaseModel):
    """A body with no other fields than these."""

    model_config = ConfigDict(extra="forbid")


class FindingBody(Described):
    """One thing wrong with an input."""

    where: str = Field(description="Path of the value, such as offers[cn-ga].price.")
    what: str = Field(description="What is wrong.")
    value: str | None = Field(description="The value at fault.")
    nearest: str | None = Field(description="The closest valid name.")
    remedy: str | None = Field(description="What to do about it.")


class LeverBody(Described):
    """A number of a problem that a user may move."""

    of: str = Field(description="Id of its rule; `demand`, or `scenarios`.")
    sentence: str = Field(description="What it is about, in words.")
    path: str = Field(description="What an edit names: this, `=` and a number in `unit`.")
    whole: str = Field(description="The same for all dates at once.")
    date: str | None = Field(description="From when on it holds; null for one that always does.")
    factor: bool = Field(description="Whether the number multiplies what is stated.")
    unit: Literal["fraction", "t", "d", "USD", "USD/yr", "count", "hhi"]
    step: float
    low: float
    high: float
    now: float = Field(description="Where it stands.")


class ValidateAnswer(Described):
    """Whether a problem can be solved as it stands."""

    valid: bool
    findings: list[FindingBody] = Field(description="Everything wrong with it; empty when valid.")
    name: str | None = Field(default=None, description="Its name, when valid.")
    counts: dict[str, int] | None = Field(
        default=None, description="Its records by table, when valid."
    )
    rules: list[str] | None = Field(default=None, description="Its rules in words, when valid.")
    levers: list[LeverBody] | None = Field(
        default=None, description="The numbers it offers to move, when valid."
    )
    warnings: list[str] | None = Field(
        default=None, description="What its numbers leave to doubt, when valid."
    )


class Packed(Described):
    """The content of a file that is no text."""

    base64: str = Field(description="Its bytes, in base64.")


class ReadTask(Described):
    """Files that hold one problem."""

    files: dict[str, str | Packed] = Field(
        description="Name to text, or to bytes for a workbook or a zip. A YAML or JSON file, a "
        "workbook, the files of a folder of CSV tables with its `manifest.yaml`, or one zip of "
        "any of these; names may have folders in front.",
        min_length=1,
        max_length=1000,
    )


class ReadAnswer(Described):
    """The problem that files hold."""

    name: str
    counts: dict[str, int] = Field(description="Its records by table.")
    rules: list[str] = Field(description="Its rules in words.")
    warnings: list[str] = Field(description="What its numbers leave to doubt.")
    levers: list[LeverBody] = Field(description="The numbers it offers to move.")
    problem: dict[str, Any] = Field(description="The problem, as every other route takes it.")
    note: str | None = Field(
        description="What of the file was taken, such as the problem in a result; "
        "null if all of it was."
    )


class InstanceEntry(Described):
    """A shipped instance in the list."""

    name: str
    about: str


class InstanceList(Described):
    """The shipped instances."""

    instances: list[InstanceEntry]


class ProblemDetails(Described):
    """An error (RFC 9457)."""

    type: str = Field(description="Its kind, a page of this server.")
    title: str = Field(description="What is wrong, the same each time.")
    status: int
    detail: str = Field(description="What is wrong this time.")
    findings: list[FindingBody] = Field(description="Everything wrong with the input.")


class KindPage(Described):
    """A kind of error."""

    type: str
    title: str
    status: int
    remedy: str = Field(description="What the caller can do.")


class Live(Described):
    """The process answers."""

    live: Literal[True]


class ReadyChecks(Described):
    """What a server must have to do jobs."""

    database: Literal["ok"] = Field(description="The jobs can be read.")
    queue: Literal["ok"] = Field(description="Jobs can be put into the queue.")
    worker: Literal["ok"] = Field(description="A worker has shown that it lives.")
    solver: Literal["ok"] = Field(description="A tiny problem was solved.")


class Ready(Described):
    """The server does jobs; where it does not, the findings of the error say what is missing."""

    ready: Literal[True]
    running: int = Field(description="Requests that compute now.")
    places: int = Field(description="Requests that may compute at the same time.")
    checks: ReadyChecks


class LimitsInForce(Described):
    """What one request, one job and one tenant may use."""

    body_bytes: int = Field(description="Largest body.")
    variables: int = Field(description="Largest problem, in variables.")
    threads: int = Field(description="Most threads of the solver.")
    memory_bytes: int = Field(description="Most memory of what computes.")
    solve_seconds: float = Field(description="Longest time limit of an answer at once.")
    points: int = Field(description="Most points of an analysis answered at once.")
    job_solve_seconds: float = Field(description="Longest time limit of a job.")
    job_points: int = Field(description="Most points of a job.")
    keep_days: float = Field(description="How long a job is kept once it is over.")
    tenant_jobs: int = Field(description="Most jobs that wait or run.")
    tenant_running: int | None = Field(
        description="Most jobs that run at the same time; null for any number."
    )
    tenant_seconds: float | None = Field(
        description="Seconds of computing a day (UTC); null for any number."
    )


class Used(Described):
    """What the caller's tenant uses."""

    jobs: int = Field(description="Jobs that wait or run.")
    running: int = Field(description="Jobs that run.")
    seconds: float = Field(description="Seconds computed today (UTC).")


class LimitsBody(Described):
    """The limits in force, and what of them the caller's tenant uses."""

    tenant: str
    limits: LimitsInForce
    used: Used
