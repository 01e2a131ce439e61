"""A due: what a unit of a variable pays on one account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.index import Index, Values

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from models.horizon import Horizon


@dataclass(frozen=True, eq=False)
class Due:
    """What a unit of a variable pays on one account.

    Parameters
    ----------
    account, name
        The account, and what the parameter of the objective is called.
    variable
        The variable; its dimensions hold those of ``index``.
    index
        What is decided, its node last: crossed with all nodes unless ``charged`` is given. A key
        may then stand more than once: charged at several nodes.
    usd
        Undiscounted USD per unit, one entry per row.
    charged
        The node in whose period it falls due, one per row; that of the decision if not given.
    sparse
        Whether most rows pay nothing: only the others are summed, over a set of their own.
    """

    account: str
    name: str
    variable: str
    index: Index
    usd: Values
    charged: tuple[Hashable, ...] | None = None
    sparse: bool = False

    def rows(self) -> Iterator[tuple[Hashable, Hashable, float]]:
        """Yield what is decided, the node that is charged, and USD per unit."""
        charged = self.charged or self.index.column("node")
        return zip(self.index.rows(), charged, self.usd.tolist(), strict=True)

    def worth(self, time: Horizon) -> tuple[Index, Values]:
        """Return the keys, each once, with the sum of what they pay times its node's worth."""
        if self.charged is None:
            dollars = (self.usd.reshape(-1, len(time.nodes)) * time.worth).ravel()
            some = np.flatnonzero(dollars)
            return (self.index.take(some), dollars[some]) if self.sparse else (self.index, dollars)
        worth = dict(zip([node.id for node in time.nodes], time.worth.tolist(), strict=True))
        sums: dict[Hashable, float] = {}
        for key, node, dollars_per_unit in self.rows():
            sums[key] = sums.get(key, 0.0) + dollars_per_unit * worth[str(node)]
        return Index.of(self.index.dims, sums), np.array(list(sums.values()), dtype=float)
