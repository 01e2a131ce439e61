"""What funds name, and what they need to know of the stockpiles they pay for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.fund import Fund
    from instances.reference_scope import Scope
    from instances.stockpile import Stockpile


def fund_findings(scope: Scope) -> Iterator[Finding]:
    """Yield stockpiles of funds that are not there, are paid twice, or cannot be paid."""
    stores = {store.id: store for store in scope.problem.stockpiles}
    payer: dict[str, str] = {}
    for place, fund in enumerate(scope.problem.funds):
        where = f"{scope.where('funds', place)}.stockpiles"
        yield from scope.repeated(where, fund.stockpiles)
        for number, name in enumerate(fund.stockpiles):
            path = f"{where}[{number}]"
            yield from scope.unknown(path, "stockpiles", name, "a stockpile")
            if payer.setdefault(name, fund.id) != fund.id:
                yield Finding(
                    path,
                    f"names a stockpile that funds[{payer[name]}] pays for",
                    name,
                    remedy="Let one fund pay for it.",
                )
            if name in stores:
                yield from _payable(scope, path, fund, stores[name])


def _payable(scope: Scope, where: str, fund: Fund, store: Stockpile) -> Iterator[Finding]:
    if store.book_value is None:
        yield Finding(
            where,
            "names a stockpile without a book value",
            store.id,
            remedy=f"State stockpiles[{store.id}].book_value: what a tonne costs in the books "
            f"of {fund.id}.",
        )
    sold = {offer.commodity for offer in scope.problem.offers}
    if scope.complete("offers") and store.commodity not in sold:
        yield Finding(
            where,
            f"names a stockpile of '{store.commodity}', which nobody offers: a fund pays "
            "purchases",
            store.id,
            remedy="Offer the commodity, or take the stockpile out of the fund.",
        )
