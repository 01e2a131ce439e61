"""Where it travels: a material's loads on a map, from the middle of one country to another's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.words import tonnes
from optimizer.plot.axes import INK, LINE, axes_of, headed, nothing, plain
from optimizer.plot.sight import LEAST
from optimizer.plot.world import middles, shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from optimizer.plot.sight import Sight

WEST, EAST, SOUTH, NORTH = -170.0, 180.0, -56.0, 78.0
"""Edges of the map in degrees: those of the page's."""
ASPECT = 0.82
"""Width of a degree of longitude beside one of latitude: that of the page's map."""
WIDEST, THINNEST = 7.0, 0.7
"""Points across the largest load; and across any, or it could not be seen."""
BEND = 0.2
"""How far a line swings out, relative to its length."""
LETTERS = 8.5
"""Size of names, in points."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is loaded in one country for another.

    Parameters
    ----------
    origin, destination
        Codes of the countries.
    tonnes
        How much, in the period shown.
    """

    origin: str
    destination: str
    tonnes: float


def loads_of(sight: Sight) -> list[Load]:
    """Return the loads of the period shown, the largest first."""
    table = sight.now(sight.result.shipments)
    sums = table.groupby(["origin", "destination"], as_index=False)["loaded_t"].sum()
    rows = sums[sums["loaded_t"] > LEAST].itertuples(index=False)
    found = [Load(origin, destination, amount) for origin, destination, amount in rows]
    return sorted(found, key=lambda load: (-load.tonnes, load.origin, load.destination))


def draw_map(sight: Sight, axes: Axes | None = None) -> Axes:
    """Draw the loads of the period shown: colour by origin, width by tonnes."""
    axes = axes_of(axes, width=9.0, height=5.3)
    spots = middles()
    loads = loads_of(sight)
    shown = [load for load in loads if {load.origin, load.destination} <= spots.keys()]
    _land(axes, sight, {load.origin for load in shown})
    _lines(axes, sight, shown)
    _names(axes, sight, shown)
    whole = sum(load.tonnes for load in shown)
    unplaced = sum(load.tonnes for load in loads) - whole
    rest = f"; {tonnes(unplaced)} between places that the map does not show" if unplaced else ""
    headed(
        axes,
        "Where does it travel?",
        f"{sight.name}{sight.scenario}, loaded in {sight.at.period.label}: colour by origin, "
        f"width by tonnes, {tonnes(whole)} in all{rest}. Lines join the middles of countries and "
        "are no routes; borders are those of Natural Earth.",
    )
    axes.set_xlim(WEST, EAST)
    axes.set_ylim(SOUTH, NORTH)
    axes.set_aspect(1 / ASPECT)
    axes.axis("off")
    if not shown:
        nothing(axes, "nothing of it travels")
    return axes


def _land(axes: Axes, sight: Sight, origins: set[str]) -> None:
    from matplotlib.collections import PolyCollection

    for code, rings in shapes().items():
        sends = code in origins
        colour = sight.colours.of(code) if sends else LINE
        land = PolyCollection(
            rings,
            facecolor=colour,
            alpha=0.55 if sends else 1.0,
            edgecolor="white",
            linewidth=0.4,
            label=code,
        )
        axes.add_collection(land, autolim=False)


def _lines(axes: Axes, sight: Sight, loads: Sequence[Load]) -> None:
    from matplotlib.patches import FancyArrowPatch

    spots = middles()
    for load in loads:
        start, end = spots[load.origin], spots[load.destination]
        width = max(THINNEST, WIDEST * load.tonnes / loads[0].tonnes)
        line = FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>,head_length=0.5,head_width=0.28",
            # every line swings to the north, whichever way it runs
            connectionstyle=f"arc3,rad={BEND if start[0] > end[0] else -BEND}",
            mutation_scale=8 + width,
            shrinkA=0,
            shrinkB=3,
            color=sight.colours.of(load.origin),
            linewidth=width,
            alpha=0.85,
            capstyle="butt",
            joinstyle="miter",
            label=f"{load.origin} {load.destination}",
        )
        axes.add_patch(line)


def _names(axes: Axes, sight: Sight, loads: Sequence[Load]) -> None:
    """Name the ends, those of large loads first; a name that finds no room is left out."""
    from matplotlib.patheffects import withStroke

    spots = middles()
    ends = dict.fromkeys(code for load in loads for code in (load.origin, load.destination))
    across, up = _degrees_per_point(axes)
    taken: list[tuple[float, float, float, float]] = []
    for code in ends:
        x, y = spots[code]
        axes.plot(x, y, "o", color=INK, markersize=3.5)
        name = sight.country(code)
        half, height = 0.29 * LETTERS * len(name) * across, 1.2 * LETTERS * up
        for lift in (-0.9, 0.9, -1.8, 1.8):
            low = y + lift * height - height / 2
            # within the edges, whatever is near one
            middle = min(max(x, WEST + half), EAST - half)
            box = (middle - half, middle + half, low, low + height)
            if not any(_meet(box, other) for other in taken):
                taken.append(box)
                text = axes.text(
                    middle,
                    low + height / 2,
                    plain(name),
                    ha="center",
                    va="center",
                    fontsize=LETTERS,
                    color=INK,
                )
                text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
                break


def _degrees_per_point(axes: Axes) -> tuple[float, float]:
    """Return how many degrees a point of print is across and up, where the map fills its axes."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    inches = axes.get_window_extent().width / figure.dpi
    across = (EAST - WEST) / (72 * inches)
    return across, across * ASPECT


def _meet(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
