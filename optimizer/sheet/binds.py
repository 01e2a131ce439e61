"""What binds in a plan, and what it costs: each rule dropped alone, and a step of it.

Both are savings of the least cost, USD discounted under the problem's perspective: by a solve
without the rule, and by its shadow prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.record import with_fields
from models.build import build
from optimizer.compile import compile_frame
from optimizer.engine.program import Program

if TYPE_CHECKING:
    from optimizer.answer import Watch
    from optimizer.options import Options
    from optimizer.result import Result
    from optimizer.sheet.looks import Looks

MOST_RULES = 6
"""Rules that are dropped, one after the other."""
ROUNDING = 1e-9
"""Part of the cost that is no saving."""


@dataclass(frozen=True, slots=True)
class Bind:
    """A rule that binds.

    Parameters
    ----------
    rule, sentence
        Which.
    nodes
        Where it binds.
    whole_usd
        What the plan would save without the rule; ``None`` where that was not solved, or where
        cost then falls without end.
    gap_usd
        How far above the least either cost may lie: 0 for a linear program.
    price_usd, per, price_node
        The largest shadow price, undiscounted: saving per 1.0 of share, tonne or USD more of the
        limit, and where; ``None`` without one.
    price_kind
        What the shadow price rests on: "lp", or "fixed_integers" with yes/no choices as they are.
    reason
        Why a number is missing.
    """

    rule: str
    sentence: str
    nodes: tuple[str, ...]
    whole_usd: float | None
    gap_usd: float
    price_usd: float | None
    per: str | None
    price_node: str | None
    price_kind: str | None
    reason: str | None


def count_dropped(result: Result) -> int:
    """Return how many rules `binds_of` drops."""
    table = result.rules
    if table.empty:
        return 0
    return min(MOST_RULES, int(table.loc[table["binds"].astype(bool), "rule"].nunique()))


def binds_of(result: Result, options: Options, watch: Watch, looks: Looks) -> tuple[Bind, ...]:
    """Return the rules that bind, those that cost most first."""
    problem, table = result.problem, result.rules
    if table.empty:
        return ()
    bound = table[table["binds"].astype(bool)]
    rules = {rule.id: rule for rule in problem.rules}
    prices: dict[str, dict[str, Any]] = {}
    nodes: dict[str, tuple[str, ...]] = {}
    worth: dict[str, float] = {}
    for name, rows in bound.groupby("rule", sort=False):
        nodes[str(name)] = tuple(dict.fromkeys(str(node) for node in rows["node"]))
        dollars = rows["shadow_price_usd"].astype(float)
        worth[str(name)] = float(dollars.sum()) if dollars.notna().any() else float("inf")
        place = int(dollars.argmax()) if dollars.notna().any() else 0
        row = rows.iloc[place]
        prices[str(name)] = {str(key): value for key, value in row.items()}
    ranked = sorted(worth, key=lambda name: (-_size(rules[name], worth[name]), name))
    found = []
    for number, name in enumerate(ranked):
        whole, gap, reason = None, 0.0, "not among the first that were dropped"
        if number < MOST_RULES:
            whole, gap, reason = _dropped(result, name, options, watch)
            looks.taken()
        top = prices[name]
        price = top["shadow_price_usd"]
        known = price is not None and price == price
        if not known and isinstance(top["reason"], str):
            reason = "; ".join(text for text in (reason, top["reason"]) if text)
        found.append(
            Bind(
                name,
                rules[name].sentence(problem.names),
                nodes[name],
                whole,
                gap,
                float(price) if known else None,
                str(top["shadow_price_per"]) if known else None,
                str(top["node"]) if known else None,
                str(top["dual_kind"]) if known and isinstance(top["dual_kind"], str) else None,
                reason or None,
            )
        )
    return tuple(sorted(found, key=lambda item: -(item.whole_usd or 0.0)))


def _size(rule: Any, worth: float) -> float:
    """Return an estimate of what a step of a rule saves."""
    levers = rule.levers()
    return worth * (levers[0].step if levers else 1.0)


def _dropped(
    result: Result, name: str, options: Options, watch: Watch
) -> tuple[float | None, float, str]:
    """Return what the least cost falls by without a rule, its gap, and why it is not known."""
    if watch.over:
        return None, 0.0, "time ran out"
    problem = result.problem
    rules = tuple(rule for rule in problem.rules if rule.id != name)
    freer = with_fields(problem, rules=rules)
    answer = Program.of(freer.realised, compile_frame(build(freer)), options).run(watch)
    assert result.objective is not None
    if answer.objective is None:
        return None, 0.0, f"without it the solve ends {answer.status}"
    saving = result.objective - answer.objective
    gap = (result.gap or 0.0) * abs(result.objective)
    gap += (answer.gap or 0.0) * abs(answer.objective)
    return (0.0 if abs(saving) <= ROUNDING * abs(result.objective) else saving), gap, ""
