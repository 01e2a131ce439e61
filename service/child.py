"""The child process in which one request is read, checked and solved: ``python -m service.child``.

Standard input holds a line of JSON (what to do, within which limits), then the request's body; a
byte more asks to stop soon and answer with the best that is held. Its end means that the server is
gone, and ends the child, too. Standard output holds lines of JSON: how far it has come, for who
asks to be told, then one with the outcome and what the answer says of its own end, then the
payload. Limits are set before anything heavy is imported.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
import traceback
from typing import Any, BinaryIO

from service.outcome import Outcome

NO_ROOM = ("failed to map segment", "can't start new thread")
"""What the dynamic loader and Python say, without a MemoryError, when memory runs out."""

TOLD_SECONDS = 0.5
"""Least time between two lines about how far the work has come."""


def main() -> None:
    """Do what standard input asks for, once."""
    answers = os.fdopen(os.dup(1), "wb")
    # what a library prints must not end up in the answer
    os.dup2(2, 1)
    header = json.loads(sys.stdin.buffer.readline())
    _limit(header["memory_bytes"], header["cpu_seconds"])
    starved = _note_memory_errors()
    told: dict[str, Any] = {"status": {}, "gist": None}
    try:
        outcome, payload, told = _work(header, starved, answers)
    except MemoryError:
        outcome = Outcome.OUT_OF_MEMORY
    if outcome is Outcome.OUT_OF_MEMORY:
        # out of the handler: what the failed work held is free again
        mebibytes = header["memory_bytes"] / 2**20
        payload = _words(f"A request may use {mebibytes:,.0f} MiB of memory.")
    head = {"outcome": outcome, **told}
    answers.write(json.dumps(head).encode() + b"\n" + payload)
    answers.close()
    # a solver's thread that was given up on must not keep the process
    os._exit(0)


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _note_memory_errors() -> threading.Event:
    """Return the event that is set once a thread (the solver's, say) ends for want of memory."""
    starved = threading.Event()
    shown = threading.excepthook

    def note(args: threading.ExceptHookArgs) -> None:
        if issubclass(args.exc_type, MemoryError):
            starved.set()
        shown(args)

    threading.excepthook = note
    return starved


def _heed_the_server(cancel: threading.Event) -> None:
    """Set ``cancel`` when the server asks to stop; end with it when it is gone."""
    while sys.stdin.buffer.read(1):
        cancel.set()
    os._exit(1)


class _Teller:
    """Writes how far the work has come, a line at most every half second."""

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines
        self._next = 0.0

    def tell(self, told: dict[str, float | None]) -> None:
        """Write a line if one is due."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + TOLD_SECONDS
            self._lines.write(json.dumps({"progress": told}, allow_nan=False).encode() + b"\n")
            self._lines.flush()


def _work(
    header: dict[str, Any], starved: threading.Event, answers: BinaryIO
) -> tuple[Outcome, bytes, dict[str, Any]]:
    body = sys.stdin.buffer.read(header["bytes"])
    cancel = threading.Event()
    nothing: dict[str, Any] = {"status": {}, "gist": None}
    try:
        threading.Thread(target=_heed_the_server, args=(cancel,), daemon=True).start()
        from dataclasses import asdict, replace
        from pathlib import Path

        from service.gist import gist_of
        from service.work import Eye, Limits, do

        folder = None if header["folder"] is None else Path(header["folder"])
        eye = Eye(cancel=cancel, folder=folder, cluster=header["cluster"])
        if header["told"]:
            eye = replace(eye, tell=_Teller(answers).tell)
        answer = do(header["verb"], body, Limits(**header["limits"]), eye)
        payload = json.dumps(answer, allow_nan=False).encode()
        gist = gist_of(header["verb"], answer)
        told = {"status": answer.get("status", {}), "gist": None if gist is None else asdict(gist)}
        return Outcome.ANSWER, payload, told
    except MemoryError:
        raise
    except Exception as error:  # the edge of the process: the server is told
        if any(words in str(error) for words in NO_ROOM):
            return Outcome.OUT_OF_MEMORY, b"", nothing
        return *_failed(error, starved), nothing


def _failed(error: Exception, starved: threading.Event) -> tuple[Outcome, bytes]:
    from instances.errors import CheckFailed, InputError, SolverFailed
    from service.request import BrokenJson, TooLarge

    findings = [finding.to_dict() for finding in getattr(error, "findings", ())]
    for kind, outcome in (
        (BrokenJson, Outcome.BROKEN_JSON),
        (TooLarge, Outcome.TOO_LARGE),
        (InputError, Outcome.INVALID_INPUT),
        (CheckFailed, Outcome.CHECK_FAILED),
        (SolverFailed, Outcome.OUT_OF_MEMORY if starved.is_set() else Outcome.SOLVER_FAILED),
    ):
        if isinstance(error, kind):
            return outcome, _words(str(error), findings)
    traceback.print_exception(error)
    return Outcome.FAULT, _words("The server's log says more.")


def _words(detail: str, findings: list[dict[str, str | None]] | None = None) -> bytes:
    words = {"detail": detail, "findings": findings or []}
    return json.dumps(words).encode()


if __name__ == "__main__":
    main()
