"""The layout: which tables a problem has and which columns each may have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from instances.facility import Facility, Process
from instances.fields import fields_of
from instances.network import CommodityFreight, Demand, Lane, ShortfallTier
from instances.owner import Owner
from instances.periods import Stretch
from instances.problem import TABLES, Problem
from instances.rules import RULES
from instances.stockpile import Declaration, Member, Stockpile
from instances.supply import Offer, Tranche
from instances.tables.form import form_of

if TYPE_CHECKING:
    from instances.record import Part


@dataclass(frozen=True, slots=True)
class Nested:
    """A table of parts of the records of another table.

    Parameters
    ----------
    table
        Its name.
    key
        Column with the id of the record a row belongs to.
    owner, kind
        Table of those records, and their class.
    field
        Field that holds the parts.
    part
        Class of the parts.
    """

    table: str
    key: str
    owner: str
    kind: type[Part]
    field: str
    part: type[Part]


NESTED = (
    Nested("tranches", "offer", "offers", Offer, "tranches", Tranche),
    Nested("offer_owners", "offer", "offers", Offer, "owners", Owner),
    Nested("facility_owners", "facility", "facilities", Facility, "owners", Owner),
    Nested("lane_freights", "lane", "lanes", Lane, "freights", CommodityFreight),
    Nested("shortfall_tiers", "demand", "demand", Demand, "shortfall_cost", ShortfallTier),
    Nested("processes", "facility", "facilities", Facility, "processes", Process),
    Nested("declarations", "stockpile", "stockpiles", Stockpile, "declared", Declaration),
    Nested("members", "stockpile", "stockpiles", Stockpile, "members", Member),
)
RECIPES = "recipes"
"""Table of what processes take in and give: one row for each process, side and commodity."""
RECIPE_KEYS = ("facility", "process", "side", "commodity")
RATIO = "ratio"
SIDES = {"input": "inputs", "output": "outputs"}
STRETCHES = "periods"
"""Table of the parts of the horizon, for one that has several."""


@cache
def classes_of(table: str) -> tuple[type[Part], ...]:
    """Return the record classes whose records a table may hold."""
    if table == "rules":
        return RULES
    if table == STRETCHES:
        return (Stretch,)
    for nested in NESTED:
        if nested.table == table:
            return (nested.part,)
    part = form_of(Problem, table).part
    assert part is not None
    return (part,)


@cache
def keys_of(table: str) -> tuple[str, ...]:
    """Return the columns of a table that are no fields: the ids of what a row belongs to."""
    if table == RECIPES:
        return RECIPE_KEYS
    return tuple(nested.key for nested in NESTED if nested.table == table)


@cache
def columns_of(table: str) -> dict[str, type[Part]]:
    """Return the fields that a table has columns for, each with the first class that has it."""
    if table == RECIPES:
        return {}
    return {
        name: part
        for part in reversed(classes_of(table))
        for name in fields_of(part)
        if form_of(part, name).in_cell
    }


@cache
def headings(table: str) -> tuple[str, ...]:
    """Return the names of all columns of a table, in the order in which they are written."""
    if table == RECIPES:
        return (*RECIPE_KEYS, RATIO)
    found = dict.fromkeys(keys_of(table))
    for first in ("id", "kind"):
        if first in columns_of(table):
            found[first] = None
    tail = ("source", "assumption")
    for part in classes_of(table):
        found |= dict.fromkeys(
            name for name in fields_of(part) if name in columns_of(table) and name not in tail
        )
    found |= dict.fromkeys(name for name in tail if name in columns_of(table))
    return tuple(found)


def table_names() -> tuple[str, ...]:
    """Return the names of all tables, in the order in which they are written."""
    names: list[str] = [STRETCHES]
    for table in TABLES:
        names += [table, *(nested.table for nested in NESTED if nested.owner == table)]
        if table == "facilities":
            names.append(RECIPES)
    return tuple(names)
