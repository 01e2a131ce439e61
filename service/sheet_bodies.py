"""The decision sheet, field by field: for the API's description and the client.

Money is USD, discounted to the start and expected over scenarios, of the problem's perspective
unless a field says otherwise; what is not known is null, and a reason stands beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from service.schemas import Described


class LossBody(Described):
    """What it costs to do without partners, all planned anew."""

    partners: list[str] = Field(description="Countries that are lost.")
    commodities: list[str] = Field(
        description="Goods that they no longer supply; all of theirs if empty."
    )
    held: Literal["optimal", "feasible", "infeasible", "missing"] = Field(
        description="What is known: a least cost, a plan that may not be the cheapest, that there "
        "is no plan, or nothing since time ran out."
    )
    cost_usd: float | None = Field(
        description="USD: least cost without them, shortfall at what it is said to cost; null "
        "without a plan."
    )
    dearer_usd: float | None = Field(description="USD: that less the least cost with them.")
    charged_usd: float | None = Field(
        description="USD of that difference which is charged for shortfall, delay and fines, and "
        "not paid."
    )
    unmet_t: dict[str, float] = Field(
        description="Commodity to tonnes unmet beyond those unmet with them."
    )
    gap_usd: float = Field(description="USD by which either cost may lie above the least.")
    reason: str | None = Field(description="Why there is no cost.")


class EndBody(Described):
    """How the solve of the plan ended, on two axes."""

    stop: str = Field(description="Why the solver stopped: finished, time_limit, cancelled ...")
    point: str = Field(description="What it holds: optimal, feasible, infeasible ...")


class ChargeBody(Described):
    """What a tonne short of a demand is charged."""

    demand: str = Field(description="Id of the demand.")
    commodity: str = Field(description="Id of its commodity.")
    demand_class: str = Field(description="Its class: defence, essential or civil.")
    shares: list[float] = Field(description="Slices of the need, as fractions, cheapest first.")
    usd_per_t: list[float] = Field(
        description="USD that a tonne in each is charged on the first day."
    )


class ShortBody(Described):
    """A demand that is left short."""

    demand: str = Field(description="Id of the demand.")
    commodity: str = Field(description="Id of its commodity.")
    demand_class: str = Field(description="Its class: defence, essential or civil.")
    country: str = Field(description="Code of its country.")
    unmet_t: float = Field(description="Tonnes missing over the horizon.")
    needed_t: float = Field(description="Tonnes needed over the horizon.")
    first: str = Field(description="First node in which something is missing.")
    worst: str = Field(description="First node in which the largest part is missing.")
    worst_t: float = Field(description="Tonnes missing there.")
    worst_fraction: float = Field(description="Fraction of the need that is missing there.")
    worst_nodes: list[str] = Field(description="All nodes in which as large a part is missing.")
    most: str = Field(description="Node in which the most tonnes are missing.")
    most_t: float = Field(description="Tonnes missing there.")
    by_node: dict[str, float] = Field(description="Node to tonnes missing there.")


class AssumedBody(Described):
    """Which part of the plan rests on assumptions."""

    money: float | None = Field(description="Fraction of the money.")
    bought: float | None = Field(
        description="Fraction of the tonnes bought, by the size of what is on offer."
    )
    needed: float | None = Field(description="Fraction of the tonnes needed.")
    numbers: int = Field(description="How many numbers the problem says are assumed.")


class SupplierBody(Described):
    """Who supplies what is needed."""

    commodity: str = Field(description="Id of the commodity.")
    country: str = Field(description="Code of the country.")
    tonnes: float = Field(description="Tonnes bought or made there.")
    share: float = Field(description="Fraction of all that is bought or made.")
    first_share: float | None = Field(description="The same fraction in the first period.")
    last_share: float | None = Field(description="The same fraction in the last period.")


class HoldingBody(Described):
    """What a stockpile holds at its fullest."""

    stockpile: str = Field(description="Id of the stockpile.")
    commodity: str = Field(description="Id of its commodity.")
    node: str = Field(description="Node at whose end it is fullest.")
    stock_t: float = Field(description="Tonnes that it holds then.")
    cover_d: float | None = Field(
        description="Days of demand that they cover; null without a demand."
    )


class BindBody(Described):
    """A rule that binds."""

    rule: str = Field(description="Id of the rule.")
    sentence: str = Field(description="What it says.")
    nodes: list[str] = Field(description="Where it binds.")
    whole_usd: float | None = Field(
        description="USD that the least cost falls by without the rule."
    )
    gap_usd: float = Field(description="USD by which either cost may lie above the least.")
    price_usd: float | None = Field(
        description="Largest shadow price: USD, undiscounted, saved per `per` more of the limit."
    )
    per: str | None = Field(description="Of what: 1.0 of share, t, USD or hhi.")
    price_node: str | None = Field(description="Node at which that price stands.")
    price_kind: str | None = Field(
        description="What it rests on: lp, or fixed_integers with yes/no choices as they are."
    )
    reason: str | None = Field(description="Why a number is missing.")


class ScarceBody(Described):
    """An offer that the plan buys up."""

    offer: str = Field(description="Id of the offer.")
    name: str = Field(description="What it is, in words.")
    nodes: list[str] = Field(description="Where nothing of it is left.")
    saving_usd: float | None = Field(
        description="USD that the least cost falls by with 1 % more of its capacity at all dates."
    )
    gap_usd: float = Field(description="USD by which either cost may lie above the least.")
    reason: str | None = Field(description="Why there is no saving.")


class GainBody(Described):
    """What a plan takes more of."""

    way: Literal["buy", "run", "short"] = Field(
        description="Bought of an offer, run at a facility, or left short of a demand."
    )
    id: str = Field(description="Id of that record.")
    name: str = Field(description="What it is, in words.")
    tonnes: float = Field(description="Tonnes more over the horizon, expected over scenarios.")


class TurnBody(Described):
    """A choice of the plan, and the price at which it is no longer made."""

    table: str = Field(description="Table of its record.")
    id: str = Field(description="Id of its record.")
    name: str = Field(description="What it is, in words.")
    spent_usd: float = Field(description="USD that the plan spends on it, undiscounted.")
    amount: float = Field(description="How much the plan takes, in `unit`.")
    unit: str = Field(description="Unit of the amount: t or t/yr.")
    price_usd: float = Field(description="USD per `unit` on the mean of the plan.")
    change_usd: float | None = Field(
        description="USD per `unit` by which its price must rise for the plan to do without."
    )
    turn_usd: float | None = Field(description="USD per `unit` at which it turns.")
    inside_usd: float | None = Field(description="A rise just below, USD per `unit`.")
    inside_amount: float | None = Field(description="How much the plan takes then, in `unit`.")
    outside_usd: float | None = Field(description="A rise just above, USD per `unit`.")
    outside_amount: float | None = Field(description="How much the plan takes then, in `unit`.")
    checked: bool = Field(description="Whether solves on either side agree with the turn.")
    instead: list[GainBody] = Field(
        description="What the plan just above takes more of than that of least cost, the most "
        "first."
    )
    short_instead: bool = Field(
        description="Whether what the last of it gives way to is mostly left short, so that the "
        "price is that of going short."
    )
    choices_held: bool = Field(description="Whether yes/no choices stood as the plan has them.")
    vital: bool = Field(description="Whether there is no plan without it.")
    reason: str | None = Field(description="Why there is no turn.")


class KnownDateBody(Described):
    """The next known date."""

    day: date
    what: list[str] = Field(description="What happens on it.")


class CommitmentBody(Described):
    """What the plan settles before scenarios part."""

    kind: Literal["sign", "build", "qualify", "buy", "store"] = Field(
        description="What has to be done."
    )
    table: str = Field(description="Table of its record.")
    id: str = Field(description="Id of its record.")
    name: str = Field(description="What it is, in words.")
    by: date = Field(description="Last day on which it serves.")
    serves: date = Field(description="Day from which it does.")
    amount: float = Field(
        description="How much, in `unit`: a fraction of a contract, t/yr of a plant, tonnes "
        "bought, or in store on the known date."
    )
    unit: str = Field(description="Unit of the amount.")
    usd: float | None = Field(
        description="USD, undiscounted, of purchases up to the known date; null where its money "
        "is spent later."
    )


class NamedBody(Described):
    """A commitment that is told by name."""

    table: str = Field(description="Table of its record.")
    id: str = Field(description="Id of its record.")


class DueBody(Described):
    """What is settled before the next known date, or in the first period without one.

    Money is undiscounted.
    """

    until: date = Field(
        description="Day up to which it is counted: the end of the last period that begins before "
        "the date."
    )
    usd: float = Field(
        description="USD of contracts, plants (their whole capital cost), qualifications and "
        "purchases up to that day."
    )
    running_usd: float = Field(
        description="USD that the plan pays besides up to that day: deliveries under contracts, "
        "runs of plants, freight, duties and storage, less what it sells; nothing that is charged."
    )
    named: list[NamedBody] = Field(description="What is told by name, stocks apart.")
    rest: int = Field(description="How many commitments are not.")
    rest_usd: float = Field(description="USD that these take.")
    later: int = Field(description="How many are to be settled after the date.")


class SectionBody(Described):
    """A section in words."""

    title: str
    lines: list[str]


class WordsBody(Described):
    """The sheet in words."""

    head: list[str] = Field(
        description="What it is of, that time ran out if it did, and what the plan costs."
    )
    sections: list[SectionBody]
    stopped: str | None = Field(description="That time ran out, where it did.")


class SheetBody(Described):
    """One page of a plan for whoever has to decide."""

    schema_: int = Field(alias="schema", description="Version of this form.")
    name: str = Field(description="Name of the problem.")
    hash: str = Field(description="Hash of the problem.")
    status: EndBody
    cost_usd: float | None = Field(description="USD: least cost; null without a plan.")
    gap: float | None = Field(description="Fraction by which it may lie above the least.")
    charged_usd: float | None = Field(
        description="USD of the cost that is charged for shortfall, delay and fines, and not paid."
    )
    charges: list[ChargeBody] = Field(description="What a tonne short is charged.")
    shortfalls: list[ShortBody] = Field(
        description="Demands left short, the largest part of a need first."
    )
    assumed: AssumedBody | None = Field(description="Which part rests on assumptions.")
    suppliers: list[SupplierBody] = Field(description="Who supplies what is needed.")
    holdings: list[HoldingBody] = Field(description="What stockpiles hold at their fullest.")
    binds: list[BindBody] = Field(description="Rules that bind, the costliest first.")
    scarce: list[ScarceBody] = Field(
        description="Supplies that the plan buys up, those of which more is worth most first."
    )
    losses: list[LossBody] = Field(
        description="What it costs never to have each country that the plan buys or makes in, "
        "buyers' own apart, the dearest first."
    )
    turns: list[TurnBody] = Field(
        description="The largest choices, with the price at which each turns."
    )
    next_date: KnownDateBody | None = Field(description="The next known date.")
    commitments: list[CommitmentBody] = Field(
        description="What the plan settles before scenarios part, the most urgent first."
    )
    due: DueBody | None = Field(
        description="What of that comes before the next known date, summed."
    )
    explanation: dict[str, Any] | None = Field(
        description="Without a plan: why there is none, as `diversify explain --json` prints."
    )
    absent: dict[str, str] = Field(description="Section to the reason why nothing stands there.")
    words: WordsBody = Field(description="The same in words, as the page shows it.")
    complete: bool = Field(description="Whether time did not run out.")
    seconds: float = Field(description="Seconds that it took.")
