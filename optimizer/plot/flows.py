"""Through whose hands: a material from who sells or makes it to where and what it is used for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.words import tonnes
from optimizer.plot.axes import INK, MUTED, axes_of, headed, nothing, plain
from optimizer.plot.colours import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.axes import Axes

    from optimizer.plot.sight import Sight

SMALL = 0.01
"""Part of the whole below which a link is left out of the picture."""
MADE, PLACE, USE = "made", "place", "use"
IN_STOCK, FROM_STOCK = "kept in stock", "from opening stock"
REST, EARLIER = "sold on, surplus or lost", "at sea before, or recycled"
Spot = tuple[str, str]
"""Kind (made, place, use) and name of a box of the picture."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Tonnes from one box to another.

    Parameters
    ----------
    start, end
        The boxes.
    tonnes
        How much, over the horizon.
    """

    start: Spot
    end: Spot
    tonnes: float


def flows_of(sight: Sight) -> list[Flow]:
    """Return where a material comes from, where it goes and what for, over the way shown.

    At every place as much goes out as comes in: what no table counts is shown as such.
    """
    result = sight.result
    shares = sight.here(result.shares)
    supply = shares["bought_t"] + shares["made_t"]
    made: dict[str, float] = {}
    for country, amount in zip(shares["country"], supply, strict=True):
        made[country] = made.get(country, 0.0) + amount
    shipped: dict[tuple[str, str], float] = {}
    columns = ["origin", "destination", "arrived_t"]
    for start, end, amount in sight.here(result.shipments)[columns].itertuples(index=False):
        shipped[start, end] = shipped.get((start, end), 0.0) + amount
    uses = _uses(sight)
    places = {place for place, _ in uses} | {end for _, end in shipped}
    flows = [
        Flow((MADE, country), (PLACE, country), amount)
        for country, amount in made.items()
        if country in places
    ]
    for (origin, destination), amount in shipped.items():
        kind = PLACE if origin in places else MADE
        flows.append(Flow((kind, origin), (PLACE, destination), amount))
    for (place, use), amount in uses.items():
        spot = (USE, use)
        if amount >= 0:
            flows.append(Flow((PLACE, place), spot, amount))
        else:
            flows.append(Flow((MADE, FROM_STOCK), (PLACE, place), -amount))
    return [*flows, *_rest(flows, sorted(places))]


def _uses(sight: Sight) -> dict[tuple[str, str], float]:
    """Return tonnes by country and use; what is taken out of stock, more than put in, below 0."""
    result, good = sight.result, sight.good
    uses: dict[tuple[str, str], float] = {}
    given = sight.here(result.deliveries)
    for country, kind, amount in given[["country", "demand_class", "delivered_t"]].itertuples(
        index=False
    ):
        key = (country, f"{kind} demand")
        uses[key] = uses.get(key, 0.0) + amount
    held = sight.here(result.stocks)
    for country, fill, draw in held[["country", "fill_t", "draw_t"]].itertuples(index=False):
        key = (country, IN_STOCK)
        uses[key] = uses.get(key, 0.0) + fill - draw
    kept = {node.id for node in sight.nodes}
    recipes = {
        (site.id, process.id): (site.country, process)
        for site in result.problem.realised.facilities
        for process in site.processes
        if good in process.inputs
    }
    for node, facility, process, _, amount in result.plan.runs.itertuples(index=False):
        if node in kept and (facility, process) in recipes:
            country, recipe = recipes[facility, process]
            products = [result.problem.names.commodity(name) for name in recipe.outputs]
            key = (country, f"made into {products[0]}" if products else "processed")
            uses[key] = uses.get(key, 0.0) + amount * recipe.inputs[good]
    return uses


def _rest(flows: list[Flow], places: list[str]) -> Iterator[Flow]:
    for place in places:
        spot = (PLACE, place)
        into = sum(flow.tonnes for flow in flows if flow.end == spot)
        out = sum(flow.tonnes for flow in flows if flow.start == spot)
        if into > out:
            yield Flow(spot, (USE, REST), into - out)
        elif out > into:
            yield Flow((MADE, EARLIER), spot, out - into)


def draw_flows(sight: Sight, axes: Axes | None = None) -> Axes:
    """Draw a material's way from seller to use as a Sankey diagram, over the horizon."""
    axes = axes_of(axes, width=9.0, height=5.0)
    found = flows_of(sight)
    whole = sum(flow.tonnes for flow in found if flow.start[0] == MADE)
    seen = [flow for flow in found if flow.tonnes >= SMALL * whole > 0]
    columns = _columns(seen)
    boxes = _boxes(seen, columns, whole)
    _bands(axes, sight, seen, boxes)
    last = max(columns.values(), default=1)
    for spot, (x, low, high) in boxes.items():
        axes.fill_between([x, x + BOX], low, high, color=_colour(sight, spot), linewidth=0)
        name = sight.country(spot[1]) if len(spot[1]) == 3 else spot[1]
        amount = (high - low) * whole
        right = columns[spot] == last
        axes.text(
            x + (BOX if not right else 0) + (0.02 if not right else -0.02),
            (low + high) / 2,
            f"{plain(name)}  {tonnes(amount)}",
            va="center",
            ha="right" if right else "left",
            fontsize=8.5,
            color=INK,
        )
    span = f"{sight.periods[0]} to {sight.periods[-1]}" if len(sight.nodes) > 1 else sight.at.id
    hidden = "; flows below 1 % are left out" if len(seen) < len(found) else ""
    what = f"{sight.name}{sight.scenario}, t over {span}{hidden}"
    headed(axes, "Through whose hands does it go?", what)
    axes.set_xlim(-0.02, last + BOX + 0.02)
    axes.axis("off")
    if not seen:
        nothing(axes, "nothing of it moves")
    return axes


