"""The desk: takes requests that compute, a few at a time, and drops those whose caller left."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from service.body import read_body
from service.children import ask
from service.errors import Refusal
from service.outcome import Outcome
from service.settings import Settings
from service.work import Verb

CALLER_GONE = 499
"""Status in the access log for a caller who did not wait; nobody receives it."""
RETRY_SECONDS = 5


class Desk:
    """Runs requests in child processes, at most ``settings.running`` at the same time.

    Parameters
    ----------
    settings
        The limits.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running = 0

    async def serve(self, verb: Verb, request: Request) -> Response:
        """Return the answer to a request that computes.

        Raises
        ------
        Refusal
            The body is refused, the desk is busy, or the request could not be done.
        """
        body = await read_body(request, self.settings)
        if self.running >= self.settings.running:
            raise Refusal(
                "busy",
                f"{self.running} of {self.settings.running} are running.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        self.running += 1
        work = asyncio.create_task(ask(verb, body, self.settings))
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
        if reply.outcome is not Outcome.ANSWER:
            words = json.loads(reply.payload)
            raise Refusal(reply.outcome, words["detail"], words["findings"])
        return Response(reply.payload, media_type="application/json")


async def left(request: Request) -> None:
    """Return when the caller has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
