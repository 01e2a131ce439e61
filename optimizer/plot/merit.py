"""Who is next in line: offers of a period by price, as wide as what they can sell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from instances.words import tonnes
from optimizer.plot.axes import INK, MUTED, axes_of, headed, nothing, plain
from optimizer.plot.sight import LEAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optimizer.plot.sight import Sight

BEYOND = 0.25
"""Part of the demand that an offer without need is shown of, at most."""
PALE = 0.22
"""How much colour what is left over has."""
KILOGRAM_USD = 10_000
"""USD/t from which on prices are written per kilogram."""


def draw_merit_order(sight: Sight, axes: Axes | None = None) -> Axes:
    """Draw what is for sale of a material in a period, the cheapest first, and the demand."""
    axes = axes_of(axes, width=9.0)
    table = sight.now(sight.result.offers)
    landed = not table.empty and bool(table["landed_usd_per_t"].notna().all())
    column = "landed_usd_per_t" if landed else "price_usd_per_t"
    table = table.sort_values([column, "offer"], kind="stable")
    needed = float(sight.now(sight.result.unmet)["needed_t"].sum())
    span = max(needed, float(table["bought_t"].sum()))
    dearest = float(table.loc[table["bought_t"] > LEAST, column].max())
    perkilo = bool((table[column] >= KILOGRAM_USD).any())
    scale, unit = (1000.0, "USD/kg") if perkilo else (1.0, "USD/t")
    at, cut, shut = 0.0, math.inf, False
    for row in table.to_dict("records"):
        price = float(row[column]) / scale
        room = row["room_t"]
        whole = float(room) if isinstance(room, float) and room == room else math.inf
        signed = isinstance(row["contract"], str)
        bought = float(row["bought_t"])
        left = 0.0 if signed else max(whole - bought, 0.0)
        shown = min(left, max(needed - at - bought, 0.0) + BEYOND * span)
        short = shown < left
        if short:
            cut = min(cut, at + bought + shown)
        colour = sight.colours.of(row["country"])
        out = left > LEAST and price * scale < dearest * (1 - 1e-9)
        shut |= out
        axes.bar(at, price, bought, align="edge", color=colour, edgecolor="white")
        axes.bar(
            at + bought,
            price,
            shown,
            align="edge",
            color=(colour, PALE),
            edgecolor=INK if out else colour,
            linestyle="--" if out else "-",
        )
        name = sight.country(row["country"])
        if short:
            name += " » no limit" if math.isinf(left) else f" » {tonnes(left)} left"
        _name(axes, name, at + (bought + shown) / 2, price)
        at += bought + shown
    if needed > 0:
        axes.axvline(needed, color=INK, linestyle="--", linewidth=1.2)
        axes.annotate(
            f"demand {tonnes(needed)}",
            (needed, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(4, -2),
            textcoords="offset points",
            va="top",
            fontsize=8.5,
            color=INK,
        )
    priced = "with freight and tariffs" if landed else "at the seller, before freight and tariffs"
    what = (
        f"{sight.name}, {sight.at.period.label}{sight.scenario}, by price {priced}; pale with an "
        "outline is left over"
    )
    what += "; dashed is cheaper, yet shut out by a limit" if shut else ""
    what += "; » is cut short, and no tonnes are read from there on" if at > cut else ""
    headed(axes, "Who is next in line?", what, unit)
    axes.set_xlabel(f"t in {plain(sight.at.period.label)}", color=MUTED)
    # room for the names, which stand on the bars
    axes.margins(y=0.25)
    axes.set_xlim(0, max(at, needed) * 1.02 or 1.0)
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= min(cut, max(at, needed))])
    if table.empty:
        nothing(axes, "nothing of it is for sale")
    return axes


def _name(axes: Axes, name: str, middle: float, price: float) -> None:
    axes.annotate(
        plain(name),
        (middle, price),
        xytext=(0, 3),
        textcoords="offset points",
        ha="left",
        va="bottom",
        rotation=45,
        fontsize=7.5,
        color=INK,
    )
