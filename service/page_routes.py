"""The page: static files of the package, under a policy that lets nothing in from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from fastapi import FastAPI, Request
from starlette.responses import Response

from service.errors import Refusal
from service.geometry import geometry
from service.packing import takes_gzip

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Styles may stand in attributes: the charts place their drawing surface so."""
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
}
PAGES = {
    "/": "index.html",
    "/jobs": "jobs.html",
    "/compare": "compare.html",
    "/sweeps/{job}": "sweep.html",
    "/answers/{job}": "answer.html",
}
"""File of each page, by its path; what it shows it asks the API for."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page.

    Parameters
    ----------
    plain, packed
        Its bytes, and the same in gzip.
    media_type
        What it is.
    tag, packed_tag
        The entity tags of both: they change with the bytes.
    """

    plain: bytes
    packed: bytes
    media_type: str
    tag: str
    packed_tag: str


def add_page(app: FastAPI) -> None:
    """Serve the page at ``/`` and its files under ``/page/``."""
    for path, name in PAGES.items():
        app.add_api_route(path, _page(name), include_in_schema=False)

    @app.get("/page/{path:path}", include_in_schema=False)
    def asset(path: str, request: Request) -> Response:
        found = _assets().get(path)
        if found is None:
            raise Refusal("not-found", f"The page has no file {path!r}.")
        return _answer(found, request)


def _page(name: str) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        return _answer(_assets()[name], request)

    return page


def _answer(asset: Asset, request: Request) -> Response:
    # a browser asks each time whether its copy holds: a new version is never mixed with an old one
    packed = takes_gzip(request.headers.get("accept-encoding", ""))
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-cache",
        "ETag": asset.packed_tag if packed else asset.tag,
        "Vary": "Accept-Encoding",
    }
    if holds(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.plain, media_type=asset.media_type, headers=headers)


def holds(known: str, tag: str) -> bool:
    """Return whether an If-None-Match header names a tag: a copy of the same bytes is there."""
    names = [name.strip().removeprefix("W/") for name in known.split(",")]
    return tag in names or "*" in names


@lru_cache(maxsize=1)
def _assets() -> dict[str, Asset]:
    """Return the files by their path within the page; nothing else is ever served."""
    found: dict[str, Asset] = {}
    folders = [("", files("service").joinpath("page")), ("data/", geometry())]
    while folders:
        prefix, folder = folders.pop()
        for item in folder.iterdir():
            ending = "." + item.name.rpartition(".")[2]
            if item.is_dir():
                folders.append((f"{prefix}{item.name}/", item))
            elif ending in TYPES:
                plain = item.read_bytes()
                mark = hashlib.sha256(plain).hexdigest()[:32]
                packed = gzip.compress(plain, mtime=0)
                tags = f'"{mark}"', f'"{mark}-gzip"'
                found[prefix + item.name] = Asset(plain, packed, TYPES[ending], *tags)
    return found
