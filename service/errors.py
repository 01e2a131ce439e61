"""Errors over HTTP: problem details (RFC 9457) with every finding, and never a stack trace."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from instances.errors import InputError, UnknownInstance
from service.outcome import Outcome
from service.redaction import redacted

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error.

    Parameters
    ----------
    name
        Last part of its ``type``, which is a page of this server.
    status
        HTTP status.
    title
        What is wrong, the same each time.
    remedy
        What the caller can do.
    """

    name: str
    status: int
    title: str
    remedy: str

    def body(self, detail: str, findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the problem details."""
        return {
            "type": f"/problems/{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": detail,
            "findings": list(findings),
        }


KINDS = {
    kind.name: kind
    for kind in (
        Kind(Outcome.BROKEN_JSON, 400, "The body is not JSON.", "Send one JSON object in UTF-8."),
        Kind("no-key", 401, "A key is needed.", "Ask who runs this server for one."),
        Kind("wrong-key", 401, "The key does not count.", "Ask who runs this server for one."),
        Kind(
            "not-permitted", 403, "The key does not permit this.", "Use one with the scope named."
        ),
        Kind(
            "cross-site",
            403,
            "A page of another site asked for this.",
            "Ask from this server's own page, or from a program.",
        ),
        Kind("not-found", 404, "There is nothing here.", "See /docs for what there is."),
        Kind("unknown-instance", 404, "No shipped instance has that name.", "See /v1/instances."),
        Kind(
            "unknown-job",
            404,
            "There is no such job.",
            "See /v1/jobs; a job is deleted some time after its end.",
        ),
        Kind("no-webhook", 404, "The job tells nobody.", "Post it with a `webhook`."),
        Kind(
            "method-not-allowed", 405, "This path takes another method.", "See the Allow header."
        ),
        Kind("body-too-slow", 408, "The body did not arrive in time.", "Send it in one go."),
        Kind(
            "key-reused",
            409,
            "The Idempotency-Key belongs to another order.",
            "Use another key for another order.",
        ),
        Kind("not-finished", 409, "The job is not over.", "Wait for its end, or cancel it."),
        Kind("no-result", 409, "The job ended without an answer.", "Its reason says what to do."),
        Kind("no-sheet", 409, "The job found no decision sheet.", "Ask for a job of that kind."),
        Kind("no-report", 409, "Only a solve has a report.", "Ask for the result of the job."),
        Kind("body-too-large", 413, "The body is too large.", "Send a smaller problem."),
        Kind(
            Outcome.TOO_LARGE,
            413,
            "The problem is too large for this server.",
            "Ask for fewer periods, offers or lanes, or solve it with `diversify solve`.",
        ),
        Kind("not-json", 415, "The body must be application/json.", "Set Content-Type."),
        Kind("wrong-host", 421, "This server does not answer for that host.", "Use its own name."),
        Kind(
            Outcome.INVALID_INPUT, 422, "The input cannot be used.", "Mend what the findings list."
        ),
        Kind(Outcome.FAULT, 500, "The program failed.", "Report it with the input: it is a bug."),
        Kind(Outcome.SOLVER_FAILED, 500, "The solver failed.", "Look for extreme numbers."),
        Kind(
            Outcome.CHECK_FAILED,
            500,
            "The referee disagrees with the solver.",
            "Report it with the input: it is a bug.",
        ),
        Kind(
            Outcome.CRASHED, 500, "The solving process ended without an answer.", "Try once more."
        ),
        Kind(
            "too-many-jobs",
            429,
            "As many jobs of yours wait or run as may.",
            "Wait until some are over, or cancel some.",
        ),
        Kind(
            "day-used-up",
            429,
            "Your seconds of computing of this day are used up.",
            "Go on tomorrow, or ask who runs this server for more.",
        ),
        Kind("busy", 503, "As many solves as this server runs are running.", "Try again later."),
        Kind("not-ready", 503, "The server cannot do jobs yet.", "Wait a moment."),
        Kind(
            "no-database",
            503,
            "The database of jobs cannot be reached.",
            "Try again later, with the same Idempotency-Key: an order is never done twice.",
        ),
        Kind(
            Outcome.CPU_TIME, 504, "The solve used up its processor time.", "Ask for a wider gap."
        ),
        Kind(Outcome.WALL_TIME, 504, "The solve took too long.", "Ask for a shorter time_limit."),
        Kind(
            Outcome.OUT_OF_MEMORY,
            507,
            "The solve needed too much memory.",
            "Send a smaller problem.",
        ),
    )
}


class Refusal(Exception):
    """A request that is answered with problem details.

    Parameters
    ----------
    kind
        A name in `KINDS`.
    detail
        What is wrong this time.
    findings
        Everything wrong with the input, as plain data.
    headers
        Headers to send along.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        findings: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = KINDS[kind]
        self.detail = detail
        self.findings = tuple(findings)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """Return the problem details as a response."""
        return Response(
            json.dumps(self.kind.body(self.detail, self.findings)).encode(),
            status_code=self.kind.status,
            media_type=MEDIA_TYPE,
            headers=self.headers,
        )


def handle_errors(app: FastAPI) -> None:
    """Answer every error of ``app`` with problem details."""

    async def refusal(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return error.response()

    async def wrong_input(_request: Request, error: Exception) -> Response:
        assert isinstance(error, InputError)
        kind = "unknown-instance" if isinstance(error, UnknownInstance) else Outcome.INVALID_INPUT
        findings = [finding.to_dict() for finding in error.findings]
        return Refusal(kind, str(error), findings).response()

    async def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        what = f"{request.method} {redacted(request.url.path)} is not served."
        if error.status_code != 405:
            return Refusal("not-found", what, headers=error.headers).response()
        headers = {"Allow": ", ".join(_methods(app, request))}
        return Refusal("method-not-allowed", what, headers=headers).response()

    async def fault(request: Request, error: Exception) -> Response:
        where = redacted(request.url.path)
        logger.error("%s %s failed", request.method, where, exc_info=error)
        return Refusal(Outcome.FAULT, "The server's log says more.").response()

    app.add_exception_handler(Refusal, refusal)
    app.add_exception_handler(InputError, wrong_input)
    app.add_exception_handler(HTTPException, by_status)
    app.add_exception_handler(Exception, fault)


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Return the methods of a path: of all its routes, of which the framework tells one only."""
    return [
        method
        for method in ("DELETE", "GET", "POST")
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in app.router.routes
        )
    ]
