"""Figures for operators, in the format of Prometheus: ``/metrics``.

What jobs do is read from their record when it is asked for, the same whichever process answers;
requests are counted in the process that served them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.jobs.clerks import Clerks
from service.jobs.desk import JobDesk, is_id
from service.jobs.reader import JobReader
from service.logs import about
from service.webhooks.outbox import Outbox

logger = logging.getLogger(__name__)

UNKNOWN = "other"
"""Route of a request for what is not served: paths of others' choice would never end."""


class JobFigures(Collector):
    """Reads the figures of jobs, webhooks and workers from the record.

    Parameters
    ----------
    reader
        The record.
    outbox
        The webhooks.
    clerks
        Who reads the orders of this server.
    """

    def __init__(self, reader: JobReader, outbox: Outbox, clerks: Clerks) -> None:
        self._reader = reader
        self._outbox = outbox
        self._clerks = clerks

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield orders, jobs and webhooks by where they stand, and each worker's age and load."""
        orders = GaugeMetricFamily(
            "diversify_orders", "Orders that this server reads, or that wait to be read."
        )
        orders.add_metric((), self._clerks.orders)
        yield orders
        jobs = GaugeMetricFamily(
            "diversify_jobs", "Jobs on record, by kind and state.", labels=("kind", "state")
        )
        for (kind, state), count in sorted(self._reader.counts().items()):
            jobs.add_metric((kind, str(state)), count)
        yield jobs
        waiting = GaugeMetricFamily(
            "diversify_oldest_queued_seconds", "How long the job that waits longest has waited."
        )
        waiting.add_metric((), self._reader.longest_wait(time.time()))
        yield waiting
        webhooks = GaugeMetricFamily(
            "diversify_webhooks", "Webhooks on record, by state.", labels=("state",)
        )
        for told, count in sorted(self._outbox.counts().items()):
            webhooks.add_metric((str(told),), count)
        yield webhooks
        age = GaugeMetricFamily(
            "diversify_worker_beat_age_seconds",
            "Seconds since a worker's last sign of life.",
            labels=("worker",),
        )
        running = GaugeMetricFamily(
            "diversify_worker_jobs", "Jobs that a worker runs.", labels=("worker",)
        )
        places = GaugeMetricFamily(
            "diversify_worker_places", "Jobs that a worker could run.", labels=("worker",)
        )
        now = time.time()
        for sign in self._reader.workers():
            age.add_metric((sign.worker,), max(0.0, now - sign.beat))
            running.add_metric((sign.worker,), sign.running)
            places.add_metric((sign.worker,), sign.places)
        yield from (age, running, places)


class Metrics:
    """The figures of a server.

    Parameters
    ----------
    jobs
        The desk of jobs, which reads the record.
    """

    def __init__(self, jobs: JobDesk) -> None:
        self._jobs = jobs
        # of this server alone: several may live in one process, as in tests
        self._registry = CollectorRegistry()
        self._registry.register(JobFigures(jobs.reader, jobs.outbox, jobs.clerks))
        self.requests = Histogram(
            "diversify_http_request_seconds",
            "Time to the end of the answer, by route, method and status.",
            ("route", "method", "status"),
            buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300),
            registry=self._registry,
        )

    async def answer(self) -> Response:
        """Return the figures; a `Refusal` if the record cannot be read."""
        text = await self._jobs.read(generate_latest, self._registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


class Timed:
    """ASGI middleware: counts, times and logs every request by its route.

    Parameters
    ----------
    app
        The application inside.
    metrics
        Where it is counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.monotonic()
        status = 499

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        finally:
            # the router notes its route in the scope
            route = getattr(scope.get("route"), "path", UNKNOWN)
            labels = (route, scope["method"], str(status))
            seconds = time.monotonic() - begun
            self._metrics.requests.labels(*labels).observe(seconds)
            with about(**_subject(scope)):
                logger.info("%s %s: %s in %.3f s", scope["method"], route, status, seconds)


def _subject(scope: Scope) -> dict[str, str | None]:
    """Return whose request it was, and about which job."""
    caller = scope.get("state", {}).get("caller")
    job = scope.get("path_params", {}).get("job", "")
    return {
        "job": job if is_id(job) else None,
        "tenant": None if caller is None else caller.tenant,
        "key": None if caller is None else caller.key,
    }
