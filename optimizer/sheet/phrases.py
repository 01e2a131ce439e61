"""Phrases of several sections of a sheet: periods, what is absent, how far a figure is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import listed, money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.sheet.sheet import Sheet


MOST_NODES = 4
"""Periods named one by one."""


def absent(sheet: Sheet, section: str) -> list[str]:
    """Return why nothing stands in a section, as its line."""
    reason = sheet.absent[section]
    return [f"{reason[0].upper()}{reason[1:]}."]


def periods_of(sheet: Sheet, nodes: Sequence[str]) -> str:
    """Return the periods of nodes, each once, in order of time."""
    period = {node.id: node.period for node in sheet.problem.nodes}
    days = sorted({(period[node].start, period[node].label) for node in nodes})
    nodes = [label for _, label in days]
    if len(nodes) <= MOST_NODES:
        return listed(tuple(nodes))
    whole = list(dict.fromkeys(node.period.label for node in sheet.problem.nodes))
    without = [label for label in whole[whole.index(nodes[0]) :] if label not in nodes]
    without = [label for label in without if whole.index(label) < whole.index(nodes[-1])]
    if not without:
        return f"{nodes[0]} to {nodes[-1]}"
    if len(without) <= MOST_NODES:
        return f"{nodes[0]} to {nodes[-1]} without {listed(tuple(without))}"
    return f"{nodes[0]} to {nodes[-1]} ({len(nodes)} periods)"


def rounded(price: float) -> str:
    """Return a price in USD to four figures, as what a search comes near to is known."""
    return money(float(f"{price:.4g}"))


def unknown(gap: float) -> str:
    """Return what a difference is that the gaps of two plans hide."""
    return f"less than the {money(gap)} to which plans are known" if gap >= 1 else "nothing"


def near(amount: float, gap: float) -> str:
    """Return how far off an amount may be, where that shows in its printed figures."""
    shown = {money(amount - gap), money(amount), money(amount + gap)}
    return f", give or take {money(gap)}" if len(shown) > 1 else ""
