"""The HTTP application: routes, errors, headers, documentation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from service.desk import Desk
from service.docs_page import add_docs
from service.errors import handle_errors
from service.hardening import Hardening
from service.jobs.desk import JobDesk
from service.metrics import Metrics, Timed
from service.packing import Packing
from service.page_routes import add_page
from service.people.door import Door
from service.people.keys import KeyStore
from service.routes import routes
from service.settings import Settings
from service.versions import DISTRIBUTION, version_of


def create_app(settings: Settings, jobs: JobDesk, keys: KeyStore) -> Hardening:
    """Return the application, hardened.

    Parameters
    ----------
    settings
        Limits of requests, and the hosts that are answered.
    jobs
        The desk of jobs; it is closed with the application.
    keys
        The keys of callers.
    """
    desk = Desk(settings, jobs)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        first = asyncio.create_task(jobs.clerks.start())
        yield
        first.cancel()
        with suppress(asyncio.CancelledError):
            await first
        await jobs.close()
        await desk.close()

    app = FastAPI(
        title="Diversify",
        summary="Plan where to buy and store critical materials at least cost, by your rules.",
        version=version_of(DISTRIBUTION) or "unreleased",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    metrics = Metrics(jobs)
    app.include_router(routes(desk, jobs, metrics))
    add_docs(app)
    add_page(app)
    handle_errors(app)
    # around everything, so that the answer to a fault of ours carries the headers, too
    door = Door(Packing(app), keys, asked=settings.keyed)
    return Hardening(Timed(door, metrics), settings.names)
