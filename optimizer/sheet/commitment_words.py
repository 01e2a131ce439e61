"""What to settle first, and by when, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import money, percent, tonnes
from optimizer.explain.words import amount
from optimizer.sheet.phrases import absent

if TYPE_CHECKING:
    from optimizer.sheet.calendar import Commitment
    from optimizer.sheet.sheet import Sheet


MOST_COMMITMENTS = 10
"""Commitments named."""


def before_words(sheet: Sheet) -> str:
    """Return the section's title, with the next known date."""
    title = "6. WHAT TO SETTLE FIRST, AND BY WHEN"
    if sheet.next_date is None:
        return f"{title}: {sheet.absent['next_date']}"
    what = sheet.next_date.what
    rest = f" and {len(what) - 2} more" if len(what) > 2 else ""
    return f"{title}: the next known date is {sheet.next_date.day} ({'; '.join(what[:2])}{rest})"


def commitment_words(sheet: Sheet) -> list[str]:
    """Return what to settle before that date, and how much comes later."""
    if not sheet.commitments:
        return absent(sheet, "commitments")
    urgent = [item for item in sheet.commitments if _urgent(sheet, item)]
    later = len(sheet.commitments) - len(urgent)
    shown = sorted(sorted(urgent, key=_firmness)[:MOST_COMMITMENTS], key=sheet.commitments.index)
    lines = [_commitment(item) for item in shown]
    if len(urgent) > len(shown):
        lines.append(f"... and {len(urgent) - len(shown)} smaller purchases")
    if later:
        lines.append(f"Later: {later} more, first {_commitment(_first_later(sheet))}")
    return lines


def _urgent(sheet: Sheet, item: Commitment) -> bool:
    if sheet.next_date is None:
        return item.by < sheet.problem.nodes[0].period.end or item.kind == "store"
    return item.by < sheet.next_date.day or item.kind == "store"


def _first_later(sheet: Sheet) -> Commitment:
    return next(item for item in sheet.commitments if not _urgent(sheet, item))


def _firmness(item: Commitment) -> tuple[int, float]:
    """Return what goes on the page first: what binds for years, then stocks, then money."""
    return (0 if item.kind in ("sign", "build", "qualify", "store") else 1, -(item.usd or 0.0))


def _commitment(item: Commitment) -> str:
    usd = "" if item.usd is None else f" ({money(item.usd)})"
    if item.kind == "sign":
        text = f"sign {percent(item.amount)} of {item.name}"
    elif item.kind == "build":
        text = f"decide to build {item.name}, {amount(item.amount, item.unit)}"
    elif item.kind == "qualify":
        text = f"qualify {item.name}"
    elif item.kind == "store":
        return f"{item.by}  hold {tonnes(item.amount)} in {item.name}"
    else:
        text = f"buy {item.name}, {tonnes(item.amount)}"
    serves = "" if item.serves == item.by else f", to serve from {item.serves}"
    return f"{item.by}  {text}{serves}{usd}"
