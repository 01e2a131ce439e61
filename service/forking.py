"""The process from which children are forked: ``python -m service.forking DESCRIPTOR``.

It has loaded all that a solve needs and has solved a tiny problem, so that a child begins at once
with its request; it computes nothing else, so that every child begins alike. It has one thread: a
fork copies no other, nor what that one holds.

The descriptor is a socket of packets. One from the server carries the number of a child to be and
three descriptors, for its standard input, output and error. Those to the server are JSON: ``{}``
once it is ready, ``child`` and ``process`` after a fork (``process`` null if it failed),
``process`` and ``code`` after the end of one. The end of the socket ends it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path

CHILD = "service.child"
NAME = "child"
"""What the system calls a child, beside the command line that all of them share."""
LOADED = ("service.analysis_work", "service.asked", CHILD)
DESCRIPTORS = 3


def main() -> None:
    """Fork children until the server is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    for module in LOADED:
        importlib.import_module(module)
    from service.work import probe

    probe()
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads != 1:
        raise RuntimeError(f"{threads} threads run, of which a fork would copy one")
    # children share what is loaded for as long as nobody counts its references
    gc.collect()
    gc.freeze()
    ended, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    _tell(control, {})
    while True:
        ready, _, _ = select.select([control.fileno(), ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _tell_of_the_ended(control)
        if control.fileno() in ready:
            packet, descriptors, _, _ = socket.recv_fds(control, 64, DESCRIPTORS)
            if not packet:
                os._exit(0)
            process = _fork(descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            _tell(control, {"child": int(packet), "process": process})


def _fork(descriptors: list[int]) -> int | None:
    try:
        process = os.fork()
    except OSError:
        return None
    if process == 0:
        try:
            _become_child(descriptors)
        finally:
            os._exit(1)
    return process


def _become_child(descriptors: list[int]) -> None:
    """Do what a fresh process of `service.child` does."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Ctrl-C in the terminal is for the server
    os.setsid()
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
    os.closerange(DESCRIPTORS, os.sysconf("SC_OPEN_MAX"))
    Path("/proc/self/comm").write_text(NAME)
    child = importlib.import_module(CHILD)
    child.main()


def _tell_of_the_ended(control: socket.socket) -> None:
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if process == 0:
            return
        _tell(control, {"process": process, "code": os.waitstatus_to_exitcode(status)})


def _tell(control: socket.socket, words: dict[str, int | None]) -> None:
    try:
        control.send(json.dumps(words).encode())
    except OSError:
        # nobody is left to be told
        os._exit(0)


if __name__ == "__main__":
    main()
