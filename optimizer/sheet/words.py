"""The sheet as text: six short sections, one line where something is absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import listed, money, percent, tonnes
from optimizer.explain.words import amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optimizer.losses import Loss
    from optimizer.sheet.binds import Bind
    from optimizer.sheet.calendar import Commitment
    from optimizer.sheet.choices import Turn
    from optimizer.sheet.plan import Short, Supplier
    from optimizer.sheet.scarce import Scarce
    from optimizer.sheet.sheet import Sheet

MOST_SUPPLIERS = 4
"""Countries named for a commodity."""
LEAST_SHARE = 5e-4
"""Share below which suppliers are passed over."""
MOST_LOSSES = 8
MOST_COMMITMENTS = 10
MOST_NODES = 4
Section = tuple[str, list[str]]


def in_words(sheet: Sheet) -> str:
    """Return the sheet as text."""
    lines = [head(sheet)]
    for title, told in sections(sheet):
        lines += ["", title, *(f"  {line}" for line in told)]
    if not sheet.complete:
        lines += ["", stopped(sheet)]
    return "\n".join(lines)


def stopped(sheet: Sheet) -> str:
    """Say that time ran out."""
    return f"Stopped after {sheet.seconds:.0f} s: what was not looked at says so."


def head(sheet: Sheet) -> str:
    """Return what the sheet is of and what the plan costs."""
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
    return f"{text}."


def sections(sheet: Sheet) -> Iterator[Section]:
    """Yield title and lines of every section."""
    if sheet.explanation is not None:
        yield "NO PLAN, AND WHY", sheet.explanation.summary().splitlines()
        return
    yield "1. WHAT IS SHORT, AND HOW SURE THIS IS", [*_short(sheet), *_sure(sheet)]
    yield "2. WHO SUPPLIES, AND WHAT IS BUILT AND HELD", _plan(sheet)
    yield "3. WHAT BINDS, AND WHAT IT COSTS", _binds(sheet)
    yield (
        "4. WHO MATTERS: EACH PARTNER NEVER HAD, ALL PLANNED ANEW",
        _losses(sheet),
    )
    title = "5. WHAT WOULD FLIP THE LARGEST CHOICES: A RISE OF THEIR PRICE AT ALL DATES"
    if any(item.choices_held for item in sheet.turns):
        title += " (other yes/no choices as they are)"
    yield title, _turns(sheet)
    yield _before(sheet), _commitments(sheet)


def _absent(sheet: Sheet, section: str) -> list[str]:
    reason = sheet.absent[section]
    return [f"{reason[0].upper()}{reason[1:]}."]


def _short(sheet: Sheet) -> list[str]:
    if not sheet.shortfalls:
        return ["Nothing is short: every demand is met in full."]
    expected = " expected" if len(sheet.problem.branches) > 1 else ""
    return [_one_short(sheet, item, expected) for item in sheet.shortfalls]


def _one_short(sheet: Sheet, item: Short, expected: str) -> str:
    goods = sheet.problem.names.commodity(item.commodity)
    part = item.unmet_t / item.needed_t
    when = _nodes(sheet, list(item.by_node))
    return (
        f"{goods} ({item.demand_class}): {tonnes(item.unmet_t)}{expected}, {percent(part)} of the "
        f"need, in {when}; worst {item.worst}, {tonnes(item.worst_t)} "
        f"({percent(item.worst_fraction)})"
    )


def _nodes(sheet: Sheet, nodes: Sequence[str]) -> str:
    """Return the periods of nodes, each once, in order of time."""
    period = {node.id: node.period for node in sheet.problem.nodes}
    days = sorted({(period[node].start, period[node].label) for node in nodes})
    nodes = [label for _, label in days]
    if len(nodes) <= MOST_NODES:
        return listed(tuple(nodes))
    return f"{nodes[0]} to {nodes[-1]} ({len(nodes)} periods)"


def _sure(sheet: Sheet) -> list[str]:
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


def _plan(sheet: Sheet) -> list[str]:
    names = sheet.problem.names
    if not sheet.suppliers:
        return _absent(sheet, "suppliers")
    lines = []
    for commodity in dict.fromkeys(item.commodity for item in sheet.suppliers):
        own = [item for item in sheet.suppliers if item.commodity == commodity]
        told = [_supplier(sheet, item) for item in own[:MOST_SUPPLIERS]]
        rest = sum(item.share for item in own[MOST_SUPPLIERS:])
        others = len(own) - MOST_SUPPLIERS
        if rest >= LEAST_SHARE:
            told.append(f"{others} other{'s' if others > 1 else ''} {percent(round(rest, 3))}")
        whole = tonnes(sum(item.tonnes for item in own))
        lines.append(f"{names.commodity(commodity)}, {whole}: {', '.join(told)}")
    built = [item for item in sheet.commitments if item.kind == "build"]
    for item in built:
        lines.append(
            f"Built: {item.name}, {amount(item.amount, item.unit)}, in service {item.serves}"
        )
    if not sheet.problem.expansions:
        lines.append("Built: nothing; the problem has no plant that can be.")
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
        kept = "stays empty" if sheet.problem.stockpiles else "is there to fill"
        lines.append(f"Held: nothing; no stockpile {kept}.")
    return lines


def _supplier(sheet: Sheet, item: Supplier) -> str:
    text = f"{sheet.problem.names.country(item.country)} {percent(round(item.share, 3))}"
    if item.first_share is None or item.last_share is None:
        return text
    if abs(item.first_share - item.last_share) < 0.05:
        return text
    return f"{text} ({100 * item.first_share:.0f} to {100 * item.last_share:.0f} %)"


def _binds(sheet: Sheet) -> list[str]:
    costly = [item for item in sheet.binds if not _free(item)]
    free = tuple(item.rule for item in sheet.binds if _free(item))
    lines = [_bind(sheet, item) for item in costly]
    if free:
        lines.append(f"At no cost: {listed(free)}")
    if not sheet.binds:
        lines += _absent(sheet, "binds")
    told = [_scarce(sheet, item) for item in sheet.scarce]
    lines.append(f"Bought up: {'; '.join(told)}" if told else _absent(sheet, "scarce")[0])
    return lines


def _scarce(sheet: Sheet, item: Scarce) -> str:
    text = f"{item.name} in {_nodes(sheet, item.nodes)}"
    if item.saving_usd is None:
        return f"{text}, worth not known ({item.reason})"
    if item.saving_usd <= item.gap_usd:
        return f"{text}, 1 % more saves nothing" + (
            " that can be told" if item.gap_usd >= 1 else ""
        )
    return f"{text}, 1 % more saves {money(item.saving_usd)}"


def _free(item: Bind) -> bool:
    whole = item.whole_usd
    return (whole is not None and whole <= item.gap_usd and not item.price_usd) or (
        whole is None and item.price_usd == 0
    )


def _bind(sheet: Sheet, item: Bind) -> str:
    text = f"{item.sentence} ({item.rule}), {_nodes(sheet, item.nodes)}:"
    if item.whole_usd is None:
        text += f" cost as a whole not known ({item.reason})"
    elif item.whole_usd <= item.gap_usd:
        text += f" costs {_unknown(item.gap_usd)}"
    else:
        text += f" costs {money(item.whole_usd)} as a whole{_near(item.whole_usd, item.gap_usd)}"
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


def _unknown(gap: float) -> str:
    """Return what a difference is that the gaps of two plans hide."""
    return f"less than the {money(gap)} to which plans are known" if gap >= 1 else "nothing"


def _near(amount: float, gap: float) -> str:
    """Return how far off an amount may be, where that shows in its printed figures."""
    shown = {money(amount - gap), money(amount), money(amount + gap)}
    return f", give or take {money(gap)}" if len(shown) > 1 else ""


def _losses(sheet: Sheet) -> list[str]:
    if not sheet.losses:
        return _absent(sheet, "losses")
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
        text = f"{who}: {_unknown(item.gap_usd)}"
    else:
        text = f"{who}: {money(item.dearer_usd)} more{_near(item.dearer_usd, item.gap_usd)}"
    more = [
        f"{tonnes(amount)} of {names.commodity(name)}"
        for name, amount in item.unmet_t.items()
        if amount > 0
    ]
    return f"{text}; {listed(tuple(more))} more unmet" if more else f"{text}, nothing more unmet"


def _turns(sheet: Sheet) -> list[str]:
    if not sheet.turns:
        return _absent(sheet, "turns")
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


def _before(sheet: Sheet) -> str:
    title = "6. WHAT TO SETTLE FIRST, AND BY WHEN"
    if sheet.next_date is None:
        return f"{title}: {sheet.absent['next_date']}"
    what = sheet.next_date.what
    rest = f" and {len(what) - 2} more" if len(what) > 2 else ""
    return f"{title}: the next known date is {sheet.next_date.day} ({'; '.join(what[:2])}{rest})"


def _commitments(sheet: Sheet) -> list[str]:
    if not sheet.commitments:
        return _absent(sheet, "commitments")
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
