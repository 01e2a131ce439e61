"""Scope: the rows of a constraint or of a sum within it, and what is gathered from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimizer.lookup import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.index import Codes, Values

Factor = float | NDArray[np.float64]


@dataclass(eq=False)
class Entries:
    """Coefficients by row and column, and the constant of each row.

    A place (row, column) may occur several times: its coefficients add up. Columns that follow
    one another are a slice.
    """

    count: int
    rows: list[Codes] = field(default_factory=list)
    columns: list[Codes | slice] = field(default_factory=list)
    values: list[Factor] = field(default_factory=list)
    constants: Values = field(init=False)

    def __post_init__(self) -> None:
        self.constants = np.zeros(self.count)

    def filled(self) -> NDArray[np.bool_]:
        """Return which rows hold a variable, be it times 0."""
        found = np.zeros(self.count, dtype=bool)
        for rows in self.rows:
            found[rows] = True
        return found


class Scope:
    """Rows of a constraint, or of a sum within it: each row once for every member."""

    def __init__(
        self,
        count: int,
        columns: Mapping[int, Column],
        parent: Scope | None = None,
        source: Codes | None = None,
    ) -> None:
        self.count = count
        self.parent = parent
        self.own = frozenset(columns)
        self._columns = dict(columns)
        self._source = source
        self._rows: Codes | None = None

    @property
    def rows(self) -> Codes:
        """The row of the constraint to which each row here belongs."""
        if self._rows is None:
            if self.parent is None:
                self._rows = np.arange(self.count)
            elif self.parent.count == 1:
                self._rows = np.broadcast_to(self.parent.rows, (self.count,))
            else:
                self._rows = self.lift(self.parent.rows)
        return self._rows

    @property
    def source(self) -> Codes:
        """The parent's row to which each row here belongs."""
        assert self._source is not None
        return self._source

    def lift(self, numbers: Any) -> Any:
        """Return the parent's ``numbers`` for every row here."""
        return numbers[self._source] if isinstance(numbers, np.ndarray) else numbers

    def column(self, number: int) -> Column:
        """Return the labels of a symbol."""
        found = self._columns.get(number)
        if found is None:
            assert self.parent is not None
            above = self.parent.column(number)
            found = self._columns[number] = Column(self.lift(above.codes), above.labels)
        return found
