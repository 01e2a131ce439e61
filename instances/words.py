"""Numbers and names as people read them: "40 %", "1,234 t", "China", "dysprosium oxide"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from instances.directory import Party
    from instances.rules.rule import Line
    from instances.schedule import Schedule


def percent(fraction: float) -> str:
    """Return a fraction as per cent: 0.425 is "42.5 %"."""
    return f"{100 * fraction:.4g} %"


def tonnes(amount: float) -> str:
    """Return an amount with its unit: four figures below 10,000 t, whole tonnes above."""
    return f"{amount:,.0f} t" if abs(amount) >= 9999.5 else f"{amount:.4g} t"


def money(amount: float) -> str:
    """Return dollars with a scale word: 1_234_567 is "1.235 million USD"."""
    for size, word in ((1e9, "billion "), (1e6, "million ")):
        if abs(amount) >= size:
            return f"{amount / size:,.4g} {word}USD"
    return f"{amount:,.0f} USD" if abs(amount) >= 1000 else f"{amount:.4g} USD"


def listed(words: tuple[str, ...]) -> str:
    """Return words as a list in a sentence: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


def over_time(schedule: Schedule, show: str) -> str:
    """Return a schedule in words: "40 %", or "90 % from 2026, 40 % from 2030".

    Parameters
    ----------
    show
        How to show a number: "percent", "tonnes", "days", "count" or "money a year".
    """
    shows: dict[str, Callable[[float], str]] = {
        "percent": percent,
        "tonnes": tonnes,
        "days": lambda number: f"{number:.4g} days",
        "count": lambda number: f"{number:g}",
        "money a year": lambda number: f"{money(number)} a year",
    }
    put = shows[show]
    if schedule.constant:
        return put(schedule.points[0][1])
    parts = []
    for day, number in schedule.points:
        when = f"{day.year}" if (day.month, day.day) == (1, 1) else day.isoformat()
        parts.append(f"{put(number)} {'in' if schedule.interpolate else 'from'} {when}")
    return ", ".join(parts) + (" (on a straight line between)" if schedule.interpolate else " on")


@lru_cache(maxsize=1024)
def country_name(code: str) -> str | None:
    """Return the common English name of an ISO 3166-1 alpha-3 code, ``None`` if it is none."""
    import pycountry

    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        return None
    return str(getattr(country, "common_name", country.name))


@lru_cache(maxsize=1024)
def country_code(text: str) -> str | None:
    """Return the alpha-3 code of a country given by name or another code, ``None`` if unknown."""
    import pycountry

    try:
        return str(pycountry.countries.lookup(text).alpha_3)
    except LookupError:
        return None


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """Return every ISO 3166-1 alpha-3 code."""
    import pycountry

    return frozenset(country.alpha_3 for country in pycountry.countries)


@dataclass(frozen=True, slots=True)
class Names:
    """Words for the ids of one problem.

    Parameters
    ----------
    commodities, countries
        Id (code) to name, where the problem gives one.
    groups
        Ids of the groups.
    """

    commodities: Mapping[str, str]
    countries: Mapping[str, str]
    groups: frozenset[str] = frozenset()

    def country(self, code: str) -> str:
        """Return a country's name, or its code when it has none."""
        return self.countries.get(code) or country_name(code) or code

    def commodity(self, id: str) -> str:
        """Return a commodity's name, or its id when it has none."""
        return self.commodities.get(id, id)

    def who(self, name: str) -> str:
        """Return whom a name in a rule means: "China", "the group partners", "supplier Lynas"."""
        if name in self.groups:
            return f"the group {name}"
        known = self.countries.get(name) or (country_name(name) if name.isupper() else None)
        return known or f"supplier {name}"

    def party(self, party: Party) -> str:
        """Return who a rule is about: "China", "the group partners", "supplier Lynas"."""
        if party.stake is not None:
            who = self.party(replace(party, stake=None)) if party.countries else party.label
            return self.holders(who, party.stake)
        if party.supplier is not None:
            return f"supplier {party.supplier}"
        if party.countries == {party.label}:
            return self.country(party.label)
        if "+" in party.label:
            return listed(tuple(self.who(name) for name in party.label.split("+")))
        return f"the group {party.label}"

    def holders(self, who: str, stake: float) -> str:
        """Return owners in words: "China as owner (from a stake of 25 % on)"."""
        return f"{who.removeprefix('supplier ')} as owner (from a stake of {percent(stake)} on)"

    def goods(self, line: Line) -> str:
        """Return the commodities of a line in words."""
        return listed(tuple(self.commodity(name) for name in line.commodities))
