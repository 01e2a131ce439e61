"""Who matters, and what would flip the largest choices, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import listed, money, percent, tonnes
from optimizer.explain.words import amount
from optimizer.sheet.phrases import absent, near, unknown

if TYPE_CHECKING:
    from optimizer.losses import Loss
    from optimizer.sheet.choices import Turn
    from optimizer.sheet.sheet import Sheet


MOST_LOSSES = 8
"""Countries named."""


def loss_words(sheet: Sheet) -> list[str]:
    """Return what each partner's loss costs."""
    if not sheet.losses:
        return absent(sheet, "losses")
    lines = [_loss(sheet, item) for item in sheet.losses[:MOST_LOSSES]]
    if len(sheet.losses) > MOST_LOSSES:
        lines.append(f"... and {len(sheet.losses) - MOST_LOSSES} that cost less")
    return lines


def _loss(sheet: Sheet, item: Loss) -> str:
    names = sheet.problem.names
    who = listed(tuple(names.country(code) for code in item.partners))
    if item.dearer_usd is None:
        known = "there is no plan without it" if item.held == "infeasible" else "not known"
        return f"{who}: {known} ({item.reason})"
    if not item.told_apart:
        text = f"{who}: {unknown(item.gap_usd)}"
    else:
        text = f"{who}: {money(item.dearer_usd)} more{near(item.dearer_usd, item.gap_usd)}"
    more = [
        f"{tonnes(amount)} of {names.commodity(name)}"
        for name, amount in item.unmet_t.items()
        if amount > 0
    ]
    return f"{text}; {listed(tuple(more))} more unmet" if more else f"{text}, nothing more unmet"


def turn_words(sheet: Sheet) -> list[str]:
    """Return the price at which each of the largest choices turns."""
    if not sheet.turns:
        return absent(sheet, "turns")
    return [f"{number}. {_turn(sheet, item)}" for number, item in enumerate(sheet.turns, 1)]


def _turn(sheet: Sheet, item: Turn) -> str:
    unit = "a tonne" if item.unit == "t" else "a tonne a year"
    text = f"{item.name} [{item.id}], {money(item.spent_usd)} at {money(item.price_usd)} {unit}: "
    if item.change_usd is None or item.turn_usd is None:
        return f"{text}no price is known at which it leaves ({item.reason})"
    part = item.change_usd / item.price_usd
    text += f"leaves at {money(item.turn_usd)} (+{percent(round(part, 4))})"
    if not item.checked:
        return f"{text}, about: solves on either side do not tell it apart"
    inside = amount(item.inside_amount or 0.0, item.unit)
    if len(sheet.problem.branches) > 1:
        inside = "some of it"
    return f"{text}; solved: {inside} just below, nothing just above"
