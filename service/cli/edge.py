"""The edge of a command: what it returns or raises becomes an exit code and words for people."""

from __future__ import annotations

import functools
import os
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec

import typer

from service.cli.streams import say_json, tell
from service.exits import Exit

if TYPE_CHECKING:
    from instances.errors import InputError

Arguments = ParamSpec("Arguments")


def reported(command: Callable[Arguments, Exit]) -> Callable[Arguments, None]:
    """Wrap a command: bad input is listed, a fault of ours named; either sets the exit code."""

    @functools.wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        as_json = bool(kwargs.get("as_json"))
        try:
            code = command(*args, **kwargs)
        except KeyboardInterrupt:
            tell("Interrupted.")
            code = Exit.STOPPED_WITHOUT
        except MemoryError:
            tell("Out of memory. Solve fewer periods or commodities, or use a larger machine.")
            code = Exit.STOPPED_WITHOUT
        except Exception as error:  # the outermost edge: every fault ends in words and a code
            code = report(error, as_json=as_json)
        raise typer.Exit(code)

    return run


def report(error: Exception, *, as_json: bool) -> Exit:
    """Say what went wrong on standard error and return the exit code it deserves."""
    from instances.errors import InputError, SourcingError

    if isinstance(error, InputError):
        list_findings(error, as_json=as_json)
        return Exit.BAD_INPUT
    if isinstance(error, SourcingError):
        tell(f"diversify failed: {error}")
        return Exit.BUG
    if os.environ.get("DIVERSIFY_TRACEBACK"):
        tell("".join(traceback.format_exception(error)))
    tell(
        f"This is a bug in diversify: {type(error).__name__}: {error}\n"
        "Set DIVERSIFY_TRACEBACK=1 to see where, and report it with the input."
    )
    return Exit.BUG


def list_findings(error: InputError, *, as_json: bool) -> None:
    """List what is wrong with the input, on standard error; as JSON on standard output, too."""
    count = len(error.findings)
    tell("The input cannot be used:" if count == 1 else f"The input has {count} faults:")
    for finding in error.findings:
        tell(f"  - {finding}")
    if as_json:
        say_json({"valid": False, "findings": [finding.to_dict() for finding in error.findings]})
