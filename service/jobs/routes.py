"""The routes of jobs: post, list, look, wait, stop, delete."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from instances.errors import Finding, InputError
from service.asks import Ask
from service.described import SOLVE_ERRORS, answers, asks
from service.errors import Refusal
from service.jobs import examples
from service.jobs.desk import RETRY_SECONDS, JobDesk, unknown
from service.jobs.listing import ListQuery, listed
from service.jobs.record import Job, State
from service.jobs.schemas import (
    JobBody,
    JobList,
    JobLog,
    WebhookBody,
    ordered,
    shown,
    time_of,
    with_run,
)
from service.jobs.store import NotFinalError
from service.jobs.stream import events
from service.jobs.submission import JSON, submit
from service.outcome import Outcome
from service.parameters import IDEMPOTENCY_KEY, PREFER, described, read_query
from service.people.callers import caller_of

JobId = Annotated[str, Path(description="Id of a job.", examples=[examples.ID])]

_LARGEST = 2**31 - 1
_SERVED = ("wrong-host", "no-database", Outcome.FAULT)
OF_ONE = ("unknown-job", *_SERVED)
"""Kinds of error that every route about one job may give."""
LAST_EVENT_ID = "Last-Event-ID"
LOCATION = {"Location": "Path of the job."}


class EventsQuery(Ask):
    """From where on events are sent."""

    after: int | None = Field(
        default=None,
        ge=0,
        le=_LARGEST,
        description=f"Number of the last event that is known; goes before {LAST_EVENT_ID}.",
        examples=[0],
    )


class LogQuery(Ask):
    """From where on the log is shown."""

    start: int = Field(
        default=0,
        ge=0,
        le=_LARGEST,
        description="Offset in signs, from `next` of the part before.",
        examples=[0],
    )


MOST_OF_A_LOG = 1_000_000
LOG_NAMES = {"start": "from"}


def jobs(router: APIRouter, desk: JobDesk) -> None:
    """Add the routes to ``router``."""
    _posting(router, desk)
    _looking(router, desk)
    _ending(router, desk)


def tenant_of(request: Request) -> str:
    """Return whose jobs a request is about."""
    return caller_of(request).tenant


def _posting(router: APIRouter, desk: JobDesk) -> None:
    queued = {
        "solve": examples.QUEUED,
        "impossible": examples.QUEUED_IMPOSSIBLE,
        "sweep": examples.QUEUED_SWEEP,
    }
    errors = (*SOLVE_ERRORS, "key-reused", "too-many-jobs", "no-database")

    @router.post(
        "/v1/jobs",
        tags=["jobs"],
        summary="Post a job: it is recorded before it is answered, and done once",
        status_code=202,
        responses={
            **answers(
                {"solve": examples.ANSWERED},
                errors,
                "AnsweredJob",
                description="It is over within the time that `Prefer: wait=N` gave",
                headers={
                    **LOCATION,
                    "Content-Location": "Path of the job.",
                    "Preference-Applied": "wait=N",
                },
            ),
            **answers(
                queued, schema="JobBody", status=202, description="Accepted", headers=LOCATION
            ),
        },
        openapi_extra={
            "parameters": [IDEMPOTENCY_KEY, PREFER],
            **asks(
                "JobOrder",
                solve=("A problem in full", examples.SOLVE),
                impossible=("A cap that leaves too little", examples.IMPOSSIBLE),
                sweep=("A cap at three values", examples.SWEPT),
            ),
        },
    )
    async def post(request: Request) -> Response:
        return await submit(desk, tenant_of(request), request)


def _looking(router: APIRouter, desk: JobDesk) -> None:
    @router.get(
        "/v1/jobs",
        tags=["jobs"],
        summary="List jobs, newest first",
        responses=answers({"answer": examples.LIST}, (*_SERVED, Outcome.INVALID_INPUT)),
        openapi_extra={"parameters": described(ListQuery)},
    )
    async def list_jobs(request: Request) -> JobList:
        return await listed(desk, tenant_of(request), read_query(ListQuery, request))

    @router.get(
        "/v1/jobs/{job}",
        tags=["jobs"],
        summary="Show a job",
        responses=answers({"answer": examples.SUCCEEDED}, OF_ONE),
    )
    async def show(job: JobId, request: Request) -> JobBody:
        return shown(await desk.job(tenant_of(request), job))

    @router.get(
        "/v1/jobs/{job}/order",
        tags=["jobs"],
        summary="Show what was asked for, as it can be posted again",
        responses=answers({"answer": examples.ORDER}, OF_ONE, "JobOrder"),
    )
    async def order(job: JobId, request: Request) -> Response:
        tenant = tenant_of(request)
        found = await desk.job(tenant, job)
        body = await desk.read(desk.reader.order, tenant, job)
        if body is None:
            raise unknown(job)
        return Response(ordered(found, body), media_type=JSON)

    @router.get(
        "/v1/jobs/{job}/result",
        tags=["jobs"],
        summary="Show the answer of a job, as the route of its kind gives it",
        responses=answers(
            {"answer": examples.RESULT},
            (*OF_ONE, "not-finished", "no-result"),
            "JobAnswer",
        ),
    )
    async def result(job: JobId, request: Request) -> Response:
        tenant = tenant_of(request)
        found = await desk.job(tenant, job)
        payload = await desk.read(desk.reader.answer, tenant, job)
        if payload is None:
            raise without_answer(found)
        return Response(with_run(found, payload), media_type=JSON)

    @router.get(
        "/v1/jobs/{job}/events",
        tags=["jobs"],
        summary="Watch a job: server-sent events, until its end",
        responses={
            **answers({}, (*OF_ONE, Outcome.INVALID_INPUT, "busy")),
            200: _EVENTS,
            204: {"description": "The job is over, and all its events are known"},
        },
        openapi_extra={"parameters": [*described(EventsQuery), _LAST_EVENT_ID]},
    )
    async def watch(job: JobId, request: Request) -> Response:
        query = read_query(EventsQuery, request)
        after = _last_event_id(request) if query.after is None else query.after
        found = await desk.job(tenant_of(request), job)
        if found.state.final and after >= found.last_event:
            return Response(status_code=204)
        if desk.crowded:
            detail = f"{desk.watch.count} watch jobs."
            raise Refusal("busy", detail, headers={"Retry-After": str(RETRY_SECONDS)})
        return StreamingResponse(
            events(desk, job, after),
            media_type="text/event-stream",
            # for a proxy that would hold events back
            headers={"X-Accel-Buffering": "no"},
        )

    @router.get(
        "/v1/jobs/{job}/log",
        tags=["jobs"],
        summary="Show the log of a job from an offset on",
        responses=answers({"answer": examples.LOG}, (*OF_ONE, Outcome.INVALID_INPUT)),
        openapi_extra={"parameters": described(LogQuery, LOG_NAMES)},
    )
    async def log(job: JobId, request: Request) -> JobLog:
        query = read_query(LogQuery, request, LOG_NAMES)
        # a job that is over before its log is read writes no more
        found = await desk.job(tenant_of(request), job)
        piece = await desk.read(desk.reader.log, job, query.start, MOST_OF_A_LOG)
        complete = found.state.final and len(piece.text) < MOST_OF_A_LOG
        return JobLog(start=query.start, next=piece.end, text=piece.text, complete=complete)

    @router.get(
        "/v1/jobs/{job}/webhook",
        tags=["jobs"],
        summary="Show whether the URL that a job names was told of its end",
        responses=answers({"answer": examples.WEBHOOK}, (*OF_ONE, "no-webhook")),
    )
    async def webhook(job: JobId, request: Request) -> WebhookBody:
        found = await desk.job(tenant_of(request), job)
        hook = await desk.read(desk.outbox.get, found.id)
        if hook is None:
            raise Refusal("no-webhook", "It was posted without one.")
        return WebhookBody(
            url=hook.url,
            state=hook.state.value,
            attempts=hook.attempts,
            due=None if hook.due is None else time_of(hook.due),
            outcome=hook.outcome,
        )


def _ending(router: APIRouter, desk: JobDesk) -> None:
    @router.post(
        "/v1/jobs/{job}/cancel",
        tags=["jobs"],
        summary="Stop a job; the best plan that it holds is kept",
        status_code=202,
        responses={
            **answers(
                {"answer": examples.SUCCEEDED},
                OF_ONE,
                "JobBody",
                description="It was over already",
            ),
            **answers({}, schema="JobBody", status=202, description="It ends soon"),
        },
    )
    async def cancel(job: JobId, request: Request) -> Response:
        tenant = tenant_of(request)
        before = await desk.job(tenant, job)
        after = await desk.write(desk.store.cancel, tenant, job)
        if after is None:
            raise unknown(job)
        over = before.state.final or (after.state.final and after.state is not State.CANCELLED)
        return Response(shown(after).model_dump_json(), 200 if over else 202, media_type=JSON)

    @router.delete(
        "/v1/jobs/{job}",
        tags=["jobs"],
        summary="Delete a job that is over: its answer, events and log",
        status_code=204,
        responses={
            **{
                status: answer
                for status, answer in answers({}, (*OF_ONE, "not-finished")).items()
                if status != 200
            },
            204: {"description": "Deleted"},
        },
    )
    async def delete(job: JobId, request: Request) -> Response:
        tenant = tenant_of(request)
        await desk.job(tenant, job)
        try:
            there = await desk.write(desk.store.delete, tenant, job)
        except NotFinalError:
            raise Refusal("not-finished", "Cancel it first.") from None
        if not there:
            raise unknown(job)
        return Response(status_code=204)


def without_answer(job: Job) -> Refusal:
    """Return the refusal of a job that has no answer: not yet, or none at all."""
    if not job.state.final:
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return Refusal("not-finished", f"It is {job.state}.", headers=headers)
    said = ": ".join(filter(None, (job.reason, job.detail)))
    return Refusal("no-result", f"It is {job.state} ({said}).", job.findings)


def _last_event_id(request: Request) -> int:
    given = request.headers.get(LAST_EVENT_ID, "0")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise InputError([Finding(LAST_EVENT_ID, "must be the number of an event", given[:40])])
    return int(given)


_LAST_EVENT_ID: dict[str, Any] = {
    "name": LAST_EVENT_ID,
    "in": "header",
    "description": "Number of the last event that is known, as a browser sends it.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999, "examples": [0]},
}
_EVENTS: dict[str, Any] = {
    "description": "Events as they happen: `state` when the job gets into another one, `progress` "
    "at most once a second; the data are JSON. A comment comes when nothing else does for 15 s.",
    "content": {
        "text/event-stream": {
            "schema": {"type": "string"},
            "examples": {"solve": {"value": examples.EVENTS}},
        }
    },
}
