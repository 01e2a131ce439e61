"""The plan in words: who supplies, what is signed and built, how long the stock lasts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from instances.words import percent, tonnes
from optimizer.scenario_table import calmest_way
from optimizer.scenario_words import along
from optimizer.text_grid import grid, spread

if TYPE_CHECKING:
    from optimizer.result import Result

LEAST_SURPLUS = 0.5
"""Tonnes below which a surplus is not told."""
SHOWN = {
    ("hhi", "bought"): ("HHI of what is bought", "{:.2f}"),
    ("hhi", "delivered"): ("HHI of what is delivered", "{:.2f}"),
    ("hhi", "traced"): ("HHI by ore", "{:.2f}"),
    ("net_import_reliance", "buyers"): ("net import reliance", "{:.0f} %"),
    ("n_minus_1_coverage", "bought"): ("N-1 coverage", "{:.0f} %"),
    ("eu_supply_risk", "bought"): ("EU supply risk", "{:.1f}"),
}
"""Index and basis to its words and its form."""


def suppliers_in_words(result: Result) -> str:
    """Return each country's share of every commodity, by node."""
    problem, table = result.problem, result.shares
    nodes = spread(calmest_way(problem))
    table = table[table["node"].isin(calmest_way(problem))]
    blocks = []
    for commodity in problem.commodities:
        rows = table[table["commodity"] == commodity.id]
        needed = rows["share_of_demand"].notna().any()
        share = "share_of_demand" if needed else "share_of_supply"
        wide = rows.pivot(index="country", columns="node", values=share).astype(float)
        amounts = (rows["bought_t"] + rows["made_t"]).groupby(rows["country"]).sum()
        order = amounts.sort_values(ascending=False, kind="stable")
        used = [country for country in order.index if order[country] > 1e-6]
        if not used:
            continue
        cells = [
            [problem.names.country(country), *(_share(wide.loc[country, node]) for node in nodes)]
            for country in used
        ]
        made = " or made" if rows["made_t"].any() else ""
        whole = "demand" if needed else "supply"
        title = (
            f"Who supplies {problem.names.commodity(commodity.id)}, share of {whole} bought{made}"
        )
        blocks.append(f"{title}{along(problem)}\n{grid(['', *nodes], cells)}")
    return "\n\n".join(blocks)


def surplus_in_words(result: Result) -> str:
    """Return what outlets take and what is thrown away, by node."""
    problem, plan = result.problem, result.plan
    way = calmest_way(problem)
    names = problem.names
    goods = {item.id: item.commodity for item in problem.outlets}
    rows = [
        (f"{names.commodity(goods[sold])}, to {sold}", node, amount)
        for node, sold, amount in plan.sales[["node", "outlet", "tonnes"]].itertuples(index=False)
    ] + [
        (f"{names.commodity(left)}, thrown away", node, amount)
        for node, left, amount in plan.disposals[["node", "commodity", "tonnes"]].itertuples(
            index=False
        )
    ]
    sums: dict[str, dict[str, float]] = {}
    for what, node, amount in rows:
        if node in way:
            by_node = sums.setdefault(what, {})
            by_node[node] = by_node.get(node, 0.0) + amount
    nodes = spread(way)
    cells = [
        [what, *(f"{by_node.get(node, 0.0):,.0f}" for node in nodes)]
        for what, by_node in sums.items()
        if max(by_node.values()) >= LEAST_SURPLUS
    ]
    title = f"What nobody here needs, tonnes{along(problem)}"
    return f"{title}\n{grid(['', *nodes], cells)}" if cells else ""


def contracts_in_words(result: Result) -> str:
    """Return what was signed, taken and paid for without being taken."""
    table = result.contracts
    lines = []
    for item in result.problem.contracts:
        rows = table[table["contract"] == item.id]
        signed = rows[rows["signed_fraction"].astype(float) > 1e-6]
        if item.optional and signed.empty:
            lines.append(f"  {item.id}: not signed")
            continue
        day = result.problem.nodes[0].period.start
        text = f"  {item.id}: {item.sentence(max(day, item.start or day))}"
        if item.optional:
            parts = zip(signed["signed_fraction"], signed["node"], strict=True)
            text += "; signed " + ", ".join(f"{percent(part)} in {node}" for part, node in parts)
        chance = rows["node"].map({node.id: node.probability for node in result.problem.nodes})
        text += f"; {tonnes(float((chance * rows['taken_t']).sum()))} taken"
        forgone = float((chance * rows["forgone_t"]).sum())
        if forgone > 1e-6:
            text += f", {tonnes(forgone)} paid for and not taken"
        lines.append(text)
    return "\n".join(["Contracts", *lines]) if lines else ""


def builds_in_words(result: Result) -> str:
    """Return what capacity is decided on, and when."""
    table = result.builds
    if table.empty:
        return ""
    lines = [
        f"  {facility}: {tonnes(size)} a year ({expansion}), decided in {node}"
        for node, expansion, facility, size in table.itertuples(index=False)
    ]
    return "What is built\n" + "\n".join(lines)


def cover_in_words(result: Result) -> str:
    """Return the days of demand that each stockpile covers, or its tonnes where there are none."""
    table = result.stocks
    if table.empty:
        return ""
    nodes = spread(calmest_way(result.problem))
    cells = []
    for store in result.problem.stockpiles:
        rows = table[table["stockpile"] == store.id].set_index("node")
        days = rows["cover_d"].astype(float).to_dict()
        covers = any(not math.isnan(days[node]) for node in nodes)
        held = days if covers else rows["stock_t"].astype(float).to_dict()
        label = store.id if covers else f"{store.id}, tonnes"
        cells.append([label, *(_whole(held[node]) for node in nodes)])
    title = f"Days of demand in stock{along(result.problem)} at the end of\n"
    return title + grid(["", *nodes], cells)


def indices_in_words(result: Result) -> str:
    """Return a few indices of what is needed; `Result.indices` has all of them."""
    problem, table = result.problem, result.indices
    nodes = spread(calmest_way(problem))
    needed = {demand.commodity for demand in problem.demand}
    blocks = []
    for commodity in problem.commodities:
        if commodity.id not in needed:
            continue
        rows = table[(table["commodity"] == commodity.id) & table["node"].isin(nodes)]
        cells = []
        for (name, basis), (label, show) in SHOWN.items():
            own = rows[(rows["index"] == name) & (rows["basis"] == basis)]
            values = dict(zip(own["node"], own["value"].tolist(), strict=True))
            if not all(math.isnan(value) for value in values.values()):
                scale = 100 if "%" in show else 1
                shown = (show.format(scale * values[node]) for node in nodes)
                cells.append([label, *("-" if text.startswith("nan") else text for text in shown)])
        if cells:
            title = f"How concentrated {problem.names.commodity(commodity.id)} is"
            blocks.append(f"{title}{along(problem)}\n{grid(['', *nodes], cells)}")
    return "\n\n".join(blocks)


def _whole(days: float) -> str:
    return "-" if math.isnan(days) else f"{days:.0f}"


def _share(value: float) -> str:
    return "-" if math.isnan(value) or value < 5e-4 else f"{100 * value:.0f} %"
