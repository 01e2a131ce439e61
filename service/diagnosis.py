"""What `diversify doctor` looks at: versions, places of the packages, solver, working folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from service.versions import versions

PACKAGES = ("instances", "models", "optimizer", "service")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Parameters
    ----------
    what
        What should hold.
    passed
        Whether it does.
    found
        What was found, in words.
    """

    what: str
    passed: bool
    found: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The state of an installation.

    Parameters
    ----------
    versions
        Name to version.
    places
        Package of ours to the folder it was loaded from.
    checks
        What was looked at.
    """

    versions: dict[str, str | None]
    places: dict[str, str]
    checks: tuple[Check, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return the diagnosis as plain data."""
        return asdict(self)


def diagnose() -> Diagnosis:
    """Look at this installation; nothing that is wrong stops the rest from being looked at."""
    places = {name: _place(name) for name in PACKAGES}
    checks = (
        _neighbours(places),
        _tried("the solver solves a tiny problem", _solve_tiny),
        _tried("the shipped instances can be read", _read_instances),
        _tried("the working folder can be written to", _write_here),
    )
    return Diagnosis(versions(), places, checks)


def _place(package: str) -> str:
    # found, not imported: a stranger's module of that name may do anything
    spec = find_spec(package)
    if spec is None:
        return "not found"
    return next(iter(spec.submodule_search_locations or ()), spec.origin or "built in")


def _neighbours(places: dict[str, str]) -> Check:
    # the four names are common ones: another wheel, or a folder of the user's, may hide ours
    home = Path(__file__).parents[1]
    strangers = [name for name, place in places.items() if Path(place).parent != home]
    found = f"all in {home}" if not strangers else f"{', '.join(strangers)} from elsewhere"
    return Check("the four packages lie side by side", not strangers, found)


def _tried(what: str, try_it: Callable[[], str]) -> Check:
    try:
        return Check(what, True, try_it())
    except Exception as error:  # any failure is a finding here
        return Check(what, False, f"{type(error).__name__}: {error}")


def _solve_tiny() -> str:
    started = time.perf_counter()
    from service.work import probe

    objective = probe()["objective_usd"]
    return f"{objective:,.0f} USD in {time.perf_counter() - started:.1f} s"


def _read_instances() -> str:
    import instances

    names = instances.instance_names()
    for name in names:
        instances.load(name)
    return ", ".join(names)


def _write_here() -> str:
    here = Path.cwd()
    if not os.access(here, os.W_OK):
        raise PermissionError(f"{here} is closed to you")
    return str(here)
