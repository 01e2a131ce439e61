"""The directory: which countries a group holds and which stage a commodity is at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from instances.owner import stake_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from instances.network import Group
    from instances.owner import Owner

COUNTRY_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever a rule is about: countries, or one supplier.

    Parameters
    ----------
    label
        Country code, group id, supplier name, or several codes joined by "+"; it names rows and
        tables.
    countries
        Seller countries it covers; empty for a supplier.
    supplier
        The supplier's name, ``None`` for countries.
    stake
        Least stake of those it holds, where it is owners at home there (or the entity that the
        label names); ``None`` where it is whoever sells there.
    abroad
        Country and supplier (or facility) of sellers elsewhere that owners of it hold.
    foreign
        Sellers in its countries that they do not hold.
    """

    label: str
    countries: frozenset[str]
    supplier: str | None = None
    stake: float | None = None
    abroad: frozenset[tuple[str, str]] = frozenset()
    foreign: frozenset[tuple[str, str]] = frozenset()

    @property
    def by_supplier(self) -> bool:
        """Whether suppliers of one country are told apart."""
        return self.supplier is not None or self.stake is not None

    def includes(self, country: str, supplier: str) -> bool:
        """Return whether goods sold by ``supplier`` in ``country`` count."""
        if self.stake is not None:
            seller = (country, supplier)
            return seller in self.abroad or (
                country in self.countries and seller not in self.foreign
            )
        return (
            supplier == self.supplier if self.supplier is not None else country in self.countries
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """What names in rules stand for.

    Parameters
    ----------
    groups
        Group id to its countries.
    stages
        Commodity id to its stage, in the order of the problem.
    governance
        Country to its WGI estimate, -2.5 (worst) to 2.5 (best), where the problem states it.
    materials, contents
        Commodity id to the material it is a form of, and tonnes of it in a tonne.
    needed
        Commodity id and class of every demand, each once, in the order of the problem.
    sellers
        Country and supplier (or facility) of every seller to its stated owners.
    """

    groups: Mapping[str, frozenset[str]]
    stages: Mapping[str, str]
    governance: Mapping[str, float] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, float] = field(default_factory=dict)
    needed: tuple[tuple[str, str], ...] = ()
    sellers: Mapping[tuple[str, str], tuple[Owner, ...]] = field(default_factory=dict)

    def party(self, name: str) -> Party:
        """Return whom ``name`` means: a group, a country code, or else a supplier."""
        if name in self.groups:
            return Party(name, self.groups[name])
        if len(name) == COUNTRY_LENGTH and name.isalpha() and name.isupper():
            return Party(name, frozenset({name}))
        return Party(name, frozenset(), name)

    def holders(self, party: Party, stake: float) -> Party:
        """Return those at home where ``party`` is, or the entity it names, as owners.

        Their goods are those of every seller of which they hold at least ``stake`` together.
        """
        held = {
            seller
            for seller, owners in self.sellers.items()
            if stake_of(owners, seller[0], party.countries, party.supplier) >= stake - 1e-9
        }
        here = {seller for seller in self.sellers if seller[0] in party.countries}
        return replace(
            party,
            supplier=None,
            stake=stake,
            abroad=frozenset(held - here),
            foreign=frozenset(here - held),
        )

    def goods(self, commodity: str | tuple[str, ...] | None, stage: str | None) -> tuple[str, ...]:
        """Return the commodities that are named, or all at a stage."""
        if isinstance(commodity, str):
            return (commodity,)
        if commodity is not None:
            return commodity
        return tuple(name for name, found in self.stages.items() if found == stage)

    def places(self, names: str | tuple[str, ...]) -> frozenset[str]:
        """Return the countries that a country, a group or several of them hold."""
        return self.parties((names,) if isinstance(names, str) else names).countries

    def parties(self, names: tuple[str, ...]) -> Party:
        """Return several countries and groups as one party."""
        members = [self.party(name).countries for name in names]
        return Party("+".join(names), frozenset[str]().union(*members))


def countries_of(groups: Iterable[Group], origins: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return group id to its countries.

    Parameters
    ----------
    origins
        Countries that goods come from: a group outside another holds those of them that are not
        in the other.
    """
    groups = tuple(groups)
    listed = {group.id: frozenset(group.members or ()) for group in groups}
    return {
        group.id: listed[group.id]
        if group.outside is None
        else origins - listed.get(group.outside, frozenset())
        for group in groups
    }
