"""The answer as text: cost, who supplies, how long the stock lasts, what is short, what binds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from instances.words import money, percent, tonnes
from optimizer.books_in_words import (
    funds_in_words,
    members_in_words,
    producers_in_words,
    reserves_in_words,
)
from optimizer.custody import intervals_in_words
from optimizer.price_words import prices_in_words
from optimizer.scenario_table import calmest_way
from optimizer.scenario_words import along, scenarios_in_words, unmet_in_words
from optimizer.status import Point
from optimizer.text_grid import grid, spread

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.result import Result

MOST_RULES = 8
SHOWN = {
    ("hhi", "bought"): ("HHI of what is bought", "{:.2f}"),
    ("hhi", "delivered"): ("HHI of what is delivered", "{:.2f}"),
    ("hhi", "traced"): ("HHI by ore", "{:.2f}"),
    ("net_import_reliance", "buyers"): ("net import reliance", "{:.0f} %"),
    ("n_minus_1_coverage", "bought"): ("N-1 coverage", "{:.0f} %"),
    ("eu_supply_risk", "bought"): ("EU supply risk", "{:.1f}"),
}
"""Index and basis to its words and its form."""
SMALL_GAP = 1e-9
"""Gap that is rounding and not worth a word."""


def summary(result: Result) -> str:
    """Return the result as text of some forty lines."""
    parts = [_head(result)]
    if result.has_plan:
        parts += [
            _unmet(result),
            scenarios_in_words(result),
            _goals(result),
            _costs(result),
            _suppliers(result),
            _contracts(result),
            _builds(result),
            producers_in_words(result),
            _cover(result),
            members_in_words(result),
            funds_in_words(result),
            reserves_in_words(result),
            _indices(result),
            _binding(result),
            "" if result.rule_prices is None else prices_in_words(result.rule_prices),
            ""
            if result.intervals is None
            else intervals_in_words(result.intervals, result.problem),
        ]
    else:
        parts.append(_broken(result))
    if result.warnings:
        parts.append("Note\n" + "\n".join(f"  {warning}" for warning in result.warnings))
    return "\n\n".join(part for part in parts if part)


def _head(result: Result) -> str:
    problem = result.problem
    text = f"{problem.name}: {result.status}"
    if result.objective is None:
        return text
    year = f" of {problem.base_year}" if problem.base_year else ""
    rate = problem.discount.rate
    worth = f", discounted at {percent(rate)} a year" if rate else ""
    least = "Least cost" if len(problem.branches) == 1 else "Least expected cost"
    if problem.risk is not None and not problem.risk.neutral:
        least = f"Least {problem.risk.sentence()}:"
    text += f"\n{least} {money(result.objective)}{year} to the {problem.perspective}{worth}"
    if result.gap and result.gap > SMALL_GAP:
        text += f"; at most {percent(result.gap)} above the best possible"
    return text + "."


def _unmet(result: Result) -> str:
    table = result.unmet
    if len(result.problem.branches) > 1:
        return unmet_in_words(result)
    missing = float(table["unmet_t"].sum())
    if missing <= 1e-6:
        return "Every demand is met in full."
    lines = [f"UNMET: {tonnes(missing)} in all."]
    short = table[table["unmet_t"] > 1e-6]
    names = result.problem.names
    for (demand, goods), rows in short.groupby(["demand", "commodity"], sort=False):
        years = ", ".join(
            f"{tonnes(amount)} ({percent(part)}) in {node}"
            for node, amount, part in zip(
                rows["node"], rows["unmet_t"], rows["unmet_fraction"], strict=True
            )
        )
        lines.append(f"  {demand}, {names.commodity(str(goods))}: {years}")
    return "\n".join(lines)


def _goals(result: Result) -> str:
    if result.goals is None:
        return ""
    lines = ["Goals, in order"]
    for row in result.goals.astype(object).to_dict("records"):
        show = money if row["unit"] == "USD" else "{:.4g} demands".format
        whose = row["demand_class"]
        label = f"{row['goal']} ({whose})" if isinstance(whose, str) else row["goal"]
        least = "not sought" if not row["held"] else f"least {show(row['least'])}"
        lines.append(f"  {label:<22}{show(row['value']):>22}, {least}")
    return "\n".join(lines)


def _costs(result: Result) -> str:
    totals = result.verdict.totals
    column = f"{result.problem.perspective}_usd"
    lines = ["Cost by account"]
    for account, amount in zip(totals["account"], totals[column], strict=True):
        if abs(amount) > 0.5:
            lines.append(f"  {str(account).replace('_', ' '):<16}{money(amount):>22}")
    return "\n".join(lines)


def _suppliers(result: Result) -> str:
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


def _contracts(result: Result) -> str:
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


def _builds(result: Result) -> str:
    table = result.builds
    if table.empty:
        return ""
    lines = [
        f"  {facility}: {tonnes(size)} a year ({expansion}), decided in {node}"
        for node, expansion, facility, size in table.itertuples(index=False)
    ]
    return "What is built\n" + "\n".join(lines)


def _cover(result: Result) -> str:
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


def _indices(result: Result) -> str:
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


def _binding(result: Result) -> str:
    table, problem = result.rules, result.problem
    if table.empty:
        return ""
    binding = table[table["binds"]].copy()
    if binding.empty:
        return "No rule binds."
    binding["price"] = binding["shadow_price_usd"].astype(float).fillna(0.0)
    lines = {
        (rule.id, line.who, line.goods): (rule, line)
        for rule in problem.rules
        for line in rule.lines(problem.directory)
    }
    groups = {
        (str(rule), str(who), str(goods)): rows
        for (rule, who, goods), rows in binding.groupby(["rule", "who", "goods"], sort=False)
    }
    worth = {key: float(rows["price"].sum()) for key, rows in groups.items()}
    costly = sorted((key for key in groups if worth[key] > 1e-6), key=lambda key: -worth[key])
    text = ["What binds, and what relaxing it would save"]
    for key in costly[:MOST_RULES]:
        rule, line = lines[key]
        text.append(f"  {rule.id}: {rule.sentence(problem.names, line)}.")
        text.append(f"      binds in {_years(groups[key])}; {_price(groups[key])}")
    if len(costly) > MOST_RULES:
        text.append(f"  ... and {len(costly) - MOST_RULES} more at a price")
    for key in groups:
        if worth[key] <= 1e-6:
            reason = groups[key]["reason"].iloc[0]
            note = reason if isinstance(reason, str) else "at no cost"
            who = "" if key[1] == "-" else f" for {key[1]}"
            text.append(f"  {key[0]}{who} ({key[2]}) binds in {_years(groups[key])}: {note}")
    return "\n".join(text)


def _years(rows: pd.DataFrame) -> str:
    """Return the nodes of rows, shortened when there are many."""
    nodes = [str(node) for node in rows["node"]]
    return (
        ", ".join(nodes)
        if len(nodes) <= 4
        else f"{nodes[0]} to {nodes[-1]} ({len(nodes)} periods)"
    )


def _price(rows: pd.DataFrame) -> str:
    top = rows.nlargest(1, "price").iloc[0]
    if top["unit"] == "fraction":
        return f"worth up to {money(top['price'] / 100)} a point ({top['node']})"
    if top["unit"] == "hhi":
        return f"worth up to {money(top['price'] / 100)} a hundredth ({top['node']})"
    if top["unit"] == "USD":
        return f"worth up to {money(top['price'])} per USD more ({top['node']})"
    return f"worth up to {money(top['price'])} a tonne ({top['node']})"


def _broken(result: Result) -> str:
    if result.status.point is Point.UNBOUNDED:
        return (
            "The cost can fall without end: something is worth more than it costs, without limit. "
            "Look for an outlet or a terminal value above the price of an offer, and give it a "
            "capacity."
        )
    if not result.broken:
        return "No plan is held."
    lines = ["No plan keeps every rule. The least that has to give:"]
    return "\n".join(lines + [f"  {item.sentence}" for item in result.broken])


def _whole(days: float) -> str:
    return "-" if math.isnan(days) else f"{days:.0f}"


def _share(value: float) -> str:
    return "-" if math.isnan(value) or value < 5e-4 else f"{100 * value:.0f} %"
