"""Expand: a formula becomes coefficients of all its rows at once, by arrays.

Labels are integer codes, a look-up is a search for many keys, a sum repeats every row once for
each of its members. No row is a Python object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optimizer.formula import (
    Inverse,
    Label,
    Lookup,
    ModelError,
    Number,
    Product,
    Range,
    Sum,
    Symbol,
    Term,
    Total,
    constant,
    symbols,
)
from optimizer.lookup import Column, CrossFinder, Finder, KeyFinder, Translator
from optimizer.scope import Entries, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.frame import Frame
    from models.index import Codes, Index
    from optimizer.scope import Factor


class Expander:
    """Expands the formulas of one frame.

    Parameters
    ----------
    frame
        Its index tables and numbers.
    first
        The first column of each variable.
    """

    def __init__(self, frame: Frame, first: Mapping[str, int]) -> None:
        self._frame = frame
        self._first = first
        self._translator = Translator()
        self._finders: dict[int, tuple[Index, Finder]] = {}

    def expand(
        self, name: str, term: Term, index: Index | None = None, symbols: Sequence[Symbol] = ()
    ) -> Entries:
        """Return the coefficients of ``term`` for every row of ``index`` (one row without).

        Raises
        ------
        ModelError
            It looks up what is not declared; ``name`` is the constraint the message names.
        """
        columns = {}
        if index is not None:
            columns = {
                symbol.number: Column(codes, labels)
                for symbol, codes, labels in zip(symbols, index.codes, index.labels, strict=True)
            }
        scope = Scope(1 if index is None else len(index), columns)
        entries = Entries(scope.count)
        _Rows(name, self, entries).add(scope, term, 1.0)
        return entries

    def find(
        self, name: str, wanted: str, index: Index, scope: Scope, places: Sequence[Symbol | Label]
    ) -> Codes | slice:
        """Return, for each row of ``scope``, the row of ``index`` that it looks up, or -1.

        Where that is every row of ``index`` in turn, a slice.
        """
        columns = [self._column(scope, place) for place in places]
        try:
            finder = self._finder(index)
        except ValueError as error:
            raise ModelError(f"{name} looks up {wanted}, but {error}") from error
        return finder.find(columns, scope.count)

    def _finder(self, index: Index) -> Finder:
        known = self._finders.get(id(index))
        if known is not None:
            return known[1]
        found: Finder
        if index.factors is None:
            found = KeyFinder(index, self._translator)
        else:
            found = CrossFinder(index, *map(self._finder, index.factors))
        # an identity is the table's as long as the table is kept
        self._finders[id(index)] = (index, found)
        return found

    @property
    def frame(self) -> Frame:
        """The frame whose formulas are expanded."""
        return self._frame

    def first(self, variable: str) -> int:
        """Return the first column of ``variable``."""
        return self._first[variable]

    @staticmethod
    def _column(scope: Scope, place: Symbol | Label) -> Column:
        if isinstance(place, Symbol):
            return scope.column(place.number)
        return Column(np.zeros(scope.count, dtype=np.int64), (place.value,))


class _Rows:
    """Expands the rows of one constraint."""

    def __init__(self, name: str, expander: Expander, entries: Entries) -> None:
        self._name = name
        self._expander = expander
        self._frame = expander.frame
        self._entries = entries

    def add(self, scope: Scope, term: Term, factor: Factor) -> None:
        """Add ``factor`` times ``term`` to every row."""
        if constant(term):
            numbers = np.broadcast_to(factor * self._value(scope, term), (scope.count,))
            self._entries.constants += (
                numbers
                if scope.parent is None
                else np.bincount(scope.rows, numbers, self._entries.count)
            )
            return
        match term:
            case Lookup():
                found = self._find(scope, term, self._frame.variables[term.name])
                self._entries.rows.append(scope.rows)
                first = self._expander.first(term.name)
                self._entries.columns.append(
                    slice(first, first + found.stop) if isinstance(found, slice) else found + first
                )
                self._entries.values.append(factor)
            case Sum():
                for part in term.terms:
                    self.add(scope, part, factor)
            case Product():
                self.add(scope, term.term, factor * self._value(scope, term.factor))
            case Total():
                for run in term.ranges:
                    scope = self._join(scope, run)
                    factor = scope.lift(factor)
                self.add(scope, term.term, factor)
            case _:
                raise AssertionError(term)

    def _value(self, scope: Scope, term: Term) -> Factor:
        """Return what is constant for every row of ``scope``, worked out in the outermost sum."""
        match term:
            case Number():
                return term.value
            case Sum():
                total: Factor = 0.0
                for part in term.terms:
                    total = total + self._value(scope, part)
                return total
            case Product():
                return self._value(scope, term.factor) * self._value(scope, term.term)
            case Inverse():
                return 1.0 / self._value(scope, term.term)
        if scope.parent is not None and symbols(term).isdisjoint(scope.own):
            above: Factor = scope.lift(self._value(scope.parent, term))
            return above
        if isinstance(term, Lookup):
            return self._number(scope, term)
        inner, owner = scope, np.arange(scope.count)
        for run in term.ranges:
            inner = self._join(inner, run)
            owner = inner.lift(owner)
        numbers = np.broadcast_to(self._value(inner, term.term), (inner.count,))
        return np.bincount(owner, numbers, scope.count).astype(float)

    def _number(self, scope: Scope, term: Lookup) -> Factor:
        parameter = self._frame.parameters[term.name]
        if not term.index:
            return float(parameter.values[0])
        if parameter.default is None:
            return parameter.values[self._find(scope, term, parameter.index)]
        found = self._expander.find(self._name, term.name, parameter.index, scope, term.index)
        numbers = np.append(parameter.values, parameter.default)
        return numbers[found]

    def _join(self, scope: Scope, run: Range) -> Scope:
        """Return ``scope`` with each row once for every member of ``run``."""
        if run.index is None:
            index = self._frame.sets[run.name]
            source = np.repeat(np.arange(scope.count), len(index))
            columns = index.codes
            if scope.count != 1:
                columns = tuple(np.tile(codes, scope.count) for codes in index.codes)
        else:
            members = self._frame.members[run.name]
            index = members.index
            owner = self._find(scope, run, members.keys)
            if isinstance(owner, slice):  # every key in turn: its members follow one another
                source = np.repeat(np.arange(scope.count), np.diff(members.start))
                columns = index.codes
            else:
                begin = members.start[owner]
                counts = members.start[owner + 1] - begin
                source = np.repeat(np.arange(scope.count), counts)
                shift = begin - np.cumsum(counts) + counts
                places = np.arange(len(source)) + shift[source]
                columns = tuple(codes[places] for codes in index.codes)
        found = {
            symbol.number: Column(codes, labels)
            for symbol, codes, labels in zip(run.symbols, columns, index.labels, strict=True)
        }
        return Scope(len(source), found, scope, source)

    def _find(self, scope: Scope, term: Lookup | Range, index: Index) -> Codes | slice:
        assert term.index is not None
        found = self._expander.find(self._name, term.name, index, scope, term.index)
        if not isinstance(found, slice) and len(found) and found.min() < 0:
            row = int(np.argmin(found))
            labels = [
                place.value
                if isinstance(place, Label)
                else (column := scope.column(place.number)).labels[column.codes[row]]
                for place in term.index
            ]
            text = ", ".join(repr(label) for label in labels)
            raise ModelError(
                f"{self._name} looks up {term.name}[{text}], which is not declared "
                f"({(found < 0).sum()} of {len(found)} look-ups)"
            )
        return found
