"""The route of a job's report: what a solve found, as one HTML file to keep."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from service.described import answers
from service.errors import Refusal
from service.jobs.desk import JobDesk
from service.jobs.routes import OF_ONE, JobId, tenant_of, without_answer
from service.jobs.schemas import with_run
from service.report.document import MEDIA_TYPE, document, file_name

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
            **answers({}, (*OF_ONE, "not-finished", "no-result", "no-report")),
            200: _FILE,
        },
    )
    async def report(job: JobId, request: Request) -> Response:
        tenant = tenant_of(request)
        found = await desk.job(tenant, job)
        payload = await desk.read(desk.reader.answer, tenant, job)
        if payload is None:
            raise without_answer(found)
        if found.kind != "solve":
            raise Refusal("no-report", f"It is a job of the kind {found.kind}.")
        name = found.problem or "result"
        text = await run_in_threadpool(document, with_run(found, payload).decode(), name)
        # its script stands within it: a browser is to save it, never to show it as a page of ours
        disposition = f'attachment; filename="{file_name(name)}.html"'
        headers = {"Content-Disposition": disposition}
        return Response(text, media_type=MEDIA_TYPE, headers=headers)
