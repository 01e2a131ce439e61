"""The door: who asks is found out before anything else is done, for every path but the open ones.

What a path asks for is decided by the method, so that a route that is added is guarded unasked:
reading takes the scope ``read``, whatever else ``run``; the figures of the server ``admin``.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from service.errors import Refusal
from service.hardening import READING
from service.logs import about
from service.people.callers import LOCAL, Caller, Scope
from service.people.keys import KeyStore, WrongKeyError

OPEN = frozenset(
    {
        "/",
        "/jobs",
        "/compare",
        "/docs",
        "/openapi.json",
        "/version",
        "/health/live",
        "/health/ready",
    }
)
"""Paths that tell nothing of anybody's."""
OPEN_FOLDERS = ("/docs/", "/problems/", "/page/", "/sweeps/", "/answers/")
ADMINS = ("/metrics", "/v1/keys")
CHALLENGE = 'Bearer realm="diversify"'


def is_open(path: str) -> bool:
    """Return whether anybody may ask for a path."""
    return path in OPEN or path.startswith(OPEN_FOLDERS)


def needed(method: str, path: str) -> Scope:
    """Return the scope that a request takes."""
    if any(path == admins or path.startswith(f"{admins}/") for admins in ADMINS):
        return Scope.ADMIN
    return Scope.READ if method in READING else Scope.RUN


class Door:
    """ASGI middleware: puts the `Caller` into the request's state, or turns it away.

    Parameters
    ----------
    app
        The application inside.
    keys
        The keys.
    asked
        Whether a key is asked for; if not, whoever sends none is `LOCAL`.
    """

    def __init__(self, app: ASGIApp, keys: KeyStore, *, asked: bool) -> None:
        self.app = app
        self.keys = keys
        self.asked = asked

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and not is_open(scope["path"]):
            try:
                caller = await self._caller(Headers(scope=scope).get("authorization"))
                _permit(caller, needed(scope["method"], scope["path"]))
            except Refusal as refusal:
                await refusal.response()(scope, receive, send)
                return
            scope.setdefault("state", {})["caller"] = caller
            with about(tenant=caller.tenant, key=caller.key):
                await self.app(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _caller(self, authorization: str | None) -> Caller:
        if authorization is None:
            if self.asked:
                detail = "Send it as Authorization: Bearer KEY."
                raise Refusal("no-key", detail, headers={"WWW-Authenticate": CHALLENGE})
            return LOCAL
        scheme, _, text = authorization.partition(" ")
        headers = {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
        if scheme.lower() != "bearer":
            raise Refusal("wrong-key", "It must be Authorization: Bearer KEY.", headers=headers)
        try:
            return await asyncio.to_thread(self.keys.caller, text.strip())
        except WrongKeyError as error:
            raise Refusal("wrong-key", str(error), headers=headers) from None


def _permit(caller: Caller, scope: Scope) -> None:
    if scope in caller.scopes:
        return
    held = ", ".join(sorted(caller.scopes))
    challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'
    detail = f"It takes the scope {scope}; this key has {held}."
    raise Refusal("not-permitted", detail, headers={"WWW-Authenticate": challenge})
