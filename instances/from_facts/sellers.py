"""Sellers: an offer by country, from what it makes and what it sells to US users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.from_facts.markets import BUYER
from instances.words import country_name

if TYPE_CHECKING:
    from instances.facts import Fact
    from instances.from_facts.markets import Market

LEADER = "CHN"
UNNAMED = "XOT"
"""Countries that sell and that no source names; the caps count them as one."""
OPEN = 0.05
"""Fraction of a country's output that buyers who pay for it can win from others."""
MOST = 0.66
"""Most of a country's output that is open to US buyers; its own users and others claim the rest.
Of countries that make what they sell, Canada sells them the largest part: 61 % of its cobalt and
of its graphite. What is sold beyond was made by somebody else."""
LEAST = 0.01
"""Producers below this fraction of the output found are left out, unless they sell already."""
HEADROOM = 1.25
"""What a seller that makes nothing itself can sell, over what it sells now."""
PREMIUM = 1.25
"""Price outside a country that makes more than half of the world's output, over its own."""
_LEADS = 0.5
EMBARGOED = frozenset({"CUB", "IRN", "PRK"})
"""Countries under comprehensive US sanctions: what they make is not for sale to US users."""


def rounded(value: float, digits: int = 4) -> float:
    """Return a number of at most so many digits that count."""
    return float(f"{value:.{digits}g}")


def marked(record: dict[str, Any], row: Fact, field: str, note: str = "") -> None:
    """State where a number comes from: by its source, or as an assumption that says why.

    A number is its source's only where it is the figure of a found row; what is converted,
    combined or from memory is an assumption that names the row.
    """
    if row.status == "found" and not note:
        record.setdefault("source", {})[field] = row.source
        return
    memory = "" if row.status == "found" else "From memory, to be verified. "
    told = note or "As it stands."
    text = f"{memory}{told} ({row.cited})"
    record.setdefault("assumption", {})[field] = text


def _word(code: str) -> str:
    return country_name(code) or code


def offers(market: Market) -> list[dict[str, Any]]:
    """Return an offer of every country that makes the good or sells it to US users."""
    codes = [
        code
        for code in market.output
        if code not in EMBARGOED | {BUYER}
        and (market.of_output(code) >= LEAST or code in market.shares)
    ]
    codes += [code for code in market.shares if code not in market.output]
    made = [_foreign(market, code) for code in codes]
    return [*_domestic(market), *made, *_unnamed(market)]


def _unnamed(market: Market) -> list[dict[str, Any]]:
    """Return an offer of what countries sell that the shares of imports do not name."""
    if market.unnamed < LEAST:
        return []
    _, row = max(market.shares.values(), key=lambda item: item[0])
    offer: dict[str, Any] = {
        "id": f"unnamed-{market.mineral}",
        "supplier": "Countries not named",
        "country": UNNAMED,
        "commodity": market.mineral,
        "capacity": rounded(market.unnamed * market.imported * market.tonnes),
        "allotted": True,
    }
    told = f"The {market.unnamed:.0%} of US imports whose countries are not named, no more."
    marked(offer, row, "capacity", told)
    _priced(market, offer, UNNAMED)
    return [offer]


def _priced(market: Market, offer: dict[str, Any], code: str) -> None:
    recipe, leads = market.recipe, market.of_output(LEADER) > _LEADS
    factor = PREMIUM if leads and code != LEADER else 1.0
    price = market.usd_per_tonne * factor
    offer["price"] = price if factor == 1.0 and recipe.price_per is None else rounded(price)
    notes = []
    if recipe.price_per is not None:
        notes.append(f"Divided by {recipe.price_per[0]:.4f} t {recipe.price_per[1]}.")
    if factor != 1.0:
        notes.append("25 % over the price found: sellers outside a country that leads ask more.")
    marked(offer, market.price, "price", " ".join(notes))


def _capacity(market: Market, offer: dict[str, Any], code: str) -> float:
    tonnes, row = market.output[code]
    plain = abs(tonnes - row.to("t")) < 1e-9 * max(1.0, tonnes)
    offer["capacity"] = tonnes if plain else rounded(tonnes)
    note = "" if plain else f"{row.to('t'):,.6g} t {row.basis}, converted by atomic weights."
    marked(offer, row, "capacity", note)
    return tonnes


def _foreign(market: Market, code: str) -> dict[str, Any]:
    offer: dict[str, Any] = {
        "id": f"{code.lower()}-{market.mineral}",
        "supplier": f"{_word(code)} producers",
        "country": code,
        "commodity": market.mineral,
    }
    sold = market.sold(code)
    if code in market.output:
        tonnes = _capacity(market, offer, code)
        offer["available"] = rounded(min(MOST, sold / tonnes + OPEN), 3)
        told = f"{sold:,.{0 if sold >= 100 else 3}f} t"
        basis = "imports" if market.shares else "output, as no import share was found"
        most = "" if sold / tonnes + OPEN <= MOST else f", but no more than {MOST:.0%} of it"
        offer.setdefault("assumption", {})["available"] = (
            f"What it sells to US users ({told}, by its share of {basis}), and a twentieth of "
            f"its output besides{most}: others claim the rest."
        )
    else:
        share, row = market.shares[code]
        offer["supplier"] = f"{_word(code)} sellers"
        offer["capacity"] = rounded(HEADROOM * sold)
        offer["allotted"] = True
        marked(
            offer,
            row,
            "capacity",
            f"No output found: its {share:.1%} of US imports, of the use that is imported, and a "
            "quarter more.",
        )
    _priced(market, offer, code)
    return offer


def _domestic(market: Market) -> list[dict[str, Any]]:
    """Return what is made at home: primary output, scrap, or what reliance leaves over."""
    base: dict[str, Any] = {"country": BUYER, "commodity": market.mineral}
    made: list[dict[str, Any]] = []
    if BUYER in market.output:
        offer = {"id": f"usa-{market.mineral}", "supplier": "US producers", **base}
        _capacity(market, offer, BUYER)
        _priced(market, offer, BUYER)
        made.append(offer)
    if market.secondary is not None and market.secondary.to("t") > 0:
        offer = {"id": f"usa-{market.mineral}-scrap", "supplier": "US recyclers", **base}
        offer["capacity"] = market.secondary.to("t")
        marked(offer, market.secondary, "capacity")
        _priced(market, offer, BUYER)
        made.append(offer)
    left = rounded(market.tonnes * (1.0 - market.imported))
    if not made and market.reliance is not None and left > 0:
        offer = {"id": f"usa-{market.mineral}", "supplier": "US producers and recyclers", **base}
        offer["capacity"] = left
        marked(offer, market.reliance, "capacity", "The part of use that is not imported on net.")
        _priced(market, offer, BUYER)
        made.append(offer)
    return made
