"""What happens to a job, as it happens: server-sent events, and waiting for the end."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

from starlette.requests import Request

from service.desk import left
from service.errors import Refusal
from service.jobs.desk import JobDesk
from service.jobs.record import Event, Job, State
from service.jobs.schemas import time_of

HEARTBEAT_SECONDS = 15.0
HEARTBEAT = b": still there\n\n"
RETRY = b"retry: 2000\n\n"
"""How long a browser waits before it connects again, in milliseconds."""


async def events(desk: JobDesk, job: str, after: int) -> AsyncIterator[bytes]:
    """Yield the events of a job after number ``after`` until its last one.

    A comment comes every 15 s in which nothing happens, so that a line that is dead is noticed. It
    ends early, to be asked for again, when the database cannot be reached.
    """
    with desk.watch.following(job) as follower:
        yield RETRY
        while True:
            try:
                found = await desk.read(desk.reader.events, job, after)
            except Refusal:
                return
            for event in found:
                yield written(event)
                after = event.sequence
                if ends(event):
                    return
            if follower.ended:
                return
            if not found and not await follower.wait(HEARTBEAT_SECONDS):
                yield HEARTBEAT


def written(event: Event) -> bytes:
    """Return an event as it is sent."""
    at = time_of(event.at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    data = json.dumps({"at": at, **event.data}, allow_nan=False)
    return f"id: {event.sequence}\nevent: {event.kind}\ndata: {data}\n\n".encode()


def ends(event: Event) -> bool:
    """Return whether nothing follows an event."""
    return event.kind == "state" and State(event.data["state"]).final


async def finished(desk: JobDesk, request: Request, job: Job, seconds: float) -> Job | None:
    """Return a job once it is over, or as it stands after ``seconds``.

    Returns
    -------
    Job or None
        ``None`` if the caller hung up; the job goes on.
    """
    deadline = time.monotonic() + seconds
    gone = asyncio.create_task(left(request))
    try:
        with desk.watch.following(job.id) as follower:
            while True:
                try:
                    # of an event that comes while it is read, the follower is told
                    now = await desk.job(job.tenant, job.id)
                except Refusal as refusal:
                    if refusal.kind.name != "no-database":
                        raise
                    # it was accepted: that the caller must know
                    return job
                remaining = deadline - time.monotonic()
                if now.state.final or remaining <= 0 or follower.ended:
                    return now
                news = asyncio.create_task(follower.wait(remaining))
                await asyncio.wait((news, gone), return_when=asyncio.FIRST_COMPLETED)
                if gone.done():
                    news.cancel()
                    return None
    finally:
        gone.cancel()
