"""The frame: declares sets, parameters and variables on a Pyomo model from index tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from models.index import Index, Values


@dataclass(frozen=True, eq=False)
class Limits:
    """Bounds of a variable, one entry per row of its index table."""

    lower: Values
    upper: Values
    binary: bool


@dataclass(eq=False)
class Frame:
    """A Pyomo model with the index tables it was declared from.

    Parameters
    ----------
    model
        The Pyomo model.
    variables, constraints
        Index table of each indexed variable and constraint, in the order of declaration.
    limits
        Bounds of each variable.
    """

    model: pyo.ConcreteModel = field(default_factory=pyo.ConcreteModel)
    variables: dict[str, Index] = field(default_factory=dict)
    limits: dict[str, Limits] = field(default_factory=dict)
    constraints: dict[str, Index] = field(default_factory=dict)

    def add_set(self, name: str, index: Index) -> None:
        """Declare the set of the rows of ``index``."""
        self._attach(name, pyo.Set(dimen=len(index.dims), initialize=index.rows(), ordered=True))

    def add_members(
        self,
        name: str,
        keys: str,
        dimen: int,
        members: Mapping[Hashable, Iterable[Hashable]],
    ) -> None:
        """Declare, for each row of the set ``keys``, its ``members`` (none if not given)."""
        owner = getattr(self.model, keys)
        table = {key: list(members.get(key, ())) for key in owner}
        self._attach(name, pyo.Set(owner, dimen=dimen, initialize=table, ordered=True))

    def add_parameter(self, name: str, index: Index, values: Values) -> None:
        """Declare a number for each row of ``index``."""
        numbers = np.broadcast_to(np.asarray(values, dtype=float), (len(index),))
        if not np.isfinite(numbers).all():
            raise ValueError(f"parameter {name} holds a number that is not finite")
        table = dict(zip(index.rows(), numbers.tolist(), strict=True))
        keys = pyo.Set(dimen=len(index.dims), initialize=list(table), ordered=True)
        self._attach(f"{name}_keys", keys)
        self._attach(name, pyo.Param(getattr(self.model, f"{name}_keys"), initialize=table))

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
        """Declare a variable for each row of ``index``.

        It lies between 0 and ``upper`` (open where infinite), is 0 or 1 (``binary``), or may take
        any value (``free``).
        """
        most = np.broadcast_to(np.asarray(upper, dtype=float), (len(index),))
        least = np.full(len(index), -np.inf if free else 0.0)
        if np.isnan(most).any() or (most < 0).any():
            raise ValueError(f"variable {name} has an upper bound below 0")
        bounds = {
            key: (None if free else 0.0, None if limit == np.inf else limit)
            for key, limit in zip(index.rows(), most.tolist(), strict=True)
        }

        def bound(model: pyo.ConcreteModel, *key: Hashable) -> tuple[float | None, float | None]:
            return bounds[key if len(key) > 1 else key[0]]

        domain = pyo.Binary if binary else pyo.Reals
        self._attach(
            name,
            pyo.Var(getattr(self.model, keys), domain=domain, bounds=bound, dense=False),
        )
        self.variables[name] = index
        self.limits[name] = Limits(least, most, binary)

    def add_constraint(self, rule: Callable[..., Any], index: Index) -> None:
        """Declare the constraint ``rule`` for each row of ``index``, under the function's name."""
        name = rule.__name__
        self.add_set(f"{name}_rows", index)
        self._attach(name, pyo.Constraint(getattr(self.model, f"{name}_rows"), rule=rule))
        self.constraints[name] = index

    def add_objective(self, rule: Callable[[pyo.ConcreteModel], Any]) -> None:
        """Declare what is minimised."""
        self._attach("objective", pyo.Objective(rule=rule, sense=pyo.minimize))

    def _attach(self, name: str, component: Any) -> None:
        setattr(self.model, name, component)
