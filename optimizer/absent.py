"""Why cells of a result's tables are empty: the row's own reason, or that of the column."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

NO_LOTS = "no rule keeps the seller with the lot (see custody)"
NOTHING_NEEDED = "nothing of it is needed in that period"
NO_SHORTFALL = "nothing stays unmet"
NO_DUALS = "the solve ended without duals"
NO_STRETCH = "there are yes/no choices, or the cost does not move in straight lines"
NOT_KNOWN = "not known"
REASONS = {
    ("nodes", "parent"): "it is the first node",
    ("nodes", "scenarios"): "there are no scenarios",
    ("offers", "contract"): "for sale without a contract",
    ("offers", "room_t"): "it has no limit, or takes from that of its offer",
    ("offers", "landed_usd_per_t"): "no lane leads straight to a user",
    ("purchases", "contract"): "bought without a contract",
    ("contracts", "signed_fraction"): "signed before the horizon",
    ("contracts", "price_usd_per_t"): "the contract has no price on that day",
    ("deliveries", "seller"): NO_LOTS,
    ("shipments", "seller"): NO_LOTS,
    ("shares", "delivered_t"): NO_LOTS,
    ("shares", "share_of_deliveries"): f"{NO_LOTS}, or nothing is delivered in that period",
    ("shares", "share_of_demand"): NOTHING_NEEDED,
    ("shares", "share_of_supply"): "nothing of it is bought or made in that period",
    ("stocks", "cover_d"): "there is no demand to cover",
    ("unmet", "unmet_fraction"): NOTHING_NEEDED,
    ("producers", "price_usd_per_t"): "nothing of it is sold",
    ("producers", "break_even_usd_per_t"): "nothing of it is sold",
    ("producers", "break_even_if_full_usd_per_t"): "capacity has no limit: nothing is ever full",
    ("producers", "floor_to_build_usd_per_t"): "capacity has no limit: nothing is ever full",
    ("reserves", "most_cover_d"): "there is no demand to cover",
    ("reserves", "cover_d_per_musd"): "no money is spent on it, or it covers no day",
    ("reserves", "avoided_usd_per_usd"): "no money is spent on it",
    ("indices", "reason"): "the index has a value",
    ("indices", "assumption"): "nothing is assumed",
    ("rules", "reason"): "the row has a price",
    ("rules", "value"): "there is nothing to take a share of",
    ("rules", "slack"): "there is nothing to take a share of",
    ("rules", "per_tonne_usd"): "the room of the rule is not in tonnes",
    ("rules", "shadow_price_per"): "the row has no price",
    ("rule_prices", "dual"): NO_DUALS,
    ("rule_prices", "dual_kind"): NO_DUALS,
    ("rule_prices", "relaxation_dual"): "the model has no yes/no choices",
    ("rule_prices", "relaxing"): "the step has no plan, or the number is at its end",
    ("rule_prices", "tightening"): "the step has no plan, or the number is at its end",
    ("rule_prices", "holds_tighter"): NO_STRETCH,
    ("rule_prices", "holds_looser"): NO_STRETCH,
    ("rule_prices", "reason"): "nothing is missing",
    ("share_intervals", "reason"): "nothing is missing",
    ("share_intervals", "whole_t"): "the share is one of money",
    ("share_intervals", "reported_share"): "there is nothing to take a share of",
    ("share_intervals", "proportional_share"): "there is nothing to take a share of",
    ("scenarios", "first_unmet"): NO_SHORTFALL,
    ("scenarios", "survive_d"): f"{NO_SHORTFALL}, or nothing happens",
    ("scenarios", "recover_d"): f"{NO_SHORTFALL}, or the shortfall lasts to the end",
    ("survival", "demand_class"): "every class of demand counts",
    ("survival", "met"): NOTHING_NEEDED,
    ("survival", "shadow_price_usd"): NO_DUALS,
    ("goals", "demand_class"): "the goal is about all demand",
    ("goals", "least"): "the goal was not sought",
    ("goals", "tolerance"): "the goal is not held",
}
"""What it means that a cell of a table and column is empty and its row gives no reason."""


def absences(name: str, table: pd.DataFrame) -> Iterator[tuple[str, int, str]]:
    """Yield column, number of empty cells and their reason, for each reason there is.

    Parameters
    ----------
    name
        Name of the table.
    table
        Its rows.
    """
    for column in table.columns:
        empty = table[column].isna()
        if not empty.any():
            continue
        general = REASONS.get((name, str(column)), NOT_KNOWN)
        if column == "reason" or "reason" not in table:
            found = Counter({general: int(empty.sum())})
        else:
            told = table.loc[empty, "reason"]
            found = Counter(text if isinstance(text, str) else general for text in told)
        for reason, count in found.items():
            yield str(column), count, reason
