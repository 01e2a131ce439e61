"""The frame: what a model is made of, as index tables and functions, before it is written out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from models.index import Index, MemberTable

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    import pyomo.environ as pyo

    from models.index import Values


@dataclass(frozen=True, eq=False)
class Limits:
    """Bounds of a variable, one entry per row of its index table."""

    lower: Values
    upper: Values
    binary: bool


@dataclass(frozen=True, eq=False)
class Parameter:
    """Numbers by index, and the number of whatever the index table leaves out (none: an error)."""

    index: Index
    values: Values
    default: float | None


@dataclass(eq=False)
class Frame:
    """The declarations of a model.

    Parameters
    ----------
    sets
        Index table of each set, in the order of declaration, as are all that follow.
    members
        Members of each indexed set.
    parameters
        Numbers of each parameter.
    variables, constraints
        Index table of each variable and constraint.
    limits
        Bounds of each variable.
    rules
        The function of each constraint: the model and an index in, a relation out.
    objective
        The function of what is minimised: the model in, an expression out.
    """

    sets: dict[str, Index] = field(default_factory=dict)
    members: dict[str, MemberTable] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    variables: dict[str, Index] = field(default_factory=dict)
    limits: dict[str, Limits] = field(default_factory=dict)
    constraints: dict[str, Index] = field(default_factory=dict)
    rules: dict[str, Callable[..., Any]] = field(default_factory=dict)
    objective: Callable[..., Any] | None = None
    _model: pyo.ConcreteModel | None = field(default=None, repr=False)

    def add_set(self, name: str, index: Index) -> None:
        """Declare the set of the rows of ``index``."""
        self._declare(name)
        self.sets[name] = index

    def add_members(
        self,
        name: str,
        keys: str,
        dimen: int,
        members: MemberTable | Mapping[Hashable, Iterable[Hashable]],
    ) -> None:
        """Declare, for each row of the set ``keys``, its ``members`` (none if not given)."""
        self._declare(name)
        if not isinstance(members, MemberTable):
            members = MemberTable.of(self.sets[keys], dimen, members)
        if len(members.index.dims) != dimen:
            raise ValueError(f"members of {name} have {len(members.index.dims)} ids, not {dimen}")
        self.members[name] = members

    def add_parameter(
        self, name: str, index: Index, values: Values | float, *, default: float | None = None
    ) -> None:
        """Declare a number for each row of ``index``, and ``default`` for every other."""
        self._declare(name)
        numbers = np.broadcast_to(np.asarray(values, dtype=float), (len(index),))
        if not np.isfinite(numbers).all():
            raise ValueError(f"parameter {name} holds a number that is not finite")
        self.parameters[name] = Parameter(index, numbers, default)

    def add_variable(
        self,
        name: str,
        keys: str,
        index: Index,
        upper: Values | float = np.inf,
        *,
        binary: bool = False,
        free: bool = False,
    ) -> None:
        """Declare a variable for each row of ``index``, which is also the set ``keys``.

        It lies between 0 and ``upper`` (open where infinite), is 0 or 1 (``binary``), or may take
        any value (``free``).
        """
        self._declare(name)
        if len(self.sets[keys]) != len(index):
            raise ValueError(f"variable {name} has other rows than the set {keys}")
        most = np.broadcast_to(np.asarray(upper, dtype=float), (len(index),))
        least = np.full(len(index), -np.inf if free else 0.0)
        if np.isnan(most).any() or (most < 0).any():
            raise ValueError(f"variable {name} has an upper bound below 0")
        self.variables[name] = index
        self.limits[name] = Limits(least, most, binary)

    def add_constraint(self, rule: Callable[..., Any], index: Index) -> None:
        """Declare the constraint ``rule`` for each row of ``index``, under the function's name."""
        name = rule.__name__
        self._declare(name)
        self.constraints[name] = index
        self.rules[name] = rule

    def add_objective(self, rule: Callable[[pyo.ConcreteModel], Any]) -> None:
        """Declare what is minimised."""
        self._declare("objective")
        self.objective = rule

    @property
    def model(self) -> pyo.ConcreteModel:
        """The model in full, written out row by row by Pyomo: the reference, slow when large."""
        if self._model is None:
            from models.reference import reference

            self._model = reference(self)
        return self._model

    def _declare(self, name: str) -> None:
        known = (self.sets, self.members, self.parameters, self.variables, self.constraints)
        if any(name in table for table in known) or (name == "objective" and self.objective):
            raise ValueError(f"{name} is declared twice")
        self._model = None
