"""Stores of a commodity, run as a reserve or as working stock."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import CountryCode, Day, Id, Part, Record, Text, check_dates
from instances.schedule import TonnesPerYearOverTime
from instances.units import (
    Days,
    Fraction,
    PacePerYear,
    RatePerYear,
    Tonnes,
    TonnesPerYear,
    UsdPerTonne,
    UsdPerTonneYear,
)
from instances.words import listed, percent, tonnes

if TYPE_CHECKING:
    from instances.words import Names

SHARED = 1e-9
"""How far shares may add up to more or less than 1: rounding."""


class Declaration(Part):
    """A stretch of time in which a release from stock is declared."""

    start: Day
    """First day on which stock may be released."""
    end: Day
    """Day from which it may not."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        check_dates(self.start, self.end)
        return self


class Member(Part):
    """A country that shares a stockpile: it pays and is entitled to its share of what is put in.

    It draws by what is loaded on lanes from the stockpile's country to it, or used there where it
    is its own.
    """

    country: CountryCode
    share: Annotated[Fraction, Field(gt=0)]
    """Fraction of what is put in that it pays and may draw."""
    borrowing: Tonnes | None = None
    """Most tonnes it owes the other members at a time; unlimited if not given. Nobody borrows
    without the stockpile's ``loan_days``."""


class Stockpile(Record):
    """A store of one commodity in one country, and the policy it is run by.

    What is drawn is *released*, *rotated* (replaced by fresh goods in the same period) or *lent*
    (to come back in kind). A declared release binds neither rotation nor loans. A stockpile with
    ``members`` is a *pool*: what is released is booked to one of them, on what it is entitled to
    or borrowed of the others.
    """

    commodity: Id
    country: CountryCode
    owner: Text | None = None
    """Who owns it; for readers."""
    opening: Tonnes = 0.0
    """Tonnes held at the start of the horizon."""
    opening_country: CountryCode | None = None
    """Seller country of the opening stock; unknown if not given (rules say how that counts)."""
    opening_ore: CountryCode | None = None
    """Country the ore of the opening stock came from; unknown if not given."""
    capacity: Tonnes | None = None
    """Most tonnes it holds at the end of a period; unlimited if not given."""
    fill_rate: TonnesPerYearOverTime | None = None
    """Most tonnes put in per year; unlimited if not given."""
    draw_rate: TonnesPerYearOverTime | None = None
    """Most tonnes taken out per year; unlimited if not given."""
    market_share: Annotated[Fraction, Field(gt=0)] | None = None
    """Most that is put in in a period, as a fraction of what all offers of the commodity hold in
    it, so that filling does not move the market; unlimited if not given."""
    rotation: RatePerYear = 0.0
    """Fraction of what is held that must be drawn and replaced per year."""
    rotation_cost: UsdPerTonne = 0.0
    """USD per tonne rotated."""
    release: Literal["free", "declared"] = "free"
    """Whether goods may be released at any time, or only while a release is declared."""
    declared: Annotated[tuple[Declaration, ...], Field(max_length=100)] = ()
    """Stretches in which a release is declared, in order."""
    declared_by: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    """Events while which a release is declared, besides: ids of events, or effects
    (``availability``, ``price``, ...) for every event that has one."""
    pace: PacePerYear | None = None
    """Fraction of what is held when a declaration begins that may be released per year of it
    ("1 %/d"); unlimited if not given."""
    release_rate: TonnesPerYear | None = None
    """Most tonnes released per year of a declaration; unlimited if not given."""
    serves: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Demand classes that may be served: no more is drawn than they receive in the country; all
    classes if not given. What is rotated goes to anyone."""
    loan_days: Days | None = None
    """Days within which goods drawn as a loan come back; no loans if not given. All are back at
    the end of the horizon. In a pool: within which a member makes up for what it borrows."""
    members: Annotated[tuple[Member, ...], Field(max_length=100)] = ()
    """Countries that share it; their shares add up to 1. Not shared if not given."""
    decay: RatePerYear = 0.0
    """Fraction lost per year of storage; what is held shrinks by (1 - decay)^years."""
    holding_cost: UsdPerTonneYear = 0.0
    """USD per tonne held at the end of a period and year of that period."""
    terminal_value: UsdPerTonne = 0.0
    """USD per tonne held at the end of the horizon."""

    book_value: UsdPerTonne | None = None
    """USD per tonne in the books of a fund: lent against, paid by whoever draws, settled."""

    @property
    def users(self) -> frozenset[str]:
        """Countries whose demands it covers: those of its members, else its own."""
        return frozenset(item.country for item in self.members) or frozenset({self.country})

    @property
    def lends(self) -> bool:
        """Whether goods are lent to whoever takes them; in a pool members lend to one another."""
        return self.loan_days is not None and not self.members

    @property
    def handles(self) -> bool:
        """Whether some of what is drawn comes back: by rotation or as a loan."""
        return self.rotation > 0 or self.lends

    def pool_in_words(self, names: Names) -> str:
        """Say who shares it: "Japan (60 %) and Korea (40 %) share pool and borrow nothing"."""
        whose = listed(
            tuple(
                f"{names.country(item.country)} ({percent(item.share)})" for item in self.members
            )
        )
        if self.loan_days is None:
            return f"{whose} share {self.id} and borrow nothing of one another"
        most = tuple(
            f"{names.country(item.country)} at most {tonnes(item.borrowing)}"
            for item in self.members
            if item.borrowing is not None
        )
        limits = f", {listed(most)}" if most else ""
        return (
            f"{whose} share {self.id} and borrow of one another for up to "
            f"{self.loan_days:.4g} days{limits}"
        )

    @model_validator(mode="after")
    def _declares(self) -> Self:
        given: dict[str, Any] = {
            name: getattr(self, name) for name in ("declared", "declared_by", "pace")
        }
        given["release_rate"] = self.release_rate
        if not self.members:
            given["loan_days"] = self.loan_days
        for name, value in given.items():
            if self.release == "free" and value not in ((), None):
                raise PydanticCustomError(
                    "stockpile",
                    "has '{name}', but its release is free. Write 'release: declared', or drop "
                    "'{name}'.",
                    {"name": name},
                )
        for before, after in pairwise(self.declared):
            if after.start < before.end:
                raise PydanticCustomError(
                    "stockpile",
                    "declares a release from {start} before the one until {end} is over. "
                    "List them in order, without overlap.",
                    {"start": after.start.isoformat(), "end": before.end.isoformat()},
                )
        return self

    @model_validator(mode="after")
    def _shared_in_full(self) -> Self:
        if self.members and self.serves:
            raise PydanticCustomError(
                "stockpile",
                "has both 'members' and 'serves'. Keep one stockpile for each, or drop one.",
            )
        whole = sum(member.share for member in self.members)
        if self.members and abs(whole - 1) > SHARED:
            raise PydanticCustomError(
                "stockpile",
                "is shared by members whose shares add up to {whole}, not to 1.",
                {"whole": f"{whole:.6g}"},
            )
        return self

    @model_validator(mode="after")
    def _opening_fits(self) -> Self:
        if self.capacity is not None and self.opening > self.capacity:
            raise PydanticCustomError(
                "stockpile",
                "opens with {opening} t but holds at most {capacity} t.",
                {"opening": f"{self.opening:g}", "capacity": f"{self.capacity:g}"},
            )
        return self
