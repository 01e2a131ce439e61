"""A client of the service: submit a job, watch it, fetch its answer as the same `Result`.

A job is submitted with a key of its own, so that trying again after a lost line never makes two.

    from service.client import Client

    client = Client("http://127.0.0.1:8000")
    job = client.submit("gallium-usa", edits=["rules[cn-cap].max_share=0.4"])
    result = job.wait(show=True).result()
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx2 as httpx

from instances.errors import Finding, InputError
from service.jobs.record import JobKind, State
from service.refusals import BUSY, Refused, Unreachable, refusal_of
from service.remote_job import PAUSES, Event, RemoteJob

if TYPE_CHECKING:
    from instances import Problem
    from optimizer import Options
    from service.decisions import Decisions

__all__ = ["Client", "Event", "Refused", "RemoteJob", "Unreachable", "source_of"]

SERVER = "http://127.0.0.1:8000"
LONGEST_PAUSE = 30.0
SILENCE_SECONDS = 40.0
"""A stream that is silent for as long is dead: the server comments every 15 s."""


class Client:
    """Speaks with a server.

    Parameters
    ----------
    server
        Its address; the variable ``DIVERSIFY_SERVER``, or this machine, if not given.
    key
        API key; the variable ``DIVERSIFY_KEY`` if not given, none if that is not set.
    patience
        Seconds for which a request is tried again while the server cannot be reached or is busy.
    """

    def __init__(
        self, server: str | None = None, key: str | None = None, *, patience: float = 30.0
    ) -> None:
        self.server = (server or os.environ.get("DIVERSIFY_SERVER") or SERVER).rstrip("/")
        self.patience = patience
        key = key or os.environ.get("DIVERSIFY_KEY")
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        try:
            self._http = httpx.Client(base_url=self.server, headers=headers, timeout=30.0)
        except (httpx.InvalidURL, ValueError):
            what = "is no address such as http://127.0.0.1:8000"
            raise InputError([Finding("--server", what, self.server)]) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def submit(
        self,
        source: Problem | Mapping[str, Any] | str,
        kind: JobKind = "solve",
        *,
        edits: Sequence[str] = (),
        options: Options | Mapping[str, Any] | None = None,
        label: str | None = None,
        fresh: bool = False,
        webhook: str | None = None,
        idempotency_key: str | None = None,
        **asked: Any,
    ) -> RemoteJob:
        """Submit a job.

        Parameters
        ----------
        source
            A problem, as a file would hold it or read already, or the name of an instance that
            the server ships.
        kind
            What is to be done.
        edits
            Changes of the problem, in order.
        options
            How to solve.
        label
            A word to find it by.
        fresh
            Compute it although its answer is known.
        webhook
            URL that is told of its end, of a host that the server tells.
        idempotency_key
            What is submitted with a key twice is one job; a random one if not given.
        **asked
            What the kind of job can be asked besides: ``axes`` of a sweep, ``rule`` of a frontier.

        Raises
        ------
        Refused
            Something is wrong with it, or the server takes no more.
        Unreachable
            There is no answer.
        """
        order: dict[str, Any] = {"kind": kind, "edits": list(edits), "fresh": fresh, **asked}
        if isinstance(source, str):
            order["instance"] = source
        else:
            order["problem"] = dict(source) if isinstance(source, Mapping) else source.to_plain()
        if label is not None:
            order["label"] = label
        if webhook is not None:
            order["webhook"] = webhook
        if options is not None:
            plain = dict(options) if isinstance(options, Mapping) else _set_fields(options)
            order["options"] = plain
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        return RemoteJob(self, self.request("POST", "/v1/jobs", json=order, headers=headers))

    @property
    def decisions(self) -> Decisions:
        """The decision analyses, each asked and waited for in one call."""
        from service.decisions import Decisions

        return Decisions(self)

    def job(self, job: str) -> RemoteJob:
        """Return a job by its id."""
        return RemoteJob(self, self.request("GET", f"/v1/jobs/{job}"))

    def jobs(
        self,
        *,
        state: State | str | None = None,
        kind: JobKind | None = None,
        label: str | None = None,
        most: int | None = None,
    ) -> Iterator[RemoteJob]:
        """Yield jobs, newest first, page by page as they are asked for."""
        wanted = {"state": state, "kind": kind, "label": label}
        query: dict[str, Any] = {name: value for name, value in wanted.items() if value}
        seen = 0
        while True:
            page = self.request("GET", "/v1/jobs", params=query)
            for shown in page["jobs"]:
                if seen == most:
                    return
                seen += 1
                yield RemoteJob(self, shown)
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def request(self, method: str, path: str, **more: Any) -> Any:
        """Return what the server answers, as plain data; ``None`` for nothing.

        Raises
        ------
        Refused, Unreachable
            It refuses, or does not answer.
        """
        answer = self._tried(lambda: self._http.request(method, path, **more))
        return json.loads(answer.content) if answer.content else None

    def text(self, path: str) -> str:
        """Return a text that the server keeps; errors as `request`."""
        return self._tried(lambda: self._http.get(path)).text

    def stream(self, path: str, after: int) -> Iterator[Event]:
        """Yield the events of one stream; it may end early."""
        query = {"after": after}
        timeout = httpx.Timeout(30.0, read=SILENCE_SECONDS)
        with self._http.stream("GET", path, params=query, timeout=timeout) as answer:
            if answer.status_code == httpx.codes.NO_CONTENT:
                return
            if answer.is_error:
                answer.read()
                raise refusal_of(answer)
            for event in httpx.EventSource(answer):
                # how long to wait before coming again is said without data
                if event.data:
                    yield Event(int(event.id or 0), event.event, json.loads(event.data))

    def _tried(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        deadline = time.monotonic() + self.patience
        tries = 0
        while True:
            pause = PAUSES[min(tries, len(PAUSES) - 1)]
            tries += 1
            try:
                answer = send()
            except httpx.TransportError as error:
                failure: Exception = Unreachable(f"{self.server} does not answer: {error}")
            else:
                if not answer.is_error:
                    return answer
                failure = refusal_of(answer)
                if answer.status_code not in BUSY:
                    raise failure
                said = answer.headers.get("retry-after", "")
                pause = min(float(said), LONGEST_PAUSE) if said.isdigit() else pause
            if time.monotonic() + pause > deadline:
                raise failure
            time.sleep(pause)


def source_of(text: str) -> Problem | str:
    """Return what a text names: an instance that the server ships, or else a file or folder read.

    Raises
    ------
    InputError
        There is no such file, or what it holds is wrong.
    """
    import instances

    if not Path(text).exists() and text in instances.instance_names():
        return text
    return instances.read(Path(text))


def _set_fields(options: Options) -> dict[str, Any]:
    return options.model_dump(mode="json", exclude_unset=True)
