"""Binding: which rules of a plan cost most, which nearly bind, and which cost nothing and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from instances.words import money, tonnes
from optimizer.explain.words import amount
from optimizer.rule_prices import rule_prices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

    import pandas as pd

    from instances.rules.rule import RuleRecord, RuleUse
    from optimizer.options import Options
    from optimizer.result import Result

MOST_RULES = 5
"""Rules whose steps are solved."""
NEAR = 0.05
"""Room left, relative to the size of a row, below which a rule nearly binds."""
NOTHING = 1e-6
"""Savings below this part of the cost are none."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What one rule does to a plan.

    Parameters
    ----------
    kind
        "costs": a step of it would save money; "near": it nearly binds; "free": it costs nothing.
    rule
        Which.
    nodes
        Where it binds or nearly does.
    lever, unit, step
        The number that was moved, and by how much; ``None`` where none was.
    saving_usd
        What that step saves, by a solve; ``None`` where it was not solved.
    room, room_unit
        The least room left below the limit.
    sentence
        The same in words.
    """

    kind: Literal["costs", "near", "free"]
    rule: str
    nodes: tuple[str, ...]
    lever: str | None
    unit: str | None
    step: float | None
    saving_usd: float | None
    room: float | None
    room_unit: str | None
    sentence: str

    def to_plain(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return asdict(self)


def bindings_of(
    result: Result, options: Options, cancel: Event | None = None
) -> tuple[Binding, ...]:
    """Return the rules of a plan: the costliest first, then near ones, then those that are free.

    Raises
    ------
    NoPlan
        There is no plan.
    """
    problem = result.problem
    if not problem.rules:
        return ()
    table = result.rules
    rules = {rule.id: rule for rule in problem.rules}
    bound: dict[str, pd.DataFrame] = {
        str(name): rows for name, rows in table[table["binds"]].groupby("rule", sort=False)
    }
    worth = {name: _worth(rules[name], rows) for name, rows in bound.items()}
    first = sorted(bound, key=lambda name: -worth[name])[:MOST_RULES]
    priced = rule_prices(problem, first, options, cancel=cancel) if first else None
    steps: dict[str, dict[str, Any]] = {}
    for row in () if priced is None else priced.astype(object).to_dict("records"):
        saves = row["relaxing"]
        row["saving"] = None if saves is None or saves != saves else saves * row["step"]
        known = steps.get(str(row["rule"]))
        if known is None or (row["saving"] or 0.0) > (known["saving"] or 0.0):
            steps[str(row["rule"])] = {str(key): value for key, value in row.items()}
    size = NOTHING * max(1.0, abs(result.objective or 0.0))
    found = [_costs(result, rules[name], bound[name], row) for name, row in steps.items()]
    costly = [item for item in found if (item.saving_usd or 0.0) > size]
    costly.sort(key=lambda item: -(item.saving_usd or 0.0))
    told = {item.rule for item in costly}
    rest = [rule for rule in problem.rules if rule.id not in told]
    uses = {rule.id: [use for use in result.verdict.uses if use.rule == rule.id] for rule in rest}
    near = [item for rule in rest if rule.id not in bound for item in _near(result, rule, uses)]
    told |= {item.rule for item in near}
    free = [
        _free(result, rule, uses[rule.id], bound.get(rule.id), steps.get(rule.id))
        for rule in rest
        if rule.id not in told
    ]
    return (*costly, *near, *free)


def _worth(rule: RuleRecord, rows: pd.DataFrame) -> float:
    """Return an estimate of what a step of a rule saves; what has no dual is looked at first."""
    prices = rows["shadow_price_usd"].astype(float)
    if prices.isna().all():
        return float("inf")
    levers = rule.levers()
    return float(prices.fillna(0.0).sum()) * (levers[0].step if levers else 0.0)


def _nodes(rows: pd.DataFrame) -> tuple[str, ...]:
    # a rule for each of several partners has rows of all nodes for each of them
    return tuple(sorted({str(node) for node in rows["node"]}))


def _when(nodes: tuple[str, ...]) -> str:
    return ", ".join(nodes) if len(nodes) < 5 else f"{nodes[0]} to {nodes[-1]}"


def _said(result: Result, rule: RuleRecord) -> str:
    return f"{rule.sentence(result.problem.names)} ({rule.id})"


def _costs(result: Result, rule: RuleRecord, rows: pd.DataFrame, row: dict[str, Any]) -> Binding:
    nodes, saving = _nodes(rows), row["saving"]
    step = amount(row["step"], row["unit"])
    if row["unit"] == "fraction":
        step = f"{100 * row['step']:.4g} point{'' if row['step'] == 0.01 else 's'}"
    text = f"{_said(result, rule)} binds in {_when(nodes)}: "
    text += (
        f"a step of it has no plan ({row['reason']})."
        if saving is None
        else f"{step} {_way(rule, row['lever'])} would save {money(saving)}."
    )
    return Binding(
        "costs", rule.id, nodes, row["lever"], row["unit"], row["step"], saving, 0.0, None, text
    )


def _way(rule: RuleRecord, field: str) -> str:
    lever = next(item for item in rule.levers() if item.field == field)
    return f"{'more' if lever.direction > 0 else 'less'} of {field.replace('_', ' ')}"


def _near(result: Result, rule: RuleRecord, uses: dict[str, list[RuleUse]]) -> Iterator[Binding]:
    close = [use for use in uses[rule.id] if use.slack <= NEAR * max(use.scale, 1e-9)]
    if not close:
        return
    least = min(close, key=lambda use: use.slack)
    nodes = tuple(dict.fromkeys(use.node for use in close))
    text = (
        f"{_said(result, rule)} nearly binds in {_when(nodes)}: {_room(least)} of room is left in "
        f"{least.node}."
    )
    yield Binding("near", rule.id, nodes, None, None, None, None, least.slack, least.measure, text)


def _free(
    result: Result,
    rule: RuleRecord,
    uses: list[RuleUse],
    rows: pd.DataFrame | None,
    row: dict[str, Any] | None,
) -> Binding:
    nodes = () if rows is None else _nodes(rows)
    least = min(uses, key=lambda use: use.slack, default=None)
    saving = None if row is None else row["saving"]
    if least is None:
        text = f"{_said(result, rule)} costs nothing, because it holds in no period."
    elif rows is None:
        text = (
            f"{_said(result, rule)} costs nothing, because the cheapest plan keeps it anyway: "
            f"at least {_room(least)} of room is left ({least.node})."
        )
    elif saving is None:
        step = _worth(rule, rows)
        by = f"is worth about {money(step)} by its dual" if step < float("inf") else "has no price"
        text = f"{_said(result, rule)} binds in {_when(nodes)}; a step of it {by}, not solved."
    else:
        text = (
            f"{_said(result, rule)} binds in {_when(nodes)} but costs nothing, because a step "
            "more of room leads to no cheaper plan: something else holds the plan there."
        )
    return Binding(
        "free",
        rule.id,
        nodes,
        None if row is None else row["lever"],
        None if row is None else row["unit"],
        None if row is None else row["step"],
        saving,
        None if least is None else least.slack,
        None if least is None else least.measure,
        text,
    )


def _room(use: RuleUse) -> str:
    if use.measure == "t":
        return tonnes(use.slack)
    return amount(use.slack, use.measure)
