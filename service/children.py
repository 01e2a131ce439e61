"""Child processes: each request computes in its own, within limits, and ends with its caller."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import sysconfig
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from service.forks import Child, Forks
from service.gist import Gist
from service.outcome import Outcome
from service.settings import PREFIX, Settings
from service.work import Limits, Verb

logger = logging.getLogger(__name__)

TAIL_BYTES = 4000
"""What is kept of a child's standard error, for the log of the server."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request.

    Parameters
    ----------
    outcome
        How it ended.
    payload
        The answer as JSON; for a failure ``{"detail": ..., "findings": [...]}``.
    status
        What the answer says of how it ended: ``stop`` and ``point`` of a solve, ``state`` of an
        analysis.
    gist
        What the answer comes to; ``None`` for a failure.
    """

    outcome: Outcome
    payload: bytes
    status: Mapping[str, str] = field(default_factory=dict)
    gist: Gist | None = None


Told = Callable[[dict[str, float | None]], None]


async def ask(
    verb: Verb,
    body: bytes,
    settings: Settings,
    *,
    told: Told | None = None,
    stop: asyncio.Event | None = None,
    forks: Forks | None = None,
    folder: Path | None = None,
) -> Reply:
    """Have a child process do ``verb`` with ``body`` and return what came of it.

    The child is killed when it outlives ``settings.wall_seconds`` and when this call is cancelled.

    Parameters
    ----------
    told
        Called about once a second with how far the work has come, as `service.work.Eye.tell`.
    stop
        Once it is set the child is asked to answer soon, with the best that it holds.
    forks
        Where the child comes from; a fresh process, which takes seconds to load, if not given.
    folder
        Where a sweep keeps its points, and goes on with those that it finds there.
    """
    process = await _child(forks)
    assert process.stderr is not None
    words = asyncio.create_task(_tail(process.stderr))
    stopping = asyncio.create_task(_ask_to_stop(process, stop)) if stop is not None else None
    try:
        async with asyncio.timeout(settings.wall_seconds):
            answer = await _converse(process, verb, body, settings, told, folder)
            code = await process.wait()
    except TimeoutError:
        detail = f"No answer within {settings.wall_seconds:g} s; the solve was ended."
        return _failure(Outcome.WALL_TIME, detail)
    finally:
        if stopping is not None:
            stopping.cancel()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        said = (await words).decode(errors="replace").strip()
    if answer is None:
        limit = f"The answer is larger than {settings.answer_bytes:,} bytes."
        return _failure(Outcome.TOO_LARGE, limit)
    reply = _read(answer, code, said, settings)
    if reply.outcome in (Outcome.CRASHED, Outcome.FAULT, Outcome.CHECK_FAILED):
        logger.error("%s in a child process (code %s): %s", reply.outcome, code, said)
    return reply


async def _child(forks: Forks | None) -> Child:
    forked = None if forks is None else await forks.child()
    return forked or await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "service.child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # Ctrl-C in the terminal is for the server, which ends its children itself
        start_new_session=True,
        env=environment(),
    )


async def _ask_to_stop(process: Child, stop: asyncio.Event) -> None:
    # this task first runs once the request is in the pipe's buffer, so that the byte follows it
    await stop.wait()
    assert process.stdin is not None
    # a child that is gone already needs no word
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(b"\n")
        await process.stdin.drain()


async def _converse(
    process: Child,
    verb: Verb,
    body: bytes,
    settings: Settings,
    told: Told | None,
    folder: Path | None,
) -> bytes | None:
    """Send the request and return all that is answered; ``None`` when that is too much."""
    assert process.stdin is not None
    assert process.stdout is not None
    header = {
        "verb": verb,
        "told": told is not None,
        "folder": None if folder is None else str(folder.resolve()),
        # an answer at once is too short for it, and is no job
        "cluster": None if folder is None else settings.cluster,
        "bytes": len(body),
        "memory_bytes": settings.memory_bytes,
        "cpu_seconds": settings.cpu_seconds,
        "limits": asdict(limits_of(settings)),
    }
    # a child that is gone already says why by how it ended
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(json.dumps(header).encode() + b"\n" + body)
        await process.stdin.drain()
    pieces = bytearray()
    if told is not None:
        while (line := await process.stdout.readline()).startswith(b'{"progress": '):
            told(json.loads(line)["progress"])
        pieces += line
    while piece := await process.stdout.read(1 << 16):
        pieces += piece
        if len(pieces) > settings.answer_bytes:
            process.kill()
            return None
    return bytes(pieces)


def _read(answer: bytes, code: int, said: str, settings: Settings) -> Reply:
    head, line, payload = answer.partition(b"\n")
    if code == 0 and line:
        words = json.loads(head)
        gist = None if words["gist"] is None else Gist(**words["gist"])
        return Reply(Outcome(words["outcome"]), payload, words["status"], gist)
    if code == -signal.SIGXCPU:
        detail = f"It may use {settings.cpu_seconds} s of processor time."
        return _failure(Outcome.CPU_TIME, detail)
    if code == -signal.SIGABRT and "bad_alloc" in said:
        return _failure(Outcome.OUT_OF_MEMORY, _memory(settings.memory_bytes))
    if code < 0:
        name = signal.Signals(-code).name
        hint = " (the system sends it when memory runs out)" if name == "SIGKILL" else ""
        return _failure(Outcome.CRASHED, f"It was ended by {name}{hint}.")
    return _failure(Outcome.CRASHED, f"It ended with code {code}.")


def _memory(memory_bytes: int) -> str:
    return f"A request may use {memory_bytes / 2**20:,.0f} MiB of memory."


def _failure(outcome: Outcome, detail: str) -> Reply:
    return Reply(outcome, json.dumps({"detail": detail, "findings": []}).encode())


async def _tail(stream: asyncio.StreamReader) -> bytes:
    tail = b""
    while piece := await stream.read(1 << 14):
        tail = (tail + piece)[-TAIL_BYTES:]
    return tail


def limits_of(settings: Settings) -> Limits:
    """Return what a request may ask for."""
    return Limits(
        settings.solve_seconds,
        settings.threads,
        settings.variables,
        settings.points,
        settings.webhooks,
    )


def environment() -> dict[str, str]:
    """Return the environment of a child process: the server's settings are not for it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(PREFIX)
    }
    # every idle thread of a numeric library claims address space, which is limited
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    root = str(Path(__file__).resolve().parents[1])
    if root not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        # run from a source tree: the child must find the same packages
        environment["PYTHONPATH"] = os.pathsep.join(
            part for part in (root, environment.get("PYTHONPATH", "")) if part
        )
    return environment
