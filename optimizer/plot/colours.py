"""Colours of countries and of kinds of cost: those of the page (``service/page/js/palette.js``).

China is neutral and lies lowest. The others have a home among seven hues of Okabe and Ito (2008),
shared out so that countries that supply much of the same goods are apart. Of those that are at
home at one hue the greatest supplier of an answer has it and the rest are "Other": never two with
one hue, nor one country with two. Countries without a home take hues that are left. A test holds
both to the same constants and the same choices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from optimizer.result import Result

CHINA = "#6b7280"
OTHER = "#c3cad3"
HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442")
KINDS = ("#4477aa", "#ee6677", "#ccbb44", "#228833", "#66ccee", "#aa3377", "#8888ff", "#999999")
HOMES = (
    "AUS BOL ITA MNG IDN TZA LVA ARE PHL SRB",
    "USA MOZ SWE SLV CHE",
    "ZAF PER JPN IND NLD COD RWA EST MLI MMR JAM ETH",
    "KAZ BEL MYS FIN AUT CHL MDG HKG GIN UZB GUY BHR",
    "CAN VNM MAR SAU THA FRA LAO TWN GHA ALB",
    "DEU BRA CZE ZWE ESP ISR POL TJK AFG NAM ISL",
    "MEX RUS KOR NOR ARG GBR TUR NGA PRT DOM",
)
"""The countries at home at each hue."""
UNNAMED = "XOT"
"""Code for countries that a source adds up without saying which."""
NOTHING = 1e-6
"""Of a supply."""
_HOME = {code: hue for hue, codes in enumerate(HOMES) for code in codes.split()}


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


def palette(result: Result) -> Palette:
    """Return the colours of the countries that a result's problem lists as sellers or sites."""
    problem = result.problem
    sellers = [offer.country for offer in problem.offers]
    sites = [facility.country for facility in problem.facilities]
    listed = list(dict.fromkeys(sellers + sites))
    amounts = _supplied(result.shares)
    others = [country for country in listed if country not in ("CHN", UNNAMED)]
    # equal amounts keep the order in which the problem lists them
    ranked = sorted(others, key=lambda country: -amounts.get(country, 0))
    hue = {"CHN": CHINA} if "CHN" in listed else {}
    free = dict.fromkeys(range(len(HUES)))
    for supplies in (True, False):
        group = [country for country in ranked if (amounts.get(country, 0) > 0) is supplies]
        for country in group:
            home = _HOME.get(country)
            if home in free:
                del free[home]
                hue[country] = HUES[home]
        for country in group:
            if country not in _HOME and free:
                left = next(iter(free))
                del free[left]
                hue[country] = HUES[left]
    coloured = [country for country in listed if country != "CHN" and country in hue]
    return Palette((*[code for code in hue if code == "CHN"], *coloured), hue)


def _supplied(shares: pd.DataFrame) -> dict[str, int]:
    """Return the parts of all goods that a country supplies, added up, in millionths."""
    tonnes = shares["bought_t"].fillna(0.0) + shares["made_t"].fillna(0.0)
    whole = tonnes.groupby(shares["commodity"]).transform("sum")
    parts = (tonnes / whole).where(tonnes > 0, 0.0)
    found = parts.groupby(shares["country"]).sum().to_dict()
    return {str(country): round(part / NOTHING) for country, part in found.items()}
