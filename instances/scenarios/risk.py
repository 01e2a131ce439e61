"""Risk: what a plan is charged for costing much in some scenarios, and not only on average."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Part
from instances.units import Fraction
from instances.words import percent


class Risk(Part):
    """How costs of scenarios are weighed against one another; by default their mean is minimised.

    What is minimised is (1 - ``tail_weight`` - ``worst_weight``) times the expected cost, plus
    ``tail_weight`` times the conditional value at risk, plus ``worst_weight`` times the cost of
    the dearest scenario.
    """

    level: Annotated[Fraction, Field(lt=1)] = 0.9
    """The tail is the dearest part 1 - level of what may happen; 0 for all of it."""
    tail_weight: Fraction = 0.0
    """Weight of the expected cost of the tail (CVaR)."""
    worst_weight: Fraction = 0.0
    """Weight of the dearest scenario."""
    probability_range: Fraction = 0.0
    """Fraction by which every probability may be off, up or down, in the expected cost: the worst
    probabilities within this box count."""

    @property
    def mean_weight(self) -> float:
        """Weight of the expected cost."""
        return max(1.0 - self.tail_weight - self.worst_weight, 0.0)

    @property
    def neutral(self) -> bool:
        """Whether the mean is all that counts."""
        return not (self.tail_weight or self.worst_weight or self.probability_range)

    def sentence(self) -> str:
        """Say what is minimised."""
        mean = "expected cost"
        if self.probability_range:
            mean += f" (probabilities up to {percent(self.probability_range)} off)"
        parts = [
            (self.mean_weight, mean),
            (self.tail_weight, f"mean cost of the dearest {percent(1 - self.level)}"),
            (self.worst_weight, "cost of the dearest scenario"),
        ]
        return " + ".join(f"{percent(weight)} of the {what}" for weight, what in parts if weight)

    @model_validator(mode="after")
    def _weights_within_one(self) -> Self:
        total = self.tail_weight + self.worst_weight
        if total > 1:
            raise PydanticCustomError(
                "risk",
                "weighs the tail and the worst case by {total} together. At most 1 is allowed.",
                {"total": f"{total:.6g}"},
            )
        return self
