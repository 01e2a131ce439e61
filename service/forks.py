"""Children that begin at once: forked from a process that has loaded all that they need."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import sys
from contextlib import suppress
from typing import Any, Protocol

logger = logging.getLogger(__name__)

PACKET_BYTES = 1024


class Child(Protocol):
    """A process that answers one request; one of asyncio's, or a forked one."""

    @property
    def returncode(self) -> int | None:
        """What it ended with; ``None`` while it runs."""

    @property
    def stdin(self) -> asyncio.StreamWriter | None:
        """Its standard input."""

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """Its standard output."""

    @property
    def stderr(self) -> asyncio.StreamReader | None:
        """Its standard error."""

    def kill(self) -> None:
        """End it at once."""

    async def wait(self) -> int:
        """Return what it ended with."""


class Forked:
    """A forked child.

    Parameters
    ----------
    process
        Its number.
    stdin, stdout, stderr
        Its streams.
    """

    def __init__(
        self,
        process: int,
        stdin: asyncio.StreamWriter,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
    ) -> None:
        self.process = process
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def returncode(self) -> int | None:
        """What it ended with; ``None`` while it runs."""
        return self.ended.result() if self.ended.done() else None

    def kill(self) -> None:
        """End it at once."""
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.process, 9)

    async def wait(self) -> int:
        """Return what it ended with."""
        code = await asyncio.shield(self.ended)
        self.stdin.close()
        return code


class Forks:
    """Forks children from one process, which is started when the first is wanted, and again.

    Parameters
    ----------
    environment
        Of that process and of the children.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._starting: asyncio.Task[_Source] | None = None

    async def child(self) -> Forked | None:
        """Return a child; ``None`` if none could be forked."""
        try:
            source = await self._source()
            return await source.fork()
        except OSError as error:
            logger.warning("no child could be forked (%s)", error)
            return None

    async def close(self) -> None:
        """End the process and its children."""
        if self._starting is not None:
            # one that has started is not cancelled any more
            self._starting.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await self._starting
                await self._starting.result().close()

    async def _source(self) -> _Source:
        starting = self._starting
        if starting is None or (starting.done() and _lost(starting)):
            starting = asyncio.create_task(_Source.start(self._environment))
            self._starting = starting
        # who no longer wants a child does not end the process for all others
        return await asyncio.shield(starting)


class _Source:
    """The process that forks, from this side."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self.gone = False
        self._process = process
        self._control = control
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asked: dict[int, asyncio.Future[int | None]] = {}
        self._children: dict[int, Forked] = {}
        # of children that have ended before they were handed out, or that nobody wants
        self._codes: dict[int, int] = {}
        self._unwanted: set[int] = set()
        self._count = 0
        asyncio.get_running_loop().add_reader(control, self._read)

    @classmethod
    async def start(cls, environment: dict[str, str]) -> _Source:
        """Return the process once it is ready."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "service.forking", str(theirs.fileno())),
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                env=environment,
            )
        source = cls(process, ours)
        try:
            await source._ready
        except BaseException:
            await source.close()
            raise
        return source

    async def fork(self) -> Forked:
        """Return a child."""
        self._count += 1
        number = self._count
        asked = self._asked[number] = asyncio.get_running_loop().create_future()
        stdin, stdout, stderr = os.pipe(), os.pipe(), os.pipe()
        try:
            theirs = [stdin[0], stdout[1], stderr[1]]
            try:
                socket.send_fds(self._control, [str(number).encode()], theirs)
            finally:
                for descriptor in theirs:
                    os.close(descriptor)
            process = await asked
            if process is None:
                raise OSError("the system forks no more")
        except BaseException:
            for descriptor in (stdin[1], stdout[0], stderr[0]):
                os.close(descriptor)
            if asked.done() and not asked.cancelled() and not asked.exception():
                self._disown(asked.result())
            raise
        finally:
            self._asked.pop(number, None)
        child = Forked(
            process,
            await _writer(stdin[1]),
            await _reader(stdout[0]),
            await _reader(stderr[0]),
        )
        self._children[process] = child
        if process in self._codes or self.gone:
            self._end(process, self._codes.pop(process, -9))
        return child

    async def close(self) -> None:
        """End the process and its children."""
        self._lose()
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()

    def _read(self) -> None:
        try:
            packet = self._control.recv(PACKET_BYTES)
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if not packet:
            self._lose()
            return
        words: dict[str, Any] = json.loads(packet)
        if not words:
            self._ready.set_result(None)
        elif "code" in words:
            self._end(words["process"], words["code"])
        else:
            asked = self._asked.get(words["child"])
            if asked is None or asked.done():
                # its input has ended, and so does it
                self._unwanted.add(words["process"])
                return
            asked.set_result(words["process"])

    def _end(self, process: int, code: int) -> None:
        child = self._children.pop(process, None)
        if process in self._unwanted:
            self._unwanted.discard(process)
        elif child is None:
            self._codes[process] = code
        elif not child.ended.done():
            child.ended.set_result(code)

    def _disown(self, process: int | None) -> None:
        if process is not None and self._codes.pop(process, None) is None:
            self._unwanted.add(process)

    def _lose(self) -> None:
        """End what belongs to a process that is gone."""
        if self.gone:
            return
        self.gone = True
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        for child in list(self._children.values()):
            child.kill()
            self._end(child.process, -9)
        failed = OSError("the process that forks has ended")
        if not self._ready.done():
            self._ready.set_exception(failed)
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(failed)


def _lost(starting: asyncio.Task[_Source]) -> bool:
    """Return whether a start came to nothing, or what was started has ended."""
    return starting.cancelled() or starting.exception() is not None or starting.result().gone


async def _writer(descriptor: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    pipe = os.fdopen(descriptor, "wb", buffering=0)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, pipe)
    return asyncio.StreamWriter(transport, protocol, None, loop)


async def _reader(descriptor: int) -> asyncio.StreamReader:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(loop=loop)
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader, loop=loop), pipe)
    return reader
