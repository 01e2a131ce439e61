"""Events: what may happen to supply, prices or demand, to whom, and from when to when."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.periods import Length, LengthField
from instances.record import Day, Id, Record, Text, check_dates
from instances.tariff import Parties
from instances.units import Days, Fraction, Ratio
from instances.words import listed, percent

if TYPE_CHECKING:
    from instances.words import Names

EFFECTS = (
    "availability",
    "price",
    "tariff",
    "delay",
    "demand",
    "yields",
    "capex",
    "lead_time",
)
"""Fields that say what an event does."""
Ids = Annotated[tuple[Id, ...], Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]


class Event(Record):
    """Something that may happen: an export control, an outage, a poor yield, a jump in a price.

    Effects hold on the days from ``start`` to ``end``; a period counts them by its days. Effects
    of several events on one thing multiply, duties and delays add up. Goods that were loaded
    before arrive.
    """

    of: Parties | None = None
    """Whom it hits: a country, group, supplier or facility, or several countries and groups;
    everybody if not given."""
    lanes: Ids | None = None
    """Instead of ``of``: the lanes it hits."""
    commodities: Ids | None = None
    """Goods it hits; all if neither these nor ``stages`` are given."""
    stages: Texts | None = None
    """Instead of ``commodities``: goods at these stages."""
    buyers: Ids | None = None
    """Countries and groups to whom it closes the lanes out of ``of``; if not given, what is on
    offer and made there is hit, whoever buys it."""
    availability: Fraction = 1.0
    """Fraction that is left of what could be bought, made or carried."""
    price: Ratio = 1.0
    """Factor on prices of offers and reference prices, on the cost of processes of a facility, or
    on the freight of lanes."""
    tariff: Fraction = 0.0
    """Ad-valorem duty on top, a fraction of the customs value, on the lanes out of ``of``."""
    delay: Days = 0.0
    """Days that goods loaded meanwhile on the lanes out of ``of`` arrive later."""
    demand: Ratio = 1.0
    """Factor on the demands in the countries of ``of``."""
    yields: Ratio = 1.0
    """Factor on what the processes of ``of`` give of these goods, which are all that they give: a
    failing ore or harvest, a poor batch; inputs, costs and capacities stay."""
    capex: Ratio = 1.0
    """Factor on the capital cost of expansions of facilities of ``of`` that are decided meanwhile:
    equipment under an export control, a shortage of builders."""
    lead_time: Days = 0.0
    """Days that expansions of facilities of ``of`` decided meanwhile take on top: equipment or
    know-how that is withheld, permits that take longer."""
    start: Day
    """First day."""
    end: Day | None = None
    """Day from which it is over; it outlasts the horizon if neither this nor ``length`` is
    given."""
    length: LengthField | None = None
    """Instead of ``end``: how long it lasts."""
    announced: Day | None = None
    """Day from which it is known that it will come; its first day if not given. What it does is
    known then, how long it lasts only once it is over."""
    ends_known: bool = False
    """Whether it is known as early when it will be over."""
    certain: bool = False
    """Whether it happens in every scenario: a policy calendar, such as licences that remain."""
    waives: Ids | None = None
    """Rules that need not be kept in periods that it touches, and until stocks are rebuilt."""
    rebuild: LengthField | None = None
    """Time after its end within which what it waives has to be in place again."""

    @property
    def endless(self) -> bool:
        """Whether it outlasts every horizon."""
        return self.end is None and self.length is None

    @cached_property
    def until(self) -> date | None:
        """Day from which it is over, ``None`` if it outlasts every horizon."""
        return self.end if self.length is None else _later(self.start, self.length)

    @cached_property
    def restored(self) -> date | None:
        """Day from which the rules it waives hold again."""
        if self.rebuild is None or self.until is None:
            return self.until
        return _later(self.until, self.rebuild)

    @cached_property
    def content(self) -> str:
        """What happens, whatever it is called and however long it lasts, as text."""
        left_out = {"id", "source", "assumption", "end", "length", "certain"}
        return self.model_dump_json(exclude=left_out, exclude_defaults=True)

    @property
    def effects(self) -> dict[str, float]:
        """Return the effects that it states: field to number."""
        fields = type(self).model_fields
        return {
            name: getattr(self, name)
            for name in EFFECTS
            if getattr(self, name) != fields[name].default
        }

    def sentence(self, names: Names) -> str:
        """Say what happens: "China: 40 % remains available from 2028-01-01 for 1 yr"."""
        whom = "Everybody"
        if self.lanes is not None:
            whom = f"Lanes {listed(self.lanes)}"
        elif self.of is not None:
            parties = (self.of,) if isinstance(self.of, str) else self.of
            whom = listed(tuple(names.who(party) for party in parties))
        goods = self.stages or tuple(map(names.commodity, self.commodities or ()))
        whom += f" ({listed(goods)})" if goods else ""
        told = {
            "availability": f"{percent(self.availability)} remains available",
            "price": f"prices times {self.price:g}",
            "tariff": f"{percent(self.tariff)} of duty on top",
            "delay": f"{self.delay:g} days of delay",
            "demand": f"demand times {self.demand:g}",
            "yields": f"yields times {self.yields:g}",
            "capex": f"capital cost times {self.capex:g}",
            "lead_time": f"what is decided takes {self.lead_time:g} days longer",
        }
        what = ", ".join(told[name] for name in self.effects) or "nothing changes"
        to = f" to {listed(tuple(map(names.who, self.buyers)))}" if self.buyers else ""
        span = f" for {self.length}" if self.length else f" to {self.end}" if self.end else ""
        return f"{whom}: {what}{to} from {self.start}{span}"

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        for one, other in (("of", "lanes"), ("commodities", "stages"), ("end", "length")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                raise PydanticCustomError(
                    "event",
                    "has both '{one}' and '{other}'. Keep one of them.",
                    {"one": one, "other": other},
                )
        if self.buyers is not None and self.lanes is not None:
            raise PydanticCustomError(
                "event", "has both 'lanes' and 'buyers'. Lanes say already where they lead."
            )
        check_dates(self.start, self.end)
        if self.announced is not None and self.announced > self.start:
            raise PydanticCustomError(
                "event",
                "is announced on {day}, after it has begun. Give an earlier day, or drop it.",
                {"day": self.announced.isoformat()},
            )
        if self.rebuild is not None and (self.waives is None or self.endless):
            raise PydanticCustomError(
                "event", "has a 'rebuild', but waives no rule, or never ends. Drop 'rebuild'."
            )
        return self


def _later(day: date, length: Length) -> date:
    """Return the day a length after another; the last of a month that is too short for it."""
    try:
        if length.days:
            return day + timedelta(days=length.days)
        years, month = divmod(day.month - 1 + length.months, 12)
        last = monthrange(day.year + years, month + 1)[1]
        return date(day.year + years, month + 1, min(day.day, last))
    except (OverflowError, ValueError):
        # the calendar ends, and no horizon reaches that far
        return date.max
