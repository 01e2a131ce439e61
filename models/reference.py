"""The reference: a frame written out in full by Pyomo, one object per row.

The product expands the constraints by arrays and never comes here; tests compare the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo

if TYPE_CHECKING:
    from collections.abc import Hashable

    from models.frame import Frame, Limits
    from models.index import Index


def reference(frame: Frame, *, mutable: bool = False) -> pyo.ConcreteModel:
    """Return the Pyomo model of ``frame`` with all its rows.

    Parameters
    ----------
    mutable
        Whether its parameters may be given other values afterwards.
    """
    model = pyo.ConcreteModel()
    for name, index in frame.sets.items():
        setattr(model, name, _set(index))
    for name, members in frame.members.items():
        rows = members.index.rows()
        start = members.start.tolist()
        table = {
            key: rows[start[place] : start[place + 1]]
            for place, key in enumerate(members.keys.rows())
        }
        keys = f"{name}_keys"
        setattr(model, keys, _set(members.keys))
        dimen = len(members.index.dims)
        known = pyo.Set(getattr(model, keys), dimen=dimen, initialize=table, ordered=True)
        setattr(model, name, known)
    for name, parameter in frame.parameters.items():
        if not parameter.index.dims:
            setattr(model, name, pyo.Param(initialize=float(parameter.values[0]), mutable=mutable))
            continue
        numbers = dict(zip(parameter.index.rows(), parameter.values.tolist(), strict=True))
        if parameter.default is None:
            setattr(model, f"{name}_keys", _set(parameter.index))
            known = pyo.Param(getattr(model, f"{name}_keys"), initialize=numbers, mutable=mutable)
        else:
            known = pyo.Param(
                pyo.Any, initialize=numbers, default=parameter.default, mutable=mutable
            )
        setattr(model, name, known)
    for name, index in frame.variables.items():
        setattr(model, f"{name}_keys", _set(index))
        variable = _variable(getattr(model, f"{name}_keys"), index, frame.limits[name])
        setattr(model, name, variable)
    for name, index in frame.constraints.items():
        setattr(model, f"{name}_rows", _set(index))
        rows_ = getattr(model, f"{name}_rows")
        setattr(model, name, pyo.Constraint(rows_, rule=frame.rules[name]))
    if frame.objective is not None:
        model.objective = pyo.Objective(rule=frame.objective, sense=pyo.minimize)
    return model


def _set(index: Index) -> Any:
    return pyo.Set(dimen=len(index.dims), initialize=index.rows(), ordered=True)


def _variable(keys: Any, index: Index, limits: Limits) -> Any:
    bounds = {
        key: (None if least == -np.inf else least, None if most == np.inf else most)
        for key, least, most in zip(
            index.rows(), limits.lower.tolist(), limits.upper.tolist(), strict=True
        )
    }

    def bound(model: pyo.ConcreteModel, *key: Hashable) -> tuple[float | None, float | None]:
        return bounds[key if len(key) > 1 else key[0]]

    domain = pyo.Binary if limits.binary else pyo.Reals
    return pyo.Var(keys, domain=domain, bounds=bound, dense=False)
