"""Positions: the nodes and ids of a problem by number, and schedules as arrays over the nodes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from instances.keep import keeps
from instances.referee.blends import steps_of, tags_and_blends
from instances.referee.windows import Windows
from instances.routes import all_lanes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from instances.problem import Problem
    from instances.schedule import Schedule

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Places(NamedTuple):
    """Where records stand in the network: positions, one per record."""

    commodity: Ints
    country: Ints


class Positions:
    """The nodes and ids of ``problem``, in its order.

    Attributes
    ----------
    nodes, years, parents
        Nodes, the length of each in years, and the position of its parent (-1 for a root).
    windows
        What of one node falls, some days later, in which others.
    routes
        Lanes, declared and free.
    steps, blends
        Processes of all facilities, and the mixes of inputs that they tell apart.
    keep, tags_of
        Commodity id to what is remembered of its lots, and to the tags that these can have.
    ids
        Known ids: node, tag, country, and one entry for each table of records that a plan names.
    """

    def __init__(self, problem: Problem) -> None:
        problem = self.problem = problem.realised
        self.nodes = problem.nodes
        self.routes = all_lanes(problem)
        self.keep = keeps(problem)
        self.steps = steps_of(problem)
        self.tags_of, self.blends = tags_and_blends(problem, self.keep)
        place = {node.id: number for number, node in enumerate(self.nodes)}
        self.years = np.array([node.period.years for node in self.nodes])
        self.parents = np.array(
            [-1 if node.parent is None else place[node.parent] for node in self.nodes]
        )
        self.windows = Windows(self.nodes, self.parents)
        self.ids: dict[str, pd.Index[Any]] = {
            "node": index_of(place),
            "commodity": index_of(item.id for item in problem.commodities),
            "contract": index_of(item.id for item in problem.contracts),
            "offer": index_of(item.id for item in problem.offers),
            "lane": index_of(lane.id for lane in self.routes),
            "demand": index_of(item.id for item in problem.demand),
            "outlet": index_of(item.id for item in problem.outlets),
            "stockpile": index_of(item.id for item in problem.stockpiles),
            "fund": index_of(item.id for item in problem.funds),
            "facility": index_of(item.id for item in problem.facilities),
            "expansion": index_of(item.id for item in problem.expansions),
            "recycling": index_of(item.id for item in problem.recycling),
            "substitution": index_of(item.id for item in problem.substitutions),
            "country": index_of(self._countries()),
            "tag": index_of(tag for tags in self.tags_of.values() for tag in tags),
        }

    def _countries(self) -> Iterable[str]:
        problem = self.problem
        places: tuple[tuple[Any, ...], ...] = (
            problem.offers,
            problem.demand,
            problem.outlets,
            problem.stockpiles,
            problem.facilities,
            problem.recycling,
            problem.in_transit,
        )
        for place in chain(*places):
            yield place.country
        for lane in self.routes:
            yield from (lane.origin, lane.destination)

    def find(self, what: str, names: Iterable[str]) -> Ints:
        """Return the positions of ``names`` among the ids of ``what``, -1 for unknown ones."""
        wanted = pd.Index(list(names), dtype=object)
        return np.asarray(self.ids[what].get_indexer(wanted), dtype=np.int64)

    def places(self, records: Sequence[Any]) -> Places:
        """Return where ``records`` stand; each has a ``commodity`` and a ``country``."""
        return Places(
            commodity=self.find("commodity", [record.commodity for record in records]),
            country=self.find("country", [record.country for record in records]),
        )

    def over_time(self, schedules: Sequence[Schedule | None], absent: float = 0.0) -> Floats:
        """Return the values on the first day of each node, by node and schedule.

        Parameters
        ----------
        schedules
            A schedule counts as 0 before its first date.
        absent
            Value where there is no schedule.
        """
        table = np.full((len(self.nodes), len(schedules)), absent)
        for column, schedule in enumerate(schedules):
            if schedule is None:
                continue
            if schedule.constant:
                table[:, column] = schedule.points[0][1]
                continue
            table[:, column] = [
                schedule.at(node.period.start, node.branch) or 0.0 for node in self.nodes
            ]
        return table

    def per_period(self, rates: Sequence[Schedule | None]) -> Floats:
        """Return yearly rates as tonnes by node and rate; infinite where there is no schedule."""
        tonnes: Floats = self.over_time(rates, absent=np.inf) * self.years[:, None]
        return tonnes


def index_of(ids: Iterable[str]) -> pd.Index[Any]:
    """Return ``ids`` as an index, each once."""
    return pd.Index(list(dict.fromkeys(ids)), dtype=object)
