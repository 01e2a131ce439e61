"""Draws: the chances and numbers that generated problems are made of."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any


class Draw(Random):
    """A source of chances and numbers; equal seeds give equal draws on every platform."""

    def chance(self, probability: float) -> bool:
        """Return true with ``probability``."""
        return self.random() < probability

    def amount(self, low: float, high: float) -> float:
        """Return a number of four figures between ``low`` and ``high``."""
        return float(f"{self.uniform(low, high):.4g}")

    def day(self, first: date, last: date) -> date:
        """Return a day after ``first`` and before ``last``, both at least two days apart."""
        return first + timedelta(days=self.randint(1, (last - first).days - 1))

    def over_time(self, value: float, spread: float, first: date, last: date) -> Any:
        """Return ``value`` as a schedule: constant, in a step, or on a straight line.

        Parameters
        ----------
        spread
            Largest relative change.
        first, last
            Horizon: the schedule has a value from ``first`` on.
        """
        if self.chance(0.6):
            return value
        later = float(f"{value * self.uniform(1 - spread, 1 + spread):.4g}")
        schedule: dict[str, Any] = {
            first.isoformat(): value,
            self.day(first, last).isoformat(): later,
        }
        return schedule | ({"interpolate": True} if self.chance(0.5) else {})

    def path(self, value: float, days: list[date]) -> Any:
        """Return a limit: the same always, or another from a later period on."""
        if len(days) == 1 or self.chance(0.5):
            return value
        later = self.choice(days[1:]).isoformat()
        factor = self.uniform(0.5, 1.1)
        schedule = {days[0].isoformat(): value, later: float(f"{value * factor:.4g}")}
        return schedule | ({"interpolate": True} if self.chance(0.3) else {})
