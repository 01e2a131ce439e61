"""Asked: whose place in a plan is explained: its record, its columns, and what its price is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from instances.edit import Edit
from instances.errors import Finding, InputError, nearest_name
from optimizer.explain.words import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.problem import Problem
    from instances.schedule import Schedule
    from optimizer.compile import Matrices, Positions

ASKABLE = ("offers", "contracts", "facilities", "expansions", "lanes")
"""Tables whose records are in a plan or out of it."""
VARIABLES = {
    "offers": "buy",
    "contracts": "buy",
    "facilities": "run",
    "expansions": "build",
    "lanes": "ship",
}
UNITS = {"expansions": "t/yr"}
"""What their columns count in, where that is not t."""


@dataclass(frozen=True)
class Asked:
    """A record that is in a plan or out of it.

    Parameters
    ----------
    table, id
        Which.
    name
        What people call it.
    unit
        What its amount is in.
    prices
        Path of every price that is its own, with the least number that is stated there.
    """

    table: str
    id: str
    name: str
    unit: str
    prices: tuple[tuple[str, float], ...]

    @property
    def room(self) -> float:
        """How far its prices can fall together, USD per unit."""
        return min((least for _, least in self.prices), default=0.0)

    def edits(self, shift: float) -> tuple[Edit, ...]:
        """Return the edits that move its prices, at all dates, by USD per unit."""
        return tuple(
            Edit(select=path, action="add", value=float(f"{shift:.12g}"))
            for path, _ in self.prices
        )

    def columns(self, problem: Problem, matrices: Matrices) -> Positions:
        """Return its columns."""
        variable = VARIABLES[self.table]
        index, first = matrices.variables[variable], matrices.columns[variable]
        if variable != "buy":
            own = index.column({"run": "facility", "build": "expansion", "ship": "lane"}[variable])
            return first + np.flatnonzero(np.array([str(name) == self.id for name in own]))
        ways = problem.ways_to_buy
        pairs = zip(index.column("offer"), index.column("tranche"), strict=True)
        return first + np.flatnonzero(
            np.array(
                [
                    self._owns(problem, str(offer), int(str(number)), ways[str(offer)])
                    for offer, number in pairs
                ],
                dtype=bool,
            )
        )

    def _owns(self, problem: Problem, offer: str, number: int, ways: object) -> bool:
        if self.table == "contracts":
            assert isinstance(ways, (list, tuple))
            return getattr(ways[number], "id", None) == self.id
        if offer != self.id:
            return False
        slices = next(item.slices for item in problem.offers if item.id == offer)
        return number < len(slices)


def asked_of(problem: Problem, text: str) -> Asked:
    """Return what an id, or ``table[id]``, names.

    Raises
    ------
    InputError
        It names nothing that can be in a plan, or records of several tables.
    """
    table, _, rest = text.partition("[")
    wanted = rest.removesuffix("]") if rest and table in ASKABLE else text
    tables = (table,) if wanted != text else ASKABLE
    found = [
        name for name in tables if any(record.id == wanted for record in getattr(problem, name))
    ]
    if len(found) == 1:
        prices = tuple(_prices(problem, found[0], wanted))
        unit = UNITS.get(found[0], "t")
        return Asked(found[0], wanted, who(problem, found[0], wanted), unit, prices)
    if found:
        remedy = f"Write {' or '.join(f'{name}[{wanted}]' for name in found)}."
        raise InputError([Finding("why", "names several records", text, remedy=remedy)])
    known = [record.id for name in tables for record in getattr(problem, name)]
    near = nearest_name(wanted, known)
    remedy = "Name an offer, a contract, a facility, an expansion or a lane by its id."
    if near is not None:
        remedy = f"Did you mean '{near}'?"
    what = "names nothing that can be in a plan or out of it"
    raise InputError([Finding("why", what, text, remedy=remedy)])


def _prices(problem: Problem, table: str, id: str) -> Iterator[tuple[str, float]]:
    record = next(item for item in getattr(problem, table) if item.id == id)
    path = f"{table}[{id}]"
    if table == "offers" and record.tranches is not None:
        for number, tranche in enumerate(record.tranches):
            yield f"{path}.tranches[{number}].price", _least(tranche.price)
    elif table == "facilities":
        for process in record.processes:
            yield f"{path}.processes[{process.id}].cost", _least(process.cost)
    elif table == "lanes":
        yield f"{path}.freight", _least(record.freight)
        for number, own in enumerate(record.freights):
            yield f"{path}.freights[{number}].freight", _least(own.freight)
    elif table == "expansions":
        yield f"{path}.capex", _least(record.capex)
    elif record.price is not None:
        yield f"{path}.price", _least(record.price)


def _least(price: Schedule) -> float:
    return min(price.values, default=0.0)
