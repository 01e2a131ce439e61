"""The error tree, and the finding: one thing wrong with an input, said so that it can be mended.

SourcingError
+- InputError (ValueError)        the caller can fix it; holds every finding at once
|  +- ReadError                   a file, table, row or column that could not be read
|  +- UnknownInstance             no shipped instance has that name
+- SolveError (RuntimeError)
   +- SolverFailed                HiGHS itself failed; status and the end of its log
   +- CheckFailed                 the referee disagrees with the solver: a bug of ours
   +- NoPlan                      a plan was asked of a result that holds none
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from reprlib import Repr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

MANY_NAMES = 1000
NEIGHBOURS = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with an input.

    Parameters
    ----------
    where
        Path of the value, such as ``offers[cn-ga].price`` or ``gallium.yaml: line 12``.
    what
        What is wrong: a sentence without its subject (the path) and its full stop.
    value
        The offending value as text, shortened; ``None`` when there is none to show.
    nearest
        The closest valid name, when the fault is a name.
    remedy
        What to do about it.
    """

    where: str
    what: str
    value: str | None = None
    nearest: str | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        what = self.what.removesuffix(".")
        text = f"{self.where}: {what}" if self.where else what
        if self.value is not None:
            text += f" (got {self.value})"
        text += "" if text.endswith((".", "?")) else "."
        if self.nearest is not None:
            text += f" Did you mean {self.nearest!r}?"
        if self.remedy is not None:
            text += f" {self.remedy}"
        return text

    def to_dict(self) -> dict[str, str | None]:
        """Return the finding as plain data."""
        return asdict(self)


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to ``name``, or ``None`` when none is close."""
    lowered: dict[str, str] = {}
    for candidate in known:
        lowered.setdefault(candidate.lower(), candidate)
    wanted = name.lower()
    close = get_close_matches(wanted, _neighbours(wanted, list(lowered)), n=1, cutoff=0.55)
    return lowered[close[0]] if close else None


def _neighbours(name: str, known: list[str]) -> list[str]:
    # comparing with 20,000 ids takes a third of a second; a typo leaves head or tail intact
    if len(known) <= MANY_NAMES:
        return known
    found: set[str] = set()
    for turn in (1, -1):
        turned = sorted(candidate[::turn] for candidate in known)
        place = bisect_left(turned, name[::turn])
        found.update(
            text[::turn] for text in turned[max(place - NEIGHBOURS, 0) : place + NEIGHBOURS]
        )
    return sorted(found)


class _Brief(Repr):
    """Shows a few items of a few levels, so that large and deep values cost nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxdict = self.maxlist = self.maxtuple = 4
        self.maxstring = self.maxother = 400

    def repr_date(self, x: date, level: int) -> str:
        return x.isoformat()

    def repr_int(self, x: int, level: int) -> str:
        # the text of a very long number costs time, and Python refuses beyond 4,300 digits
        return repr(x) if x.bit_length() < 1000 else "a number of more than 300 digits"


def shortened(value: object, limit: int = 60) -> str:
    """Return ``value`` as text of at most ``limit`` characters."""
    text = _Brief().repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


class SourcingError(Exception):
    """Root of every error this project raises on purpose."""


class InputError(SourcingError, ValueError):
    """The input is wrong and the caller can mend it.

    Parameters
    ----------
    findings
        Everything that is wrong, in the order of the input. Never empty.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class ReadError(InputError):
    """A file, table, row or column could not be read."""


class UnknownInstance(InputError):
    """No shipped instance has that name."""


class SolveError(SourcingError, RuntimeError):
    """The solve went wrong in a way that is not an answer."""


class SolverFailed(SolveError):
    """HiGHS failed; the message carries its status and the end of its log."""


class CheckFailed(SolveError):
    """The referee and the solver disagree: a bug of ours.

    Parameters
    ----------
    faults
        One sentence per disagreement, each with both numbers.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "the referee disagrees with the solver: " + "; ".join(self.faults[:5])


class NoPlan(SolveError):
    """A plan was asked of a result that holds none; `Result.status` says why."""
