"""The pictures of a result, as `Result.plot` offers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimizer.plot.cost import draw_cost
from optimizer.plot.cover import draw_cover
from optimizer.plot.flows import draw_flows
from optimizer.plot.map import draw_map
from optimizer.plot.merit import draw_merit_order
from optimizer.plot.sight import Sight
from optimizer.plot.suppliers import draw_suppliers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from optimizer.result import Result


@dataclass(frozen=True)
class Plots:
    """Pictures of a result, each drawn on the axes given or on a figure of its own.

    Colours of countries are those of the page: one per country whatever the run, China neutral
    and lowest. Each picture is of one material (``good``; that of the first demand if not given)
    and, where there are scenarios, of one of them (``branch``; the first).

    Parameters
    ----------
    result
        What is drawn; without a plan every picture raises `NoPlan`.
    """

    result: Result

    def suppliers(
        self, good: str | None = None, *, branch: str | None = None, axes: Axes | None = None
    ) -> Axes:
        """Draw who supplies: tonnes bought and made by country, in each period."""
        return draw_suppliers(Sight.of(self.result, good, branch), axes)

    def cover(
        self, good: str | None = None, *, branch: str | None = None, axes: Axes | None = None
    ) -> Axes:
        """Draw the days of demand that stocks cover, and the days that rules ask for."""
        return draw_cover(Sight.of(self.result, good, branch), axes)

    def cost(self, axes: Axes | None = None) -> Axes:
        """Draw discounted cost by kind and period, of all materials; it adds up to the total."""
        return draw_cost(Sight.of(self.result), axes)

    def flows(
        self, good: str | None = None, *, branch: str | None = None, axes: Axes | None = None
    ) -> Axes:
        """Draw the way from seller to use as a Sankey diagram, tonnes over the horizon."""
        return draw_flows(Sight.of(self.result, good, branch), axes)

    def map(
        self,
        good: str | None = None,
        period: str | None = None,
        *,
        branch: str | None = None,
        axes: Axes | None = None,
    ) -> Axes:
        """Draw on a map what is loaded where for whom in a period (the last if not given).

        Lines join the middles of countries, are coloured by origin and as wide as the tonnes; a
        load too small to be seen is drawn wider.
        """
        return draw_map(Sight.of(self.result, good, branch, period), axes)

    def merit_order(
        self,
        good: str | None = None,
        period: str | None = None,
        *,
        branch: str | None = None,
        axes: Axes | None = None,
    ) -> Axes:
        """Draw what is for sale in a period (the last if not given), the cheapest first."""
        return draw_merit_order(Sight.of(self.result, good, branch, period), axes)

    def all(self, good: str | None = None, *, branch: str | None = None) -> Figure:
        """Draw every picture of one material on one sheet.

        Raises
        ------
        InputError
            matplotlib is not installed, or there is no such material or scenario.
        """
        from optimizer.plot.axes import sheet

        sight = Sight.of(self.result, good, branch)
        draws: tuple[Any, ...] = (draw_suppliers, draw_cover, draw_cost, draw_merit_order)
        across: tuple[Any, ...] = (draw_map, draw_flows)
        figure, places = sheet(len(draws), len(across))
        for draw, axes in zip(draws + across, places, strict=True):
            draw(sight, axes)
        figure.suptitle(sight.result.problem.name, x=0.01, ha="left", fontweight="bold")
        return figure
