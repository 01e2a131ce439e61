"""Who supplies: bought and made by country, stacked by period, China lowest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.plot.axes import axes_of, headed, nothing, over_periods, stacked
from optimizer.plot.colours import OTHER
from optimizer.plot.sight import LEAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optimizer.plot.sight import Sight


def draw_suppliers(sight: Sight, axes: Axes | None = None) -> Axes:
    """Draw the tonnes of a material that are bought and made, by country and period."""
    axes = axes_of(axes)
    table = sight.here(sight.result.shares)
    amount = (table["bought_t"] + table["made_t"]).groupby([table["country"], table["node"]]).sum()
    parts, others = [], [0.0] * len(sight.nodes)
    countries = [*sight.colours.order, *dict.fromkeys(table["country"])]
    for country in dict.fromkeys(countries):
        if country not in amount.index.get_level_values(0):
            continue
        numbers = sight.over_time(amount[country])
        if country in sight.colours.hue:
            parts.append((sight.country(country), sight.colours.of(country), numbers))
        else:
            others = [sum(pair) for pair in zip(others, numbers, strict=True)]
    parts.append(("Other", OTHER, others))
    seen = [part for part in parts if max(part[2]) > LEAST]
    stacked(axes, seen)
    what = f"{sight.name}{sight.scenario}: bought and made by country in each period"
    headed(axes, "Who supplies us?", what, "t")
    over_periods(axes, sight.periods)
    if not seen:
        nothing(axes, "nobody supplies it")
    return axes
