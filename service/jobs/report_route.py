"""The route of a job's report: what a solve found, as one HTML file to keep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

import instances
from instances.errors import Finding, InputError
from service.asks import Ask
from service.described import answers
from service.errors import Refusal
from service.jobs import examples
from service.jobs.desk import JobDesk, unknown
from service.jobs.record import Job
from service.jobs.routes import OF_ONE, JobId, tenant_of, without_answer
from service.jobs.schemas import time_of, with_run
from service.outcome import Outcome
from service.parameters import described, read_query
from service.report.document import MEDIA_TYPE, document, short_name
from service.report.origin import against_shipped

_LONGEST_NAME = 200


class ReportQuery(Ask):
    """What a report shows first, and what it shows besides the solve."""

    good: str | None = Field(
        default=None, max_length=_LONGEST_NAME, description="Material shown first."
    )
    branch: str | None = Field(
        default=None, max_length=_LONGEST_NAME, description="Scenario shown first."
    )
    year: str | None = Field(
        default=None, max_length=_LONGEST_NAME, description="Period shown first."
    )
    stress: str | None = Field(
        default=None,
        description="Job of a stress test of the same problem, which is shown too.",
        examples=[examples.ID],
    )
    file: str | None = Field(
        default=None,
        max_length=_LONGEST_NAME,
        description="Name of the file that the problem was read from, which the report tells; "
        "of a shipped instance none is told.",
    )


_FILE: dict[str, Any] = {
    "description": "The file, which opens without a network",
    "content": {"text/html": {"schema": {"type": "string"}}},
    "headers": {
        "Content-Disposition": {
            "description": "Name of the file to save.",
            "schema": {"type": "string"},
        }
    },
}


def reports(router: APIRouter, desk: JobDesk) -> None:
    """Add the route to ``router``."""

    @router.get(
        "/v1/jobs/{job}/report",
        tags=["jobs"],
        summary="Download what a solve found as one HTML file: pictures, tables, sources",
        responses={
            **answers(
                {},
                (*OF_ONE, "not-finished", "no-result", "no-report", Outcome.INVALID_INPUT),
            ),
            200: _FILE,
        },
        openapi_extra={"parameters": described(ReportQuery)},
    )
    async def report(job: JobId, request: Request) -> Response:
        query = read_query(ReportQuery, request)
        tenant = tenant_of(request)
        found, payload = await _answer(desk, tenant, job)
        if found.kind != "solve":
            raise Refusal("no-report", f"It is a job of the kind {found.kind}.")
        body = await desk.read(desk.reader.order, tenant, job)
        if body is None:
            raise unknown(job)
        order = json.loads(body)
        stress = None
        if query.stress is not None:
            tried, held = await _answer(desk, tenant, query.stress)
            stress = await run_in_threadpool(_stress, tried, held, payload)
        name = found.problem or "result"
        asked = _asked(found, order, query.file) | {
            "shipped": await run_in_threadpool(_shipped, name, payload)
        }
        text = await run_in_threadpool(
            document,
            with_run(found, payload).decode(),
            name,
            query.model_dump(include={"good", "branch", "year"}),
            asked,
            {} if stress is None else {"stress": stress},
        )
        # its script stands within it: a browser is to save it, never to show it as a page of ours
        own = short_name(name, asked, await run_in_threadpool(_hash, payload))
        headers = {"Content-Disposition": f'attachment; filename="{own}.html"'}
        return Response(text, media_type=MEDIA_TYPE, headers=headers)


async def _answer(desk: JobDesk, tenant: str, job: str) -> tuple[Job, bytes]:
    found = await desk.job(tenant, job)
    payload = await desk.read(desk.reader.answer, tenant, job)
    if payload is None:
        raise without_answer(found)
    return found, payload


def _asked(job: Job, order: Mapping[str, Any], file: str | None) -> dict[str, Any]:
    """Return what was asked for and when, without the problem, which the answer holds."""
    return {
        "job": job.id,
        "label": job.label,
        "instance": order.get("instance"),
        "file": None if order.get("instance") else file,
        "edits": order.get("edits") or [],
        "solved": None if job.finished is None else time_of(job.finished).isoformat(),
    }


def _shipped(name: str, payload: bytes) -> dict[str, Any] | None:
    """Return how what was solved stands to the shipped problem of its name."""
    if name not in instances.instance_names():
        return None
    return against_shipped(instances.parse(json.loads(payload)["result"]["problem"]))


def _hash(payload: bytes) -> str:
    """Return the hash of what was solved."""
    return str(json.loads(payload)["result"]["record"]["inputs_hash"])


def _stress(job: Job, payload: bytes, solved: bytes) -> dict[str, Any]:
    """Return what a stress test found of the problem that was solved."""
    if job.kind != "stress":
        raise InputError([Finding("stress", f"is a job of the kind {job.kind}", job.id)])
    found: dict[str, Any] = json.loads(payload)["result"]
    if found["hash"] != json.loads(solved)["result"]["record"]["inputs_hash"]:
        raise InputError([Finding("stress", "is a test of another problem", job.id)])
    return found
