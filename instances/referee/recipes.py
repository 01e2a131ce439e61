"""Recipes: what a process takes in is what its activity needs, of the class its blend says.

For each node, blend b and input c

    sum over tags of uses[c] = inputs[c] * run

and every tag used is of the class that b has for c. What is thrown away is made where it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from instances.referee.faults import Faults, figure, tolerance
from instances.referee.windows import joined
from instances.tags import carrier_of, class_of

if TYPE_CHECKING:
    from instances.referee.entries import Entries
    from instances.referee.terms import Terms


def check_recipes(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` where inputs are not those of the recipe, and what was never made."""
    _amounts(terms, entries, faults)
    _classes(terms, entries, faults)
    _disposals(terms, entries, faults)


def _where(terms: Terms, blend: int, node: int) -> str:
    found = terms.blends[blend]
    step = terms.steps[found.step]
    return (
        f"Facility {step.facility.id!r} (process {step.process.id!r}, blend {found.label!r}) in "
        f"{terms.nodes[node].id}"
    )


def _amounts(terms: Terms, entries: Entries, faults: Faults) -> None:
    recipes = terms.inputs
    node, blend, run = entries.columns("runs", "node", "blend", "tonnes")
    row, line = joined(blend, recipes.blend)
    needed = pd.DataFrame(
        {
            "node": node[row],
            "blend": blend[row],
            "commodity": recipes.commodity[line],
            "needed": run[row] * recipes.ratio[line],
            "used": 0.0,
        }
    )
    used = entries.tables["uses"][["node", "blend", "commodity"]].assign(
        needed=0.0, used=entries.tables["uses"]["tonnes"]
    )
    sums = pd.concat([needed, used]).groupby(["node", "blend", "commodity"], as_index=False).sum()
    needs, takes = sums["needed"].to_numpy(float), sums["used"].to_numpy(float)

    keys = sums[["node", "blend", "commodity"]].to_numpy(np.int64)

    def say(position: int) -> str:
        number, mix, goods = keys[position].tolist()
        return (
            f"{_where(terms, mix, number)} uses {figure(takes[position])} t of "
            f"{terms.ids['commodity'][goods]!r}, but its activity needs "
            f"{figure(needs[position])} t."
        )

    wrong = np.abs(needs - takes) > tolerance(np.maximum(np.abs(needs), np.abs(takes)))
    faults.where(wrong, say)


def _classes(terms: Terms, entries: Entries, faults: Faults) -> None:
    columns = entries.columns("uses", "node", "blend", "commodity", "tag")
    fits: dict[tuple[int, int, int], bool] = {}
    wrong = np.zeros(len(columns[0]), dtype=bool)
    for number, (_, *key) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        blend, goods, tag = key
        place = (blend, goods, tag)
        if place not in fits:
            fits[place] = _fits(terms, blend, terms.ids["commodity"][goods], entries.tags[tag])
        wrong[number] = not fits[place]

    def say(row: int) -> str:
        node, blend, goods, tag = (int(column[row]) for column in columns)
        return (
            f"{_where(terms, blend, node)} uses {terms.ids['commodity'][goods]!r} with tag "
            f"{entries.tags[tag]!r}, which is not of that blend."
        )

    faults.where(wrong, say)


def _fits(terms: Terms, number: int, commodity: str, tag: str) -> bool:
    blend = terms.blends[number]
    process = terms.steps[blend.step].process
    if commodity not in blend.classes:
        return False
    outputs = [terms.keep[name] for name in process.outputs]
    kept = class_of(
        tag,
        ore=commodity == carrier_of(process) and any(keep.ore for keep in outputs),
        touched=sorted({label for keep in outputs for label in keep.touched or ()}),
    )
    return kept == blend.classes[commodity]


def _disposals(terms: Terms, entries: Entries, faults: Faults) -> None:
    # every output of every blend, whether or not the plan runs it
    node, goods, tag, country = entries.columns("disposals", "node", "commodity", "tag", "country")
    recipes = terms.outputs
    places = terms.find("country", [step.facility.country for step in terms.steps])
    makers = places[terms.blend_step][recipes.blend]
    known = set(
        zip(recipes.commodity.tolist(), recipes.tag.tolist(), makers.tolist(), strict=True)
    )
    given = zip(goods.tolist(), tag.tolist(), country.tolist(), strict=True)
    wrong = np.array([lot not in known for lot in given], dtype=bool)

    def say(row: int) -> str:
        return (
            f"Table disposals has {terms.ids['commodity'][goods[row]]!r} with tag "
            f"{entries.tags[tag[row]]!r} in {terms.ids['country'][country[row]]} in "
            f"{terms.nodes[node[row]].id}"
        )

    kept = np.array([not item.disposable for item in terms.problem.commodities], dtype=bool)
    faults.where(wrong, lambda row: f"{say(row)}; no process there makes it.")
    faults.where(kept[goods], lambda row: f"{say(row)}; it may not be thrown away.")
