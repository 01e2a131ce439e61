"""Which assumption matters: elementary effects (Morris) and shares of variance (Sobol), by SALib.

Points are laid out in fractions of each axis's distribution, so that any distribution will do.
SALib is an optional extra, loaded only here.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.errors import Finding, InputError
from instances.words import money, percent
from optimizer.sweep.design import Analysis, Design, Screening, at_levels, need_distributions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from optimizer.compile import Floats
    from optimizer.sweep.outcome import Sweep
    from optimizer.sweep.ranges import Range

LEVELS = 4
"""Levels of each axis in Morris's design, as in his paper."""
INSIDE = 0.01
"""Fraction of each end of a distribution that is left out: an unbounded one has no ends."""


def screen(ranges: Sequence[Range], count: int, method: Analysis, seed: int) -> Design:
    """Return the points of a screening.

    Parameters
    ----------
    ranges
        Axes with distributions.
    count
        For "morris" the number of trajectories, each of one point more than there are axes
        (Morris, Technometrics 33 (1991) 161). For "sobol" the size of the base sample, best a
        power of two; the points are that times the number of axes plus two (Saltelli et al.,
        Comput. Phys. Commun. 181 (2010) 259).
    seed
        Equal seeds give equal points.

    Raises
    ------
    InputError
        An axis is listed and not drawn, or SALib is not installed.
    """
    need_distributions(ranges)
    sampler = _salib(f"SALib.sample.{method}")
    problem = _unit_cube(ranges)
    if method == "morris":
        levels = sampler.sample(problem, count, num_levels=LEVELS, seed=seed)
    else:
        levels = sampler.sample(problem, count, calc_second_order=False, seed=seed)
    design = at_levels(ranges, _within(np.asarray(levels)))
    return replace(design, screening=Screening(method, tuple(ranges), count, seed))


def points_of(axes: int, count: int, method: Analysis) -> int:
    """Return how many points a screening has, without laying them out."""
    return count * (axes + (1 if method == "morris" else 2))


def influence(outcome: Sweep) -> pd.DataFrame:
    """Return how much each axis moves the least cost, the most influential first.

    Parameters
    ----------
    outcome
        The sweep of the points that `screen` gave.

    Returns
    -------
    For "morris": ``mean_usd`` (of the elementary effects), ``mean_size_usd`` (of their absolute
    values), ``deviation_usd`` (a large one tells of curvature or interplay), ``confidence_usd`` of
    the mean size. For "sobol": ``first_order`` and ``total`` share of the variance, with their
    confidence.

    Raises
    ------
    InputError
        A point has no plan: the method needs them all.
    """
    import pandas as pd

    asked = outcome.design.screening
    if asked is None:
        remedy = "Lay its points out with `screen`."
        raise InputError([Finding("sweep", "is no screening", remedy=remedy)])
    ranges, method, seed = asked.ranges, asked.method, asked.seed
    costs = outcome.table["objective_usd"].to_numpy(dtype=float)
    missing = outcome.table["point"][np.isnan(costs)].tolist()
    if missing:
        raise InputError(
            [
                Finding(
                    "sweep",
                    "has points without a plan, and the method needs all of them",
                    f"{len(missing)} of {len(costs)}, such as {missing[0]}",
                    remedy="Narrow the ranges, or let demand stay unmet at a price.",
                )
            ]
        )
    problem, names = _unit_cube(ranges), [item.axis.name for item in ranges]
    analyser = _salib(f"SALib.analyze.{method}")
    if method == "morris":
        levels = _levels_of(outcome.design, ranges)
        found = analyser.analyze(problem, levels, costs, num_levels=LEVELS, seed=seed)
        columns = {
            "mean_usd": found["mu"],
            "mean_size_usd": found["mu_star"],
            "deviation_usd": found["sigma"],
            "confidence_usd": found["mu_star_conf"],
        }
        order = "mean_size_usd"
    else:
        found = analyser.analyze(problem, costs, calc_second_order=False, seed=seed)
        columns = {
            "first_order": found["S1"],
            "first_order_confidence": found["S1_conf"],
            "total": found["ST"],
            "total_confidence": found["ST_conf"],
        }
        order = "total"
    table = pd.DataFrame({"axis": names} | {name: list(col) for name, col in columns.items()})
    return table.sort_values(order, ascending=False, kind="stable").reset_index(drop=True)


def _unit_cube(ranges: Sequence[Range]) -> dict[str, Any]:
    return {
        "num_vars": len(ranges),
        "names": [item.axis.name for item in ranges],
        "bounds": [[0.0, 1.0]] * len(ranges),
    }


def _within(levels: Floats) -> Floats:
    return np.asarray(INSIDE + (1 - 2 * INSIDE) * levels)


def _levels_of(design: Design, ranges: Sequence[Range]) -> Floats:
    """Return the fractions behind the points of a Morris design: one of few levels each."""
    known = np.linspace(0.0, 1.0, LEVELS)
    values = np.array([point.values for point in design.points])
    levels = np.empty_like(values)
    for number, item in enumerate(ranges):
        at = item.quantile(_within(known))
        levels[:, number] = known[np.abs(values[:, [number]] - at).argmin(axis=1)]
    return levels


def _salib(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise InputError(
            [
                Finding(
                    "screening",
                    "needs SALib, which is not installed",
                    remedy="Install the extra: supply-diversification[screening].",
                )
            ]
        ) from None


def influence_in_words(outcome: Sweep) -> str:
    """Return the influence of every axis as text, or why it cannot be told."""
    try:
        table = influence(outcome)
    except InputError as error:
        return f"What moves the least cost cannot be told: {error}"
    asked = outcome.design.screening
    assert asked is not None
    if asked.method == "morris":
        lines = ["What moves the least cost most: mean size of an elementary effect, its spread"]
        lines += [
            f"  {row['axis']}  {money(row['mean_size_usd'])} ± {money(row['confidence_usd'])}, "
            f"spread {money(row['deviation_usd'])}"
            for row in table.to_dict("records")
        ]
    else:
        lines = ["What moves the least cost most: share of its variance, alone and in all"]
        lines += [
            f"  {row['axis']}  {percent(row['first_order'])} alone, {percent(row['total'])} "
            f"± {percent(row['total_confidence'])} in all"
            for row in table.to_dict("records")
        ]
    return "\n".join(lines)
