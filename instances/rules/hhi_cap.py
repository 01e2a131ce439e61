"""Concentration cap: the Herfindahl-Hirschman index (HHI) of who sells a commodity.

The index is the sum of the squared shares, from 1/n (n equal sellers) to 1 (a single one). With
weights by governance every square counts times the risk w = (2.5 - WGI) / 0.5 of its country, 0
(best) to 10 (worst), as in the supply-risk method of the European Commission.

The cap is a cone, norm(q) <= sqrt(H) sum(q), which a linear program keeps to a tolerance by cuts.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Text
from instances.rules.rule import Lever, Line, RuleUse
from instances.rules.sellers import SellerRule
from instances.schedule import HHIOverTime
from instances.words import listed, over_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.directory import Directory
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.words import Names

TOLERANCE = 1e-4
"""How far above the cap an index may lie and still keep it: no solve may be asked for less."""
BEST, STEP = 2.5, 0.5
"""Best WGI estimate, and the step of it that is one point of risk."""
WORST_RISK = 10.0
"""Risk of goods of which it is not known who sold them."""
LEAST_RISK = 1e-6


class HHICap(SellerRule):
    """The concentration of purchases (or deliveries) over sellers is at most ``max_hhi``."""

    kind: Literal["hhi_cap"] = "hhi_cap"
    max_hhi: HHIOverTime
    """Largest index, above 0 and up to 1; up to 10 when it is weighted by governance."""
    by: Literal["supplier", "country"] = "country"
    as_one: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Groups whose members count as one seller."""
    counted: Literal["purchases", "deliveries"] = "purchases"
    """Whether what is bought or made in a period counts, or what is delivered then."""
    governance: bool = False
    """Whether every country weighs by the risk of its governance, from the table countries."""

    @model_validator(mode="after")
    def _by_country(self) -> Self:
        if self.by == "supplier" and (self.as_one or self.governance):
            raise PydanticCustomError(
                "rule", "'as_one' and 'governance' are about countries. Write by: country."
            )
        if self.as_one and self.governance:
            raise PydanticCustomError(
                "rule",
                "a group has no governance of its own. Write either 'as_one' or 'governance'.",
            )
        if not self.governance and max(self.max_hhi.values) > 1:
            raise PydanticCustomError(
                "rule",
                "an index of shares is at most 1. Give 'max_hhi' between 0 and 1 (2,500 of 10,000 "
                "is 0.25), or weigh it: governance: true.",
            )
        return self

    @property
    def hard(self) -> bool:
        """Whether nothing may lie beyond the cap: always."""
        return True

    @property
    def delivered(self) -> bool:
        """Whether deliveries are counted."""
        return self.counted == "deliveries"

    def limit(self, period: Period) -> float | None:
        """Return the largest index allowed in ``period``."""
        return self.max_hhi.at(period.start) if self.holds(period) else None

    def seller(self, directory: Directory, country: str, supplier: str) -> str:
        """Return as whose the goods of ``supplier`` in ``country`` count."""
        for name in self.as_one or ():
            if country in directory.groups[name]:
                return name
        return super().seller(directory, country, supplier)

    def risk(self, directory: Directory, seller: str) -> float:
        """Return the weight of a seller's squared share: 1, or its risk from 0 to 10."""
        if not self.governance:
            return 1.0
        estimate = directory.governance.get(seller)
        if estimate is None:
            return WORST_RISK
        return max((BEST - estimate) / STEP, LEAST_RISK)

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the cap: "The HHI of gallium purchases by country may be at most 0.3"."""
        limit = None if period is None else self.limit(period)
        most = over_time(self.max_hhi, "count") if limit is None else f"{limit:.4g}"
        text = f"The {'governance-weighted ' if self.governance else ''}HHI of "
        text += f"{self.goods(names, line)} {self.counted} by {self.by}"
        if self.as_one:
            text += f" (as one: {listed(tuple(names.who(name) for name in self.as_one))})"
        return f"{text} may be at most {most}" + (f" in {period.label}" if period else "")

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each commodity and node, the index and the room below the cap in tonnes."""
        for line in self.lines(ledger.directory):
            for node, period in ledger.periods.items():
                limit = self.limit(period)
                if limit is None:
                    continue
                sold = self.sold(ledger, line, node)
                total = sum(sold.values())
                norm = sqrt(
                    sum(
                        self.risk(ledger.directory, seller) * amount**2
                        for seller, amount in sold.items()
                    )
                )
                excess = ledger.declared_excess(self.id, line.who, line.goods, node)
                yield RuleUse(
                    rule=self.id,
                    kind=self.kind,
                    who=line.who,
                    goods=line.goods,
                    node=node,
                    limit=limit,
                    value=(norm / total) ** 2 if total > 1e-9 else None,
                    unit="hhi",
                    slack=sqrt(limit) * total + excess - norm,
                    excess=excess,
                    measure="t",
                    scale=norm,
                    leeway=(sqrt(limit + TOLERANCE) - sqrt(limit)) * total,
                )

    def levers(self) -> tuple[Lever, ...]:
        """Return the cap: raising it relaxes the rule."""
        return (Lever("max_hhi", "hhi", 0.01, 1),)

    def first_cuts(self, risks: Mapping[str, float]) -> Iterator[dict[str, float]]:
        """Yield the cuts to begin with: at the least concentrated mix, and at each seller alone.

        A cut is a weight by seller: sum(weight * sold) <= sqrt(H) * sum(sold).
        """
        center = _center(risks)
        yield _cut(center, risks)
        for seller in risks:
            yield _cut({seller: 1.0}, risks)

    def cuts(
        self, sold: Mapping[str, float], risks: Mapping[str, float], limit: float, excess: float
    ) -> tuple[float, float, dict[str, float]]:
        """Return by how much a mix lies beyond the cap, and the cut that forbids it.

        The cut touches the cone where the way from the mix to the least concentrated one meets it
        (Kronqvist, Lundell and Westerlund, J. Global Optimization 64 (2016) 249); where the cap
        allows no mix inside it, at the mix itself. Both are valid by Cauchy-Schwarz, whatever is
        bought in all.

        Parameters
        ----------
        sold
            Tonnes by seller.
        risks
            Weight of every seller's squared share.
        excess
            Tonnes declared beyond the cap.

        Returns
        -------
        The index beyond the cap, the tonnes beyond it (both 0 or less when it is kept), the cut.
        """
        total = sum(sold.values())
        if total <= 0:
            return -inf, -inf, {}
        shares = {seller: amount / total for seller, amount in sold.items()}
        allowed = (sqrt(limit) + excess / total) ** 2
        reached = _index(shares, risks)
        center = _center(risks)
        least = _index(center, risks)
        touch = shares
        if least < allowed < reached:
            # squared distances from the center add up: it is where the index has its minimum
            step = sqrt((allowed - least) / (reached - least))
            touch = {
                seller: center[seller] + step * (shares.get(seller, 0.0) - center[seller])
                for seller in risks
            }
        tonnes = total * (sqrt(reached) - sqrt(allowed))
        return reached - allowed, tonnes, _cut(touch, risks)


def _index(shares: Mapping[str, float], risks: Mapping[str, float]) -> float:
    return sum(risks[seller] * share**2 for seller, share in shares.items())


def _center(risks: Mapping[str, float]) -> dict[str, float]:
    """Return the shares of the least index: in proportion to 1 / risk."""
    whole = sum(1 / risk for risk in risks.values())
    return {seller: 1 / risk / whole for seller, risk in risks.items()}


def _cut(point: Mapping[str, float], risks: Mapping[str, float]) -> dict[str, float]:
    norm = sqrt(_index(point, risks))
    return {seller: risks[seller] * share / norm for seller, share in point.items()}
