"""Tags: who sold a lot, kept with it only as far as a rule asks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from instances.rules.share import ShareRule

if TYPE_CHECKING:
    from instances.directory import Party
    from instances.problem import Problem

ANY = "any"
UNKNOWN = "unknown"


class Tagging(StrEnum):
    """How much of a lot's seller is kept."""

    NONE = "none"
    COUNTRY = "country"
    SUPPLIER = "supplier"


def taggings(problem: Problem) -> dict[str, Tagging]:
    """Return, for each commodity, how its lots are tagged: no finer than its rules need."""
    kept = dict.fromkeys(problem.directory.stages, Tagging.NONE)
    for rule in problem.rules:
        if not isinstance(rule, ShareRule) or not rule.needs_tags:
            continue
        for line in rule.lines(problem.directory):
            by_supplier = line.party is not None and line.party.supplier is not None
            for commodity in line.commodities:
                if by_supplier:
                    kept[commodity] = Tagging.SUPPLIER
                elif kept[commodity] is Tagging.NONE:
                    kept[commodity] = Tagging.COUNTRY
    return kept


def tag_of(tagging: Tagging, country: str, supplier: str) -> str:
    """Return the tag of a lot: "any", "CHN" or "CHN/Name of the supplier"."""
    if tagging is Tagging.NONE:
        return ANY
    return country if tagging is Tagging.COUNTRY else f"{country}/{supplier}"


def opening_tag(tagging: Tagging, country: str | None) -> str:
    """Return the tag of opening stock: its seller country if known; never a supplier's."""
    if tagging is Tagging.NONE:
        return ANY
    return UNKNOWN if country is None else tag_of(tagging, country, "")


def belongs(tag: str, party: Party) -> bool:
    """Return whether a lot with ``tag`` was sold by ``party``; an unknown seller is nobody's."""
    if tag in (ANY, UNKNOWN):
        return False
    country, _, supplier = tag.partition("/")
    return party.includes(country, supplier)
