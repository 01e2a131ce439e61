"""Volumes: who gained and who lost, by country and period, and whether that is determined."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.build import build
from optimizer.compile import compile_frame
from optimizer.engine.program import Program
from optimizer.recipes import recipes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.answer import Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.options import Options
    from optimizer.result import Result

Where = tuple[str, str, str]
"""Commodity, country, node."""
Spots = dict[str, tuple[str, float]]
"""Node to what it is counted under, and its weight there."""
TIED = 1e-9
"""Margin, relative to the least cost, within which plans cost the same."""
MOVES = 1e-4
"""Tonnes, relative to the largest, below which volumes are equal."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What a country supplies of a commodity in a period, in both plans.

    Parameters
    ----------
    commodity, country, node
        Of what, who, when; the period where trees of scenarios differ, and then tonnes are
        expected over them and shares are their means.
    before_t, after_t
        Tonnes bought or made there.
    before_share, after_share
        The same as shares of demand, of supply where nobody needs it; ``None`` of nothing.
    determined
        Whether each is the same in every plan of least cost; ``None`` where time ran out.
    """

    commodity: str
    country: str
    node: str
    before_t: float
    after_t: float
    before_share: float | None
    after_share: float | None
    determined: bool | None

    @property
    def change_t(self) -> float:
        """Return how much was gained."""
        return self.after_t - self.before_t

    def to_plain(self) -> dict[str, Any]:
        """Return the volume as plain data."""
        return asdict(self) | {"change_t": self.change_t}


def volumes_of(
    first: Result, second: Result, options: Options, watch: Watch
) -> tuple[Volume, ...]:
    """Return the volumes that differ, the largest change first."""
    spots = [_spots(result, expected=not same_tree(first, second)) for result in (first, second)]
    before, after = _supply(first, spots[0]), _supply(second, spots[1])
    nothing = (0.0, None)
    size = max([1.0, *(amount for amount, _ in (*before.values(), *after.values()))])
    changed = [
        where
        for where in dict.fromkeys((*before, *after))
        if abs(after.get(where, nothing)[0] - before.get(where, nothing)[0]) > MOVES * size
    ]
    fixed = [
        _determined(result, spot, changed, MOVES * size, options, watch)
        for result, spot in zip((first, second), spots, strict=True)
    ]
    found = [
        Volume(
            *where,
            before.get(where, nothing)[0],
            after.get(where, nothing)[0],
            before.get(where, nothing)[1],
            after.get(where, nothing)[1],
            _both(fixed[0].get(where), fixed[1].get(where)),
        )
        for where in changed
    ]
    return tuple(sorted(found, key=lambda item: -abs(item.change_t)))


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def same_tree(first: Result, second: Result) -> bool:
    """Return whether two problems have the same nodes with the same probabilities."""
    trees = [
        {node.id: node.probability for node in result.problem.nodes} for result in (first, second)
    ]
    return trees[0].keys() == trees[1].keys() and all(
        abs(trees[0][id] - trees[1][id]) <= TIED for id in trees[0]
    )


def _spots(result: Result, *, expected: bool) -> Spots:
    """Return where each node is counted, and with which weight."""
    return {
        node.id: (node.period.label, node.probability) if expected else (node.id, 1.0)
        for node in result.problem.nodes
    }


def _supply(result: Result, spots: Spots) -> dict[Where, tuple[float, float | None]]:
    """Return tonnes and share by commodity, country and node, or as expected by period."""
    table = result.shares
    table = table.astype(object).where(table.notna(), None)
    found: dict[Where, tuple[float, float | None]] = {}
    for row in table.to_dict("records"):
        share = row["share_of_demand"]
        share = row["share_of_supply"] if share is None else share
        spot, weight = spots[str(row["node"])]
        where = (str(row["commodity"]), str(row["country"]), spot)
        tonnes, part = found.get(where, (0.0, None))
        if share is not None:
            part = (part or 0.0) + weight * share
        found[where] = (tonnes + weight * (row["bought_t"] + row["made_t"]), part)
    return found


def _determined(
    result: Result,
    spots: Spots,
    asked: list[Where],
    small: float,
    options: Options,
    watch: Watch,
) -> dict[Where, bool]:
    """Return whether volumes are the same in every plan of least cost, as far as time goes."""
    problem = result.problem
    matrices = compile_frame(build(problem))
    program = Program.of(problem, matrices, options)
    answer = program.run(watch)
    if answer.values is None:
        return {}
    weights = _weights(result, program.base, spots)
    least = float(program.base.cost @ answer.values) + program.base.offset
    # with yes/no choices the least cost itself is known to the gap only
    margin = options.gap if matrices.integer.any() else 0.0
    program.limit_cost(least + max(TIED, margin) * abs(least))
    found: dict[Where, bool] = {}
    for where in asked:
        sums = weights.get(where)
        if sums is None:
            found[where] = True
            continue
        ends = []
        for sign in (1.0, -1.0):
            if watch.over:
                return found
            program.aim(sign * sums)
            end = program.run(watch)
            if end.values is None:
                return found
            ends.append(float(sums @ end.values))
        found[where] = ends[1] - ends[0] <= small
    return found


def _weights(result: Result, matrices: Matrices, spots: Spots) -> Mapping[Where, Floats]:
    """Return the columns that add up to each volume."""
    problem = result.problem
    found: dict[Where, Floats] = {}

    def add(place: Where, column: int, weight: float) -> None:
        commodity, country, node = place
        spot, chance = spots[node]
        where, weight = (commodity, country, spot), weight * chance
        found.setdefault(where, np.zeros(len(matrices.cost)))[column] += weight

    offers = {offer.id: offer for offer in problem.offers}
    index, first = matrices.variables["buy"], matrices.columns["buy"]
    pairs = zip(index.column("offer"), index.column("node"), strict=True)
    for number, (name, node) in enumerate(pairs):
        offer = offers[str(name)]
        add((offer.commodity, offer.country, str(node)), first + number, 1.0)
    recipe = recipes_of(problem)
    index, first = matrices.variables["run"], matrices.columns["run"]
    runs = zip(*(index.column(dim) for dim in ("facility", "process", "node")), strict=True)
    for number, (site, process, node) in enumerate(runs):
        country, outputs = recipe(str(site), str(process), str(node))
        for commodity, ratio in outputs.items():
            add((commodity, country, str(node)), first + number, ratio)
    return found
