"""The process of a clerk, which reads and checks orders: ``python -m service.jobs.clerk``.

It stays, with all that reading needs in memory, so that an order is checked in milliseconds; and
it is not the server, which no order can thus starve or bring down. Standard input holds a line of
JSON with its limits, then for each order a line with the number of bytes, and the bytes. Standard
output holds a line once it has solved a tiny problem, then for each order a line with the lengths
of two texts (what was read, or why it cannot be; the request), and the two. The end of its input
ends it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

from service.outcome import Outcome

if TYPE_CHECKING:
    from service.work import Limits

PART = 0.25
"""Part of the memory and of the processor time it may have, beyond which a clerk is replaced."""


def main() -> None:
    """Read orders until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    # what a library prints must not end up in an answer
    os.dup2(2, 1)
    head = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (head["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (head["cpu_seconds"], head["cpu_seconds"] + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from service.jobs.code import code_version
    from service.work import Limits, probe

    probe()
    code_version()
    answers.write(b"\n")
    answers.flush()
    limits = Limits(**head["limits"])
    while line := sys.stdin.buffer.readline():
        body = sys.stdin.buffer.read(int(line))
        try:
            words, request = _read(body, limits)
        except MemoryError:
            words, request = {"outcome": Outcome.OUT_OF_MEMORY}, b""
        words["last"] = _worn(head)
        _send(answers, words, request)
        if words["last"]:
            break
    answers.close()
    # a solver's thread must not keep the process
    os._exit(0)


def _read(body: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    from instances.errors import InputError
    from service.jobs.reading import read_order
    from service.request import BrokenJson, TooLarge

    try:
        order = read_order(body, limits)
    except BrokenJson as error:
        return _refused(Outcome.BROKEN_JSON, error), b""
    except TooLarge as error:
        return _refused(Outcome.TOO_LARGE, error), b""
    except InputError as error:
        return _refused(Outcome.INVALID_INPUT, error), b""
    except MemoryError:
        raise
    except Exception as error:  # the edge of the process: the server is told
        traceback.print_exception(error)
        return {"outcome": Outcome.FAULT}, b""
    read = asdict(order)
    return {"outcome": Outcome.ANSWER, "read": read}, read.pop("body")


def _refused(outcome: Outcome, error: Any) -> dict[str, Any]:
    findings = [finding.to_dict() for finding in error.findings]
    return {"outcome": outcome, "detail": str(error), "findings": findings}


def _worn(head: dict[str, Any]) -> bool:
    """Return whether what was read so far leaves too little for the next order."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    spent = time.process_time()
    return bool(held > PART * head["memory_bytes"] or spent > PART * head["cpu_seconds"])


def _send(answers: BinaryIO, words: dict[str, Any], request: bytes) -> None:
    text = json.dumps(words).encode()
    answers.write(b"%d %d\n" % (len(text), len(request)) + text + request)
    answers.flush()


if __name__ == "__main__":
    main()
