"""Tags: what is remembered of a lot, kept with it only as far as a rule asks.

A tag has up to three parts: who sold (or made) the lot, the country its ore came from, and for
each party that a rule on touched goods names whether any step was taken there. Written out: "CHN",
"CHN/Name of the supplier", "MYS;ore:AUS", "ore:AUS;touched:feoc". "any" is a lot of which nothing
is remembered, "clean" one that no party in question touched, "unknown" opening stock of which
nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from instances.directory import Party
    from instances.facility import Facility, Process
    from instances.supply import Offer

ANY = "any"
CLEAN = "clean"
UNKNOWN = "unknown"
RECYCLED = "recycled"
_ORE, _TOUCHED, _UNSURE = "ore:", "touched:", "unsure:"


class Tagging(StrEnum):
    """How much of a lot's seller is kept."""

    NONE = "none"
    COUNTRY = "country"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Keep:
    """What is remembered of a commodity's lots.

    Parameters
    ----------
    seller
        Whether the seller's country, or the supplier too.
    ore
        Whether the country of the ore.
    touched
        The parties of which it is remembered whether a step was taken there, by label.
    """

    seller: Tagging = Tagging.NONE
    ore: bool = False
    touched: Mapping[str, Party] | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing is remembered."""
        return self.seller is Tagging.NONE and not self.ore and not self.touched


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in its parts; ``None`` where that is not kept, "unknown" where it is not known."""

    seller: str | None = None
    ore: str | None = None
    touched: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()

    def __str__(self) -> str:
        parts = [self.seller] if self.seller is not None else []
        if self.ore is not None:
            parts.append(f"{_ORE}{self.ore}")
        parts += [f"{_TOUCHED}{label}" for label in sorted(self.touched)]
        parts += [f"{_UNSURE}{label}" for label in sorted(self.unsure)]
        return ";".join(parts) or CLEAN


@lru_cache(maxsize=100_000)
def read_tag(text: str) -> Tag:
    """Return the parts of a written tag."""
    seller, ore = None, None
    touched: set[str] = set()
    unsure: set[str] = set()
    for part in text.split(";"):
        if part.startswith(_ORE):
            ore = part[len(_ORE) :]
        elif part.startswith(_TOUCHED):
            touched.add(part[len(_TOUCHED) :])
        elif part.startswith(_UNSURE):
            unsure.add(part[len(_UNSURE) :])
        elif part not in (ANY, CLEAN):
            seller = part
    return Tag(seller, ore, frozenset(touched), frozenset(unsure))


def carrier_of(process: Process) -> str | None:
    """Return the input whose ore the outputs inherit: the stated one, else the first."""
    return process.carrier or next(iter(process.inputs), None)


def offer_tag(keep: Keep, offer: Offer) -> str:
    """Return the tag of what ``offer`` sells."""
    return _written(
        keep,
        _seller(keep, offer.country, offer.supplier),
        offer.ore or offer.country,
        {offer.country, offer.ore or offer.country, *offer.via},
    )


def opening_tag(keep: Keep, seller_country: str | None, ore_country: str | None) -> str:
    """Return the tag of opening stock or cargo: unknown in every part that is not stated."""
    if keep.nothing:
        return ANY
    known = {code for code in (seller_country, ore_country) if code is not None}
    if not known:
        return UNKNOWN
    seller = None
    if keep.seller is not Tagging.NONE:
        seller = _seller(keep, seller_country, "") if seller_country else UNKNOWN
    labels = keep.touched or {}
    hit = {label for label, party in labels.items() if party.countries & known}
    return str(
        Tag(
            seller,
            (ore_country or UNKNOWN) if keep.ore else None,
            frozenset(hit),
            frozenset(labels.keys() - hit),
        )
    )


def recycled_tag(keep: Keep, country: str) -> str:
    """Return the tag of what is recycled in ``country``: of no ore, touched there alone."""
    return _written(keep, _seller(keep, country, RECYCLED), RECYCLED, {country})


def made_tag(keep: Keep, facility: Facility, carrier: str | None, inputs: Iterable[str]) -> str:
    """Return the tag of what ``facility`` makes.

    Parameters
    ----------
    keep
        What is remembered of the output.
    carrier
        Tag of the input whose ore it inherits; ``None`` for a mine, whose ore is its country's.
    inputs
        Tags of all inputs.
    """
    if keep.nothing:
        return ANY
    ore = facility.country
    if carrier is not None:
        ore = UNKNOWN if carrier == UNKNOWN else read_tag(carrier).ore or UNKNOWN
    if not keep.touched:
        return _of(_seller(keep, facility.country, facility.id), ore if keep.ore else None)
    touched: set[str] = set()
    unsure: set[str] = set()
    for text in inputs:
        tag = read_tag(text)
        touched |= tag.touched
        unsure |= set(keep.touched) if text == UNKNOWN else tag.unsure
    labels = keep.touched
    touched |= {label for label, party in labels.items() if facility.country in party.countries}
    return str(
        Tag(
            _seller(keep, facility.country, facility.id),
            ore if keep.ore else None,
            frozenset(touched & labels.keys()),
            frozenset((unsure & labels.keys()) - touched),
        )
    )


def class_of(tag: str, *, ore: bool, touched: Sequence[str]) -> str:
    """Return what of an input's tag an output can inherit, as text; equal inputs may be mixed."""
    if not ore and not touched:
        return ANY
    if tag == UNKNOWN:
        return UNKNOWN
    parts = read_tag(tag)
    if not touched:
        return _of(None, parts.ore)
    kept = frozenset(touched)
    return str(Tag(None, parts.ore if ore else None, parts.touched & kept, parts.unsure & kept))


def belongs(tag: str, party: Party, origin: str = "direct") -> bool | None:
    """Return whether a lot counts as the party's, ``None`` where that is not known.

    Parameters
    ----------
    origin
        "direct": the party sold or made it; "traced": its ore is the party's; "touched": any step
        was taken there.
    """
    if tag == UNKNOWN:
        return None
    parts = read_tag(tag)
    if origin == "touched":
        return None if party.label in parts.unsure else party.label in parts.touched
    if origin == "traced":
        return None if parts.ore == UNKNOWN else parts.ore in party.countries
    if parts.seller is None:
        return False
    if parts.seller == UNKNOWN:
        return None
    country, _, supplier = parts.seller.partition("/")
    return party.includes(country, unquote(supplier))


@lru_cache(maxsize=100_000)
def _of(seller: str | None, ore: str | None) -> str:
    """Return the tag of a lot of which no touch is remembered."""
    return str(Tag(seller, ore))


def _seller(keep: Keep, country: str, supplier: str) -> str | None:
    if keep.seller is Tagging.NONE:
        return None
    if keep.seller is Tagging.COUNTRY:
        return country
    # a supplier's name may hold the sign that parts a tag
    return f"{country}/{quote(supplier, safe=' ')}"


def _written(keep: Keep, seller: str | None, ore: str, steps: set[str]) -> str:
    if keep.nothing:
        return ANY
    labels = keep.touched or {}
    hit = frozenset(label for label, party in labels.items() if party.countries & steps)
    return str(Tag(seller, ore if keep.ore else None, hit))
