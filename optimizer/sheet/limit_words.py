"""What a sheet says of limits: rules that bind, and supplies that are bought up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import money
from optimizer.sheet.phrases import absent, near, periods_of, unknown

if TYPE_CHECKING:
    from optimizer.sheet.binds import Bind
    from optimizer.sheet.scarce import Scarce
    from optimizer.sheet.sheet import Sheet


def limit_words(sheet: Sheet) -> list[str]:
    """Return what binds and what it costs, and what is bought up."""
    costly = [item for item in sheet.binds if not _free(item)]
    free = tuple(f"{item.sentence} ({item.rule})" for item in sheet.binds if _free(item))
    lines = [_bind(sheet, item) for item in costly]
    if free:
        lines.append(f"At no cost in this plan: {'; '.join(free)}")
    if not sheet.binds:
        lines += absent(sheet, "binds")
    told = [_scarce(sheet, item) for item in sheet.scarce if not _worthless(item)]
    if told:
        lines.append(f"Bought up: {'; '.join(told)}")
    elif not sheet.scarce:
        lines += absent(sheet, "scarce")
    else:
        lines.append("Of what is bought up, 1 % more would save nothing.")
    return lines


def _scarce(sheet: Sheet, item: Scarce) -> str:
    text = f"{item.name} in {periods_of(sheet, item.nodes)}"
    if item.saving_usd is None:
        return f"{text}, worth not known ({item.reason})"
    if item.saving_usd <= item.gap_usd:
        return f"{text}, 1 % more saves nothing that can be told"
    return f"{text}, 1 % more saves {money(item.saving_usd)}"


def _worthless(item: Scarce) -> bool:
    return item.saving_usd is not None and item.saving_usd <= item.gap_usd < 1


def _free(item: Bind) -> bool:
    whole = item.whole_usd
    return (whole is not None and whole <= item.gap_usd and not item.price_usd) or (
        whole is None and item.price_usd == 0
    )


def _bind(sheet: Sheet, item: Bind) -> str:
    text = f"{item.sentence} ({item.rule}), {periods_of(sheet, item.nodes)}:"
    if item.whole_usd is None:
        text += f" cost as a whole not known ({item.reason})"
    elif item.whole_usd <= item.gap_usd:
        text += f" costs {unknown(item.gap_usd)}"
    else:
        text += f" costs {money(item.whole_usd)} as a whole{near(item.whole_usd, item.gap_usd)}"
    if item.price_usd and item.per is not None:
        price, unit = item.price_usd, f"a {item.per}"
        if item.per == "1.0 of share":
            price, unit = price / 100, "a point"
        elif item.per == "t":
            unit = "a tonne"
        elif item.per == "hhi":
            price, unit = price / 100, "a hundredth"
        text += f"; {money(price)} {unit} in {item.price_node}"
        if item.price_kind == "fixed_integers":
            text += ", choices as they are"
    return text
