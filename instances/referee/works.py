"""The terms of making and bringing back: facilities, recipes, recycling, substitutes and cargo.

Arrays over time have a row per node and a column per record, in the order of the problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from instances.referee.blends import output_tag
from instances.referee.positions import Places, Positions
from instances.tags import opening_tag, recycled_tag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sites:
    """Every facility."""

    most: Floats
    """Tonnes of activity in the period without expansions; none outside its dates."""
    least: Floats
    """Tonnes of activity in a period in which it runs."""
    fixed_cost: Floats
    """USD of a period in which it runs."""
    growth: Floats
    """Tonnes per year by which its rate may rise per year."""
    chooses: NDArray[np.bool_]


@dataclass(frozen=True)
class Recipes:
    """What each blend takes in, or what it gives, a row for each commodity; blends in order."""

    blend: Ints
    commodity: Ints
    tag: Ints
    """Tag of an output; -1 for an input, which may have any tag of its class."""
    ratio: Floats
    """Tonnes per tonne of activity."""


@dataclass(frozen=True)
class Recoveries:
    """Every recycling."""

    at: Places
    tag: Ints
    given: Floats
    recovered: Floats
    cost: Floats
    lag: Ints
    """Whole days."""


@dataclass(frozen=True)
class Swaps:
    """Every substitution."""

    demand: Ints
    at: Places
    """The substitute, in the country of the demand."""
    ratio: Floats
    cost: Floats
    most: Floats
    """Tonnes of the demand that it may serve in the period."""


@dataclass(frozen=True)
class Cargo:
    """What is under way on the first day and arrives within the horizon."""

    node: Ints
    at: Places
    tag: Ints
    tonnes: Floats


class Works(Positions):
    """The terms of a problem's chains."""

    @cached_property
    def sites(self) -> Sites:
        """What can be run."""
        sites = self.problem.facilities
        years = np.zeros((len(self.nodes), len(sites)))
        for column, site in enumerate(sites):
            years[:, column] = [
                node.period.years_within(site.start, site.end) for node in self.nodes
            ]
        rate = self.over_time([site.capacity for site in sites], absent=np.inf)
        rate *= np.array([site.delivery_probability for site in sites], dtype=float)
        usable = years * self.over_time([site.utilisation for site in sites])
        growth = [np.inf if site.growth is None else site.growth for site in sites]
        least = np.array([site.minimum_run for site in sites], dtype=float)
        return Sites(
            # nothing of an unlimited capacity is nothing
            most=np.multiply(rate, usable, out=np.zeros_like(rate), where=usable > 0),
            least=least * self.years[:, None],
            fixed_cost=self.over_time([site.fixed_cost for site in sites]) * self.years[:, None],
            growth=np.array(growth, dtype=float),
            chooses=np.array([site.chooses for site in sites], dtype=bool),
        )

    @cached_property
    def step_cost(self) -> Floats:
        """USD per tonne of activity of each step."""
        return self.over_time([step.process.cost for step in self.steps])

    @cached_property
    def step_facility(self) -> Ints:
        """Position of the facility of each step."""
        return self.find("facility", [step.facility.id for step in self.steps])

    @cached_property
    def blend_step(self) -> Ints:
        """Position of the step of each blend."""
        return np.array([blend.step for blend in self.blends], dtype=np.int64)

    @cached_property
    def inputs(self) -> Recipes:
        """What blends take in."""
        rows = [
            (number, name, ratio)
            for number, blend in enumerate(self.blends)
            for name, ratio in self.steps[blend.step].process.inputs.items()
        ]
        return Recipes(
            blend=np.array([number for number, _, _ in rows], dtype=np.int64),
            commodity=self.find("commodity", [name for _, name, _ in rows]),
            tag=np.full(len(rows), -1, dtype=np.int64),
            ratio=np.array([ratio for _, _, ratio in rows], dtype=float),
        )

    @cached_property
    def outputs(self) -> Recipes:
        """What blends give."""
        rows = [
            (number, name, output_tag(self.keep[name], self.steps[blend.step], blend), ratio)
            for number, blend in enumerate(self.blends)
            for name, ratio in self.steps[blend.step].process.outputs.items()
        ]
        return Recipes(
            blend=np.array([row[0] for row in rows], dtype=np.int64),
            commodity=self.find("commodity", [row[1] for row in rows]),
            tag=self.find("tag", [row[2] for row in rows]),
            ratio=np.array([row[3] for row in rows], dtype=float),
        )

    @cached_property
    def step_yields(self) -> Floats:
        """Factor on what each step gives."""
        return self.over_time([step.process.yields for step in self.steps])

    @cached_property
    def disposal_cost(self) -> Floats:
        """USD per tonne of each commodity thrown away."""
        return self.over_time([item.disposal_cost for item in self.problem.commodities])

    @cached_property
    def recoveries(self) -> Recoveries:
        """What comes back."""
        sources = self.problem.recycling
        tags = [recycled_tag(self.keep[item.commodity], item.country) for item in sources]
        return Recoveries(
            at=self.places(sources),
            tag=self.find("tag", tags),
            given=self.per_period([item.given for item in sources]),
            recovered=self.over_time([item.recovered for item in sources]),
            cost=self.over_time([item.cost for item in sources]),
            lag=np.array([round(item.lag) for item in sources], dtype=np.int64),
        )

    @cached_property
    def swaps(self) -> Swaps:
        """What serves a demand in place of its commodity."""
        swaps = self.problem.substitutions
        demand = self.find("demand", [item.demand for item in swaps])
        asked = self.per_period([item.quantity for item in self.problem.demand])[:, demand]
        return Swaps(
            demand=demand,
            at=Places(
                self.find("commodity", [item.commodity for item in swaps]),
                self.places(self.problem.demand).country[demand],
            ),
            ratio=np.array([item.ratio for item in swaps], dtype=float),
            cost=self.over_time([item.cost for item in swaps]),
            most=self.over_time([item.limit for item in swaps]) * asked,
        )

    @cached_property
    def cargo(self) -> Cargo:
        """What arrives whatever the plan."""
        rows = [
            (number, item)
            for item in self.problem.in_transit
            for number, node in enumerate(self.nodes)
            if node.period.start <= item.arrives < node.period.end
        ]
        items = [item for _, item in rows]
        tags = [opening_tag(self.keep[item.commodity], item.seller, item.ore) for item in items]
        return Cargo(
            node=np.array([number for number, _ in rows], dtype=np.int64),
            at=self.places(items),
            tag=self.find("tag", tags),
            tonnes=np.array([item.tonnes for item in items], dtype=float),
        )
