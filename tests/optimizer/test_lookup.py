"""Look-ups: every row finds itself, what is not there is not found, whatever the width of keys."""

from __future__ import annotations

import numpy as np
import pytest

from models.index import Index
from optimizer import lookup
from optimizer.lookup import Column, CrossFinder, KeyFinder, Translator, positions

ROWS = [("b", 1, "x"), ("a", 2, "y"), ("b", 2, "y"), ("a", 1, "x"), ("c", 3, "z")]


@pytest.fixture(params=["table of all keys", "sorted search", "keys cut short"])
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "table of all keys":
        monkeypatch.setattr(lookup, "_ROOM", 0)
        monkeypatch.setattr(lookup, "_SMALL", 0)
    if request.param == "keys cut short":
        monkeypatch.setattr(lookup, "WIDEST", 16)


def _columns(rows: list[tuple[object, ...]]) -> list[Column]:
    index = Index.of(("one", "two", "three"), rows)
    return [Column(*pair) for pair in zip(index.codes, index.labels, strict=True)]


@pytest.mark.usefixtures("narrow")
def test_rows_are_found_and_others_are_not() -> None:
    finder = KeyFinder(Index.of(("one", "two", "three"), ROWS), Translator())
    asked = [ROWS[2], ("b", 2, "x"), ROWS[4], ("new", 1, "x"), ("c", 9, "z"), ROWS[0], ROWS[1]]
    assert positions(finder.find(_columns(asked), len(asked))).tolist() == [2, -1, 4, -1, -1, 0, 1]


@pytest.mark.usefixtures("narrow")
def test_a_table_without_rows_holds_nothing() -> None:
    finder = KeyFinder(Index.of(("one", "two", "three"), []), Translator())
    assert positions(finder.find(_columns([ROWS[0]]), 1)).tolist() == [-1]
    assert positions(finder.find(_columns([]), 0)).tolist() == []


@pytest.mark.usefixtures("narrow")
def test_a_row_that_stands_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"\('a', 2, 'y'\) twice"):
        KeyFinder(Index.of(("one", "two", "three"), [*ROWS, ROWS[1]]), Translator())


@pytest.mark.usefixtures("narrow")
def test_a_table_finds_its_own_rows() -> None:
    index = Index.of(("one", "two", "three"), ROWS)
    columns = [Column(*pair) for pair in zip(index.codes, index.labels, strict=True)]
    found = KeyFinder(index, Translator()).find(columns, len(index))
    assert found == slice(0, 5)
    assert positions(found).tolist() == [0, 1, 2, 3, 4]


def test_a_row_of_a_cross_is_found_in_each_of_its_tables() -> None:
    """Three rows by two nodes: ("b", 2) at the second node is row 1 * 2 + 1."""
    rows = Index.of(("one", "two"), [("a", 1), ("b", 2), ("c", 1)])
    cross = rows.cross(Index.of(("node",), ["n1", "n2"]))
    assert cross.factors is not None
    translator = Translator()
    parts = [KeyFinder(index, translator) for index in cross.factors]
    finder = CrossFinder(cross, *parts)
    whole = KeyFinder(cross, translator)
    asked = [("b", 2, "n2"), ("a", 2, "n1"), ("a", 1, "n3"), ("c", 1, "n1"), ("a", 1, "n1")]
    columns = _columns(asked)
    assert positions(finder.find(columns, 5)).tolist() == [3, -1, -1, 4, 0]
    assert positions(whole.find(columns, 5)).tolist() == [3, -1, -1, 4, 0]
    itself = [Column(*pair) for pair in zip(cross.codes, cross.labels, strict=True)]
    assert finder.find(itself, 6) == slice(0, 6)


def test_many_wide_rows_are_found_by_value() -> None:
    """Six dimensions of 3,000 labels each: no product of their numbers fits 64 bits."""
    random = np.random.default_rng(1)
    codes = tuple(random.integers(0, 3000, 2000) for _ in range(6))
    labels = tuple(tuple(range(3000)) for _ in range(6))
    index = Index(tuple("abcdef"), codes, labels)
    finder = KeyFinder(index, Translator())
    order = random.permutation(2000)
    columns = [Column(column[order], tuple(range(3000))) for column in codes]
    np.testing.assert_array_equal(positions(finder.find(columns, 2000)), order)
    columns[5] = Column((columns[5].codes + 1) % 3000, columns[5].labels)
    assert positions(finder.find(columns, 2000)).tolist() == [-1] * 2000


def test_labels_are_found_whatever_table_they_come_from() -> None:
    translator = Translator()
    codes, complete = translator.codes(Column(np.array([0, 1, 0]), ("x", "y")), ("y", "x"))
    assert (codes.tolist(), complete) == ([1, 0, 1], True)
    codes, complete = translator.codes(Column(np.array([0, 1]), ("x", "z")), ("y", "x"))
    assert (codes.tolist(), complete) == ([1, -1], False)
