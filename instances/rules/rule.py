"""What every rule record offers: dates, a sentence, its use of a plan, the levers."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import model_validator

from instances.record import Day, Record, check_dates
from instances.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory, Party
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.tree import Node
    from instances.words import Names


LEAST_HHI = 1e-6
"""Smallest concentration that a rule can be moved to; 0 is not one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the limits a rule states, before time is added.

    Parameters
    ----------
    party
        Whose share or number is limited; ``None`` when the rule is about nobody in particular.
    commodities
        Ids of the commodities counted together.
    """

    party: Party | None
    commodities: tuple[str, ...]

    @property
    def who(self) -> str:
        """Label of the party, "-" without one."""
        return self.party.label if self.party is not None else "-"

    @property
    def goods(self) -> str:
        """Label of the commodities."""
        return "+".join(self.commodities)


@dataclass(frozen=True, slots=True)
class RuleUse:
    """How far a plan uses one row of a rule.

    Parameters
    ----------
    rule, kind, who, goods, node
        Which row.
    limit, value
        The limit and what the plan does, both in ``unit`` ("fraction", "t", "USD", "count" or
        "hhi");
        ``value`` is ``None`` where a share has nothing to be a share of.
    slack
        Room left in the row's own measure ``measure`` ("t", "USD", "count" or "fraction");
        negative when broken.
    excess
        What the plan declares to be over the limit (soft rules), in ``measure``.
    scale
        Size of the row's right-hand side in ``measure``, for the tolerance.
    charge
        USD per unit of the excess; ``None`` where nothing may lie beyond the limit.
    leeway
        Room beyond the limit, in ``measure``, that a rule kept to a tolerance leaves.
    """

    rule: str
    kind: str
    who: str
    goods: str
    node: str
    limit: float
    value: float | None
    unit: Literal["fraction", "t", "USD", "count", "hhi"]
    slack: float
    excess: float
    measure: Literal["t", "USD", "count", "fraction"]
    scale: float
    charge: float | None = None
    leeway: float = 0.0

    @property
    def hard(self) -> bool:
        """Whether nothing may lie beyond the limit."""
        return self.charge is None


@dataclass(frozen=True, slots=True)
class Lever:
    """A number of a rule that a user may move.

    Parameters
    ----------
    field
        Name of the field on the record.
    unit
        Base unit of the field.
    step
        A sensible step, in ``unit``.
    direction
        +1 when raising the number relaxes the rule, -1 when lowering it does.
    """

    field: str
    unit: Literal["fraction", "t", "d", "USD", "USD/yr", "count", "hhi"]
    step: float
    direction: Literal[1, -1]


class RuleRecord(Record):
    """A rule: something every plan must keep, from a date to a date."""

    kind: str
    start: Day | None = None
    """First day on which it holds; always if not given."""
    end: Day | None = None
    """Day on which it holds no longer; never if not given."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        check_dates(self.start, self.end)
        return self

    @property
    @abstractmethod
    def hard(self) -> bool:
        """Whether nothing may lie beyond the limit."""

    def charge(self, whole: float) -> float | None:
        """Return USD per unit of the excess of a row, ``None`` where there may be none.

        Parameters
        ----------
        whole
            Demand that the row's share is a share of, tonnes in the period; 0 without one.
        """
        return None

    def holds(self, period: Period) -> bool:
        """Return whether the rule holds in ``period``: on its first day."""
        return (self.start is None or self.start <= period.start) and (
            self.end is None or period.start < self.end
        )

    def nodes(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """Return those of ``nodes`` at which the rule can have a row: all of them."""
        return nodes

    def stands(self, line: Line, node: Node) -> bool:
        """Return whether a line can have a row at a node: unless it is told otherwise."""
        return True

    @abstractmethod
    def limit(self, period: Period) -> float | None:
        """Return the limit in ``period`` in the rule's unit, ``None`` where it does not hold."""

    @abstractmethod
    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return the limits the rule states, before time is added."""

    @abstractmethod
    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the rule in words: as a whole, or for one line and period."""

    @abstractmethod
    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield how far the plan behind ``ledger`` uses each row of the rule."""

    @abstractmethod
    def levers(self) -> tuple[Lever, ...]:
        """Return the numbers that relax or tighten the rule."""

    def relaxed(self, lever: Lever, amount: float) -> Self:
        """Return the rule with ``lever`` moved by ``amount`` (> 0 relaxes) at all dates."""
        value = getattr(self, lever.field)
        step = amount * lever.direction
        if isinstance(value, Schedule):
            moved = Schedule(
                tuple((day, within(number + step, lever.unit)) for day, number in value.points),
                value.interpolate,
            )
            return self._with(lever.field, moved)
        return self._with(lever.field, type(value)(within(value + step, lever.unit)))

    def _with(self, field: str, value: object) -> Self:
        changes: dict[str, Any] = {field: value}
        return self.model_copy(update=changes)


def within(number: float, unit: str) -> float:
    """Return ``number`` brought back to what ``unit`` allows.

    At least 0, a fraction at most 1, a concentration above 0.
    """
    if unit == "hhi":
        return max(number, LEAST_HHI)
    return min(max(number, 0.0), 1.0) if unit == "fraction" else max(number, 0.0)
