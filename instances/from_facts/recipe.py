"""Recipes: which rows of the facts describe the market of a mineral, and on which basis.

Sources name forms and stages as they please. A recipe says which go together, so that offers,
prices and use count the same tonnes. Where no figure of use was found, imports stand in for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which rows describe the market of a mineral.

    Parameters
    ----------
    name
        In words.
    stage
        The stage of what users buy.
    basis
        What a tonne is a tonne of.
    element
        The element that tonnes are converted to by chemistry; "" where they stay as counted.
    made
        Stage and product of output; product ``None`` for whichever covers the market.
    imports
        Form of the import shares.
    price
        Form of the price.
    used
        Form and metric of US use, such as ("all forms", "apparent_consumption"), or imports.
    price_per
        What a tonne of the price holds of the basis, and why, where the price is of another form.
    caveat
        What an analyst must know of the choice.
    """

    name: str
    stage: str
    basis: str
    element: str
    made: tuple[str, str | None]
    imports: str
    price: str
    used: tuple[str, str]
    price_per: tuple[float, str] | None = None
    caveat: str = ""


_ALL, _APPARENT = "all forms", "apparent_consumption"

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "aluminum": Recipe(
            "aluminium",
            "metal",
            "primary metal",
            "",
            ("refined", "primary metal"),
            "unwrought, not alloyed",
            "ingot, US market spot",
            ("unwrought, not alloyed", "imports"),
            caveat="Imports of unalloyed metal stand in for use: scrap and alloys are left out.",
        ),
        "antimony": Recipe(
            "antimony",
            "metal",
            "contained Sb",
            "Sb",
            ("mine", "mine output"),
            "metal and oxide",
            "metal 99.65 pct",
            (_ALL, _APPARENT),
            caveat="Output is that of mines: of smelters only shares are known, China's 79 %.",
        ),
        "arsenic": Recipe(
            "arsenic",
            "metal",
            "contained As",
            "As",
            ("refined", "arsenic trioxide"),
            "arsenic metal",
            "arsenic metal (US import unit value)",
            ("arsenic metal", "imports"),
            caveat="Output is that of trioxide, of which only a part becomes metal.",
        ),
        "bauxite": Recipe(
            "bauxite",
            "mine",
            "dry bauxite",
            "",
            ("mine", "bauxite"),
            "ores and concentrates",
            "bauxite, US import fas",
            ("bauxite", "reported_consumption"),
        ),
        "beryllium": Recipe(
            "beryllium",
            "mine",
            "contained Be",
            "Be",
            ("mine", "mine output"),
            "unwrought, powders",
            "beryllium-copper master alloy, per kg contained Be",
            (_ALL, _APPARENT),
        ),
        "bismuth": Recipe(
            "bismuth",
            "metal",
            "contained Bi",
            "Bi",
            ("refined", "refinery output"),
            "metal and articles",
            "metal 99.99 pct, Rotterdam",
            ("metal and articles", "imports"),
        ),
        "chromium": Recipe(
            "chromium",
            "mine",
            "contained Cr",
            "Cr",
            ("mine", "chromite"),
            "total",
            "ferrochromium, per lb Cr content",
            (_ALL, _APPARENT),
            caveat="Ore and ferrochromium are one good here, priced as ferrochromium.",
        ),
        "cobalt": Recipe(
            "cobalt",
            "refined",
            "contained Co",
            "Co",
            ("refined", "IEA refining"),
            _ALL,
            "US spot cathode",
            (_ALL, _APPARENT),
        ),
        "fluorspar": Recipe(
            "fluorspar",
            "mine",
            "gross weight",
            "",
            ("mine", "fluorspar all grades"),
            "acid grade, over 97 pct CaF2",
            "acid grade, over 97 pct CaF2 (US import unit value)",
            ("acid grade, over 97 pct CaF2", "imports"),
            caveat="Output counts all grades, use and imports the acid grade alone.",
        ),
        "gallium": Recipe(
            "gallium",
            "metal",
            "contained Ga",
            "Ga",
            ("refined", "primary low-purity metal"),
            "metal",
            "low-purity primary, China, June 2024",
            ("metal", "reported_consumption"),
        ),
        "germanium": Recipe(
            "germanium",
            "metal",
            "contained Ge",
            "Ge",
            ("refined", "refinery output"),
            "metal",
            "germanium metal, Europe 99.999 pct",
            (_ALL, "estimated_consumption"),
            caveat="Use is that of 2019, the last found; no import share was found.",
        ),
        "graphite_natural": Recipe(
            "natural graphite",
            "mine",
            "gross weight",
            "",
            ("mine", "natural graphite"),
            "powder or flakes",
            "powder or flakes (US import unit value)",
            ("natural", _APPARENT),
        ),
        "lithium": Recipe(
            "lithium",
            "refined",
            "contained Li",
            "Li",
            ("refined", "IEA refining"),
            _ALL,
            "lithium carbonate, battery grade",
            (_ALL, "estimated_consumption"),
            price_per=(2 * 6.94 / (2 * 6.94 + 12.011 + 3 * 15.999), "Li in Li2CO3"),
        ),
        "niobium": Recipe(
            "ferroniobium",
            "alloy",
            "gross weight of ferroniobium",
            "",
            ("refined", "ferroniobium"),
            "ferroniobium",
            "ferroniobium (US import unit value)",
            ("ferroniobium", "imports"),
        ),
        "palladium": Recipe(
            "palladium",
            "metal",
            "contained Pd",
            "Pd",
            ("mine", None),
            "palladium",
            "metal",
            ("unwrought or powder", "imports"),
        ),
        "platinum": Recipe(
            "platinum",
            "metal",
            "contained Pt",
            "Pt",
            ("mine", None),
            "platinum",
            "metal",
            (_ALL, _APPARENT),
        ),
        "rhodium": Recipe(
            "rhodium",
            "metal",
            "contained Rh",
            "Rh",
            ("mine", None),
            "unwrought or powder",
            "metal",
            ("unwrought or powder", "imports"),
        ),
        "tantalum": Recipe(
            "tantalum",
            "metal",
            "contained Ta",
            "Ta",
            ("mine", "mine output"),
            "unwrought, powders, scrap",
            "tantalite, per kg Ta2O5 content",
            (_ALL, _APPARENT),
            price_per=(2 * 180.95 / (2 * 180.95 + 5 * 15.999), "Ta in Ta2O5"),
            caveat="Priced as tantalite: the cost of making metal is left out.",
        ),
        "tellurium": Recipe(
            "tellurium",
            "metal",
            "contained Te",
            "Te",
            ("refined", "refinery output"),
            "boron and tellurium",
            "US warehouse 99.95 pct",
            ("boron and tellurium", "imports"),
            caveat="Customs count boron with tellurium.",
        ),
        "tin": Recipe(
            "tin",
            "metal",
            "metal",
            "",
            ("refined", "smelter output"),
            "refined",
            "LME cash",
            ("refined", _APPARENT),
        ),
        "titanium": Recipe(
            "titanium sponge",
            "metal",
            "sponge",
            "",
            ("refined", "titanium sponge"),
            "sponge",
            "sponge, US landed duty-paid",
            ("sponge", _APPARENT),
        ),
        "tungsten": Recipe(
            "tungsten",
            "concentrate",
            "contained W",
            "W",
            ("mine", "mine output"),
            "powders (HS92 810110)",
            "concentrate, Rotterdam, per kg contained W",
            ("powders (HS92 810110)", "imports"),
            caveat="Use is withheld by its source: imports of powder stand in and understate it.",
        ),
        "vanadium": Recipe(
            "ferrovanadium",
            "alloy",
            "gross weight of ferrovanadium",
            "",
            ("refined", "ferrovanadium"),
            "ferrovanadium",
            "ferrovanadium (US import unit value)",
            ("ferrovanadium", "imports"),
            caveat="China and South Africa are absent from the output that was found.",
        ),
        "yttrium": Recipe(
            "yttrium compounds",
            "oxide",
            "contained Y or oxide, as the source counts",
            "",
            ("refined", "separated oxide"),
            "compounds",
            "oxide 99.999 pct",
            ("compounds and metals", _APPARENT),
        ),
        "zinc": Recipe(
            "zinc",
            "metal",
            "metal",
            "",
            ("refined", "slab zinc"),
            "refined",
            "North American SHG",
            ("refined", _APPARENT),
        ),
    }
)
