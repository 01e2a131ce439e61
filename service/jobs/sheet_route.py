"""The route of a job's decision sheet: what such a job found, as a page to read or print."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.described import answers
from service.errors import Refusal
from service.jobs.desk import JobDesk
from service.jobs.routes import OF_ONE, JobId, tenant_of, without_answer
from service.sheet_page import HTML, page_response


def sheets(router: APIRouter, desk: JobDesk) -> None:
    """Add the route to ``router``."""

    @router.get(
        "/v1/jobs/{job}/sheet",
        tags=["jobs"],
        summary="Show the decision sheet that a job found as an HTML page",
        responses={
            **answers({}, (*OF_ONE, "not-finished", "no-result", "no-sheet")),
            200: {"description": "The page, which opens without a network", "content": HTML},
        },
    )
    async def sheet(job: JobId, request: Request) -> Response:
        tenant = tenant_of(request)
        found = await desk.job(tenant, job)
        if found.kind != "sheet":
            raise Refusal("no-sheet", f"It is a job of the kind {found.kind}.")
        payload = await desk.read(desk.reader.answer, tenant, job)
        if payload is None:
            raise without_answer(found)
        return await page_response(payload)
