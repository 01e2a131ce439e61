"""The routes of the API; what computes goes to the desk."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import PlainTextResponse

import instances
from service import examples
from service.analysis_routes import analyses
from service.decision_routes import decisions
from service.described import READ_ERRORS, SOLVE_ERRORS, VALIDATE_ERRORS, answers, asks
from service.desk import Desk
from service.errors import KINDS, Refusal
from service.jobs.desk import JobDesk
from service.jobs.readiness import refuse_unready
from service.jobs.report_route import reports
from service.jobs.routes import jobs
from service.jobs.sheet_route import sheets
from service.levers import levers
from service.metrics import Metrics
from service.people.callers import caller_of
from service.run import outline
from service.schemas import (
    InstanceEntry,
    InstanceList,
    KindPage,
    LimitsBody,
    LimitsInForce,
    Live,
    ReadAnswer,
    Ready,
    ReadyChecks,
    Used,
    ValidateAnswer,
)
from service.versions import versions


def routes(desk: Desk, job_desk: JobDesk, metrics: Metrics) -> APIRouter:
    """Return every route of the API."""
    router = APIRouter()
    _computing(router, desk)
    analyses(router, desk)
    decisions(router, desk)
    _shipped(router)
    jobs(router, job_desk)
    reports(router, job_desk)
    sheets(router, job_desk)
    _about(router, desk, job_desk)
    _figures(router, metrics)
    return router


def _computing(router: APIRouter, desk: Desk) -> None:
    @router.post(
        "/v1/solve",
        tags=["solve"],
        summary="Solve a problem and wait for the answer",
        responses=answers(
            {
                "problem": examples.SOLVE_ANSWER,
                "instance": examples.SOLVE_INSTANCE_ANSWER,
                "impossible": examples.SOLVE_IMPOSSIBLE_ANSWER,
            },
            SOLVE_ERRORS,
            schema="SolveAnswer",
        ),
        openapi_extra=asks(
            "SolveTask",
            problem=("A problem in full", examples.SOLVE_PROBLEM),
            instance=("A shipped instance, edited", examples.SOLVE_INSTANCE),
            impossible=("A cap that leaves too little", examples.SOLVE_IMPOSSIBLE),
        ),
    )
    async def solve(request: Request) -> Response:
        return await desk.serve("solve", request)

    @router.post(
        "/v1/validate",
        tags=["solve"],
        summary="Check a problem without solving it",
        response_model=ValidateAnswer,
        responses=answers(
            {"problem": examples.VALID_ANSWER, "mistaken": examples.MISTAKEN_ANSWER},
            VALIDATE_ERRORS,
        ),
        openapi_extra=asks(
            problem=("A problem in full", examples.SOLVE_PROBLEM),
            mistaken=("An edit that matches nothing", examples.MISTAKEN),
        ),
    )
    async def validate(request: Request) -> Response:
        return await desk.serve("validate", request)

    @router.post(
        "/v1/read",
        tags=["solve"],
        summary="Read a problem from files: YAML, JSON, a workbook, a folder of tables, a zip",
        response_model=ReadAnswer,
        responses=answers({"files": examples.READ_ANSWER}, READ_ERRORS),
        openapi_extra=asks("ReadTask", files=("A folder of tables", examples.READ_FILES)),
    )
    async def read(request: Request) -> Response:
        return await desk.serve("read", request)


def _shipped(router: APIRouter) -> None:
    @router.get(
        "/v1/instances",
        tags=["instances"],
        summary="List the shipped instances",
        responses=answers({"answer": examples.INSTANCES_ANSWER}),
    )
    def list_instances() -> InstanceList:
        return _instances()

    @router.get(
        "/v1/instances/{name}",
        tags=["instances"],
        summary="Show a shipped instance: its records, sources, assumptions, levers and problem",
        responses=answers({"answer": examples.INSTANCE_ANSWER}, ("unknown-instance",)),
    )
    def show_instance(name: Annotated[str, Path(examples=["gallium-usa"])]) -> dict[str, Any]:
        return _instance(name)

    @router.get(
        "/v1/schema",
        tags=["instances"],
        summary="JSON schema of a problem",
        responses=answers({"answer": examples.SCHEMA_ANSWER}),
    )
    def schema() -> dict[str, Any]:
        return instances.json_schema()


def _about(router: APIRouter, desk: Desk, job_desk: JobDesk) -> None:
    @router.get(
        "/health/live",
        tags=["about"],
        summary="Whether the process answers",
        responses=answers({"answer": examples.LIVE_ANSWER}),
    )
    async def live() -> Live:
        return Live(live=True)

    @router.get(
        "/health/ready",
        tags=["about"],
        summary="Whether jobs are done here: the database, the queue, a worker and the solver",
        responses=answers({"answer": examples.READY_ANSWER}, ("not-ready",)),
    )
    async def ready() -> Ready:
        await refuse_unready(job_desk)
        return Ready(
            ready=True,
            running=desk.running,
            places=desk.settings.running,
            checks=ReadyChecks(database="ok", queue="ok", worker="ok", solver="ok"),
        )

    @router.get(
        "/v1/limits",
        tags=["about"],
        summary="The limits in force, and what of them is used",
        responses=answers({"answer": examples.LIMITS_ANSWER}, ("no-database",)),
    )
    async def limits(request: Request) -> LimitsBody:
        tenant = caller_of(request).tenant
        settings = desk.settings
        names = LimitsInForce.model_fields
        used = Used(
            jobs=await job_desk.read(job_desk.quotas.going, tenant),
            running=await job_desk.read(job_desk.quotas.running, tenant),
            seconds=await job_desk.read(job_desk.quotas.seconds, tenant),
        )
        in_force = LimitsInForce(**{name: getattr(settings, name) for name in names})
        return LimitsBody(tenant=tenant, limits=in_force, used=used)

    @router.get(
        "/version",
        tags=["about"],
        summary="Versions of the program and of what it computes with",
        responses=answers({"answer": versions()}),
    )
    async def version() -> dict[str, str | None]:
        return versions()

    @router.get(
        "/problems/{kind}",
        tags=["about"],
        summary="What a kind of error means",
        responses=answers({"answer": examples.KIND_ANSWER}, ("not-found",)),
    )
    async def kind_page(kind: Annotated[str, Path(examples=["busy"])]) -> KindPage:
        found = KINDS.get(kind)
        if found is None:
            raise Refusal("not-found", f"{kind!r} is no kind of error.")
        return KindPage(
            type=f"/problems/{found.name}",
            title=found.title,
            status=found.status,
            remedy=found.remedy,
        )


def _figures(router: APIRouter, metrics: Metrics) -> None:
    @router.get(
        "/metrics",
        tags=["about"],
        summary="Figures for operators, in the format of Prometheus",
        response_class=PlainTextResponse,
        responses={
            **answers({}, ("no-database",)),
            200: {
                "description": "The figures",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
        },
    )
    async def figures() -> Response:
        return await metrics.answer()


@lru_cache(maxsize=1)
def _instances() -> InstanceList:
    # there are more of them than the catalogue keeps: each listing would read them all again
    entries = [
        InstanceEntry(name=name, about=instances.load(name).about)
        for name in instances.instance_names()
    ]
    return InstanceList(instances=entries)


@lru_cache(maxsize=64)
def _instance(name: str) -> dict[str, Any]:
    problem = instances.load(name)
    return {
        **instances.describe(name).to_plain(),
        "rules": outline(problem)["rules"],
        "levers": levers(problem),
        "problem": problem.to_plain(),
    }
