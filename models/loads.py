"""Loads: every lane with each commodity and tag that can be at its origin, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.blend_table import positions
from models.index import Index, MemberTable

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from instances.network import Lane
    from models.index import Codes


@dataclass(frozen=True, eq=False)
class Loads:
    """What can be loaded, as columns.

    Parameters
    ----------
    index
        Lane, commodity and tag.
    lane
        Positions among the network's lanes.
    origin, destination
        Positions among its places.
    """

    index: Index
    lane: Codes
    origin: Codes
    destination: Codes

    def by_lane(self, lanes: Iterable[Lane]) -> MemberTable:
        """Return the commodities and tags that each of ``lanes`` can carry."""
        place: dict[Hashable, int] = {lane.id: number for number, lane in enumerate(lanes)}
        owner = np.array([place.get(name, -1) for name in self.index.labels[0]], dtype=np.int64)
        keys = Index.of(("lane",), place)
        owners = owner[self.lane] if len(owner) else self.lane
        return MemberTable.grouped(keys, owners, self.index.only("commodity", "tag"))


def loads_of(lanes: Sequence[Lane], index: Index) -> Loads:
    """Return what can be loaded on each of ``lanes``, given the places of a network."""
    goods, tags, countries = index.codes
    n_countries = len(index.labels[2])
    good_at = {label: code for code, label in enumerate(index.labels[0])}
    country_at = {label: code for code, label in enumerate(index.labels[2])}
    rows = [
        (number, good_at[name], country_at[lane.origin], country_at[lane.destination])
        for number, lane in enumerate(lanes)
        if lane.origin in country_at and lane.destination in country_at
        for name in lane.commodities
        if name in good_at
    ]
    lane, good, start, end = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    spots = goods * n_countries + countries
    order = np.argsort(spots, kind="stable")  # tags keep the order of the places
    wanted = good * n_countries + start
    begin = np.searchsorted(spots[order], wanted)
    counts = np.searchsorted(spots[order], wanted, side="right") - begin
    row = np.repeat(np.arange(len(rows)), counts)
    origin = order[np.arange(len(row)) + (begin - np.cumsum(counts) + counts)[row]]
    destination = positions(index, good[row], tags[origin], end[row])
    labels = (tuple(item.id for item in lanes), index.labels[0], index.labels[1])
    return Loads(
        Index(("lane", "commodity", "tag"), (lane[row], good[row], tags[origin]), labels),
        lane[row],
        origin,
        destination,
    )
