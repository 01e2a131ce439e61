"""Indices of concentration, reliance and risk: formulas alone, each with its source and a check.

Amounts are arrays whose last axis runs over countries; each formula reduces that axis, so that one
call serves every node and commodity. Where there is nothing to take a share of, an index is NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
DAYS_OF_YEAR = 365.0
WGI_BEST = 2.5
WGI_STEP = 0.5
NO_FIGURE = 0.5
"""Instability that GeoPolRisk gives a country without a figure."""


def ratio(part: ArrayLike, whole: ArrayLike) -> Floats:
    """Return part / whole, NaN where the whole is not above 0."""
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    found: Floats = np.full(part.shape, np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def shares(amounts: ArrayLike) -> Floats:
    """Return the share of each country in the sum over countries."""
    amounts = np.asarray(amounts, float)
    return ratio(amounts, amounts.sum(axis=-1, keepdims=True))


def _over_countries(amounts: Floats) -> Floats:
    return np.asarray(amounts.sum(axis=-1))


def hhi(amounts: ArrayLike) -> Floats:
    """Return the Herfindahl-Hirschman index: the sum of the squared shares, 1/n to 1.

    Times 10,000 in antitrust usage. Shares of 90 % and 10 %: 0.81 + 0.01 = 0.82.

    Source: Hirschman, The paternity of an index, Am. Econ. Rev. 54 (1964) 761.
    """
    return _over_countries(np.square(shares(amounts)))


def effective_suppliers(amounts: ArrayLike) -> Floats:
    """Return 1 / HHI: as many equal suppliers would be as concentrated.

    Four of a quarter each: 4. Shares of 90 % and 10 %: 1 / 0.82 = 1.2195.

    Source: Adelman, Comment on the H concentration measure, Rev. Econ. Stat. 51 (1969) 99.
    """
    return 1 / hhi(amounts)


def concentration_ratio(amounts: ArrayLike, largest: int) -> Floats:
    """Return the share of the ``largest`` so many: CR1, CR3.

    Shares of 50, 30, 15 and 5 %: CR1 is 0.5, CR3 0.95.

    Source: the share of the top three refiners in IEA, Global Critical Minerals Outlook (2025).
    """
    return _over_countries(np.sort(shares(amounts), axis=-1)[..., ::-1][..., :largest])


def governance_risk(wgi: ArrayLike) -> Floats:
    """Return w = (2.5 - WGI) / 0.5: risk from 0 (WGI 2.5, best) to 10 (-2.5, worst).

    A WGI of -0.3 is (2.5 + 0.3) / 0.5 = 5.6.

    Source: the scale of the Worldwide Governance Indicators (World Bank), turned to 0..10 as in
    Blengini et al., JRC technical report EUR 28654 (2017).
    """
    return (WGI_BEST - np.asarray(wgi, float)) / WGI_STEP


def hhi_wgi(amounts: ArrayLike, risk: ArrayLike, trade: ArrayLike = 1.0) -> Floats:
    """Return the sum of s^2 w t: concentration weighted by governance, 0 to 10 for t = 1.

    Parameters
    ----------
    risk
        w by country, 0 (best) to 10 (worst). Countries without any amount may have NaN.
    trade
        t by country: below 1 for partners of a trade agreement, above 1 where exports are taxed
        or rationed.

    Shares of 70 and 30 %, w of 5 and 4, t of 1 and 0.8: 0.49 * 5 + 0.09 * 3.2 = 2.738.

    Source: Blengini et al., JRC technical report EUR 28654 (2017).
    """
    squares = np.square(shares(amounts))
    weight = np.asarray(risk, float) * np.asarray(trade, float)
    # nothing from a country without a figure is no risk
    return _over_countries(np.where(squares == 0, 0.0, squares * weight))


def import_dependence(net_imports: ArrayLike, production: ArrayLike) -> Floats:
    """Return IR = net imports / (domestic production + net imports), within 0 and 1.

    60 t imported, 10 exported, 50 made: 50 / (50 + 50) = 0.5.

    Source: Blengini et al., JRC technical report EUR 28654 (2017).
    """
    net, made = np.asarray(net_imports, float), np.asarray(production, float)
    return np.clip(ratio(net, made + net), 0.0, 1.0)


def supply_risk(
    world: ArrayLike,
    sourcing: ArrayLike,
    dependence: ArrayLike,
    recycled: ArrayLike = 0.0,
    substitution: ArrayLike = 1.0,
) -> Floats:
    """Return the EU supply risk of a material, of which the buyer's plan gives the sourcing.

    SR = (HHI-WGI of the world * IR / 2 + HHI-WGI of the sourcing * (1 - IR / 2))
    * (1 - recycled) * SI

    Parameters
    ----------
    world, sourcing
        HHI-WGI of world supply and of the buyer's sourcing.
    dependence
        IR, a fraction.
    recycled
        End-of-life recycling input rate: the fraction of supply that comes from scrap.
    substitution
        SI, 1 where nothing replaces the material, less where something does.

    One supplier in the world and for the buyer, w = 5.6, IR = 1, 1 % recycled, SI = 0.95:
    (5.6 / 2 + 5.6 / 2) * 0.99 * 0.95 = 5.2668. From 1 on a material counts as at risk.

    Source: Blengini et al., JRC technical report EUR 28654 (2017).
    """
    half = np.asarray(dependence, float) / 2
    mixed = np.asarray(world, float) * half + np.asarray(sourcing, float) * (1 - half)
    return np.asarray(mixed * (1 - np.asarray(recycled, float)) * np.asarray(substitution, float))


def geopolrisk(
    world_hhi: ArrayLike, imports: ArrayLike, instability: ArrayLike, production: ArrayLike
) -> Floats:
    """Return the GeoPolRisk score: HHI of the world * sum of g f / (p + F), 0 to 1.

    Parameters
    ----------
    imports
        f by country, without domestic supply.
    instability
        g by country, 0 (stable) to 1: (2.5 - WGI) / 5; 0.5 for a country without a figure.
    production
        p, domestic supply; F is the sum of f.

    World shares .7, .2, .1; f = 60 and 40, g = .6 and .2, p = 25: .54 * (36 + 8) / 125 = 0.19008.

    Source: Gemechu et al., J. Ind. Ecol. 20 (2016) 154; the terms as the documentation of
    geopolrisk-py (Koyamparambath) states them.
    """
    imports = np.asarray(imports, float)
    exposed = _over_countries(imports * np.asarray(instability, float))
    whole = np.asarray(production, float) + _over_countries(imports)
    return np.asarray(world_hhi, float) * ratio(exposed, whole)


def geopolrisk_factor(score: ArrayLike, price: ArrayLike) -> Floats:
    """Return the characterisation factor CF = score * import price, USD/t.

    A score of 0.19008 at 60 USD/t: 11.4048 USD/t.

    Source: the GeoPolRisk method, as the documentation of geopolrisk-py (Koyamparambath) has it.
    """
    return np.asarray(np.asarray(score, float) * np.asarray(price, float))


def apparent_consumption(
    production: ArrayLike, net_imports: ArrayLike, into_stock: ArrayLike
) -> Floats:
    """Return primary and secondary production + imports - exports - additions to stock, tonnes.

    40 t made, 60 imported, 10 exported, 5 put into stock: 85.

    Source: USGS, Mineral Commodity Summaries 2025, appendix B.
    """
    return np.asarray(
        np.asarray(production, float)
        + np.asarray(net_imports, float)
        - np.asarray(into_stock, float)
    )


def net_import_reliance(
    net_imports: ArrayLike, into_stock: ArrayLike, consumption: ArrayLike
) -> Floats:
    """Return (imports - exports - additions to stock) / apparent consumption.

    60 t imported, 10 exported, 5 put into stock, 85 t consumed: 45 / 85 = 0.5294. Below 0 for a
    net exporter.

    Source: USGS, Mineral Commodity Summaries 2025, appendix B.
    """
    return ratio(np.asarray(net_imports, float) - np.asarray(into_stock, float), consumption)


def static_coverage(supply: ArrayLike, demand: ArrayLike, among: ArrayLike = True) -> Floats:
    """Return N-1: supply without the largest supplier / demand outside that supplier.

    Parameters
    ----------
    supply, demand
        By country, in the same order.
    among
        The countries that may drop out; a buyer's own does not.

    Supply of 70, 20 and 10 t, demand of 50, 0 and 30 t: (20 + 10) / 30 = 1. Flows stay as they
    are; a plan made for the cut may do better.

    Source: IEA, Global Critical Minerals Outlook (2025), "N-1".
    """
    supply, demand, among = np.broadcast_arrays(
        np.asarray(supply, float), np.asarray(demand, float), np.asarray(among, bool)
    )
    largest = np.where(among, supply, -1.0).argmax(axis=-1)
    lost = among & (np.arange(supply.shape[-1]) == largest[..., None])
    rest = _over_countries(np.where(lost, 0.0, supply))
    outside = _over_countries(np.where(lost, 0.0, demand))
    return np.where(_over_countries(supply) > 0, ratio(rest, outside), np.nan)


def cover_of_consumption(stock: ArrayLike, consumption: ArrayLike) -> Floats:
    """Return days of cover: 365 * stock / consumption per year.

    50 t in stock, 100 t a year: 182.5 days.

    Source: the measure of the Korean and Japanese stockpiles (IEA, Critical Minerals Policy
    Tracker).
    """
    return ratio(DAYS_OF_YEAR * np.asarray(stock, float), consumption)


def cover_of_net_use(stock: ArrayLike, consumption: ArrayLike, production: ArrayLike) -> Floats:
    """Return days of cover: 365 * stock / (consumption - domestic output), both per year.

    50 t in stock, 100 t used and 27 t made a year: 250 days. NaN for whoever makes all it uses.

    Source: as the IEA counts oil stocks, by days of net imports (I.E.P. agreement, 1974).
    """
    net = np.asarray(consumption, float) - np.asarray(production, float)
    return ratio(DAYS_OF_YEAR * np.asarray(stock, float), net)
