"""Bodies of requests: JSON only, in time, and refused for size before anything reads them."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from service.errors import Refusal
from service.settings import Settings

MOST_DISCARDED = 64_000_000
"""Bytes of a refused body that are still taken in, so that its sender gets to read why."""


async def read_body(request: Request, settings: Settings) -> bytes:
    """Return the body of ``request``.

    Raises
    ------
    Refusal
        It is not JSON by its own account, too large, or too slow.
    """
    _refuse_other_types(request)
    limit = settings.body_bytes
    stated = request.headers.get("content-length", "")
    too_large = stated.isdigit() and int(stated) > limit
    pieces = bytearray()
    taken = 0
    try:
        async with asyncio.timeout(settings.body_seconds):
            async for piece in request.stream():
                taken += len(piece)
                too_large = too_large or taken > limit
                if too_large:
                    pieces.clear()
                    if taken > MOST_DISCARDED:
                        break
                else:
                    pieces += piece
    except TimeoutError:
        if not too_large:
            detail = f"It may take {settings.body_seconds:g} s."
            raise Refusal("body-too-slow", detail, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Refusal("body-too-slow", "The connection ended within the body.") from None
    if too_large:
        raise Refusal(
            "body-too-large", f"It may hold {limit:,} bytes.", headers={"Connection": "close"}
        )
    return bytes(pieces)


def _refuse_other_types(request: Request) -> None:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise Refusal(
            "not-json",
            f"Content-Type is {media_type.strip() or 'missing'}.",
            headers={"Accept-Post": "application/json"},
        )
    charset = parameters.strip().lower().replace('"', "")
    if charset and charset != "charset=utf-8":
        raise Refusal("not-json", f"JSON is UTF-8, not {parameters.strip()}.")
    coding = request.headers.get("content-encoding", "identity").lower()
    if coding != "identity":
        raise Refusal(
            "not-json", f"Content-Encoding {coding} is not taken: send the JSON as it is."
        )
