"""A cut-off: who cannot be bought of, from when to when, and which rules ask about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from instances.scenarios.event import Event


@dataclass(frozen=True, slots=True)
class CutOff:
    """Somebody is cut off from a day to a day.

    Parameters
    ----------
    id
        What it is called: "without CHN from 2027".
    who
        Label of who is cut off: "CHN", or "CHN+PER".
    rules
        Ids of the rules that ask for it.
    event
        The cut itself.
    start, until
        Its first day, and the day from which it is over.
    """

    id: str
    who: str
    rules: tuple[str, ...]
    event: Event
    start: date
    until: date
