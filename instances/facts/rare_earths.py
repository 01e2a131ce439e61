"""The seventeen rare earths: of which the facts tell content, price and reliance.

What is needed to put an oxide into a problem is what a deposit holds of it and what it costs;
where either was not found, a problem that counts it rests on an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from instances.facts.loader import assumed, facts
from instances.facts.reliance import RARE_EARTHS
from instances.facts.stoichiometry import OXIDES

if TYPE_CHECKING:
    from instances.facts.loader import Fact

Known = Literal["found", "mixture", "memory", "none"]
"""Found by itself; found of a mixture with it; from memory alone; nowhere."""
SYMBOLS = {
    "scandium": "Sc",
    "yttrium": "Y",
    "lanthanum": "La",
    "cerium": "Ce",
    "praseodymium": "Pr",
    "neodymium": "Nd",
    "promethium": "Pm",
    "samarium": "Sm",
    "europium": "Eu",
    "gadolinium": "Gd",
    "terbium": "Tb",
    "dysprosium": "Dy",
    "holmium": "Ho",
    "erbium": "Er",
    "thulium": "Tm",
    "ytterbium": "Yb",
    "lutetium": "Lu",
}
MIXED = {"praseodymium": "ndpr", "neodymium": "ndpr", "terbium": "dy_tb", "dysprosium": "dy_tb"}
"""Under which mixture the facts have them, too."""


@dataclass(frozen=True, slots=True)
class RareEarth:
    """What the facts tell of one of the seventeen.

    Parameters
    ----------
    element
        Its name.
    deposits
        Deposits whose content of it was found; from memory, if none was found.
    content, price, reliance
        How it is known what ores hold, what the oxide costs, and how far the US import it.
    """

    element: str
    deposits: tuple[str, ...]
    content: Known
    price: Known
    reliance: Known

    @property
    def assumed(self) -> bool:
        """Whether a problem that counts it rests on an assumption on content or price."""
        return self.content != "found" or self.price != "found"


@cache
def seventeen() -> tuple[RareEarth, ...]:
    """Return what is known of each of the seventeen."""
    return tuple(_rare_earth(element) for element in SYMBOLS)


def _rare_earth(element: str) -> RareEarth:
    oxide = OXIDES.get(SYMBOLS[element], "")
    found, remembered = (
        tuple(row.row["deposit"] for row in rows("rare_earth_basket", oxide=oxide))
        for rows in (facts, assumed)
    )
    return RareEarth(
        element,
        tuple(dict.fromkeys(found or remembered)),
        "found" if found else "memory" if remembered else "none",
        _price(element),
        _reliance(element),
    )


def _price(element: str) -> Known:
    if _oxide_prices(facts("prices", mineral=element)):
        return "found"
    if _oxide_prices(facts("prices", mineral=MIXED.get(element, ""))):
        return "mixture"
    return "memory" if _oxide_prices(assumed("prices", mineral=element)) else "none"


def _oxide_prices(rows: tuple[Fact, ...]) -> bool:
    return any("oxide" in row.row["form"] and row.value is not None for row in rows)


def _reliance(element: str) -> Known:
    where = {"metric": "net_import_reliance"}
    if facts("us_demand", mineral=element, **where):
        return "found"
    if element in RARE_EARTHS and facts("us_demand", mineral="rare_earths", **where):
        return "mixture"
    return "memory" if assumed("us_demand", mineral=element, **where) else "none"
