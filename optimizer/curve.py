"""The curve of a frontier: its vertices, the stretches between them, tables and words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from instances.words import money, percent, tonnes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from instances.problem import Problem

NOTHING = 1e-6
"""Tonnes below which nobody gains or loses."""
MOST_NAMED = 4
MOST_TOLD = 16
"""Stretches of a grid that are told; the table has them all."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A solved point of the curve; its plan has passed the referee.

    Parameters
    ----------
    at
        The value of the axis.
    objective
        Least cost, discounted USD under the problem's perspective.
    unmet_t
        Demand left short over the horizon, tonnes.
    supply_t
        Tonnes bought and made over the horizon, by commodity and country.
    """

    at: float
    objective: float
    unmet_t: float
    supply_t: Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Two neighbouring vertices and what differs between them, from the first to the second."""

    first: Vertex
    second: Vertex

    @property
    def slope(self) -> float:
        """Return the change of the least cost per unit of the axis, USD."""
        return (self.second.objective - self.first.objective) / (self.second.at - self.first.at)

    @property
    def moved_t(self) -> dict[tuple[str, str], float]:
        """Return the tonnes gained (lost, below 0), by commodity and country."""
        keys = dict.fromkeys((*self.first.supply_t, *self.second.supply_t))
        moved = {
            key: self.second.supply_t.get(key, 0.0) - self.first.supply_t.get(key, 0.0)
            for key in keys
        }
        return {key: change for key, change in moved.items() if abs(change) > NOTHING}


@dataclass(frozen=True, eq=False)
class Curve:
    """The least cost against one number of a problem.

    Parameters
    ----------
    problem
        What was asked about.
    path, unit
        The field that moves, and its base unit ("" where it has none).
    low, high
        The stretch that was asked about.
    vertices
        From low to high: the ends and the kinks where the curve is ``exact``, else the grid.
    impossible_below, impossible_above
        The value below (above) which there is no plan, ``None`` where there is one all the way.
        On a grid the nearest point with a plan.
    exact
        Whether the curve is straight between neighbours, and every kink is among them.
    reason
        Why it is not, ``None`` where it is.
    complete
        Whether time or a cancel did not end the search.
    solves, seconds
        What it took.
    """

    problem: Problem
    path: str
    unit: str
    low: float
    high: float
    vertices: tuple[Vertex, ...]
    impossible_below: float | None
    impossible_above: float | None
    exact: bool
    reason: str | None
    complete: bool
    solves: int
    seconds: float

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Return the stretches between neighbouring vertices."""
        return tuple(Stretch(*pair) for pair in pairwise(self.vertices))

    @property
    def kinks(self) -> tuple[Vertex, ...]:
        """Return the vertices at which the slope changes; none where the curve is not exact."""
        return self.vertices[1:-1] if self.exact else ()

    @property
    def table(self) -> pd.DataFrame:
        """Return a row per vertex, with the slope to the next one; ``None`` behind the last."""
        import pandas as pd

        slopes: list[float | None] = [stretch.slope for stretch in self.stretches]
        return pd.DataFrame(
            {
                "value": [vertex.at for vertex in self.vertices],
                "objective_usd": [vertex.objective for vertex in self.vertices],
                "unmet_t": [vertex.unmet_t for vertex in self.vertices],
                "slope_usd_per_unit": [*slopes, None] if self.vertices else [],
            }
        )

    @property
    def moves(self) -> pd.DataFrame:
        """Return who gains and who loses on each stretch, tonnes from its low to its high end."""
        import pandas as pd

        rows = [
            (stretch.first.at, stretch.second.at, commodity, country, change)
            for stretch in self.stretches
            for (commodity, country), change in stretch.moved_t.items()
        ]
        return pd.DataFrame(rows, columns=["from", "to", "commodity", "country", "moved_t"])

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the curve by matplotlib (the extra ``pictures``) and return the axes."""
        from optimizer.pictures import draw_curve

        return draw_curve(self, axes)

    def to_plain(self) -> dict[str, Any]:
        """Return the curve as plain data for JSON."""
        from optimizer.plain import rows

        return {
            "path": self.path,
            "unit": self.unit or None,
            "low": self.low,
            "high": self.high,
            "exact": self.exact,
            "reason": self.reason,
            "complete": self.complete,
            "impossible_below": self.impossible_below,
            "impossible_above": self.impossible_above,
            "solves": self.solves,
            "seconds": round(self.seconds, 4),
            "vertices": rows(self.table),
            "moves": rows(self.moves),
        }

    def summary(self) -> str:
        """Return the curve in words: cost, price and who gives way, stretch by stretch."""
        head = f"{self.problem.name}: least cost against {self.path}"
        kind = "exact kinks" if self.exact else f"drawn through a grid, since {self.reason}"
        lines = [head, f"{len(self.vertices)} points in {self.solves} solves; {kind}."]
        if not self.complete:
            lines.append(
                "Stopped early: what lies between the points was not looked into further."
            )
        if self.impossible_below is not None and self.vertices:
            lines.append(f"No plan below {self._shown(self.impossible_below)}.")
        if self.impossible_above is not None and self.vertices:
            lines.append(f"No plan above {self._shown(self.impossible_above)}.")
        if not self.vertices:
            lines.append("No plan at any value.")
        for vertex in self.vertices[:1]:
            lines.append(f"At {self._shown(vertex.at)}: {self._cost(vertex)}.")
        lines += [self._told(stretch) for stretch in self._chosen()]
        return "\n".join(lines)

    def _chosen(self) -> list[Stretch]:
        """Return what is told: every stretch between kinks, some of a fine grid."""
        if self.exact or len(self.vertices) <= MOST_TOLD:
            return list(self.stretches)
        last = len(self.vertices) - 1
        places = sorted({round(step * last / MOST_TOLD) for step in range(MOST_TOLD + 1)})
        return [Stretch(*pair) for pair in pairwise(self.vertices[at] for at in places)]

    def _cost(self, vertex: Vertex) -> str:
        short = f", {tonnes(vertex.unmet_t)} short" if vertex.unmet_t > NOTHING else ""
        return money(vertex.objective) + short

    def _told(self, stretch: Stretch) -> str:
        per, step = ("point", 0.01) if self.unit == "fraction" else (self.unit or "unit", 1.0)
        slope = stretch.slope * step
        size = max(abs(stretch.first.objective), 1.0)
        price = "at no change of cost"
        if abs(stretch.second.objective - stretch.first.objective) > 1e-9 * size:
            price = f"{'saves' if slope < 0 else 'costs'} {money(abs(slope))} a {per}"
        text = f"To {self._shown(stretch.second.at)}: {self._cost(stretch.second)}; {price}"
        names = self.problem.names
        moved = sorted(stretch.moved_t.items(), key=lambda item: -abs(item[1]))[:MOST_NAMED]
        told = [
            f"{names.country(country)} {'+' if change > 0 else '-'}{tonnes(abs(change))} "
            f"{names.commodity(commodity)}"
            for (commodity, country), change in moved
        ]
        return text + (f" ({', '.join(told)})" if told else "") + "."

    def _shown(self, value: float) -> str:
        if self.unit == "fraction":
            return percent(value)
        return f"{value:.6g} {self.unit}".rstrip()
