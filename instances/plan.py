"""The plan: every decision as long tables keyed by ids, apart from the problem it answers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    import pandas as pd

COLUMNS: dict[str, tuple[str, ...]] = {
    "purchases": ("node", "offer", "tranche", "tonnes"),
    "signings": ("node", "contract", "share"),
    "forgone": ("node", "contract", "tonnes"),
    "shipments": ("node", "lane", "commodity", "tag", "tonnes"),
    "deliveries": ("node", "demand", "tag", "tonnes"),
    "shortfalls": ("node", "demand", "tier", "tonnes"),
    "backlogs": ("node", "demand", "tonnes"),
    "sales": ("node", "outlet", "tag", "tonnes"),
    "runs": ("node", "facility", "process", "blend", "tonnes"),
    "uses": ("node", "facility", "process", "blend", "commodity", "tag", "tonnes"),
    "disposals": ("node", "commodity", "tag", "country", "tonnes"),
    "recoveries": ("node", "recycling", "tonnes"),
    "substitutes": ("node", "substitution", "tag", "tonnes"),
    "builds": ("node", "expansion", "size"),
    "running": ("node", "facility", "on"),
    "sailing": ("node", "lane", "on"),
    "ordering": ("node", "offer", "on"),
    "qualifications": ("node", "offer", "on"),
    "stocks": ("node", "stockpile", "tag", "fill", "draw", "stock"),
    "handling": ("node", "stockpile", "rotate", "lend", "restore"),
    "pooling": (
        *("node", "stockpile", "member", "withdraw", "overdraw"),
        *("give_back", "set_off", "entitled"),
    ),
    "allotments": ("node", "stockpile", "offer", "tranche", "tonnes"),
    "funding": ("node", "fund", "equity", "borrow", "repay", "debt", "cash"),
    "choices": ("node", "rule", "goods", "seller", "chosen"),
    "excesses": ("node", "rule", "who", "goods", "amount"),
}


@dataclass(frozen=True, eq=False)
class Plan:
    """What is bought, moved, stored, delivered and left short.

    Parameters
    ----------
    purchases
        Tonnes bought, by node, offer and tranche (counted from 0; the contracts on an offer follow
        its tranches, in the order of the problem).
    signings
        Fraction of a contract that is signed at the node, by node and contract.
    forgone
        Tonnes paid for and not taken, by node and contract.
    shipments
        Tonnes loaded, by node, lane, commodity and tag.
    deliveries
        Tonnes delivered, by node, demand and tag.
    shortfalls
        Tonnes unmet, by node, demand and tier (counted from 0).
    backlogs
        Tonnes owed at the end of the period, to be delivered later, by node and demand.
    sales
        Tonnes sold to outlets, by node, outlet and tag.
    runs
        Tonnes of activity, by node, facility, process and blend (the mix of inputs told apart).
    uses
        Tonnes taken by a blend, by commodity and tag.
    disposals
        Tonnes of surplus thrown away where they are made, by commodity and tag.
    recoveries
        Tonnes recycled, by node and recycling.
    substitutes
        Tonnes of demand served by a substitute, by node, substitution and the substitute's tag.
    builds
        Tonnes per year of capacity decided on, by node and expansion.
    running, sailing, ordering
        Whether a facility runs, a lane is used, an offer is bought (0 or 1), where that is a
        choice.
    qualifications
        Whether qualifying an offer is decided at the node (0 or 1), where it has to be.
    stocks
        Tonnes put in, taken out and held at the end, by node, stockpile and tag.
    handling
        Tonnes of what is drawn that are replaced at once or lent, and of what is put in that loans
        bring back, by node and stockpile.
    pooling
        Tonnes a member draws on its entitlement and beyond it, gives back and sets off for that,
        and may still draw at the end, by node, shared stockpile and member.
    allotments
        Tonnes bought that a fund pays for a stockpile, by node, stockpile, offer and tranche.
    funding
        USD paid in, drawn and repaid in a period, owed and held at its end, by node and fund.
    choices
        Whether a rule counts a seller, or takes it on as a new one at the node (0 or 1).
    excesses
        What lies beyond the limit of a rule's row: tonnes, dollars for a cap by value, or a count.
    """

    purchases: pd.DataFrame
    signings: pd.DataFrame
    forgone: pd.DataFrame
    shipments: pd.DataFrame
    deliveries: pd.DataFrame
    shortfalls: pd.DataFrame
    backlogs: pd.DataFrame
    sales: pd.DataFrame
    runs: pd.DataFrame
    uses: pd.DataFrame
    disposals: pd.DataFrame
    recoveries: pd.DataFrame
    substitutes: pd.DataFrame
    builds: pd.DataFrame
    running: pd.DataFrame
    sailing: pd.DataFrame
    ordering: pd.DataFrame
    qualifications: pd.DataFrame
    stocks: pd.DataFrame
    handling: pd.DataFrame
    pooling: pd.DataFrame
    allotments: pd.DataFrame
    funding: pd.DataFrame
    choices: pd.DataFrame
    excesses: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def at(self, nodes: Set[str]) -> Self:
        """Return what the plan decides at some nodes."""
        return type(self)(
            **{
                name: table[table["node"].isin(nodes)].reset_index(drop=True)
                for name, table in self.tables().items()
            }
        )

    def to_plain(self) -> dict[str, dict[str, list[Any]]]:
        """Return the tables as plain columns."""
        return {
            name: {str(column): values.tolist() for column, values in table.items()}
            for name, table in self.tables().items()
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Mapping[str, list[Any]]]) -> Self:
        """Return the plan that `to_plain` was made from."""
        import pandas as pd

        return cls(
            **{
                name: pd.DataFrame({column: plain[name][column] for column in columns})
                for name, columns in COLUMNS.items()
            }
        )
