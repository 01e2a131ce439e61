"""Axes as all pictures of a result have them: the question above, the unit beside, no frame."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1b2430"
MUTED = "#566170"
LINE = "#d8dde3"
ALARM = "#a01818"
LONGEST = 84
"""Signs of a line of the subtitle."""


def axes_of(axes: Axes | None, *, width: float = 7.0, height: float = 4.2) -> Axes:
    """Return where to draw: the axes given, or those of a figure of its own.

    Raises
    ------
    InputError
        matplotlib is not installed.
    """
    if axes is not None:
        return axes
    made: Axes = _pyplot().subplots(figsize=(width, height), layout="constrained")[1]
    return made


def sheet(count: int, wide: int) -> tuple[Figure, list[Axes]]:
    """Return a figure with ``count`` axes in two columns and ``wide`` ones across below them.

    Raises
    ------
    InputError
        matplotlib is not installed.
    """
    rows = (count + 1) // 2
    figure: Figure = _pyplot().figure(
        figsize=(15.0, 4.4 * rows + 5.4 * wide), layout="constrained"
    )
    heights = [4.4] * rows + [5.4] * wide
    grid = figure.add_gridspec(rows + wide, 2, height_ratios=heights)
    places = [figure.add_subplot(grid[at // 2, at % 2]) for at in range(count)]
    return figure, places + [figure.add_subplot(grid[rows + at, :]) for at in range(wide)]


def _pyplot() -> Any:
    try:
        from matplotlib import pyplot
    except ImportError:
        raise InputError(
            [
                Finding(
                    "plot",
                    "needs matplotlib, which is not installed",
                    remedy="Install the extra: supply-diversification[pictures].",
                )
            ]
        ) from None
    return pyplot


def headed(axes: Axes, title: str, subtitle: str, unit: str = "") -> None:
    """Write the question above the axes, what is shown below it, and the unit beside."""
    lines = wrap(plain(subtitle), LONGEST)
    axes.set_title(
        plain(title),
        loc="left",
        fontsize=12,
        fontweight="bold",
        color=INK,
        pad=8 + 12 * len(lines),
    )
    axes.annotate(
        "\n".join(lines),
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 6),
        textcoords="offset points",
        fontsize=8.5,
        color=MUTED,
        va="bottom",
    ).set_in_layout(False)
    axes.set_ylabel(unit, color=MUTED)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(LINE)
    axes.tick_params(colors=MUTED, labelsize=8.5, length=0)
    axes.yaxis.set_major_formatter("{x:,.10g}")
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)


def over_periods(axes: Axes, labels: Sequence[str]) -> None:
    """Name the periods below the axes, turned where they are many or long."""
    turned = len(labels) * max((len(label) for label in labels), default=0) > 70
    axes.set_xticks(range(len(labels)), [plain(label) for label in labels])
    if turned:
        axes.tick_params(axis="x", rotation=60)


def stacked(axes: Axes, parts: Sequence[tuple[str, str, Sequence[float]]]) -> None:
    """Draw bars by period, the first part lowest; what is below zero goes down.

    Parameters
    ----------
    parts
        Name, colour and numbers.
    """
    count = len(parts[0][2]) if parts else 0
    up, down = [0.0] * count, [0.0] * count
    for name, colour, numbers in parts:
        base = [up[at] if number >= 0 else down[at] for at, number in enumerate(numbers)]
        axes.bar(
            range(count), numbers, 0.86, base, color=colour, edgecolor="white", label=plain(name)
        )
        up = [at + max(number, 0.0) for at, number in zip(up, numbers, strict=True)]
        down = [at + min(number, 0.0) for at, number in zip(down, numbers, strict=True)]
    if min(down, default=0.0) < 0:
        axes.axhline(0, color=MUTED, linewidth=0.8)
    beside(axes)


def beside(axes: Axes) -> None:
    """Put the legend to the right, in the order in which the parts are stacked."""
    handles, names = axes.get_legend_handles_labels()
    if len(names) > 1 or any(names):
        axes.legend(
            handles[::-1],
            names[::-1],
            loc="upper left",
            bbox_to_anchor=(1.0, 1.0),
            frameon=False,
            fontsize=8.5,
        )


def plain(text: str) -> str:
    """Return a text that matplotlib draws as it stands: a dollar sign begins no formula."""
    return text.replace("$", r"\$")


def scaled(most: float) -> tuple[float, str]:
    """Return the size and the name of the unit in which an axis of money is written."""
    for size, word in ((1e9, "billion USD"), (1e6, "million USD"), (1e3, "thousand USD")):
        if abs(most) >= 2 * size:
            return size, word
    return 1.0, "USD"


def nothing(axes: Axes, what: str) -> Any:
    """Say in the axes that there is nothing to draw."""
    axes.text(0.5, 0.5, what, transform=axes.transAxes, ha="center", va="center", color=MUTED)
    axes.set_xticks([])
    axes.set_yticks([])
