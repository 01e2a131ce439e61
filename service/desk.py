"""The desk: takes requests that compute, a few at a time, and drops those whose caller left."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from service.body import read_body
from service.children import ask, environment
from service.errors import Refusal
from service.forks import Forks
from service.jobs.desk import JobDesk
from service.outcome import Outcome
from service.people.callers import caller_of
from service.settings import Settings
from service.work import Verb

logger = logging.getLogger(__name__)

CALLER_GONE = 499
"""Status in the access log for a caller who did not wait; nobody receives it."""
RETRY_SECONDS = 5


class Desk:
    """Runs requests in child processes, at most ``settings.running`` at the same time.

    Parameters
    ----------
    settings
        The limits.
    jobs
        Keeps count of what tenants use.
    """

    def __init__(self, settings: Settings, jobs: JobDesk) -> None:
        self.settings = settings
        self.running = 0
        self._jobs = jobs
        self.forks = Forks(environment())

    async def close(self) -> None:
        """End what it started."""
        await self.forks.close()

    async def serve(self, verb: Verb, request: Request) -> Response:
        """Return the answer to a request that computes.

        Raises
        ------
        Refusal
            The body is refused, the desk is busy, the tenant has used up its day, or the request
            could not be done.
        """
        tenant = caller_of(request).tenant
        quotas = self._jobs.quotas
        await self._jobs.read(quotas.refuse_spent, tenant)
        body = await read_body(request, self.settings)
        if self.running >= self.settings.running:
            raise Refusal(
                "busy",
                f"{self.running} of {self.settings.running} are running.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        self.running += 1
        begun = time.monotonic()
        work = asyncio.create_task(ask(verb, body, self.settings, forks=self.forks))
        gone = asyncio.create_task(left(request))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                return Response(status_code=CALLER_GONE)
            reply = work.result()
        finally:
            self.running -= 1
            gone.cancel()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            try:
                await self._jobs.write(quotas.note, tenant, time.monotonic() - begun)
            except Refusal as refusal:
                # the answer is there: that it is not counted is no reason to keep it back
                logger.warning("%s", refusal.detail)
        if reply.outcome is not Outcome.ANSWER:
            words = json.loads(reply.payload)
            raise Refusal(reply.outcome, words["detail"], words["findings"])
        return Response(reply.payload, media_type="application/json")


async def left(request: Request) -> None:
    """Return when the caller has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
