"""Warnings: what a reader of a plan's numbers should know before quoting them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.contestable import taken_sentences
from instances.keep import keeps
from instances.rules import ShareCap
from instances.tags import Tagging
from instances.words import percent, tonnes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.check import Verdict
    from instances.plan import Plan
    from instances.problem import Problem

APART = 0.05
"""Shares bought and delivered that differ by more than this are told."""


def warnings_of(problem: Problem, plan: Plan, verdict: Verdict) -> tuple[str, ...]:
    """Return the warnings of a plan."""
    return (
        *_shortfalls(problem, plan),
        *_late(problem, plan),
        *_bought_not_delivered(problem, plan),
        *taken_sentences(problem, plan),
    )


def _shortfalls(problem: Problem, plan: Plan) -> Iterator[str]:
    short = plan.shortfalls.groupby("demand")["tonnes"].sum()
    for demand in problem.demand:
        missing = float(short.get(demand.id, 0.0))
        if missing > 1e-6:
            nodes = plan.shortfalls.query("demand == @demand.id")["node"].unique()
            goods = problem.names.commodity(demand.commodity)
            yield (
                f"{tonnes(missing)} of {goods} for {demand.id} stay unmet, in "
                f"{', '.join(map(str, nodes))}."
            )


def _late(problem: Problem, plan: Plan) -> Iterator[str]:
    for name, rows in plan.backlogs.groupby("demand"):
        owed = dict(zip(rows["node"], rows["tonnes"].astype(float), strict=True))
        node = max(owed, key=lambda node: owed[node])
        most = ", the most of all periods" if len(owed) > 1 else ""
        yield f"{name} is met late: {tonnes(owed[node])} are owed at the end of {node}{most}."


def _bought_not_delivered(problem: Problem, plan: Plan) -> Iterator[str]:
    """Tell where a cap on purchases differs from what is delivered, because stock lies between."""
    from optimizer.share_table import shares
    from optimizer.tables import unmet

    kept = keeps(problem)
    table = shares(problem, plan)
    needed = unmet(problem, plan).groupby(["node", "commodity"])["needed_t"].sum()
    for rule in problem.rules:
        if not isinstance(rule, ShareCap) or rule.needs_tags or rule.denominator == "value":
            continue
        for line in rule.lines(problem.directory):
            party, (goods, *_) = line.party, line.commodities
            if party is None or party.by_supplier or kept[goods].seller is Tagging.NONE:
                continue
            ours = table["country"].isin(party.countries) & (table["commodity"] == goods)
            sums = table[ours].groupby("node")[["bought_t", "delivered_t"]].sum()
            sold, given = sums["bought_t"].to_dict(), sums["delivered_t"].to_dict()
            gaps = {
                node.id: abs(given[node.id] - sold[node.id]) / float(needed[node.id, goods])
                for node in problem.nodes
                if node.id in sold
                and rule.limit(node.period) is not None
                and needed.get((node.id, goods), 0.0) > 0
            }
            node_id = max(gaps, key=lambda name: gaps[name], default=None)
            if node_id is not None and gaps[node_id] > APART:
                need = float(needed[node_id, goods])
                bought, delivered = sold[node_id] / need, given[node_id] / need
                yield (
                    f"{rule.id}: {problem.names.party(party)} sells {percent(bought)} of "
                    f"{problem.names.commodity(goods)} demand in {node_id}, but "
                    f"{percent(delivered)} of it is met with goods from there: stock is "
                    f"{'drawn' if delivered > bought else 'filled'}."
                    f"{_advice(problem, party.label, goods)}"
                )


def _advice(problem: Problem, who: str, goods: str) -> str:
    """Return what to do about it, unless a rule does it already."""
    for rule in problem.rules:
        if isinstance(rule, ShareCap) and rule.denominator == "deliveries":
            for line in rule.lines(problem.directory):
                if (line.who, line.goods) == (who, goods):
                    return f" {rule.id} limits that."
    return " A cap with denominator deliveries limits that."
