"""How long stocks last: days of the demand that follows, at the end of each period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.rules import StockTarget
from optimizer.plot.axes import ALARM, axes_of, beside, headed, nothing, over_periods, plain
from optimizer.plot.colours import KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optimizer.plot.sight import Sight


def draw_cover(sight: Sight, axes: Axes | None = None) -> Axes:
    """Draw the days that each stockpile of a material covers, and what the rules ask for."""
    axes = axes_of(axes)
    table = sight.here(sight.result.stocks).dropna(subset="cover_d")
    asked = _asked(sight)
    places = range(len(sight.nodes))
    for number, (name, rows) in enumerate(table.groupby("stockpile", sort=False)):
        days = rows.set_index("node")["cover_d"].astype(float).to_dict()
        held = [days.get(node.id, float("nan")) for node in sight.nodes]
        colour = KINDS[number % len(KINDS)]
        axes.step(places, held, where="mid", color=colour, linewidth=2.2, label=plain(str(name)))
        axes.plot(places, held, "o", color=colour, markersize=4)
        target = asked.get(str(name))
        if target is not None:
            label = plain(f"{name}, target")
            axes.step(places, target, where="mid", color=ALARM, linestyle="--", label=label)
            short = [d < t - 0.01 for d, t in zip(held, target, strict=True)]
            axes.fill_between(
                places, held, target, where=short, step="mid", color=ALARM, alpha=0.25, linewidth=0
            )
    what = f"{sight.name}{sight.scenario}: stock at the end of each period"
    headed(axes, "How long could we hold out?", what, "days of the demand that follows")
    over_periods(axes, sight.periods)
    axes.set_ylim(bottom=0)
    if table.empty:
        nothing(axes, "no stockpile of it covers a demand")
    else:
        beside(axes)
    return axes


def _asked(sight: Sight) -> dict[str, list[float]]:
    """Return the days that rules ask for, by stockpile and node; NaN where none does."""
    table = sight.here(sight.result.rules)
    found: dict[str, list[float]] = {}
    for rule in sight.result.problem.rules:
        if not isinstance(rule, StockTarget) or rule.cover_days is None:
            continue
        kept = set(table.loc[table["rule"] == rule.id, "node"])
        days = found.setdefault(rule.stockpile, [float("nan")] * len(sight.nodes))
        for place, node in enumerate(sight.nodes):
            asked = rule.cover_days.at(node.period.start, node.branch)
            if node.id in kept and asked is not None:
                days[place] = asked if days[place] != days[place] else max(days[place], asked)
    return found
