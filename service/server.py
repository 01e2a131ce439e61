"""Listening: an address that is free and allowed, and the server on it."""

from __future__ import annotations

import signal
import socket
from contextlib import nullcontext, suppress

import uvicorn
from sqlalchemy import Engine

from instances.errors import Finding, InputError
from service.app import create_app
from service.jobs.desk import JobDesk
from service.jobs.queue import Queue
from service.jobs.supervisor import supervised
from service.people.keys import KeyStore
from service.settings import Settings

SHUTDOWN_SECONDS = 2


def require_keys(settings: Settings, keys: KeyStore) -> None:
    """Refuse to serve others as long as nobody holds a key.

    Raises
    ------
    InputError
        Keys are asked for, and there is none that counts.
    """
    if settings.keyed and not keys.any():
        what = "is for callers with keys, and nobody holds one"
        remedy = (
            "Make one with `diversify keys create --tenant NAME` (of the same --data or "
            "DIVERSIFY_DATABASE), or keep to 127.0.0.1."
        )
        raise InputError([Finding("The server", what, remedy=remedy)])


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens where the settings say.

    Raises
    ------
    InputError
        The address cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(128)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        what = f"cannot be listened on: {error.strerror or error}"
        raise InputError(
            [Finding(where, what, remedy="Choose another --port or --host.")]
        ) from error
    return listener


def serve_on(settings: Settings, engine: Engine, listener: socket.socket, lock: int) -> None:
    """Serve the API on ``listener``, and run jobs if asked to, until SIGINT or SIGTERM.

    Answers at once that are under way are ended; jobs that run are handed back to the queue.

    Parameters
    ----------
    engine
        The database, of which the tables are there.
    lock
        Descriptor of the locked file of the data directory.
    """
    jobs = JobDesk(settings, engine, Queue(engine))
    config = uvicorn.Config(
        create_app(settings, jobs, KeyStore(engine)),
        limit_concurrency=settings.connections,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        server_header=False,
        log_config=None,
        log_level="warning",
        lifespan="on",
        ws="none",
    )
    # uvicorn raises a signal again once it has shut down: the worker is to end in order, too
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    beside = supervised(settings, jobs.store, lock) if settings.embedded else nullcontext()
    with suppress(KeyboardInterrupt), beside:
        Server(config, jobs).run(sockets=[listener])


class Server(uvicorn.Server):
    """A server whose streams end with it: who watches a job does not hold it up.

    Parameters
    ----------
    config
        How it listens.
    jobs
        What is watched.
    """

    def __init__(self, config: uvicorn.Config, jobs: JobDesk) -> None:
        super().__init__(config)
        self._jobs = jobs

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then the server."""
        self._jobs.watch.end()
        await super().shutdown(sockets)
