"""What a share rule counts: the purchases, runs, deliveries and stocks that are a party's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.rules.share_scope import Basis
from instances.tags import ANY, belongs
from models.network import Network, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instances.directory import Party
    from instances.rules.share import ShareRule
    from models.rows import Row

PARTS = {
    "BOUGHT": 2,
    "MADE": 4,
    "DELIVERED": 2,
    "USED": 5,
    "SWAPPED": 2,
    "STORED": 2,
    "SOLD": 2,
}
"""What a share counts, and by how many ids a member of it goes."""


def parts_of(network: Network, row: Row[ShareRule], party: Party | None) -> dict[str, list[Any]]:
    """Return the members of B, M, D, S and X for ``party`` (everybody if None)."""
    rule, problem, goods = row.rule, network.problem, row.line.commodities
    buyers = rule.buyers

    seen: dict[str, bool] = {}

    def ours(tag: str) -> bool:
        found = seen.get(tag)
        if found is None:
            found = seen[tag] = _ours(tag, party, rule)
        return found

    def lots(records: Iterable[Any]) -> list[tuple[str, str]]:
        chosen = [
            record
            for record in records
            if record.commodity in goods and (buyers is None or record.country in buyers)
        ]
        return [(name, tag) for name, tag in tagged(network, chosen) if ours(tag)]

    served = {demand.id: demand.country for demand in problem.demand}
    parts: dict[str, list[Any]] = {part: [] for part in PARTS}
    if rule.basis is Basis.BOUGHT:
        direct = rule.origin == "direct"
        parts["BOUGHT"] = [
            (offer.id, tranche)
            for name in goods
            for offer, tranche in network.offers_of.get(name, ())
            if (
                party is None
                or (
                    party.includes(offer.country, offer.supplier)
                    if direct
                    else ours(network.offer_tag[offer.id])
                )
            )
        ]
        parts["MADE"] = [
            (*blend.key, name)
            for name in goods
            for facility, made in network.makers.get(name, ())
            if party is None or not direct or party.includes(facility.country, facility.id)
            for blend, tag in made
            if party is None or direct or ours(tag)
        ]
    else:
        users = [
            demand
            for demand in problem.demand
            if rule.demand_class is None or demand.demand_class == rule.demand_class
        ]
        parts["DELIVERED"] = lots(users)
        if rule.basis is Basis.RECEIVED:
            parts["STORED"] = lots(problem.stockpiles)
            parts["USED"] = [
                (*blend.key, name, tag)
                for name in goods
                for blend in network.users.get(name, ())
                if buyers is None or blend.facility.country in buyers
                for tag in blend.taken[name]
                if ours(tag)
            ]
            parts["SWAPPED"] = [
                (item.id, tag)
                for item in problem.substitutions
                if item.commodity in goods and (buyers is None or served[item.demand] in buyers)
                for tag in network.tags(item.commodity, served[item.demand])
                if ours(tag)
            ]
            if party is not None:
                parts["SOLD"] = lots(problem.outlets)
    if rule.basis is Basis.BOUGHT and party is None and rule.denominator == "supply":
        parts["SOLD"] = lots(problem.outlets)
    return parts


def _ours(tag: str, party: Party | None, rule: ShareRule) -> bool:
    if party is None or tag == ANY:
        return True
    known = belongs(tag, party, rule.origin)
    return rule.counts_unknown if known is None else known
