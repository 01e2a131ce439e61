"""The two streams: the answer on standard output, everything else on standard error.

A reader that closes its end (``| head``) ends the writing, never the command: the exit code stays
the answer's.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # nobody reads on: whatever follows, and the flush at exit, goes nowhere
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def say(text: str) -> None:
    """Write a piece of the answer and a line break to standard output."""
    _write(sys.stdout, text if text.endswith("\n") else text + "\n")


def say_json(value: Any) -> None:
    """Write the answer as JSON to standard output."""
    say(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def tell(text: str, *, end: str = "\n") -> None:
    """Write a message to standard error."""
    _write(sys.stderr, text + end)


def forgive_encoding() -> None:
    """Let a terminal that cannot show a character show its code instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
