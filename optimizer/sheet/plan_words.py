"""What a sheet says of the plan: what is short, how sure that is, who supplies, what is held."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from instances.words import listed, money, percent, tonnes
from optimizer.explain.words import amount
from optimizer.sheet.choices import NO_PLAN
from optimizer.sheet.phrases import MOST_NODES, absent, periods_of

if TYPE_CHECKING:
    from optimizer.sheet.plan import Short, Supplier
    from optimizer.sheet.sheet import Sheet


MOST_SUPPLIERS = 4
"""Countries named for a commodity."""
MOST_OTHERS = 6
"""Others named without shares of their own."""
LEAST_SHARE = 5e-4
"""Share below which suppliers are passed over."""


def short_words(sheet: Sheet) -> list[str]:
    """Return what is short, and when most."""
    if not sheet.shortfalls:
        return ["Nothing is short: every demand is met in full."]
    expected = " expected" if len(sheet.problem.branches) > 1 else ""
    return [_one_short(sheet, item, expected) for item in sheet.shortfalls]


def _one_short(sheet: Sheet, item: Short, expected: str) -> str:
    goods = sheet.problem.names.commodity(item.commodity)
    part = item.unmet_t / item.needed_t
    when = periods_of(sheet, list(item.by_node))
    return (
        f"{goods} ({item.demand_class}): {tonnes(item.unmet_t)}{expected}, {percent(part)} of the "
        f"need, in {when}; {_worst(sheet, item)}"
    )


def _worst(sheet: Sheet, item: Short) -> str:
    """Return where the largest part of the need is missing, and where the most tonnes are."""
    part = percent(item.worst_fraction)
    if len(item.worst_nodes) == 1:
        text = f"worst {item.worst}, {part} ({tonnes(item.worst_t)})"
    else:
        nodes = item.worst_nodes
        many = len(nodes) > MOST_NODES
        text = f"worst {periods_of(sheet, nodes) if many else listed(nodes)}, {part} each"
        if item.most in nodes:
            return f"{text} ({tonnes(item.most_t)} at most, in {item.most})"
    return (
        text if item.most == item.worst else f"{text}; most in {item.most}, {tonnes(item.most_t)}"
    )


def charge_words(sheet: Sheet) -> list[str]:
    """Return what a tonne short is charged."""
    if not sheet.charges:
        return []
    told = []
    for item in sheet.charges:
        slices = [
            money(usd) if upto > 1 - 1e-9 else f"{money(usd)} up to {percent(upto)} of the need"
            for upto, usd in zip(accumulate(item.shares), item.usd_per_t, strict=True)
        ]
        goods = sheet.problem.names.commodity(item.commodity)
        told.append(f"{goods} ({item.demand_class}) {', then '.join(slices)}")
    return [f"A tonne short is charged, by assumption: {'; '.join(told)}"]


def vital_words(sheet: Sheet) -> list[str]:
    """Return without what there is no plan."""
    return [
        f"Without {item.name} there is no plan{(item.reason or '').removeprefix(NO_PLAN)}."
        for item in sheet.turns
        if item.vital
    ]


def sure_words(sheet: Sheet) -> list[str]:
    """Return which part of the plan rests on assumptions."""
    if sheet.assumed is None:
        return [f"How sure: {sheet.absent['assumed']}, so that what rests on one is not known."]
    told = tuple(
        f"{percent(round(part, 3))} of {what}"
        for part, what in (
            (sheet.assumed.money, "the money"),
            (sheet.assumed.bought, "the tonnes bought (by what is on offer)"),
            (sheet.assumed.needed, "the tonnes needed"),
        )
        if part is not None
    )
    rest = f"{listed(told)} rest on assumptions" if told else "what rests on them is not known"
    return [f"How sure: {rest}; {sheet.assumed.numbers} numbers are assumed."]


def plan_words(sheet: Sheet) -> list[str]:
    """Return who supplies, and what is built and held."""
    names = sheet.problem.names
    if not sheet.suppliers:
        return absent(sheet, "suppliers")
    lines = [
        "Shares are of what is bought or made, stock for later included; in brackets where they "
        "change, from the first to the last period:"
    ]
    for commodity in dict.fromkeys(item.commodity for item in sheet.suppliers):
        own = [item for item in sheet.suppliers if item.commodity == commodity]
        told = [_supplier(sheet, item) for item in own[:MOST_SUPPLIERS]]
        rest = sum(item.share for item in own[MOST_SUPPLIERS:])
        others = len(own) - MOST_SUPPLIERS
        if rest >= LEAST_SHARE:
            who = listed(tuple(names.country(item.country) for item in own[MOST_SUPPLIERS:]))
            if others > MOST_OTHERS:
                who = f"{others} others"
            told.append(f"{who} {percent(round(rest, 3))}{' together' if others > 1 else ''}")
        whole = tonnes(sum(item.tonnes for item in own))
        lines.append(f"{names.commodity(commodity)}, {whole}: {', '.join(told)}")
    built = [item for item in sheet.commitments if item.kind == "build"]
    for item in built:
        lines.append(
            f"Built: {item.name}, {amount(item.amount, item.unit)}, in service {item.serves}"
        )
    if not sheet.problem.expansions:
        lines.append("Built: nothing, since the problem offers no plant to build.")
    elif not built:
        lines.append("Built: nothing before scenarios part.")
    held = [
        f"{item.stockpile} {tonnes(item.stock_t)}"
        + ("" if item.cover_d is None else f", {item.cover_d:.0f} days")
        + f" (end of {item.node})"
        for item in sheet.holdings
    ]
    if held:
        lines.append(f"Held at most: {'; '.join(held)}")
    else:
        kept = sheet.problem.stockpiles
        why = "every stockpile stays empty" if kept else "no stockpile is there to fill"
        lines.append(f"Held: nothing; {why}.")
    return lines


def _supplier(sheet: Sheet, item: Supplier) -> str:
    text = f"{sheet.problem.names.country(item.country)} {percent(round(item.share, 3))}"
    if item.first_share is None or item.last_share is None:
        return text
    if abs(item.first_share - item.last_share) < 0.05:
        return text
    return f"{text} ({100 * item.first_share:.0f} to {100 * item.last_share:.0f} %)"
