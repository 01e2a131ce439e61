"""A job on a server: watched, waited for, stopped, its answer fetched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import httpx2 as httpx

from instances.errors import Finding
from service.job_bar import bar
from service.jobs.record import FINAL, State
from service.refusals import BUSY, Refused, Unreachable

if TYPE_CHECKING:
    from pydantic import BaseModel

    from optimizer import Result
    from service.client import Client

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries, the last one again and again, unless the server says how long."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a job: its number, ``state`` or ``progress``, what is said."""

    sequence: int
    kind: str
    data: dict[str, Any]


class RemoteJob:
    """A job on a server, as it was when last looked at.

    Parameters
    ----------
    shown
        The job as the server shows it: ``id``, ``kind``, ``label``, ``problem``, ``state``,
        ``reason``, ``detail``, ``findings``, times, ``attempts``, ``progress``.
    """

    def __init__(self, client: Client, shown: Mapping[str, Any]) -> None:
        self._client = client
        self.shown = dict(shown)

    def __repr__(self) -> str:
        return f"<job {self.id}: {self.shown['kind']} {self.shown['problem']}, {self.state}>"

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.shown["id"])

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.shown["state"])

    @property
    def path(self) -> str:
        """Where it is on the server."""
        return f"/v1/jobs/{self.id}"

    def refresh(self) -> Self:
        """Look again; returns itself."""
        self.shown = self._client.request("GET", self.path)
        return self

    def events(self, after: int = 0) -> Iterator[Event]:
        """Yield what happens until it is over; a lost stream is taken up where it ended."""
        deadline = time.monotonic() + self._client.patience
        tries = 0
        while True:
            try:
                for event in self._client.stream(f"{self.path}/events", after):
                    after = event.sequence
                    tries, deadline = 0, time.monotonic() + self._client.patience
                    yield event
                    if event.kind == "state" and State(event.data["state"]) in FINAL:
                        return
                if self.refresh().state in FINAL:
                    return
            except (httpx.TransportError, httpx.SSEError) as error:
                if time.monotonic() > deadline:
                    raise Unreachable(f"{self._client.server} does not answer: {error}") from error
            except Refused as refusal:
                if refusal.status not in BUSY or time.monotonic() > deadline:
                    raise
            time.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1

    def wait(self, *, show: bool = False, told: Callable[[Event], None] | None = None) -> Self:
        """Wait until it is over; returns itself.

        Parameters
        ----------
        show
            Show a bar on standard error: bound, incumbent and gap, or points done.
        told
            Called with each event.
        """
        with bar(shown=show) as draw:
            for event in self.events() if self.state not in FINAL else ():
                draw(event.kind, event.data)
                if told is not None:
                    told(event)
        return self.refresh()

    def answer(self) -> dict[str, Any]:
        """Return its answer as the route of its kind gives it: ``status``, ``result``, ``run``.

        Raises
        ------
        Refused
            It is not over, or has none; the detail says why.
        """
        answer: dict[str, Any] = self._client.request("GET", f"{self.path}/result")
        return answer

    def result(self) -> Result:
        """Return the result of a solve, the same as `optimizer.solve` gives.

        Raises
        ------
        Refused
            As `answer`; or it is no solve.
        """
        from optimizer import Result

        if self.shown["kind"] != "solve":
            raise self._another("no-result")
        return Result.from_plain(self.answer()["result"])

    def document(self) -> BaseModel:
        """Return what a decision analysis found, field by field.

        It is a `SheetBody`, `PartnersBody`, `PurseBody` or `InstrumentsBody`.

        Raises
        ------
        Refused
            As `answer`; or it is of another kind.
        """
        from service.decision_bodies import BODIES

        body = BODIES.get(str(self.shown["kind"]))
        if body is None:
            raise self._another("no-document")
        return body.model_validate(self.answer()["result"])

    def page(self) -> str:
        """Return the decision sheet that it found as an HTML page.

        Raises
        ------
        Refused
            It is not over, or of another kind.
        """
        return self._client.text(f"{self.path}/sheet")

    def log(self) -> str:
        """Return its log, up to now."""
        text, start = "", 0
        while True:
            piece = self._client.request("GET", f"{self.path}/log", params={"from": start})
            text += str(piece["text"])
            if not piece["text"]:
                return text
            start = piece["next"]

    def cancel(self) -> Self:
        """Ask that it ends, with the best plan it holds; returns itself."""
        self.shown = self._client.request("POST", f"{self.path}/cancel")
        return self

    def delete(self) -> None:
        """Delete it, its answer and its log; it must be over."""
        self._client.request("DELETE", self.path)

    def _another(self, problem: str) -> Refused:
        """Return the refusal of what another kind of job has."""
        detail = f"is a job of kind {self.shown['kind']}: take its answer()"
        return Refused(409, problem, detail, [Finding(self.id, detail)])
