"""Clerks: processes that read and check orders, a few at the same time."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from service.children import environment, limits_of
from service.errors import Refusal
from service.jobs.record import Order
from service.outcome import Outcome
from service.settings import Settings

logger = logging.getLogger(__name__)

LONGEST_QUEUE = 64
"""Orders that wait for a clerk; one more is sent away."""
RETRY_SECONDS = 2


class Clerks:
    """Reads orders in at most ``settings.running`` processes, which stay.

    Parameters
    ----------
    settings
        The limits of a job, and of a process that reads one.
    """

    def __init__(self, settings: Settings) -> None:
        self.ready = False
        self._settings = settings
        self._places = asyncio.Semaphore(settings.running)
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()
        self.orders = 0
        """Orders that are read, or wait to be."""

    async def start(self) -> None:
        """Have one clerk ready, which has then solved a tiny problem; tried until it works."""
        while not self.ready:
            try:
                async with self._places:
                    self._idle.append(await self._hire())
            except (EOFError, OSError):
                logger.exception("no clerk could be had")
                await asyncio.sleep(RETRY_SECONDS)

    async def read(self, body: bytes) -> Order:
        """Return the order in a body.

        Raises
        ------
        Refusal
            It cannot be accepted, or nobody can read it now.
        """
        if self.orders >= LONGEST_QUEUE:
            detail = f"{self.orders} orders wait to be read."
            raise Refusal("busy", detail, headers={"Retry-After": str(RETRY_SECONDS)})
        self.orders += 1
        try:
            async with self._places:
                words, request = await self._ask(body)
                if words["outcome"] is Outcome.CRASHED:
                    # of the order, or of its clerk only, as one that was killed while it waited
                    words, request = await self._ask(body)
        finally:
            self.orders -= 1
        outcome = Outcome(words["outcome"])
        if outcome is Outcome.ANSWER:
            return Order(body=request, **words["read"])
        raise Refusal(outcome, self._detail(outcome, words), words.get("findings", ()))

    async def close(self) -> None:
        """End all clerks."""
        for process in list(self._all):
            await self._dismiss(process)

    async def _ask(self, body: bytes) -> tuple[dict[str, Any], bytes]:
        process = None
        try:
            async with asyncio.timeout(self._settings.wall_seconds):
                process = self._take() or await self._hire()
                words, request = await _converse(process, body)
        except TimeoutError:
            words, request = {"outcome": Outcome.WALL_TIME, "last": True}, b""
        except (EOFError, OSError, ValueError):
            logger.exception("a clerk ended with an order")
            words, request = {"outcome": Outcome.CRASHED, "last": True}, b""
        except BaseException:
            # midway in a conversation: what follows would not be its answer
            if process is not None:
                await self._dismiss(process)
            raise
        if process is not None:
            if words["last"]:
                await self._dismiss(process)
            else:
                self._idle.append(process)
        return words, request

    def _take(self) -> asyncio.subprocess.Process | None:
        while self._idle:
            process = self._idle.pop()
            if process.returncode is None:
                return process
            self._all.discard(process)
        return None

    async def _hire(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "service.jobs.clerk"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # Ctrl-C in the terminal is for the server
            start_new_session=True,
            env=environment(),
        )
        self._all.add(process)
        head = {
            "memory_bytes": self._settings.memory_bytes,
            "cpu_seconds": self._settings.cpu_seconds,
            "limits": asdict(limits_of(self._settings.for_jobs)),
        }
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(head).encode() + b"\n")
        if await process.stdout.readline() != b"\n":
            await self._dismiss(process)
            raise EOFError("a clerk did not solve the tiny problem")
        self.ready = True
        return process

    async def _dismiss(self, process: asyncio.subprocess.Process) -> None:
        self._all.discard(process)
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()

    def _detail(self, outcome: Outcome, words: dict[str, Any]) -> str:
        if "detail" in words:
            return str(words["detail"])
        if outcome is Outcome.WALL_TIME:
            return f"It was not read within {self._settings.wall_seconds:g} s."
        if outcome is Outcome.OUT_OF_MEMORY:
            mebibytes = self._settings.memory_bytes / 2**20
            return f"Order it may use {mebibytes:,.0f} MiB of memory."
        return "The server's log says more."


async def _converse(
    process: asyncio.subprocess.Process, body: bytes
) -> tuple[dict[str, Any], bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"%d\n" % len(body) + body)
    await process.stdin.drain()
    line = await process.stdout.readline()
    lengths = [int(part) for part in line.split()]
    if len(lengths) != 2:
        raise EOFError("no answer")
    words = json.loads(await process.stdout.readexactly(lengths[0]))
    return words, await process.stdout.readexactly(lengths[1])
