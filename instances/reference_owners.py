"""What owners name: countries that exist, and one set of owners for one seller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.errors import Finding, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.owner import Owners
    from instances.reference_scope import Scope


def owner_findings(scope: Scope) -> Iterator[Finding]:
    """Yield homes that are no country, and sellers of one name with different owners."""
    first: dict[tuple[str, str], Owners] = {}
    sellers = [
        *((item.country, item.supplier, item.owners) for item in scope.problem.offers),
        *((item.country, item.id, item.owners) for item in scope.problem.facilities),
    ]
    offers = len(scope.problem.offers)
    for number, (country, name, owners) in enumerate(sellers):
        table, place = ("offers", number) if number < offers else ("facilities", number - offers)
        known = first.setdefault((country, name), owners)
        # the path is text: made only where there is something to say
        if not owners and not known:
            continue
        where = f"{scope.where(table, place)}.owners"
        for holder, owner in enumerate(owners):
            if not scope.has_country(owner.home):
                yield from scope.unknown_country(f"{where}[{holder}].home", owner.home)
        if known != owners:
            yield Finding(
                where,
                f"are not those that another record states of the seller {shortened(name)}",
                remedy="State the same owners on all that it sells or makes, or give what others "
                "own a supplier of its own.",
            )


def entities(scope: Scope) -> frozenset[str]:
    """Return the names of all owners."""
    return frozenset(
        owner.entity
        for table in (scope.problem.offers, scope.problem.facilities)
        for record in table
        for owner in record.owners
    )
