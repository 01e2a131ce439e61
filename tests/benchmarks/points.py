"""Points of a sweep by others: raw patches of HiGHS, Pyomo naive and persistent, linopy anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.build import build
from models.reference import reference
from tests.benchmarks.rivals import by_row, highspy_model, linopy_solved

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.engine import Family, Line

    Point = Callable[[float], float]


def raw(line: Line) -> Point:
    """Write the same numbers into one warm instance by highspy's own calls, and solve."""
    base, places = line.base, line.places
    solver = highspy_model(base)
    solver.run()
    costs, columns, rows = (
        part.astype(np.int32) for part in (places.costs, places.columns, places.rows)
    )
    entries = [part.tolist() for part in np.divmod(places.entries, places.height)]

    def solve(point: float) -> float:
        parts = places.parts(line.numbers(np.array([point])))
        if len(costs):
            solver.changeColsCost(len(costs), costs, parts[0])
        if len(columns):
            solver.changeColsBounds(len(columns), columns, parts[1], parts[2])
        if len(rows):
            solver.changeRowsBounds(len(rows), rows, parts[3], parts[4])
        for column, row, number in zip(*entries, parts[5].tolist(), strict=True):
            solver.changeCoeff(row, column, number)
        solver.changeObjectiveOffset(float(parts[6][0]))
        solver.run()
        return float(solver.getInfo().objective_function_value)

    return solve


def pyomo_anew(family: Family) -> Point:
    """Edit, build the model in Pyomo, solve it by Pyomo's HiGHS interface: as one would."""
    import pyomo.environ as pyo

    solver = pyo.SolverFactory("appsi_highs")

    def solve(point: float) -> float:
        model = reference(build(family.at([point])))
        solver.solve(model)
        return float(pyo.value(model.objective))

    return solve


def pyomo_kept(family: Family, low: float, high: float) -> Point:
    """Keep one Pyomo model with mutable parameters on a persistent solver told what changes."""
    from pyomo.contrib.appsi.solvers import Highs

    first, last = build(family.at([low])), build(family.at([high]))
    model = reference(first, mutable=True)
    moving = []
    for name, known in first.parameters.items():
        step = (last.parameters[name].values - known.values) / (high - low)
        keys = known.index.rows() if known.index.dims else [None]
        for place in np.flatnonzero(step).tolist():
            at, slope = float(known.values[place]), float(step[place])
            moving.append((getattr(model, name), keys[place], at, slope))
    limits = []
    for name, known in first.limits.items():
        ends = last.limits[name].upper
        keys = first.variables[name].rows()
        for place in np.flatnonzero(ends != known.upper).tolist():
            slope = (ends[place] - known.upper[place]) / (high - low)
            limits.append((getattr(model, name)[keys[place]], known.upper[place], slope))
    solver = Highs()
    solver.config.load_solution = False
    update = solver.update_config
    for name in (
        "check_for_new_or_removed_constraints",
        "check_for_new_or_removed_vars",
        "check_for_new_or_removed_params",
        "check_for_new_objective",
        "update_constraints",
        "update_named_expressions",
        "update_objective",
        "treat_fixed_vars_as_params",
    ):
        setattr(update, name, False)
    update.update_vars, update.update_params = bool(limits), True
    solver.solve(model)

    def solve(point: float) -> float:
        for parameter, key, at, slope in moving:
            parameter[key] = at + slope * (point - low)
        for variable, at, slope in limits:
            variable.setub(at + slope * (point - low))
        return float(solver.solve(model).best_feasible_objective)

    return solve


def linopy_anew(family: Family, points: list[float]) -> Point:
    """Build the model of each point in linopy, from its finished coefficients, and solve it."""
    matrices = {point: family.compiled([point]) for point in points}
    tables = {point: by_row(found) for point, found in matrices.items()}
    return lambda point: linopy_solved(matrices[point], tables[point])
