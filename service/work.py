"""What a child process does with a request; each verb in one place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer import Progress, Result

Verb = Literal[
    "solve",
    "sweep",
    "frontier",
    "alternatives",
    "explain",
    "compare",
    "stress",
    "worth",
    "sheet",
    "partners",
    "purse",
    "instruments",
    "validate",
    "read",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may ask for.

    Parameters
    ----------
    solve_seconds
        Longest time limit of the solver, and the one that holds when none is given.
    threads
        Most threads of the solver.
    variables
        Largest problem, in variables.
    points
        Most points of a sweep or frontier, most plans of a search for alternatives.
    webhook_hosts
        Hosts that may be told of the end of a job.
    """

    solve_seconds: float
    threads: int
    variables: int
    points: int
    webhook_hosts: tuple[str, ...] = ()


def _pass_over(told: dict[str, float | None]) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Eye:
    """The caller's eye on a request under way: told how far it has come, and able to stop it.

    Parameters
    ----------
    tell
        Called about once a second. A solve says ``seconds``, ``bound_usd``, ``incumbent_usd`` and
        ``gap`` (``None`` while not known), what takes many solves ``done`` and ``total``.
    cancel
        Once it is set the request ends soon, with the best that it holds.
    folder
        Where a sweep keeps each point as it comes, and whose points it does not solve again;
        nothing is kept if not given.
    cluster
        Address of a Dask scheduler for the points of a sweep; they are solved here if not given.
    """

    tell: Callable[[dict[str, float | None]], None] = _pass_over
    cancel: threading.Event = field(default_factory=threading.Event)
    folder: Path | None = None
    cluster: str | None = None

    def solving(self, progress: Progress) -> None:
        """Pass on how far a solve has come."""
        self.tell(
            {
                "seconds": progress.seconds,
                "bound_usd": progress.bound,
                "incumbent_usd": progress.incumbent,
                "gap": progress.gap,
            }
        )

    def counting(self, done: int, total: int) -> None:
        """Pass on how many points are done."""
        self.tell({"done": done, "total": total})


def do(verb: Verb, body: bytes, limits: Limits, eye: Eye | None = None) -> dict[str, Any]:
    """Return the answer to a request as plain data.

    Parameters
    ----------
    eye
        Watches and stops it; nobody does if not given.

    Raises
    ------
    BrokenJson, TooLarge, InputError
        The request cannot be done; for ``validate`` wrong input is an answer.
    SolveError
        The solve went wrong.
    """
    if verb == "validate":
        return _validate(body, limits)
    if verb == "read":
        return _read(body)
    if verb == "solve":
        return _solve(body, limits, eye or Eye())
    from service.analysis_work import ANALYSES

    return ANALYSES[verb](body, limits, eye or Eye())


def _solve(body: bytes, limits: Limits, eye: Eye) -> dict[str, Any]:
    from optimizer import solve
    from optimizer.record import as_asked
    from service.asked import read_solve
    from service.explained import DIAGNOSE_SECONDS, Diagnose, explained, wants_explanation

    begun = time.monotonic()
    task = read_solve(body, limits)
    result = solve(task.problem, task.options, progress=eye.solving, cancel=eye.cancel)
    answer = envelope(as_asked(result, task.made_of))
    left = min(DIAGNOSE_SECONDS, limits.solve_seconds - (time.monotonic() - begun))
    if left > 0 and wants_explanation(result, Diagnose(task.ask.diagnose)):
        told = explained(result, task.options, left, eye.cancel)
        answer["result"]["explanation"] = told.to_plain()
    return answer


def envelope(result: Result) -> dict[str, Any]:
    """Return a result as the API answers it: how the solve ended, then everything it found."""
    status = {"stop": str(result.status.stop), "point": str(result.status.point)}
    return {"status": status, "result": result.to_plain()}


def _validate(body: bytes, limits: Limits) -> dict[str, Any]:
    from instances.errors import InputError
    from service.levers import levers
    from service.request import BrokenJson, read_task
    from service.run import outline

    try:
        task = read_task(body, limits)
    except BrokenJson:
        raise
    except InputError as error:
        return {"valid": False, "findings": [finding.to_dict() for finding in error.findings]}
    return {
        "valid": True,
        "findings": [],
        **outline(task.problem),
        "levers": levers(task.problem),
    }


def _read(body: bytes) -> dict[str, Any]:
    from service.levers import levers
    from service.request import read_object
    from service.run import outline
    from service.uploaded import read_uploaded

    read = read_uploaded(read_object(body))
    return {
        **outline(read.problem),
        "levers": levers(read.problem),
        "problem": read.problem.to_plain(),
        "note": read.note,
    }


def probe() -> dict[str, Any]:
    """Solve a problem whose cost is known and return that cost.

    Raises
    ------
    RuntimeError
        The solver finds another cost.
    """
    from instances import parse
    from optimizer import solve
    from service.examples import LEAST_COST, TINY

    result = solve(parse(TINY))
    if result.objective is None or abs(result.objective - LEAST_COST) > 1e-6 * LEAST_COST:
        raise RuntimeError(f"the tiny problem costs {result.objective}, not {LEAST_COST} USD")
    return {"objective_usd": result.objective}
