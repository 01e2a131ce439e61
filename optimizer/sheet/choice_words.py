"""What a sheet says of the largest choices: the price at which each is no longer made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import money, percent
from optimizer.explain.words import amount
from optimizer.sheet.phrases import absent

if TYPE_CHECKING:
    from optimizer.sheet.choices import Turn
    from optimizer.sheet.sheet import Sheet


def turn_words(sheet: Sheet) -> list[str]:
    """Return the largest choices and where each turns."""
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
