"""The decision sheet as an HTML page: from its answer, under a policy that lets no script run."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

MEDIA_TYPE = "text/html"
HTML: dict[str, Any] = {MEDIA_TYPE: {"schema": {"type": "string"}}}
"""How a page is described among what a route answers."""


def wants_html(request: Request) -> bool:
    """Return whether a request prefers HTML to JSON."""
    accepted = ",".join(request.headers.getlist("accept")) or "*/*"
    return _weight(accepted, MEDIA_TYPE) > _weight(accepted, "application/json")


async def as_page(answer: Response) -> Response:
    """Return the page of an answer to a sheet."""
    return await page_response(bytes(answer.body))


async def page_response(payload: bytes) -> Response:
    """Return the page of a sheet's answer, as JSON, under its own policy."""
    # in a thread: the first page loads the optimizer, and others need not wait for it
    text, style = await run_in_threadpool(_page, payload)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "Vary": "Accept"}
    return Response(text, media_type=MEDIA_TYPE, headers=headers)


def _page(payload: bytes) -> tuple[str, str]:
    from optimizer.sheet.page import STYLE, page_of

    return page_of(json.loads(payload)["result"]["words"]), STYLE


def _weight(accepted: str, media_type: str) -> float:
    """Return how much a media type is wanted: that of the range that fits most closely.

    RFC 9110, section 12.5.1.
    """
    main = media_type.partition("/")[0]
    ranges = ("*/*", f"{main}/*", media_type)
    weights = {}
    for part in accepted.split(","):
        name, *parameters = (word.strip().lower() for word in part.split(";"))
        quality = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        try:
            weights[name] = float(quality)
        except ValueError:
            weights[name] = 0.0
    return next((weights[name] for name in reversed(ranges) if name in weights), 0.0)
