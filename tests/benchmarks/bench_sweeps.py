"""Points of sweeps: a small real problem and a large one, by what the axis moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from instances import load
from instances.generate.large import SIZES, large_data
from instances.parse import parse
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.engine import Axis, Family
from optimizer.frontier import frontier
from optimizer.options import Options
from tests.benchmarks import points
from tests.benchmarks.conftest import has
from tests.benchmarks.race import Race, run

if TYPE_CHECKING:
    from instances.problem import Problem

PLAIN = Options(tie_break=False)
AXES = {
    "cost": (Axis("offers[*].price", "multiply"), 0.8, 1.2),
    "right-hand side": (Axis("demand[*].quantity", "multiply"), 0.9, 1.1),
    "cap": (None, 0.35, 0.8),
}
COUNTS = {"rare-earths-usa": 200, "small": 25}
STRIDES = {"rare-earths-usa": 40, "small": 24}


def _cap(problem: Problem) -> Axis:
    """Return the cap that is a coefficient: its share multiplies what is bought."""
    kinds = ("supply", "deliveries")
    return next(
        Axis(f"rules[{rule.id}].max_share")
        for rule in problem.rules
        if getattr(rule, "denominator", None) in kinds and hasattr(rule, "max_share")
    )


@pytest.mark.parametrize("kind", AXES)
@pytest.mark.parametrize("name", COUNTS)
def test_point(name: str, kind: str, benchmark: Any, races: list[Race]) -> None:
    problem = parse(large_data(*SIZES[name])) if name in SIZES else load(name)
    axis, low, high = AXES[kind]
    family = Family(problem, [axis or _cap(problem)], PLAIN)
    assert family.prove([low], [high])
    assert family.line is not None
    columns = compile_frame(build(problem)).size["columns"]
    race = Race("point", f"{kind}, {columns:,} columns")
    values = np.linspace(low, high, COUNTS[name]).tolist()
    stride = STRIDES[name]
    others: dict[str, tuple[Any, int]] = {
        "highspy patches": (points.raw(family.line), 1),
        "Pyomo, persistent": (points.pyomo_kept(family, low, high), 8),
        "Pyomo, naive": (points.pyomo_anew(family), stride),
    }
    if has("linopy"):
        others["linopy, anew"] = (points.linopy_anew(family, values[::stride]), stride)
    compiled = Family(problem, family.axes, PLAIN)
    others["ours, no line"] = (lambda value: _cost(compiled, value), stride)
    run(benchmark, race, lambda value: _cost(family, value), others, values)
    races.append(race)


def _cost(family: Family, value: float) -> float:
    answer = family.solve([value], Watch())
    assert answer.objective is not None, answer.status
    return answer.objective


def test_frontier(said: dict[str, list[str]], benchmark: Any) -> None:
    """An exact frontier with k kinks takes at most 2k + 3 solves."""
    found = []

    def trace() -> None:
        found.clear()
        for name in ("gallium-usa", "rare-earths-usa", "project-vault"):
            problem = load(name)
            for demand in problem.demand[:2]:
                path = f"demand[{demand.id}].quantity"
                most = max(demand.quantity.values)
                found.append((name, path, frontier(problem, path=path, low=0.2 * most, high=most)))

    benchmark.pedantic(trace, rounds=1)
    for name, path, curve in found:
        kinks, most = len(curve.kinks), 2 * len(curve.kinks) + 3
        how = "exact" if curve.exact else f"grid: {curve.reason}"
        said.setdefault("frontier", []).append(
            f"| {name}: {path} | {how} | {kinks} | {curve.solves} | {most} | {curve.seconds:.2f} |"
        )
        assert not curve.exact or curve.solves <= most, (name, path)
