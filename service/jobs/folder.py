"""The data directory: one server's at a time, with its database up to date."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from instances.errors import Finding, InputError
from service.jobs.database import connect, migrate, url_of
from service.jobs.queue import make_queue
from service.settings import Settings

LOCK = "lock"
LOCK_SECONDS = 5.0
"""How long a start waits for the worker of a server that has just ended."""


@contextmanager
def locked(settings: Settings) -> Iterator[int]:
    """Hold the data directory, made if need be; its lock is a file, given as a descriptor.

    A worker that is handed the descriptor holds the lock, too: the directory is free when both
    have ended, however they did.

    Raises
    ------
    InputError
        The directory cannot be written to, or another server works in it.
    """
    _make(settings)
    lock = os.open(settings.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, settings)
        yield lock
    finally:
        os.close(lock)


def require_shared(settings: Settings, what: str) -> None:
    """Return if the database is one that several processes share.

    Raises
    ------
    InputError
        It is a file, which is one server's; the finding is about ``what``.
    """
    if settings.database is None:
        why = "needs a database that is shared, and a file is one server's"
        remedy = "Set DIVERSIFY_DATABASE=postgresql://user@host/name."
        raise InputError([Finding(what, why, remedy=remedy)])


def open_database(settings: Settings) -> Engine:
    """Return the database, its tables and the queue's brought up to date.

    Raises
    ------
    InputError
        It cannot be reached.
    """
    if settings.database is None:
        _make(settings)
    url = settings.database or url_of(settings.folder)
    engine = connect(url)
    try:
        migrate(engine)
        make_queue(url)
    except SQLAlchemyError as error:
        # not its address, which may hold a password
        what = f"cannot be opened: {str(getattr(error, 'orig', error)).strip()}"
        raise InputError([Finding("DIVERSIFY_DATABASE", what)]) from error
    return engine


def _make(settings: Settings) -> None:
    folder = settings.folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / LOCK).touch(mode=0o600)
    except OSError as error:
        what = f"cannot be written to: {error.strerror}"
        remedy = "Choose another --data, or set DIVERSIFY_DATA."
        raise InputError([Finding("--data", what, str(folder), remedy=remedy)]) from error


def _take(lock: int, settings: Settings) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            what = "is in use by another server"
            remedy = "Stop it, or choose another --data for this one."
            raise InputError(
                [Finding("--data", what, str(settings.folder), remedy=remedy)]
            ) from None
        return
