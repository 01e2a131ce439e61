"""Posting a job: the order is read and checked, recorded with its place in the queue, answered."""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from service.body import read_body
from service.desk import CALLER_GONE
from service.errors import Refusal
from service.jobs.desk import JobDesk
from service.jobs.record import Job
from service.jobs.schemas import answered, path_of, shown
from service.jobs.store import KeyReusedError
from service.jobs.stream import finished
from service.logs import about
from service.parameters import idempotency_key, wait_of
from service.telemetry import context_of_here

logger = logging.getLogger(__name__)

JSON = "application/json"


async def submit(desk: JobDesk, tenant: str, request: Request) -> Response:
    """Return the answer to an order.

    Raises
    ------
    InputError, Refusal
        It cannot be accepted.
    """
    key = idempotency_key(request)
    wait = wait_of(request.headers.getlist("prefer"))
    body = await read_body(request, desk.settings)
    read = await desk.clerks.read(body)
    order = replace(read, idempotency_key=key, trace=context_of_here())

    def place(connection: Connection, job: str) -> None:
        desk.quotas.admit(connection, tenant)
        desk.queue.place(connection, job)

    try:
        submitted = await desk.write(desk.store.submit, tenant, order, place)
    except KeyReusedError:
        raise Refusal("key-reused", f"{key} was sent with another body.") from None
    job: Job | None = submitted.job
    with about(job=submitted.job.id):
        kind, state = submitted.job.kind, submitted.job.state
        logger.info("%s: %s (%s)", "posted" if submitted.new else "posted again", kind, state)
    # preferring is no right: where too many wait already, the job is told to be fetched later
    if wait and not desk.crowded:
        job = await finished(desk, request, submitted.job, wait)
        if job is None:
            return Response(status_code=CALLER_GONE)
        if job.state.final:
            payload = await desk.read(desk.reader.answer, tenant, job.id)
            headers = {
                "Content-Location": path_of(job.id),
                "Location": path_of(job.id),
                "Preference-Applied": f"wait={wait}",
            }
            return Response(answered(job, payload), 200, headers, JSON)
    assert job is not None
    return Response(
        shown(job).model_dump_json(), 202, {"Location": path_of(job.id)}, media_type=JSON
    )
