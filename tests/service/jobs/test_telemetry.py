"""Spans as a collector gets them: one trace from the caller's request to what computes."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


class Collector(ThreadingHTTPServer):
    """Takes spans over HTTP as OpenTelemetry's protocol has it."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, Any]] = []
        super().__init__(("127.0.0.1", 0), _Take)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def named(self, name: str) -> list[tuple[str, Any]]:
        return [(service, span) for service, span in self.spans if span.name == name]


class _Take(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        sent = ExportTraceServiceRequest()
        sent.ParseFromString(self.rfile.read(int(self.headers["content-length"])))
        for resource in sent.resource_spans:
            words = {item.key: item.value.string_value for item in resource.resource.attributes}
            self.server.spans += [
                (words["service.name"], span)
                for scope in resource.scope_spans
                for span in scope.spans
            ]
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def collecting() -> Iterator[Collector]:
    with Collector() as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        yield collector
        collector.shutdown()
        thread.join()


def test_a_job_belongs_to_the_trace_of_who_posted_it(
    running: Callable[..., Any], tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        with running(TELEMETRY="true") as server:
            server.wait_until_ready()
            posted = server.http.post(
                "/v1/jobs",
                json={"kind": "solve", "problem": tiny},
                headers={"Prefer": "wait=60", "traceparent": f"00-{TRACE}-{CALLER}-01"},
                timeout=90,
            )
            assert posted.json()["state"] == "succeeded"
            server.process.terminate()
            server.process.wait(60)
    ((service, request),) = collector.named("POST /v1/jobs")
    ((worker, job),) = collector.named("job solve")
    ((_, compute),) = collector.named("compute solve")
    assert (service, worker) == ("diversify-server", "diversify-worker")
    assert {span.trace_id.hex() for span in (request, job, compute)} == {TRACE}
    assert request.parent_span_id.hex() == CALLER
    above = {span.span_id: span.parent_span_id for _, span in collector.spans}
    ancestors = [job.parent_span_id]
    while ancestors[-1] in above:
        ancestors.append(above[ancestors[-1]])
    # FastAPI may have spans of its own between
    assert request.span_id in ancestors
    assert compute.parent_span_id == job.span_id
    about = {item.key: item.value for item in job.attributes}
    assert about["diversify.job"].string_value == posted.json()["id"]
    assert about["diversify.attempt"].int_value == 1


def test_nothing_is_sent_unless_that_is_asked_for(
    running: Callable[..., Any], tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        with running() as server:
            server.wait_until_ready()
            answer = server.http.post("/v1/validate", json={"problem": tiny})
            assert answer.status_code == 200
            server.process.terminate()
            server.process.wait(60)
        assert collector.spans == []
