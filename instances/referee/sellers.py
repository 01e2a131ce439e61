"""Sellers: the yes/no choices of rules that count sellers, and what a choice allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from instances.referee.faults import TOLERANCE, Faults, figure, tolerance
from instances.rules import MaxNewSellers, MinSuppliers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.ledger import Ledger
    from instances.referee.entries import Entries
    from instances.referee.terms import Terms
    from instances.rules.rule import Line

    Chosen = Mapping[tuple[str, str, str, str], float]

Kind = TypeVar("Kind", MinSuppliers, MaxNewSellers)


def check_sellers(terms: Terms, entries: Entries, ledger: Ledger, faults: Faults) -> None:
    """Add to ``faults`` the choices that no rule has, and the sales that no choice allows."""
    columns = entries.columns("choices", "rule", "goods", "seller", "node", "chosen")
    chosen = {
        (rule, goods, seller, terms.nodes[node].id): float(number)
        for rule, goods, seller, node, number in zip(*columns, strict=True)
    }
    strange = dict(_strange(terms, ledger, chosen))
    faults.several(list(strange.values()))
    chosen = {key: number for key, number in chosen.items() if key not in strange}
    faults.several(list(_halved(chosen)))
    faults.several(list(_too_small(terms, ledger, chosen)))
    faults.several(list(_some(terms, ledger)))
    faults.several(list(_not_taken_on(terms, ledger, chosen)))


def _name(key: tuple[str, str, str, str]) -> str:
    rule, goods, seller, node = key
    return f"Choice of {seller!r} for rule {rule!r} ({goods}) in {node}"


def _strange(
    terms: Terms, ledger: Ledger, chosen: Chosen
) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    """Yield the choices of nobody, or for no rule, each with what to say."""
    sellers = {
        (rule.id, line.goods): (rule, _sellers(terms, ledger, rule, line))
        for rule in terms.problem.rules
        if isinstance(rule, MinSuppliers | MaxNewSellers)
        for line in rule.lines(ledger.directory)
    }
    for key in chosen:
        rule_id, goods, seller, node = key
        rule, known = sellers.get((rule_id, goods), (None, frozenset[str]()))
        if rule is None or not rule.holds(ledger.periods[node]):
            yield key, f"{_name(key)}: no rule has that row."
        elif seller not in known:
            yield key, f"{_name(key)}: that seller does not exist."


def _halved(chosen: Chosen) -> Iterator[str]:
    for key, number in chosen.items():
        if min(abs(number), abs(number - 1)) > TOLERANCE:
            yield f"{_name(key)} is {figure(number)}, neither 0 nor 1."


def _too_small(terms: Terms, ledger: Ledger, chosen: Chosen) -> Iterator[str]:
    """Yield who is counted without selling the share."""
    for rule, line, node, sold in _rows(terms, ledger, MinSuppliers):
        needed = rule.needed(ledger, line, node)
        for key, number in chosen.items():
            if key[:2] == (rule.id, line.goods) and key[3] == node and number > 0.5:
                amount = sold.get(key[2], 0.0)
                if amount < needed - tolerance(needed):
                    yield f"{_name(key)}: {figure(amount)} t bought, but {figure(needed)} t count."


def _some(terms: Terms, ledger: Ledger) -> Iterator[str]:
    """Yield who sells something, but less than a rule of all or none asks for."""
    for rule, line, node, sold in _rows(terms, ledger, MinSuppliers):
        needed = rule.needed(ledger, line, node)
        if not rule.all_or_none:
            continue
        for seller, amount in sold.items():
            if tolerance(needed) < amount < needed - tolerance(needed):
                yield (
                    f"Rule {rule.id!r} ({line.goods}) in {node}: {seller!r} sells "
                    f"{figure(amount)} t, neither nothing nor {figure(needed)} t."
                )


def _not_taken_on(terms: Terms, ledger: Ledger, chosen: Chosen) -> Iterator[str]:
    for rule, line, node, sold in _rows(terms, ledger, MaxNewSellers):
        way = [earlier for earlier in ledger.ways[node] if rule.holds(ledger.periods[earlier])]
        for seller, amount in sold.items():
            if seller in rule.incumbents or amount <= tolerance(amount):
                continue
            if not any(chosen.get((rule.id, line.goods, seller, at), 0.0) > 0.5 for at in way):
                yield (
                    f"Rule {rule.id!r} ({line.goods}) in {node}: {seller!r} sells "
                    f"{figure(amount)} t without having been taken on."
                )


def _rows(
    terms: Terms, ledger: Ledger, kind: type[Kind]
) -> Iterator[tuple[Kind, Line, str, dict[str, float]]]:
    waived = {node.id: node.waived for node in terms.nodes}
    for rule in terms.problem.rules:
        if isinstance(rule, kind):
            for line in rule.lines(ledger.directory):
                for node, period in ledger.periods.items():
                    if rule.holds(period) and rule.id not in waived[node]:
                        yield rule, line, node, rule.sold(ledger, line, node)


def _sellers(
    terms: Terms, ledger: Ledger, rule: MinSuppliers | MaxNewSellers, line: Line
) -> frozenset[str]:
    sold = [
        (offer.country, offer.supplier)
        for offer in terms.problem.offers
        if offer.commodity in line.commodities
    ]
    sold += [
        (facility.country, facility.id)
        for facility in terms.problem.facilities
        for process in facility.processes
        if process.outputs.keys() & set(line.commodities)
    ]
    return frozenset(
        rule.seller(ledger.directory, country, supplier)
        for country, supplier in sold
        if line.party is None or line.party.includes(country, supplier)
    )
