"""The sheet as text: six short sections, one line where something is absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import money, percent
from optimizer.sheet.choice_words import turn_words
from optimizer.sheet.commitment_words import before_words, commitment_words
from optimizer.sheet.limit_words import limit_words
from optimizer.sheet.loss_words import loss_words
from optimizer.sheet.plan_words import (
    charge_words,
    plan_words,
    short_words,
    sure_words,
    vital_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.sheet.sheet import Sheet

SUDDEN = (
    "This foresees the loss: to be cut off on a day while the plan stands can be worse "
    "(`diversify stress`)."
)
Section = tuple[str, list[str]]


def in_words(sheet: Sheet) -> str:
    """Return the sheet as text."""
    lines = head(sheet)
    for title, told in sections(sheet):
        lines += ["", title, *(f"  {line}" for line in told)]
    return "\n".join(lines)


def stopped(sheet: Sheet) -> str:
    """Say that time ran out."""
    return (
        f"Incomplete: time ran out after {sheet.seconds:.0f} s; what was not looked at is marked."
    )


def head(sheet: Sheet) -> list[str]:
    """Return what the sheet is of, that it is incomplete if so, and what the plan costs."""
    title, *rest = _about(sheet).splitlines()
    return [title, *([] if sheet.complete else [stopped(sheet)]), *rest]


def _about(sheet: Sheet) -> str:
    problem = sheet.problem
    first, last = problem.nodes[0].period.label, problem.nodes[-1].period.label
    span = first if first == last else f"{first} to {last}"
    text = f"DECISION SHEET  {problem.name}, {span}: {sheet.status}"
    if sheet.cost_usd is None:
        return text
    year = f" of {problem.base_year}" if problem.base_year else ""
    rate = problem.discount.rate
    worth = f", discounted at {percent(rate)} a year" if rate else ""
    least = "Least cost" if len(problem.branches) == 1 else "Least expected cost"
    if problem.risk is not None and not problem.risk.neutral:
        least = f"Least {problem.risk.sentence()}:"
    text += f"\n{least} {money(sheet.cost_usd)}{year} to the {problem.perspective}{worth}"
    if sheet.gap and sheet.gap > 1e-9:
        text += f"; at most {percent(sheet.gap)} above the best possible"
    return f"{text}.\n{_charged(sheet)}"


def _charged(sheet: Sheet) -> str:
    """Return how much of the cost is charged, and how much paid."""
    charged = sheet.charged_usd or 0.0
    assert sheet.cost_usd is not None
    if charged < 1:
        return "All of it is money paid: nothing is charged for going short."
    what = f"{money(charged)} is charged for going short and paid by nobody"
    if sheet.problem.risk is not None and not sheet.problem.risk.neutral:
        return f"Of the expected cost {what}."
    return f"Of it {what}; {money(sheet.cost_usd - charged)} is paid."


def sections(sheet: Sheet) -> Iterator[Section]:
    """Yield title and lines of every section."""
    if sheet.explanation is not None:
        yield "NO PLAN, AND WHY", sheet.explanation.summary().splitlines()
        return
    yield (
        "1. WHAT IS SHORT, AND HOW SURE THIS IS",
        [
            *short_words(sheet),
            *charge_words(sheet),
            *vital_words(sheet),
            *sure_words(sheet),
        ],
    )
    yield "2. WHO SUPPLIES, AND WHAT IS BUILT AND HELD", plan_words(sheet)
    yield (
        "3. WHAT BINDS, AND WHAT IT COSTS (DISCOUNTED; A STEP OF A LIMIT NOT)",
        limit_words(sheet),
    )
    yield (
        "4. WHO MATTERS: EACH PARTNER NEVER HAD FROM THE FIRST DAY, ALL PLANNED ANEW (DISCOUNTED)",
        [*loss_words(sheet), SUDDEN],
    )
    title = (
        "5. WHAT WOULD FLIP THE LARGEST CHOICES: A RISE OF THEIR PRICE AT ALL DATES (UNDISCOUNTED)"
    )
    if any(item.choices_held for item in sheet.turns):
        title += " (other yes/no choices as they are)"
    yield title, turn_words(sheet)
    yield before_words(sheet), commitment_words(sheet)
