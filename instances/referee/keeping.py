"""Keeping of the rules: how far each row is used, what lies beyond it, and who counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from instances.referee.faults import Faults, figure, tolerance
from instances.referee.sellers import check_sellers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.ledger import Ledger
    from instances.referee.entries import Entries
    from instances.referee.terms import Terms
    from instances.rules.rule import RuleUse

    Floats = NDArray[np.float64]


def check_rules(
    terms: Terms, entries: Entries, ledger: Ledger, faults: Faults
) -> tuple[RuleUse, ...]:
    """Return the use of every row of every rule, and add to ``faults`` what breaks one."""
    uses = tuple(
        use for rule in terms.problem.rules for use in rule.use(_in_force(terms, ledger, rule.id))
    )
    scale = np.array([use.scale for use in uses], dtype=float)
    slack = np.array([use.slack for use in uses], dtype=float)
    excess = np.array([use.excess for use in uses], dtype=float)
    hard = np.array([use.hard for use in uses], dtype=bool)
    leeway = np.array([use.leeway for use in uses], dtype=float)

    def name(use: RuleUse) -> str:
        return f"Rule {use.rule!r} ({use.who}, {use.goods}) in {use.node}"

    def broken(position: int) -> str:
        use = uses[position]
        value = "nothing to share" if use.value is None else figure(use.value)
        return (
            f"{name(use)} is broken by {figure(-use.slack)} {use.measure}: {value} against a "
            f"limit of {figure(use.limit)} ({use.unit}), with {figure(use.excess)} "
            f"{use.measure} declared beyond it."
        )

    def forbidden(position: int) -> str:
        use = uses[position]
        return (
            f"{name(use)} is hard, but {figure(use.excess)} {use.measure} are declared beyond it; "
            "0 is allowed."
        )

    faults.where(slack < -tolerance(scale) - leeway, broken)
    faults.where(hard & (excess > tolerance(scale)), forbidden)
    _declared(terms, entries, uses, faults)
    check_sellers(terms, entries, ledger, faults)
    return uses


def _in_force(terms: Terms, ledger: Ledger, rule: str) -> Ledger:
    """Return the ledger without the nodes at which an event waives a rule."""
    waived = {node.id for node in terms.nodes if rule in node.waived}
    if not waived:
        return ledger
    held = {name: period for name, period in ledger.periods.items() if name not in waived}
    return replace(ledger, periods=held)


def _declared(terms: Terms, entries: Entries, uses: tuple[RuleUse, ...], faults: Faults) -> None:
    rows = {(use.rule, use.who, use.goods, use.node) for use in uses}
    columns = entries.columns("excesses", "rule", "who", "goods", "node", "amount")
    declared = [
        ((rule, who, goods, terms.nodes[node].id), amount)
        for rule, who, goods, node, amount in zip(*columns, strict=True)
    ]
    lost = np.array([key not in rows for key, _ in declared], dtype=bool)

    def say(position: int) -> str:
        (rule, who, goods, node), amount = declared[position]
        return (
            f"Table excesses declares {figure(amount)} for rule {rule!r} ({who}, {goods}) in "
            f"{node}; no rule has that row."
        )

    faults.where(lost, say)


def penalties(terms: Terms, uses: tuple[RuleUse, ...]) -> Floats:
    """Return the USD by node that soft rules charge for what lies beyond them."""
    place = {node.id: number for number, node in enumerate(terms.nodes)}
    dollars = np.zeros(len(terms.nodes))
    for use in uses:
        dollars[place[use.node]] += (use.charge or 0.0) * use.excess
    return dollars
