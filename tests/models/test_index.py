"""Index tables: columns of codes that stand for rows of labels."""

from __future__ import annotations

import numpy as np
import pytest

from models.index import Index, MemberTable


def test_rows_come_back_as_they_went_in() -> None:
    index = Index.of(("lane", "node"), [("b", "2027"), ("a", "2026"), ("b", "2026")])
    assert index.rows() == [("b", "2027"), ("a", "2026"), ("b", "2026")]
    assert index.column("lane") == ["b", "a", "b"]
    assert [len(labels) for labels in index.labels] == [2, 2]


def test_rows_of_one_dimension_are_plain_labels() -> None:
    assert Index.of(("node",), ["2026", "2027"]).rows() == ["2026", "2027"]


def test_a_product_runs_over_the_second_table_first() -> None:
    product = Index.of(("lane",), ["a", "b"]).cross(Index.of(("node",), [1, 2]))
    assert product.dims == ("lane", "node")
    assert product.rows() == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]


def test_a_product_with_nothing_is_nothing() -> None:
    nothing = Index.of(("lane", "tag"), [])
    assert nothing.cross(Index.of(("node",), [1, 2])).rows() == []
    assert Index.of(("node",), [1, 2]).cross(nothing).rows() == []
    assert len(nothing) == 0


def test_an_unknown_dimension_is_an_error() -> None:
    with pytest.raises(ValueError, match="tuple"):
        Index.of(("node",), ["2026"]).column("lane")


def test_codes_are_positions_among_the_labels() -> None:
    index = Index.of(("node",), ["2027", "2026", "2027"])
    np.testing.assert_array_equal(index.codes[0], [0, 1, 0])
    assert index.labels == (("2027", "2026"),)


def test_rows_and_columns_are_chosen_by_position_and_name() -> None:
    index = Index.of(("lane", "node"), [("b", "2027"), ("a", "2026"), ("b", "2026")])
    assert index.take(np.array([2, 0])).rows() == [("b", "2026"), ("b", "2027")]
    assert index.take(np.array([False, True, False])).rows() == [("a", "2026")]
    assert index.only("node", "lane").rows() == [("2027", "b"), ("2026", "a"), ("2026", "b")]
    assert index.row(1) == ("a", "2026")


def test_members_are_listed_by_owner() -> None:
    owners = Index.of(("node",), ["x", "y", "z"])
    given = MemberTable.of(owners, 1, {"z": ["q", "p", "q"], "x": ["p"]})
    assert given.start.tolist() == [0, 1, 1, 3]
    assert given.index.rows() == ["p", "q", "p"]
    items = Index.of(("item",), ["a", "b", "c", "d"])
    table = MemberTable.grouped(owners, np.array([2, -1, 0, 2]), items)
    assert table.start.tolist() == [0, 1, 1, 3]
    assert table.index.rows() == ["c", "a", "d"]
