"""When a solve is followed by an explanation: the same on the command line and over HTTP."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

    from optimizer import Explanation, Options, Result

DIAGNOSE_SECONDS = 30.0
"""Longest that an explanation after a solve may take."""


class Diagnose(StrEnum):
    """When a solve is followed by an explanation."""

    NEVER = "never"
    WHEN_DETECTED = "when_detected"
    ALWAYS = "always"


def wants_explanation(result: Result, diagnose: Diagnose, *, refused: bool = False) -> bool:
    """Return whether a result is to be explained.

    Parameters
    ----------
    refused
        Whether it is refused for its shortfall.
    """
    from optimizer import Point

    detected = refused or result.status.point in (Point.INFEASIBLE, Point.UNBOUNDED)
    return diagnose is Diagnose.ALWAYS or (detected and diagnose is not Diagnose.NEVER)


def explained(
    result: Result,
    options: Options,
    seconds: float = DIAGNOSE_SECONDS,
    cancel: threading.Event | None = None,
) -> Explanation:
    """Return the explanation of a result, within ``seconds``."""
    from optimizer import explain

    return explain(result, options.model_copy(update={"time_limit": seconds}), cancel=cancel)
