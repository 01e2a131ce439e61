"""Pictures for a notebook, drawn by matplotlib: an optional extra, loaded only here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.plot.axes import axes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optimizer.curve import Curve
    from optimizer.front import Front

MILLION = 1e6


def draw_curve(curve: Curve, axes: Axes | None = None) -> Axes:
    """Draw the least cost against the number that moves, with dots at the kinks.

    Parameters
    ----------
    axes
        Where to draw; a figure of its own if not given.

    Raises
    ------
    InputError
        matplotlib is not installed.
    """
    axes = axes_of(axes)
    scale, unit = (100.0, "%") if curve.unit == "fraction" else (1.0, curve.unit)
    points = [(scale * vertex.at, vertex.objective / MILLION) for vertex in curve.vertices]
    axes.plot(*_columns(points), color="C0")
    dots = curve.kinks if curve.exact else curve.vertices
    kinks = [(scale * vertex.at, vertex.objective / MILLION) for vertex in dots]
    axes.plot(*_columns(kinks), "o", color="C0", markersize=4)
    for border, place in ((curve.impossible_below, "below"), (curve.impossible_above, "above")):
        if border is not None:
            axes.axvline(scale * border, color="C3", linestyle="--", label=f"no plan {place}")
            axes.legend()
    axes.set_xlabel(f"{curve.path} ({unit})" if unit else curve.path)
    axes.set_ylabel("least cost (million USD)")
    axes.set_title(curve.problem.name)
    return axes


def draw_front(front: Front, axes: Axes | None = None) -> Axes:
    """Draw the least of the second objective against cost; see `draw_curve`."""
    axes = axes_of(axes)
    points = [(point.objective / MILLION, point.at) for point in front.points]
    axes.plot(*_columns(points), "o-" if front.exact else "o", color="C0", markersize=4)
    axes.set_xlabel("cost (million USD)")
    axes.set_ylabel(f"least {front.against} (in demands)")
    axes.set_title(front.problem.name)
    return axes


def _columns(points: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]
