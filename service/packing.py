"""Answers in gzip, for those who take it: all but streams of events and small answers."""

from __future__ import annotations

import asyncio
import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST = 1000
"""Bytes below which packing gains nothing."""
LEVEL = 5
"""Half a megabyte of JSON takes some ten milliseconds and a tenth of its bytes."""
LARGE = 100_000
"""Bytes from which on a thread does it, so that nobody else waits."""
PACKED = (
    "application/json",
    "application/problem+json",
    "text/html",
    "text/css",
    "text/csv",
    "text/javascript",
    "text/plain",
)
"""Types that are packed; streams of events are not: each event goes out when it comes."""


class Packing:
    """ASGI middleware: packs answers.

    The length of a packed answer tells whoever sees the line how alike its parts are (BREACH):
    nothing that is packed may hold a secret beside what a caller chose.

    Parameters
    ----------
    app
        The application inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        taken = takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
        await self.app(scope, receive, _Packer(send, taken=taken).send)


class _Packer:
    """Passes one answer on; the beginning waits for the first of its body."""

    def __init__(self, send: Send, *, taken: bool) -> None:
        self._send = send
        self._taken = taken
        self._start: Message | None = None
        self._packer: zlib._Compress | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if not _may_be_packed(message):
                self._taken = False
                await self._send(message)
                return
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            await self._begin(self._start, body, more=more)
            self._start = None
        if self._packer is not None:
            message = {**message, "body": await self._packed(body, more=more)}
        await self._send(message)

    async def _begin(self, start: Message, body: bytes, *, more: bool) -> None:
        headers = MutableHeaders(scope=start)
        if more or len(body) >= LEAST:
            headers.add_vary_header("Accept-Encoding")
            if self._taken:
                headers["Content-Encoding"] = "gzip"
                # its length is known when it is packed
                del headers["content-length"]
                tag = headers.get("etag")
                if tag is not None and not tag.startswith("W/"):
                    headers["ETag"] = f"W/{tag}"
                # 16 above the window: gzip and not zlib
                self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        await self._send(start)

    async def _packed(self, body: bytes, *, more: bool) -> bytes:
        packer = self._packer
        assert packer is not None

        def pack() -> bytes:
            return packer.compress(body) + (b"" if more else packer.flush())

        return await asyncio.to_thread(pack) if len(body) >= LARGE else pack()


def takes_gzip(accepted: str) -> bool:
    """Return whether an Accept-Encoding header takes gzip: not with a weight of nought."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, given = part.partition(";")
        weight = given.strip().removeprefix("q=")
        try:
            weights[name.strip()] = float(weight) if given.strip() else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _may_be_packed(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    kind = headers.get("content-type", "").partition(";")[0].strip()
    # a part of a file is a part of its plain bytes
    whole = start["status"] not in (204, 206, 304)
    return whole and kind in PACKED and "content-encoding" not in headers
