"""What the analyses can be asked besides a problem: the same fields as flags and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from instances.units import quantity

if TYPE_CHECKING:
    Part = float
    Price = float
    Dollars = float
else:
    Price = quantity("USD/t")
    Dollars = quantity("USD", ge=0)
    Part = quantity("fraction")


class Ask(BaseModel):
    """What is asked of an analysis."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SolveAsk(Ask):
    """What a solve is followed by."""

    diagnose: Literal["never", "when_detected", "always"] = Field(
        default="when_detected",
        description="When the result also holds an `explanation`: when there is no plan, never, "
        "or always. It takes what is left of a solve's time on the server, 30 s at most.",
    )


class FrontierAsk(Ask):
    """The least cost as a number of a rule, or of any field, moves; or against an objective."""

    rule: str | None = Field(
        default=None, description="Id of a rule: its limit is moved, at all dates at once."
    )
    path: str | None = Field(
        default=None, description="Instead: path of a field, such as demand[us-dy].quantity."
    )
    against: Literal["shortfall", "concentration"] | None = Field(
        default=None,
        description="Instead: a second objective, whose least value is traced against the cost.",
    )
    low: float | str | None = Field(
        default=None,
        description="Low end, a number or text with a unit; needed for a path, for a rule 0.",
    )
    high: float | str | None = Field(
        default=None, description="High end; for a rule 1 for a share, else twice what it is."
    )
    tolerance: float = Field(
        default=1e-3,
        gt=0,
        le=1,
        description="Where there are no exact kinks: distance from a straight line, relative to "
        "the range of costs, below which a stretch is not looked into further.",
    )
    most: int = Field(
        default=65, ge=2, le=100_000, description="Most points where there are no exact kinks."
    )


class CompareAsk(Ask):
    """A second problem to compare with: changes of the first, or another one in full."""

    changes: tuple[str, ...] = Field(
        default=(),
        description="Edits that make the second problem, of the first or of `other`.",
    )
    other: dict[str, Any] | None = Field(
        default=None, description="The second problem, as in a file; the first if not given."
    )


class ExplainAsk(Ask):
    """Why there is no plan, what binds in one, why somebody is in it, or what it rests on."""

    why: str | None = Field(
        default=None,
        description="Instead: id of an offer, contract, facility, expansion or lane (or "
        "'offers[kaz]'): why it is in the cheapest plan or out of it.",
    )
    assumptions: bool = Field(
        default=False,
        description="Instead: what the cheapest plan owes to assumptions, and which of these "
        "move the least cost most.",
    )


class StressAsk(Ask):
    """Who is cut off, from when and for how long, while the plan stands."""

    who: tuple[str, ...] = Field(
        default=(),
        description="Who is cut off, a case each: countries, groups, suppliers or facilities, "
        "several at once as 'CHN+MYS'; every country that sells or makes, and every facility, if "
        "not given.",
    )
    onsets: tuple[str, ...] = Field(
        default=(), description="First days, or labels, of periods; all if not given."
    )
    lengths: tuple[str, ...] = Field(
        default=("1 yr",),
        min_length=1,
        description="How long it may last: which of them shows only when it is over.",
    )
    available: Part = Field(
        default=0.0, description="Fraction that is left of what can be bought and made there."
    )
    pairs: bool = Field(default=False, description="Cut off each pair of countries, too.")
    reoptimise: bool = Field(
        default=False, description="Also seek plans that know of the cut from the start."
    )
    waive: tuple[str, ...] = Field(
        default=(), description="Rules, besides stock targets, that are waived in the shock."
    )
    rebuild: str = Field(
        default="1 yr",
        description="How long after it they are waived, too; 'none' if they hold at once.",
    )
    penalty: Price | None = Field(
        default=None,
        description="What a tonne unmet of a hard demand counts; ten times the dearest price if "
        "not given.",
    )


class WorthAsk(Ask):
    """What foresight is worth, and where the first decision turns."""

    reference: str | None = Field(
        default=None,
        description="Scenario for which the plan for the mean is made; the data averaged over "
        "all scenarios if not given.",
    )
    flip: tuple[str, ...] = Field(
        default=(),
        description="Scenarios whose probability is moved to find where the first decision turns "
        "between stockpiles, contracts and plants.",
    )
    pooling: bool = Field(
        default=False,
        description="Also say what sharing each pool saves against a stockpile for each member.",
    )


class PurseAsk(Ask):
    """Sums of money, and what is sought for them."""

    budgets: tuple[Dollars, ...] = Field(
        default=(),
        description="Most USD that may be spent, discounted; 80 % to 125 % of what the cheapest "
        "plan spends if not given.",
    )
    goals: tuple[Literal["unmet", "reliance", "cover"], ...] = Field(
        default=("unmet", "reliance", "cover"), min_length=1, description="What is sought."
    )


class InstrumentsAsk(Ask):
    """Instruments, and the outlay at which they are compared."""

    outlay: Dollars = Field(description="USD, discounted, that each may cost.")
    turn: tuple[str, ...] = Field(
        min_length=1,
        description="The instruments: a number of a price floor, expansion (its grant), tariff, "
        "contract, stock target or fund, with the value at which it is off and the most it may "
        "be: 'expansions[plant].grant=0,1'.",
    )


class SheetAsk(Ask):
    """The decision sheet, of which nothing else is asked."""


class PartnersAsk(Ask):
    """Partners whose worth is asked for."""

    of: tuple[str, ...] = Field(
        default=(),
        description="Countries, or groups of the problem; every country that sells or makes "
        "something, the buyers' own apart, if not given.",
    )
    coalitions: bool = Field(
        default=False,
        description="Also seek the cheapest coalition of every size: with how few partners the "
        "rules can be kept, and what that costs.",
    )


class AlternativesAsk(Ask):
    """Plans within a margin of least cost that differ most in who supplies."""

    margin: Part = Field(
        default=0.03, description="How much dearer than the least cost, a fraction of it."
    )
    count: int = Field(default=5, ge=1, le=1000, description="How many plans to keep.")


class SweepAsk(Ask):
    """The points at which a problem is solved."""

    axes: tuple[str, ...] = Field(
        default=(),
        description="What moves, and through which values: 'rules[cn-cap].max_share=0.3:0.9:13', "
        "'offers[*].price*=0.9,1,1.1', 'demand[*].quantity*=uniform(0.8, 1.2)'. Every combination "
        "is solved.",
    )
    zip: bool = Field(
        default=False,
        description="Take the first values of all axes together, then the second ones, and so on.",
    )
    sample: int | None = Field(
        default=None, ge=1, description="Draw this many points; each axis is a distribution."
    )
    method: Literal["random", "latin", "morris", "sobol"] = Field(
        default="random",
        description="How points are drawn: independently, in a Latin hypercube, or to screen the "
        "axes: 'sample' trajectories of Morris, or a base sample of that size of Sobol.",
    )
    seed: int = Field(default=0, ge=0, description="Equal seeds draw equal points.")
    scenarios: dict[str, tuple[str, ...]] = Field(
        default={}, description="Edits by name; with axes, each is combined with every point."
    )
    tornado: Part | None = Field(
        default=None,
        description="Solve each axis at either end with the others as they are: this fraction "
        "down and up for an axis without values, else its least and greatest.",
    )
