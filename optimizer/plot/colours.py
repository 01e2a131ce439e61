"""Colours of countries and of kinds of cost: those of the page (``service/page/js/palette.js``).

China is neutral and lies lowest. Seven hues of Okabe and Ito (2008) go to the first seven other
countries that a problem lists as sellers or sites: its records keep their order whatever is
edited. Each takes its home hue; where one that comes earlier there takes it, the first that is
free. Everybody else is "Other". A test holds both to the same constants and the same choices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.problem import Problem

CHINA = "#6b7280"
OTHER = "#c3cad3"
HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442")
KINDS = ("#4477aa", "#ee6677", "#ccbb44", "#228833", "#66ccee", "#aa3377", "#8888ff", "#999999")
HOMES = (
    "AUS DEU MAR NGA TUR GIN ESP",
    "USA CHL PRT ZWE",
    "MYS KOR IDN MEX TZA RWA",
    "JPN FRA ZAF PER MOZ",
    "CAN IND ARG BOL POL",
    "RUS VNM NOR BEL FIN",
    "BRA KAZ COD EST GBR",
)
"""The countries at home at each hue, the one that keeps it wherever it is listed first."""
UNNAMED = "XOT"
"""Code for countries that a source adds up without saying which."""
_HOME = {
    code: (hue, rank) for hue, codes in enumerate(HOMES) for rank, code in enumerate(codes.split())
}


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a problem.

    Parameters
    ----------
    order
        Countries with a colour of their own, the lowest of a stack first.
    hue
        Their colours.
    """

    order: tuple[str, ...]
    hue: Mapping[str, str]

    def of(self, country: str) -> str:
        """Return the colour of a country."""
        return self.hue.get(country, OTHER)


def palette(problem: Problem) -> Palette:
    """Return the colours of the countries that a problem lists as sellers or sites."""
    sellers = [offer.country for offer in problem.offers]
    sites = [facility.country for facility in problem.facilities]
    listed = list(dict.fromkeys(sellers + sites))
    hued = [country for country in listed if country not in ("CHN", UNNAMED)][: len(HUES)]
    hue = {"CHN": CHINA} if "CHN" in listed else {}
    free = dict.fromkeys(range(len(HUES)))
    # one without a home comes before those with one, which changes nothing: it takes what is left
    for country in sorted(hued, key=lambda code: _HOME.get(code, (0, -1))[1]):
        home = _HOME.get(country, (-1, -1))[0]
        if home in free:
            del free[home]
            hue[country] = HUES[home]
    for country in hued:
        if country not in hue:
            first = next(iter(free))
            del free[first]
            hue[country] = HUES[first]
    return Palette((*[code for code in hue if code == "CHN"], *hued), hue)
