"""Spans for OpenTelemetry: of requests (FastAPI's own), of attempts at jobs, of what computes.

Off by default. A job carries the context of the request that posted it, so that its spans, made by
a worker, belong to the caller's trace. Where spans go is told by OpenTelemetry's own variables,
``OTEL_EXPORTER_OTLP_ENDPOINT`` first of all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from instances.errors import Finding, InputError
from service.settings import PREFIX, Settings
from service.versions import DISTRIBUTION, version_of

HEADER = "traceparent"
_CONTEXT = TraceContextTextMapPropagator()


def start_telemetry(settings: Settings, process: str) -> None:
    """Send the spans of this process from here on, if that is asked for.

    Parameters
    ----------
    process
        What this process is, in a word.

    Raises
    ------
    InputError
        OpenTelemetry's SDK is not installed.
    """
    if not settings.telemetry:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise InputError(
            [
                Finding(
                    f"{PREFIX}TELEMETRY",
                    "needs the SDK of OpenTelemetry, which is not installed",
                    remedy="Install the extra: supply-diversification[telemetry].",
                )
            ]
        ) from None
    names = {
        "service.name": os.environ.get("OTEL_SERVICE_NAME") or f"diversify-{process}",
        "service.version": version_of(DISTRIBUTION) or "unreleased",
    }
    provider = TracerProvider(resource=Resource.create(names))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def flush() -> None:
    """Send what has not been sent: for a process that ends without further words."""
    flushed = getattr(trace.get_tracer_provider(), "force_flush", None)
    if flushed is not None:
        flushed()


def context_of_here() -> str | None:
    """Return the context of the span that is going, as a ``traceparent``; ``None`` if none is."""
    carrier: dict[str, str] = {}
    _CONTEXT.inject(carrier)
    return carrier.get(HEADER)


@contextmanager
def span(name: str, parent: str | None = None, **about: str | int) -> Iterator[None]:
    """Measure what the block does.

    Parameters
    ----------
    name
        What it does.
    parent
        Context in which it is done, as in a ``traceparent`` header; that of here if not given.
    about
        Attributes of the span, ``job`` as ``diversify.job``.
    """
    context = None if parent is None else _CONTEXT.extract({HEADER: parent})
    attributes = {f"diversify.{key}": value for key, value in about.items()}
    tracer = trace.get_tracer("diversify")
    with tracer.start_as_current_span(name, context, attributes=attributes):
        yield
