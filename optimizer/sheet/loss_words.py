"""What a sheet says of partners: what it costs never to have had each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import listed, money, tonnes
from optimizer.sheet.phrases import absent, near, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.losses import Loss
    from optimizer.sheet.sheet import Sheet


MOST_GOODS = 3
"""Goods of a partner that are told beside it."""
MOST_LOSSES = 8
"""Partners told with what each costs."""


def loss_words(sheet: Sheet) -> list[str]:
    """Return what the partners that matter most are worth, and who else was looked at or not."""
    if not sheet.losses:
        return absent(sheet, "losses")
    known = [item for item in sheet.losses if item.held != "missing"]
    lines = [_loss(sheet, item) for item in known[:MOST_LOSSES]]
    if less := known[MOST_LOSSES:]:
        lines.append(f"Each of these costs less: {_named(sheet, less)}")
    missing = [item for item in sheet.losses if item.held == "missing"]
    for reason in dict.fromkeys(item.reason for item in missing):
        own = [item for item in missing if item.reason == reason]
        lines.append(f"Not looked at ({reason}): {_named(sheet, own)}")
    return lines


def _named(sheet: Sheet, losses: Sequence[Loss]) -> str:
    codes = [code for item in losses for code in item.partners]
    return listed(tuple(map(sheet.problem.names.country, codes)))


def _loss(sheet: Sheet, item: Loss) -> str:
    names = sheet.problem.names
    who = listed(tuple(names.country(code) for code in item.partners))
    sold = [
        f"{tonnes(own.tonnes)} of {names.commodity(own.commodity)}"
        for own in sheet.suppliers
        if own.country in item.partners
    ]
    who += f" ({listed(tuple(sold))})" if 0 < len(sold) <= MOST_GOODS else ""
    if item.dearer_usd is None:
        return f"{who}: there is no plan without it ({item.reason})"
    if not item.told_apart:
        text = f"{who}: {unknown(item.gap_usd)}"
    else:
        text = f"{who}: {money(item.dearer_usd)} more{near(item.dearer_usd, item.gap_usd)}"
        charged = item.charged_usd or 0.0
        if charged >= 1:
            paid = item.dearer_usd - charged
            how = "more" if paid >= 0 else "less"
            text += f" ({money(charged)} charged, {money(abs(paid))} {how} paid)"
    more = [
        f"{tonnes(amount)} of {names.commodity(name)}"
        for name, amount in item.unmet_t.items()
        if amount > 0
    ]
    return f"{text}; {listed(tuple(more))} more unmet" if more else f"{text}, nothing more unmet"
