"""US net import reliance by mineral, and how many depend wholly or mostly on imports.

The Geological Survey counts critical minerals, each rare earth on its own and aluminium once; the
facts hold one figure for all rare earths, and bauxite and alumina apart. `counted` follows the
Survey, so that its two numbers can be compared with what the facts hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from instances.facts.known import minerals
from instances.facts.loader import assumed, facts
from instances.facts.series import latest

if TYPE_CHECKING:
    from instances.facts.loader import Fact

RARE_EARTHS = (
    "lanthanum",
    "cerium",
    "praseodymium",
    "neodymium",
    "samarium",
    "europium",
    "gadolinium",
    "terbium",
    "dysprosium",
    "holmium",
    "erbium",
    "thulium",
    "ytterbium",
    "lutetium",
)
"""The lanthanides that the Survey lists one by one; all stand under the figure for rare earths."""
_ONCE = {"alumina": "bauxite", "bauxite": "bauxite"}
ALL, MOST = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class Reliance:
    """The newest figure for a mineral.

    Parameters
    ----------
    mineral
        Its name in the facts.
    fraction
        Net imports over apparent consumption.
    bound
        Whether the source says "more than".
    row
        Where it stands.
    """

    mineral: str
    fraction: float
    bound: bool
    row: Fact


@cache
def reliances() -> tuple[Reliance, ...]:
    """Return the newest reliance of every mineral that has one, the highest first."""
    made = []
    for mineral in minerals():
        row = latest(_rows(mineral))
        if row is not None:
            bound = row.row["qualifier"] == ">"
            made.append(Reliance(mineral, row.to("fraction"), bound, row))
    return tuple(sorted(made, key=lambda item: (-item.fraction, item.mineral)))


def _rows(mineral: str) -> tuple[Fact, ...]:
    where = {"mineral": mineral, "metric": "net_import_reliance"}
    return facts("us_demand", **where) or assumed("us_demand", **where)


def counted(least: float, below: float = 2.0) -> tuple[str, ...]:
    """Return the minerals, as the Survey counts them, of at least one reliance and below another.

    Parameters
    ----------
    least, below
        Fractions of consumption.
    """
    names: set[str] = set()
    for item in reliances():
        if least <= item.fraction < below:
            together = RARE_EARTHS if item.mineral == "rare_earths" else (item.mineral,)
            names |= {_ONCE.get(name, name) for name in together}
    return tuple(sorted(names))
