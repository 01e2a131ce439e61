"""Everything but rules that a plan is judged by, in the order in which faults are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.referee.balances import check_balances
from instances.referee.buying import check_buying
from instances.referee.capacity import check_capacity
from instances.referee.contracts import check_contracts
from instances.referee.funds import check_funds
from instances.referee.handling import check_handling
from instances.referee.limits import Limits
from instances.referee.pools import check_pools
from instances.referee.recipes import check_recipes
from instances.referee.unlikely import check_unlikely

if TYPE_CHECKING:
    from instances.referee.entries import Entries
    from instances.referee.faults import Faults
    from instances.referee.terms import Terms


def judge(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` what is wrong with the tonnes and choices of a plan."""
    Limits(terms, entries, faults).check()
    check_buying(terms, entries, faults)
    check_contracts(terms, entries, faults)
    check_capacity(terms, entries, faults)
    check_recipes(terms, entries, faults)
    check_balances(terms, entries, faults)
    check_handling(terms, entries, faults)
    check_pools(terms, entries, faults)
    check_funds(terms, entries, faults)
    check_unlikely(terms, entries, faults)
