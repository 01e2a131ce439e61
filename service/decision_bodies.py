"""What the decision analyses find, field by field: for the API's description and the client.

Money is USD, discounted to the start and expected over scenarios, of the problem's perspective
unless a field says otherwise; what is not known is null, and a reason stands beside it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from service.schemas import Described
from service.sheet_bodies import LossBody, SheetBody


class CoalitionBody(Described):
    """The cheapest coalition of a size."""

    size: int = Field(description="How many partners there may be.")
    members: list[str] | None = Field(
        description="Countries that the plan takes; null where no plan is held."
    )
    cost_usd: float | None = Field(
        description="USD: least cost, shortfall at what it is said to cost."
    )
    dearer_usd: float | None = Field(
        description="USD: that less the least cost with all partners."
    )
    unmet_t: dict[str, float] = Field(
        description="Commodity to tonnes unmet beyond those unmet with all of them."
    )
    adequate: bool = Field(
        description="Whether it leaves nothing more unmet than all partners together."
    )
    proven: bool = Field(description="Whether none of that size is cheaper, or none has a plan.")


class PartnersBody(Described):
    """What partners are worth."""

    schema_: int = Field(alias="schema", description="Version of this form.")
    name: str = Field(description="Name of the problem.")
    hash: str = Field(description="Hash of the problem.")
    held: Literal["optimal", "feasible", "infeasible", "missing"] = Field(
        description="What is known with all partners."
    )
    cost_usd: float | None = Field(
        description="USD: least cost with all partners; null without a plan."
    )
    reason: str | None = Field(description="Why there is no plan.")
    losses: list[LossBody] = Field(
        description="Each partner lost altogether, the one whose loss is dearest first."
    )
    by_commodity: list[LossBody] = Field(
        description="Each lost for one commodity that it sells or makes, in the same order."
    )
    idle: list[str] = Field(
        description="Partners that were asked about and sell and make nothing."
    )
    coalitions: list[CoalitionBody] = Field(
        description="The cheapest coalition of each size, if asked for."
    )
    complete: bool = Field(description="Whether time did not run out.")
    seconds: float = Field(description="Seconds that it took.")


class BoughtBody(Described):
    """The best plan by a goal for a sum of money."""

    budget_usd: float = Field(description="USD that may be spent at most, discounted.")
    goal: Literal["unmet", "reliance", "cover"] = Field(description="What is sought.")
    spent_usd: float | None = Field(description="USD that the plan spends; null without one.")
    unmet: float | None = Field(
        description="Demands left unmet: fractions of demand, summed over demands and periods."
    )
    reliance: float | None = Field(
        description="Largest tonnage of one country relative to demand, summed over commodities "
        "and periods."
    )
    cover: float | None = Field(
        description="Years of demand in stock of the worst-covered commodity, on the mean of the "
        "horizon; null where nothing that is needed can be stored."
    )
    reason: str | None = Field(description="Why there is no plan.")


class PurseBody(Described):
    """What sums of money buy."""

    schema_: int = Field(alias="schema", description="Version of this form.")
    name: str = Field(description="Name of the problem.")
    hash: str = Field(description="Hash of the problem.")
    bought: list[BoughtBody] = Field(description="By goal and sum.")
    reason: str | None = Field(
        description="Why nothing was bought where no sum was given: there is no cheapest plan."
    )
    complete: bool = Field(description="Whether time did not run out.")
    seconds: float = Field(description="Seconds that it took.")


class EffectBody(Described):
    """What an instrument buys; of `base`, what there is with all of them off."""

    path: str = Field(description="Path of its number; empty for `base`.")
    kind: str = Field(
        description="What it is: price floor, grant, tariff, offtake, stockpile or equity."
    )
    purse: Literal["public", "buyer"] = Field(description="Who pays for it.")
    amount: float | None = Field(
        description="How far it is turned, in the base unit of its number (USD/t, fraction, t, "
        "t/yr, d or USD)."
    )
    outlay_usd: float | None = Field(
        description="USD, discounted, that its purse pays then; below 0 where it gains."
    )
    buyers_usd: float | None = Field(
        description="USD, discounted, that the buyers pay more then, shortfall, delay and fines "
        "apart: of a tariff, the sum."
    )
    next_usd: float | None = Field(
        description="USD that the next step costs, where the outlay jumps over the sum."
    )
    cost_usd: float | None = Field(description="USD: least cost of the problem then.")
    away_t: dict[str, float] | None = Field(
        description="Commodity to tonnes more, over the horizon, from others than its largest "
        "supplier without any instrument."
    )
    share: dict[str, float] | None = Field(
        description="Commodity to the fraction of that supplier in all that is bought or made."
    )
    cover_d: dict[str, float] | None = Field(
        description="Commodity to days of demand in stock, on the mean of the ends of periods."
    )
    unmet_t: dict[str, float] | None = Field(description="Commodity to tonnes unmet.")
    reason: str | None = Field(description="Why the sum is not spent, or why nothing is known.")


class InstrumentsBody(Described):
    """Instruments at one outlay."""

    schema_: int = Field(alias="schema", description="Version of this form.")
    name: str = Field(description="Name of the problem.")
    hash: str = Field(description="Hash of the problem.")
    outlay_usd: float = Field(description="USD, discounted, that each may cost.")
    base: EffectBody = Field(description="With all of them off.")
    effects: list[EffectBody] = Field(description="One for each instrument, in the order asked.")
    complete: bool = Field(description="Whether time did not run out.")
    seconds: float = Field(description="Seconds that it took.")


BODIES: dict[str, type[BaseModel]] = {
    "sheet": SheetBody,
    "partners": PartnersBody,
    "purse": PurseBody,
    "instruments": InstrumentsBody,
}
"""Kind of a job to the form of its result."""
