"""What a sheet says of what comes first: the next known date, and what to settle before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import listed, money, percent, tonnes
from optimizer.explain.words import amount
from optimizer.sheet.phrases import absent

if TYPE_CHECKING:
    from optimizer.sheet.calendar import Commitment
    from optimizer.sheet.due import Due
    from optimizer.sheet.sheet import Sheet


def before_words(sheet: Sheet) -> str:
    """Return the title: the next known date, and what it brings."""
    title = "6. WHAT TO SETTLE FIRST, AND BY WHEN"
    if sheet.next_date is None:
        return f"{title}: {sheet.absent['next_date']}"
    what = sheet.next_date.what
    rest = f" and {len(what) - 2} more" if len(what) > 2 else ""
    return f"{title}: the next known date is {sheet.next_date.day} ({'; '.join(what[:2])}{rest})"


def commitment_words(sheet: Sheet) -> list[str]:
    """Return what to settle before the next known date, its sum first, and what comes later."""
    if not sheet.commitments or sheet.due is None:
        return absent(sheet, "commitments")
    due = sheet.due
    lines = [_sum(sheet, due)]
    named = [item for item in sheet.commitments if (item.table, item.id) in due.named]
    lines += [_commitment(item, due) for item in named]
    if due.rest:
        what = "smaller purchase" if due.rest == 1 else "smaller purchases, together"
        lines.append(f"... and {due.rest} {what} {money(due.rest_usd)}")
    if held := [item for item in sheet.commitments if item.kind == "store"]:
        told = listed(tuple(f"{tonnes(item.amount)} in {item.name}" for item in held))
        lines.append(
            f"{held[0].by}  hold {told}: in stock on that day, bought with the above or held"
        )
    if due.later:
        first = next(
            item
            for item in sheet.commitments
            if item.kind != "store" and (item.table, item.id) not in due.named
        )
        lines.append(f"Later: {due.later} more, first {_commitment(first, due)}")
    return lines


def _sum(sheet: Sheet, due: Due) -> str:
    """Return the money that is due."""
    when = f"before {due.until}"
    if sheet.next_date is not None and due.until == sheet.next_date.day:
        when = "before that date"
    text = f"In all {when}: {money(due.usd)} for what follows"
    if abs(due.running_usd) >= 1:
        text += (
            f"; {money(due.running_usd)} more for deliveries under contracts, runs of plants, "
            "freight, duties and storage"
        )
    return f"{text} (undiscounted)"


def _commitment(item: Commitment, due: Due) -> str:
    usd = "" if item.usd is None else f" ({money(item.usd)})"
    if item.kind == "buy":
        return f"{item.by} to {due.until}  buy {item.name}, {tonnes(item.amount)}{usd}"
    if item.kind == "sign":
        text = f"sign {percent(item.amount)} of {item.name}"
    elif item.kind == "build":
        text = f"decide to build {item.name}, {amount(item.amount, item.unit)}"
    else:
        text = f"qualify {item.name}"
    serves = "" if item.serves == item.by else f", to serve from {item.serves}"
    return f"{item.by}  {text}{serves}{usd}"
