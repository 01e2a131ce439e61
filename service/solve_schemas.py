"""Bodies of a solve's request and answer, as the API documents them.

They are for the description only, and loaded with it: a request is read by `service.request` in a
child process, so that its findings are those of a file and the solver stays out of the server.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from instances.problem import Problem
from optimizer import Options, Point, Stop
from service.schemas import Described


class Task(Described):
    """A problem to solve or check: in full, or a shipped instance by name; edits and options."""

    problem: Problem | None = Field(default=None, description="The problem, as in a file.")
    instance: str | None = Field(default=None, description="Instead: name of a shipped instance.")
    edits: list[str] = Field(
        default=[],
        description="Changes, in order: 'rules[cn-cap].max_share=0.4', 'offers[*].price*=1.1'.",
    )
    options: Options = Field(
        default=Options(),
        description="How to solve. time_limit and threads are limited by the server.",
    )


class SolveStatus(Described):
    """How a solve ended, on two axes."""

    stop: Stop = Field(description="Why the solver stopped.")
    point: Point = Field(description="What it holds.")


class SolveAnswer(Described):
    """The answer to a solve. An infeasible problem is an answer, too."""

    status: SolveStatus
    result: dict[str, Any] = Field(
        description="The result, the same as `diversify solve --json` prints."
    )
