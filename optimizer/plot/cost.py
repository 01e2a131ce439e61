"""What is paid for: discounted cost by kind and period; the bars add up to the expected cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import money
from optimizer.plot.axes import axes_of, headed, over_periods, scaled, stacked
from optimizer.plot.colours import KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optimizer.plot.sight import Sight

GROUPS = {
    "buying": ("purchase", "top_up", "signing", "take_or_pay", "price_support", "settlement"),
    "processing": (
        "processing",
        "fixed",
        "recycling",
        "disposal",
        "substitution",
        "qualification",
    ),
    "freight and tariffs": ("freight", "tariff"),
    "stock": ("holding", "terminal_value", "released", "fees"),
    "building": ("capex", "salvage", "granted_salvage", "grant"),
    "shortfall": ("shortfall", "backlog", "penalty"),
    "sales": ("outlet_revenue",),
}
"""Accounts by kind, as on the page (``service/page/js/reading.js``)."""
EVERYTHING_ELSE = "everything else"
NOTHING_USD = 0.5


def spending(sight: Sight) -> dict[str, dict[str, float]]:
    """Return USD by kind and period, from the perspective that was minimised.

    Discounted, over all scenarios, each node weighed by its probability.
    """
    kind_of = {account: kind for kind, accounts in GROUPS.items() for account in accounts}
    problem = sight.result.problem
    nodes = {node.id: node for node in problem.nodes}
    sums: dict[str, dict[str, float]] = {kind: {} for kind in (*GROUPS, EVERYTHING_ELSE)}
    table = sight.result.costs[["node", "account", f"{problem.perspective}_usd"]]
    for name, account, usd in table.itertuples(index=False):
        node = nodes[name]
        of = sums[kind_of.get(account, EVERYTHING_ELSE)]
        of[node.period.label] = of.get(node.period.label, 0.0) + node.probability * usd
    return {
        kind: of for kind, of in sums.items() if any(abs(usd) > NOTHING_USD for usd in of.values())
    }


def draw_cost(sight: Sight, axes: Axes | None = None) -> Axes:
    """Draw discounted cost by kind and period, over all materials and scenarios."""
    axes = axes_of(axes)
    sums = spending(sight)
    size, unit = scaled(max((abs(usd) for of in sums.values() for usd in of.values()), default=0))
    parts = [
        (kind, colour, [of.get(label, 0.0) / size for label in sight.periods])
        for (kind, of), colour in zip(sums.items(), KINDS, strict=False)
    ]
    stacked(axes, parts)
    total = sum(usd for of in sums.values() for usd in of.values())
    mean = "" if sight.branch is None else ", over all scenarios"
    what = f"Discounted cost of all materials by kind{mean}; the bars add up to {money(total)}"
    headed(axes, "What are we paying for?", what, unit)
    over_periods(axes, sight.periods)
    return axes
