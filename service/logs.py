"""What a server logs, on standard error: lines for people, or a JSON object a line.

Each says what it is about, where that is known: a job, a tenant, a key by its public part. Keys
and passwords are taken out. Only the program's own words are told below warnings: libraries tell
statements with all their values.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from service.redaction import redacted
from service.settings import Settings

OWN = ("instances", "models", "optimizer", "service")
RAW = "stderr"
"""Logger of what libraries and child processes write past the log."""
DRAIN_SECONDS = 1.0

_ABOUT: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("about", default=())
_FIRST = "time"


def note(**words: str | None) -> None:
    """Say what all that follows in this task is about: ``job``, ``tenant``, ``key``."""
    _ABOUT.set(tuple((dict(_ABOUT.get()) | _known(words)).items()))


@contextmanager
def about(**words: str | None) -> Iterator[None]:
    """Say what is logged about while the block lasts, as `note`."""
    token = _ABOUT.set(_ABOUT.get())
    try:
        note(**words)
        yield
    finally:
        _ABOUT.reset(token)


def start_logging(settings: Settings, process: str) -> None:
    """Write the log of this process to standard error from here on.

    As JSON, whatever else is written there, by child processes too, becomes a record.

    Parameters
    ----------
    process
        What this process is, in a word.
    """
    as_json = settings.log_format == "json"
    handler = _behind_a_pipe() if as_json else logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(process) if as_json else _Text())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(settings.log_level.upper())
    # the job engine gives its logger a handler of its own if that has none
    logging.getLogger("dbos").addHandler(logging.NullHandler())
    logging.captureWarnings(True)
    sys.excepthook = _log_the_end


def announce(settings: Settings, text: str) -> None:
    """Say at which address a server is found, whatever is logged besides."""
    if settings.log_format == "json":
        logger = logging.getLogger(f"{__name__}.address")
        logger.setLevel(logging.INFO)
        logger.info("%s", text)
    else:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        subject = "".join(f" {name}={value}" for name, value in _ABOUT.get())
        head = f"{_time(record)} {record.levelname} {record.name}{subject}: "
        lines = record.getMessage().splitlines() or [""]
        lines += _exception(self, record).splitlines()
        # what others chose the words of must not look like a record, nor steer a terminal
        return redacted(head + "\n    ".join(map(_printable, lines)))


class _Json(logging.Formatter):
    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            _FIRST: _time(record),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": record.getMessage(),
            **dict(_ABOUT.get()),
        }
        exception = _exception(self, record)
        if exception:
            fields["exception"] = exception
        return json.dumps({name: redacted(value) for name, value in fields.items()})


def _known(words: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in words.items() if value is not None}


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _exception(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


def _log_the_end(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logging.getLogger(__name__).critical("the process fails", exc_info=(kind, error, trace))


def _behind_a_pipe() -> logging.StreamHandler[TextIO]:
    """Put a pipe in the place of standard error; return what writes to where that went."""
    kept = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    handler: logging.StreamHandler[TextIO] = logging.StreamHandler(kept)
    source, sink = os.pipe()
    os.dup2(sink, 2)
    os.close(sink)
    reader = threading.Thread(target=_take_in, args=(source, handler), name=RAW, daemon=True)
    reader.start()

    def drain() -> None:
        sys.stderr.flush()
        os.dup2(kept.fileno(), 2)
        # child processes that still run hold the pipe open
        reader.join(DRAIN_SECONDS)

    atexit.register(drain)
    return handler


def _take_in(source: int, handler: logging.StreamHandler[TextIO]) -> None:
    logger = logging.getLogger(RAW)
    with os.fdopen(source, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if _is_record(line):
                # a process of ours has written it
                with handler.lock or nullcontext():
                    handler.stream.write(line)
            elif line.strip():
                logger.warning("%s", line.rstrip())


def _is_record(line: str) -> bool:
    return line.startswith(f'{{"{_FIRST}": ') and line.endswith("}\n")
