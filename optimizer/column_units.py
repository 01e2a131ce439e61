"""The unit of a column of a result, in words: as its name tells it, or as listed here."""

from __future__ import annotations

ENDINGS = {
    "_usd_per_t": "USD/t",
    "_usd_per_usd": "USD per USD",
    "_d_per_musd": "days per million USD",
    "_t_per_yr": "t/yr",
    "_usd": "USD",
    "_t": "t",
    "_d": "days",
    "_fraction": "fraction of 1",
    "_share": "fraction of 1",
}
"""What the end of a column's name says; the longest that fits counts."""
OTHERS = {
    ("members", "share"): "fraction of 1",
    ("nodes", "probability"): "fraction of 1",
    ("offers", "tranche"): "number, from 0",
    ("producers", "rate"): "fraction of 1 a year",
    ("purchases", "tranche"): "number, from 0",
    ("scenarios", "probability"): "fraction of 1",
    ("shares", "share_of_deliveries"): "fraction of 1",
    ("shares", "share_of_demand"): "fraction of 1",
    ("shares", "share_of_supply"): "fraction of 1",
    ("survival", "met"): "fraction of 1",
    ("survival", "required"): "fraction of 1",
    ("indices", "value"): "as in the column unit",
    ("goals", "least"): "as in the column unit",
    ("goals", "value"): "as in the column unit",
    ("goals", "tolerance"): "fraction of 1",
    ("rules", "limit"): "as in the column unit",
    ("rules", "value"): "as in the column unit",
    ("rules", "slack"): "as in the column slack_unit",
    ("rules", "excess"): "as in the column slack_unit",
    ("rules", "shadow_price_usd"): "USD per what the column shadow_price_per says",
    ("rules", "per_tonne_usd"): "USD/t",
    ("rule_prices", "step"): "as in the column unit",
    ("rule_prices", "holds_tighter"): "as in the column unit",
    ("rule_prices", "holds_looser"): "as in the column unit",
    ("rule_prices", "dual"): "USD per 1 of the column unit",
    ("rule_prices", "relaxation_dual"): "USD per 1 of the column unit",
    ("rule_prices", "relaxing"): "USD per 1 of the column unit",
    ("rule_prices", "tightening"): "USD per 1 of the column unit",
    ("survival", "shadow_price_usd"): "USD per 1.0 of what must be met",
}


def unit_of(table: str, column: str) -> str | None:
    """Return the unit of a column in words, ``None`` for text, dates and truth values."""
    listed = OTHERS.get((table, column))
    if listed is not None:
        return listed
    fitting = [ending for ending in ENDINGS if column.endswith(ending)]
    return ENDINGS[max(fitting, key=len)] if fitting else None
