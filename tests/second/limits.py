"""What the second program limits: shares of countries and owners, and what is in the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.second.raw import Data, number, on
from tests.second.tree import Node, way, worth

if TYPE_CHECKING:
    from tests.program import Program, Terms


@dataclass(frozen=True)
class Sale:
    """A column of what an offer or a pit sells of a good, and the tonnes of each unit of it."""

    seller: Data
    good: str
    column: object
    tonnes: float
    node: Node

    @property
    def name(self) -> str:
        """Who sells: a supplier, or a pit by its id."""
        return str(self.seller.get("supplier", self.seller["id"]))


def cap(made: Program, plain: Data, node: Node, sales: list[Sale]) -> None:
    """Add the share caps of a node: on who sells, or with a stake on who holds the seller."""
    for rule in plain["rules"]:
        if rule["kind"] != "share_cap":
            continue
        needed = sum(
            on(item["quantity"], node.start) * node.years
            for item in plain["demand"]
            if item["commodity"] == rule["commodity"]
        )
        homes = plain.get("groups", {}).get(rule["of"], [rule["of"]])
        counted: Terms = {}
        for sale in sales:
            here = sale.seller["country"] in homes
            if "stake" in rule:
                here = _held(sale.seller, rule["of"], homes) >= number(rule["stake"]) - 1e-9
            if here and sale.good == rule["commodity"]:
                counted[sale.column] = -sale.tonnes
        most = on(rule["max_share"], node.start) * needed
        at_least(made, plain, node, rule, counted, -most)


def _held(seller: Data, of: str, homes: list[str]) -> float:
    """Return the part of a seller held by an entity, or by all at home in some countries."""
    owners = seller.get("owners", ())
    total = sum(number(owner["stake"]) for owner in owners)
    found = sum(
        number(owner["stake"])
        for owner in owners
        if owner["entity"] == of or owner["home"] in homes
    )
    # nobody states who holds the rest: whoever is at home where it sells
    return found + (1 - total if seller["country"] in homes else 0)


def keep_in_ground(made: Program, plain: Data, sales: list[Sale]) -> None:
    """Add at the end of every branch that no more was taken on the way than there is."""
    ends = list(dict.fromkeys(sale.node for sale in sales if sale.node.last))
    for rule in plain["rules"]:
        if rule["kind"] != "reserve_limit":
            continue
        homes = plain.get("groups", {}).get(rule["of"], [rule["of"]])
        for end in ends:
            passed = way(end)
            taken: Terms = {
                sale.column: -sale.tonnes
                for sale in sales
                if sale.good == rule["commodity"]
                if sale.node in passed
                if sale.seller.get("ore", sale.seller["country"]) in homes
                or sale.name == rule["of"]
            }
            at_least(made, plain, end, rule, taken, -number(rule["reserves"]))


def at_least(
    made: Program, plain: Data, node: Node, rule: Data, terms: Terms, least: float
) -> None:
    """Add a row that a rule asks for, or that may be missed at its penalty."""
    if "penalty" in rule:
        over = ("over", rule["id"], node)
        made.column(over, number(rule["penalty"]) * worth(plain, node))
        terms = terms | {over: 1.0}
    made.row(terms, low=least)
