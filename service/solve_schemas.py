"""Bodies of requests that compute and of their answers, as the API documents them.

They are for the description only, and loaded with it: a request is read by `service.request` in a
child process, so that its findings are those of a file and the solver stays out of the server.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from instances.problem import Problem
from optimizer import Options, Point, Stop
from service.asks import (
    AlternativesAsk,
    CompareAsk,
    ExplainAsk,
    FrontierAsk,
    SolveAsk,
    StressAsk,
    SweepAsk,
    WorthAsk,
)
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


class SolveTask(SolveAsk, Task):
    """A problem to solve, and when the answer is to be explained."""


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


class SweepTask(SweepAsk, Task):
    """A problem and the points at which it is solved."""


class FrontierTask(FrontierAsk, Task):
    """A problem and the number of it that moves."""


class AlternativesTask(AlternativesAsk, Task):
    """A problem, and how much dearer than its least cost a plan may be."""


class AnalysisStatus(Described):
    """How an analysis ended."""

    state: Literal["complete", "partial", "failed"] = Field(
        description="Whether all that was asked for was found, some of it, or nothing, before "
        "time ran out. That a point has no plan is an answer."
    )


class SweepAnswer(Described):
    """The answer to a sweep: a record for each point, with its own status and reason."""

    status: AnalysisStatus
    result: dict[str, Any] = Field(
        description="The sweep, the same as `diversify sweep --json` prints."
    )


class FrontierAnswer(Described):
    """The answer to a frontier."""

    status: AnalysisStatus
    result: dict[str, Any] = Field(
        description="The curve, the same as `diversify frontier --json` prints."
    )


class AlternativesAnswer(Described):
    """The answer to a search for alternatives."""

    status: AnalysisStatus
    result: dict[str, Any] = Field(
        description="The plans, the same as `diversify alternatives --json` prints."
    )


class CompareTask(CompareAsk, Task):
    """A problem, and the second one to compare it with."""


class CompareAnswer(Described):
    """The answer to a comparison."""

    status: AnalysisStatus
    result: dict[str, Any] = Field(
        description="The comparison, the same as `diversify compare --json` prints."
    )


class StressTask(StressAsk, Task):
    """A problem whose plan is put under stress."""


class StressAnswer(Described):
    """The answer to a stress test: a row for each case, with its own status and reason."""

    status: AnalysisStatus
    result: dict[str, Any] = Field(
        description="The stress test, the same as `diversify stress --json` prints."
    )


class WorthTask(WorthAsk, Task):
    """A problem with scenarios, and what is asked of its worth."""


class WorthAnswer(Described):
    """The answer to what knowing is worth: costs by scenario, and where decisions turn."""

    status: AnalysisStatus
    result: dict[str, Any] = Field(
        description="What knowing is worth, the same as `diversify worth --json` prints."
    )


class ExplainTask(ExplainAsk, Task):
    """A problem to explain, the place of one supplier in its plan, or what that rests on."""


class ExplainAnswer(Described):
    """The answer to a question why."""

    status: AnalysisStatus
    result: dict[str, Any] = Field(
        description="The explanation, the same as `diversify explain --json` prints; with `why`, "
        "what `--why` does, with `assumptions`, what `--assumptions` does."
    )


REQUESTS = (
    Task,
    SolveTask,
    SweepTask,
    FrontierTask,
    AlternativesTask,
    CompareTask,
    StressTask,
    ExplainTask,
    WorthTask,
)
ANSWERS = (
    SolveAnswer,
    SweepAnswer,
    FrontierAnswer,
    AlternativesAnswer,
    ExplainAnswer,
    CompareAnswer,
    StressAnswer,
    WorthAnswer,
)
