"""What a sheet says of the largest choices: the price at which each is no longer made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import listed, money, percent, tonnes
from optimizer.explain.words import amount
from optimizer.sheet.phrases import absent, rounded

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
    planned = amount(item.amount, item.unit)
    text = (
        f"{item.name} [{item.id}], {planned} for {money(item.spent_usd)} "
        f"({rounded(item.price_usd)} {unit}): "
    )
    if item.change_usd is None or item.turn_usd is None:
        return f"{text}no price is known at which it leaves ({item.reason})"
    text += f"leaves at {rounded(item.turn_usd)} ({_rise(item)})"
    if item.short_instead:
        text += ", only when going short is cheaper"
    if not item.checked:
        return f"{text}; about: solves on either side do not tell it apart"
    if len(sheet.problem.branches) == 1:
        text += f"; just below {amount(item.inside_amount or 0.0, item.unit)} of {planned} left"
    if item.instead:
        gains = tuple(f"{gain.name} {tonnes(gain.tonnes)}" for gain in item.instead)
        text += f"; just above, more of {listed(gains)}"
    return text


def _rise(item: Turn) -> str:
    """Return how far a price is from that at which it turns."""
    assert item.turn_usd is not None
    times = item.turn_usd / item.price_usd if item.price_usd else 0.0
    return f"{times:.2g} times" if times >= 3 else f"+{percent(round(times - 1, 3))}"
