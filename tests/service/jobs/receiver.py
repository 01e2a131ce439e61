"""A receiver of webhooks, and jobs that have somebody to tell of their end."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from service.jobs.record import Ending, Order, State
from service.jobs.store import JobStore

if TYPE_CHECKING:
    import ssl

    from sqlalchemy import Connection, Engine

US = "us"


class Receiver:
    """A server that answers with given statuses, the last one again and again.

    Parameters
    ----------
    context
        What it speaks TLS with; plain HTTP without.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.statuses = [204]
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.taken.append((self.path, headers, body))
                left = outer.statuses
                self.send_response(left.pop(0) if len(left) > 1 else left[0])
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/done?from=us"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def nowhere(_connection: Connection, _job: str) -> None:
    """Queue nothing."""


def posted(engine: Engine, url: str) -> str:
    order = Order("solve", b"{}", "h", "tiny", 3, str(time.monotonic_ns()), webhook=url)
    return JobStore(engine).submit(US, order, nowhere).job.id


def ended(engine: Engine, url: str) -> str:
    """Return a job that has succeeded and is to tell so."""
    job = posted(engine, url)
    store = JobStore(engine)
    attempt = store.begin(job, "w", 3)
    assert attempt is not None
    assert store.finish(attempt, Ending(State.SUCCEEDED, answer=b"{}"))
    return job
