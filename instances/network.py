"""The network's fixed points: goods, places, lanes between them, needs and outlets."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import CountryCode, Id, Part, Places, Record, Text
from instances.schedule import (
    DaysOverTime,
    FractionOverTime,
    Schedule,
    TonnesPerYearOverTime,
    UsdPerTonneOverTime,
    UsdPerYearOverTime,
)
from instances.units import (
    Days,
    Fraction,
    Governance,
    Ratio,
    TonnesPerYear,
    UsdPerTonne,
    UsdPerTonneYear,
)


class Country(Record):
    """What is stated of a country; or a place that ISO 3166 does not list, such as a port.

    Only places that ISO 3166 does not list need (and take) a name.
    """

    id: CountryCode
    name: Text | None = None
    governance: Governance | None = None
    """Estimate of the Worldwide Governance Indicators, -2.5 (worst) to 2.5 (best)."""


class Group(Record):
    """A named set of countries: allies, FORGE, EU, FEOC; or everybody outside another group."""

    members: Places | None = None
    """Its countries; either these or ``outside``."""
    outside: Id | None = None
    """Another group: this one holds every country that goods come from and that is not in it."""

    @model_validator(mode="after")
    def _members_or_outside(self) -> Self:
        if (self.members is None) == (self.outside is None):
            raise PydanticCustomError("group", "needs either 'members' or 'outside'.")
        return self


class Commodity(Record):
    """A material in a stated form. Tonnes of unlike commodities are never summed."""

    name: Text | None = None
    stage: Text
    """Step of the chain: mine, concentrate, oxide, metal, magnet, recycled, ..."""
    basis: Text
    """What a tonne is a tonne of: contained metal, REO, LCE, product."""
    material: Id | None = None
    """What is mined, made and recycled as this and other commodities; its own id if not given."""
    content: Annotated[Ratio, Field(gt=0)] = 1.0
    """Tonnes of the material in a tonne, in the measure in which stages are compared."""
    disposal_cost: UsdPerTonneOverTime = Schedule.always(0.0)
    """USD per tonne of a co-product that nobody takes, where it is made."""
    disposable: bool = True
    """Whether what nobody takes may be thrown away; if not, all that is made of it goes to a user,
    an outlet, a process or a stockpile."""
    customs_value: UsdPerTonneOverTime | None = None
    """Value on which ad-valorem tariffs are charged, USD/t."""
    market_price: UsdPerTonneOverTime | None = None
    """What a maker gets or pays for a tonne where it stands, USD/t: by it owners reckon whether a
    facility pays (rule ``participation``). No money changes hands at it in a plan."""


class CommodityFreight(Part):
    """Freight of one commodity of a lane."""

    commodity: Id
    freight: UsdPerTonneOverTime
    """USD per tonne loaded."""


class Lane(Record):
    """A way to move goods. A commodity that no lane names moves freely (no cost, no loss)."""

    origin: CountryCode
    destination: CountryCode
    commodities: tuple[Id, ...] = Field(min_length=1)
    freight: UsdPerTonneOverTime = Schedule.always(0.0)
    """USD per tonne loaded of the commodities that ``freights`` does not name."""
    freights: tuple[CommodityFreight, ...] = ()
    """Freight of single commodities where it differs. What rises with the load is stated by lanes
    side by side, the cheaper one with a capacity."""
    tariff: FractionOverTime | None = None
    """Ad-valorem duty, a fraction of the commodity's ``customs_value``, per tonne that arrives."""
    loss: Fraction = 0.0
    """Fraction of the loaded tonnes that does not arrive."""
    lead_time: Days = 0.0
    """Days from loading to arrival. What is loaded in a period, evenly over its days, arrives as
    many days later, in the periods that this window overlaps."""
    compliance_cost: UsdPerTonneOverTime = Schedule.always(0.0)
    """USD per tonne loaded for licences, certificates and tracing."""
    fixed_cost: UsdPerYearOverTime = Schedule.always(0.0)
    """USD per year of a period in which it is used; using it is then a yes/no choice."""
    minimum_load: TonnesPerYear = 0.0
    """Tonnes per year below which it is not used; using it is then a yes/no choice."""
    terminal_value: UsdPerTonne = 0.0
    """USD per tonne still under way at the end of the horizon."""
    capacity: TonnesPerYearOverTime | None = None
    """Tonnes loaded per year over all its commodities; unlimited if not given."""
    available: FractionOverTime = Schedule.always(1.0)
    """Fraction of the capacity that can be used; a lane without a capacity is open or, at 0,
    closed."""
    delay: DaysOverTime = Schedule.always(0.0)
    """Days that what is loaded takes on top of ``lead_time``."""

    def freight_of(self, commodity: str) -> Schedule:
        """Return the USD per tonne loaded of one commodity."""
        own = (item.freight for item in self.freights if item.commodity == commodity)
        return next(own, self.freight)

    @property
    def chooses(self) -> bool:
        """Whether using it is a yes/no choice."""
        return self.minimum_load > 0 or any(self.fixed_cost.values)

    @model_validator(mode="after")
    def _choice_within_capacity(self) -> Self:
        if self.chooses and self.capacity is None:
            raise PydanticCustomError(
                "lane",
                "has a fixed cost or a minimum load but no 'capacity'. Give the most it can "
                "carry: it decides what a use of it may be.",
            )
        return self


class ShortfallTier(Part):
    """A slice of a demand that may stay unmet, at a price."""

    share: Fraction = Field(gt=0)
    """Width of the slice as a fraction of the demand."""
    cost: UsdPerTonneOverTime


class Demand(Record):
    """A need for a commodity in a country, by class of user."""

    commodity: Id
    country: CountryCode
    quantity: TonnesPerYearOverTime
    demand_class: Text = "civil"
    """Who needs it: defence, essential, civil, ..."""
    shortfall_cost: UsdPerTonneOverTime | tuple[ShortfallTier, ...] | None = None
    """USD per tonne unmet: one price, or slices of rising price; hard (nothing may stay unmet)
    if not given. What lies beyond the last slice is hard."""
    backlog_cost: UsdPerTonneYear | None = None
    """USD per tonne owed at the end of a period and year of that period: what is needed may then
    be delivered later, all of it by the end of the horizon. Nothing may be late if not given."""

    @property
    def tiers(self) -> tuple[ShortfallTier, ...]:
        """Return the slices that may stay unmet, cheapest first; none for a hard demand."""
        if self.shortfall_cost is None:
            return ()
        if isinstance(self.shortfall_cost, tuple):
            return self.shortfall_cost
        return (ShortfallTier(share=1.0, cost=self.shortfall_cost),)

    @model_validator(mode="after")
    def _slices_within_demand(self) -> Self:
        total = sum(tier.share for tier in self.tiers)
        if total > 1 + 1e-9:
            raise PydanticCustomError(
                "shortfall",
                "the slices of shortfall_cost add up to {total} of the demand, more than all of "
                "it.",
                {"total": f"{total:.4g}"},
            )
        return self


class Outlet(Record):
    """A buyer for surplus and co-products."""

    commodity: Id
    country: CountryCode
    price: UsdPerTonneOverTime
    capacity: TonnesPerYearOverTime | None = None
    """Tonnes per year it takes; unlimited if not given."""


def rising(schedules: tuple[Schedule, ...]) -> bool:
    """Return whether each schedule is at least its predecessor at every date either names."""
    for low, high in pairwise(schedules):
        days = {day for day, _ in (*low.points, *high.points)}
        for day in days:
            below, above = low.at(day), high.at(day)
            if below is not None and above is not None and below > above:
                return False
    return True