BOX = 0.03
"""Width of a box, in columns."""
GAP = 0.045
"""Least room between two boxes of a column, relative to the whole."""


def _columns(flows: list[Flow]) -> dict[Spot, int]:
    """Return the column of each box: one beyond the farthest that leads to it; uses come last."""
    column = {spot: 0 for flow in flows for spot in (flow.start, flow.end)}
    for _ in range(len(column)):
        for flow in flows:
            # places that ship to one another stay where they are after so many rounds
            column[flow.end] = min(max(column[flow.end], column[flow.start] + 1), len(column))
    last = max(column.values(), default=0)
    return {spot: last if spot[0] == USE else place for spot, place in column.items()}


def _boxes(
    flows: list[Flow], columns: Mapping[Spot, int], whole: float
) -> dict[Spot, tuple[float, float, float]]:
    """Return left edge, lower and upper end of each box, ends relative to the whole."""
    size = {
        spot: max(
            sum(flow.tonnes for flow in flows if flow.end == spot),
            sum(flow.tonnes for flow in flows if flow.start == spot),
        )
        / whole
        for spot in columns
    }
    boxes = {}
    for column in sorted(set(columns.values())):
        here = sorted((spot for spot in columns if columns[spot] == column), key=size.__getitem__)
        height = sum(size[spot] for spot in here) + GAP * (len(here) - 1)
        low = (1.0 - height) / 2
        for spot in here:
            boxes[spot] = (float(column), low, low + size[spot])
            low += size[spot] + GAP
    return boxes


def _bands(
    axes: Axes,
    sight: Sight,
    flows: list[Flow],
    boxes: Mapping[Spot, tuple[float, float, float]],
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    whole = sum(flow.tonnes for flow in flows if flow.start[0] == MADE) or 1.0
    left = {spot: low for spot, (_, low, _) in boxes.items()}
    right = dict(left)
    unit = {
        spot: (high - low)
        / max(
            sum(flow.tonnes for flow in flows if flow.end == spot),
            sum(flow.tonnes for flow in flows if flow.start == spot),
            1e-9 * whole,
        )
        for spot, (_, low, high) in boxes.items()
    }
    for flow in sorted(flows, key=lambda flow: (boxes[flow.end][1], boxes[flow.start][1])):
        start, end = boxes[flow.start][0] + BOX, boxes[flow.end][0]
        a, b = right[flow.start], left[flow.end]
        thick, thin = flow.tonnes * unit[flow.start], flow.tonnes * unit[flow.end]
        right[flow.start] += thick
        left[flow.end] += thin
        middle = (start + end) / 2
        points = [
            *((start, a), (middle, a), (middle, b), (end, b)),
            *((end, b + thin), (middle, b + thin), (middle, a + thick), (start, a + thick)),
        ]
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3]
        band = PathPatch(
            Path(points, codes), facecolor=_colour(sight, flow.start), alpha=0.45, linewidth=0
        )
        axes.add_patch(band)


def _colour(sight: Sight, spot: Spot) -> str:
    kind, name = spot
    if kind == MADE and len(name) == 3:
        return sight.colours.of(name)
    return MUTED if kind != MADE else OTHER
