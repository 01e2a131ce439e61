"""Blends as columns: what each takes in and makes, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.index import Index, MemberTable

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from instances.facility import Process
    from models.blends import Blend
    from models.index import Codes, Values

BLEND = ("facility", "process", "blend")


@dataclass(frozen=True, eq=False)
class BlendTable:
    """The blends of a network as columns.

    Parameters
    ----------
    index
        Facility, process and blend.
    processes, process
        The processes, and the position among them of each blend's.
    inputs, taken
        Each blend with each commodity it takes in, and the tonnes per tonne of activity.
    outputs, made_by, given, made_at
        Each blend with each commodity it makes, the position of that blend, the tonnes per tonne
        of activity at full yield, and the place (among those of the network) where it is then.
    uses, input_of, used_at
        Each row of ``inputs`` with each tag that may be taken, the position of that row, and the
        place where it is taken.
    """

    index: Index
    processes: tuple[Process, ...]
    process: Codes
    inputs: Index
    taken: Values
    outputs: Index
    made_by: Codes
    given: Values
    made_at: Codes
    uses: Index
    input_of: Codes
    used_at: Codes

    def by_facility(self, facilities: Sequence[Hashable]) -> MemberTable:
        """Return the processes and blends of each of ``facilities``."""
        place = {name: number for number, name in enumerate(facilities)}
        owner = np.array([place.get(name, -1) for name in self.index.labels[0]], dtype=np.int64)
        keys = Index.of(("facility",), facilities)
        return MemberTable.grouped(
            keys, owner[self.index.codes[0]], self.index.only("process", "blend")
        )


def blend_table(blends: Sequence[Blend], places: Index) -> BlendTable:
    """Return the columns of ``blends``; ``places`` are commodities with a tag in a country."""
    good_at, tag_at, country_at = (
        {label: code for code, label in enumerate(labels)} for labels in places.labels
    )
    numbers: dict[int, int] = {}
    processes: list[Process] = []
    process: list[int] = []
    inputs: list[tuple[int, int]] = []
    outputs: list[tuple[int, int, int, int]] = []
    uses: list[tuple[int, int, int, int, int]] = []
    taken: list[float] = []
    given: list[float] = []
    for number, blend in enumerate(blends):
        recipe = blend.process
        known = numbers.setdefault(id(recipe), len(processes))
        if known == len(processes):
            processes.append(recipe)
        process.append(known)
        # what has neither inputs nor outputs may stand where no goods are
        country = country_at.get(blend.facility.country, -1)
        for name, tags in blend.taken.items():
            good = good_at[name]
            uses += [(number, good, tag_at[tag], country, len(inputs)) for tag in tags]
            inputs.append((number, good))
            taken.append(recipe.inputs[name])
        for name, tag in blend.made.items():
            outputs.append((number, good_at[name], tag_at[tag], country))
            given.append(recipe.outputs[name])
    index = Index.of(BLEND, [blend.key for blend in blends])
    eaten, eaten_good = _columns(inputs, 2)
    maker, made, made_tag, made_in = _columns(outputs, 4)
    user, used, used_tag, used_in, input_of = _columns(uses, 5)
    return BlendTable(
        index=index,
        processes=tuple(processes),
        process=np.array(process, dtype=np.int64),
        inputs=_with(index, eaten, places, (eaten_good,)),
        taken=np.array(taken, dtype=float),
        outputs=_with(index, maker, places, (made,)),
        made_by=maker,
        given=np.array(given, dtype=float),
        made_at=positions(places, made, made_tag, made_in),
        uses=_with(index, user, places, (used, used_tag)),
        input_of=input_of,
        used_at=positions(places, used, used_tag, used_in),
    )


def positions(places: Index, goods: Codes, tags: Codes, countries: Codes) -> Codes:
    """Return the position of each place, which must be one, given its codes."""
    n_tags, n_countries = len(places.labels[1]), len(places.labels[2])
    keys = (places.codes[0] * n_countries + places.codes[2]) * n_tags + places.codes[1]
    wanted = (goods * n_countries + countries) * n_tags + tags
    by_key = np.argsort(keys)
    found = by_key[np.searchsorted(keys[by_key], wanted)] if len(keys) else wanted
    assert (keys[found] == wanted).all()
    return found


def _with(index: Index, rows: Codes, places: Index, codes: tuple[Codes, ...]) -> Index:
    """Return rows of ``index`` with commodities, or commodities and tags."""
    return Index(
        index.dims + ("commodity", "tag")[: len(codes)],
        tuple(column[rows] for column in index.codes) + codes,
        tuple(index.labels) + tuple(places.labels[: len(codes)]),
    )


def _columns(rows: Sequence[tuple[int, ...]], count: int) -> Codes:
    return np.array(rows, dtype=np.int64).reshape(-1, count).T
