"""What every response says to browsers, and which hosts are answered at all."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import Refusal

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Hardening:
    """ASGI middleware: adds headers that a response does not set and checks the Host header.

    A page elsewhere could have its name resolve to this machine; it is turned away by that name.
    One that asks for a change here is turned away by what its browser says of it.

    Parameters
    ----------
    app
        The application inside.
    names
        Host names that are answered; empty for any.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self.app = app
        self.names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        host = _name(Headers(scope=scope).get("host", ""))
        if self.names and host not in self.names:
            detail = f"It answers for {', '.join(sorted(self.names))}."
            await Refusal("wrong-host", detail).response()(scope, receive, send_hardened)
            return
        if scope["method"] not in READING and _elsewhere(Headers(scope=scope)):
            detail = "The browser says so in Sec-Fetch-Site."
            await Refusal("cross-site", detail).response()(scope, receive, send_hardened)
            return
        await self.app(scope, receive, send_hardened)


def _elsewhere(headers: Headers) -> bool:
    """Return whether a browser asks on behalf of a page of another site.

    It would ask with the rights of whoever sits at this machine, where none needs a key. Programs
    send no such header, and pages cannot change it.
    """
    return headers.get("sec-fetch-site", "none") not in ("none", "same-origin")


def _name(host: str) -> str:
    """Return the name in a Host header, without its port: ``[::1]:8000`` is ``::1``."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
