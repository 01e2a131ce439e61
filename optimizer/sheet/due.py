"""What a plan settles before the next known date, summed: what is told by name, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.accounts import ACCOUNTS, AT_THE_END

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from optimizer.result import Result
    from optimizer.sheet.calendar import Commitment

MOST_NAMED = 12
"""Commitments that are told by name, stocks apart."""
APART = AT_THE_END | {"signing", "qualification", "capex", "grant"}
"""Accounts whose money commitments tell, or that fall due at the end."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is settled before the next known date; without one, before the first period is over.

    Money is undiscounted.

    Parameters
    ----------
    until
        Day up to which it is counted: the end of the last period that begins before the date.
    usd
        What contracts, plants, qualifications and purchases to be settled take up to that day;
        a plant its whole capital cost.
    running_usd
        What the plan pays besides up to that day: deliveries under contracts, runs of plants,
        freight, duties and storage, less what it sells; what is charged for shortfall, delay and
        fines apart.
    named
        Ids of the commitments that are told by name, stocks apart: table and id.
    rest, rest_usd
        How many are not, and what they take.
    later
        How many are to be settled after the date.
    """

    until: date
    usd: float
    running_usd: float
    named: tuple[tuple[str, str], ...]
    rest: int
    rest_usd: float
    later: int


def due_of(result: Result, commitments: Sequence[Commitment], next_date: date | None) -> Due:
    """Return what is due before a date."""
    problem = result.problem
    count = len(problem.branches)
    limit = next_date or problem.nodes[0].period.end
    before = [
        node
        for node in problem.nodes
        if node.period.start < limit and len(node.scenarios) == count
    ]
    urgent = [item for item in commitments if item.kind != "store" and item.by < limit]
    named = sorted(urgent, key=_firmness)[:MOST_NAMED]
    rest = [item for item in urgent if item not in named]
    bought = sum(item.usd or 0.0 for item in urgent if item.kind == "buy")
    return Due(
        until=max(node.period.end for node in before),
        usd=sum(item.usd or 0.0 for item in urgent),
        running_usd=_paid(result, {node.id for node in before}) - bought,
        named=tuple((item.table, item.id) for item in named),
        rest=len(rest),
        rest_usd=sum(item.usd or 0.0 for item in rest),
        later=sum(1 for item in commitments if item.kind != "store" and item.by >= limit),
    )


def _firmness(item: Commitment) -> tuple[int, float]:
    """Return what is named first: what binds for years, then money."""
    return (0 if item.kind in ("sign", "build", "qualify") else 1, -(item.usd or 0.0))


def _paid(result: Result, nodes: set[str]) -> float:
    """Return what goods and their way cost at nodes, whoever's loan or fund it is paid from."""
    problem = result.problem
    counts = {
        account.name: account.counts(problem.perspective)
        for account in ACCOUNTS
        if not account.harm and not account.finance and account.name not in APART
    }
    table = result.costs
    own = table[table["node"].isin(nodes) & table["account"].isin(counts)]
    return float((own["account"].map(counts) * own["amount_usd"]).sum())
