"""A result as a workbook: what is in it is the result, and nothing of it is a formula."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from instances.errors import InputError
from instances.generate import random_problem
from optimizer import Options, Result, solve
from optimizer.absent import NOT_KNOWN, absences
from optimizer.column_units import unit_of
from optimizer.plain import rows
from optimizer.summary import sentence
from optimizer.workbook import workbook_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl import Workbook

    from instances.problem import Problem


@pytest.fixture(scope="module")
def results(
    every_rule: Problem, every_branch: Problem, every_cut_off: Problem
) -> dict[str, Result]:
    """Results that together have every table."""
    return {
        "goals": solve(every_rule, Options(goals=("shortfall", "cost", "concentration"))),
        "branches": solve(every_branch),
        "cut_offs": solve(every_cut_off, Options(rule_prices=True)),
    }


def _book(result: Result) -> Workbook:
    return load_workbook(io.BytesIO(workbook_bytes(result)))


def _rows(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    header, *lines = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


def _facts(book: Workbook) -> dict[str, Any]:
    return {row["field"]: row["value"] for row in _rows(book, "result")}


def test_every_table_comes_back_from_its_sheet(results: dict[str, Result]) -> None:
    result = results["goals"]
    book = _book(result)
    for name, table in result.tables().items():
        found = _rows(book, name)
        assert list(next(book[name].iter_rows(values_only=True))) == list(table.columns), name
        assert len(found) == len(table), name
        for read, written in zip(found, rows(table), strict=True):
            for column, value in written.items():
                if isinstance(value, float):
                    # a sheet keeps 16 figures
                    assert math.isclose(read[column], value, rel_tol=1e-15), (name, column)
                else:
                    assert read[column] == value, (name, column)


def test_the_first_sheet_says_what_was_found_and_from_what(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    """G1 with half from China: 50 at 50, 30 at 80 and 20 at 95 USD/t are 6,800 USD."""
    cap = rule("share_cap", of="CHN", max_share=0.5, denominator="demand", id="cap")
    result = solve(three_sellers(cap))
    book = _book(result)
    assert book.sheetnames[:5] == ["result", "notes", "columns", "sources", "assumptions"]
    assert book.sheetnames[5:] == list(result.tables())
    facts = _facts(book)
    assert facts["answer"] == sentence(result)
    assert "6,800 USD" in facts["answer"]
    assert facts["answer"].endswith("Every demand is met in full.")
    assert facts["objective"] == pytest.approx(6800)
    assert (facts["solver stopped"], facts["held"]) == ("finished", "optimal")
    assert facts["SHA-256 of the inputs"] == result.problem.hash
    assert facts["versions: highs"] == result.record["versions"]["highs"]
    assert facts["options: gap"] == result.record["options"]["gap"]
    assert facts["sheet purchases"] == len(result.purchases) == 3


def test_text_that_looks_like_a_formula_stays_text(problem_of: Callable[..., Problem]) -> None:
    risky = ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A"]
    problem = problem_of(
        about="=HYPERLINK(1)",
        sources=[{"id": f"s{at}", "title": text} for at, text in enumerate(risky)],
        offers=[
            {"id": f"o{at}", "supplier": text, "country": "AUS", "commodity": "metal"}
            | {"price": 10 + at, "capacity": 20}
            for at, text in enumerate(risky)
        ],
        demand=[{"id": "us", "commodity": "metal", "country": "USA", "quantity": 100}],
    )
    book = _book(solve(problem))
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            assert {cell.data_type for cell in line} <= {"s", "n", "b"}, sheet.title
    assert sorted({row["supplier"] for row in _rows(book, "purchases")}) == sorted(risky)
    assert [row["title"] for row in _rows(book, "sources")] == risky
    assert _facts(book)["about"] == "=HYPERLINK(1)"
    kept = [cell for cell in book["sources"]["B"] if cell.value == "=1+1"]
    # a spreadsheet that lets the cell be edited still takes it for text
    assert [cell.quotePrefix for cell in kept] == [True]


@pytest.mark.parametrize("seed", [0, 3, 5, 8])
def test_every_empty_cell_has_a_reason(seed: int) -> None:
    result = solve(random_problem(seed))
    book = _book(result)
    told: dict[tuple[str, str | None], int] = {}
    for row in _rows(book, "notes"):
        if row["cells"] is not None:
            key = (row["sheet"], row["column"])
            told[key] = told.get(key, 0) + row["cells"]
    for name in result.tables():
        for column in _rows(book, name)[0] if len(result.tables()[name]) else ():
            empty = sum(row[column] is None for row in _rows(book, name))
            assert told.get((name, column), 0) == empty, (name, column)


def test_reasons_of_columns_are_listed(results: dict[str, Result]) -> None:
    for result in results.values():
        for name, table in result.tables().items():
            unknown = [column for column, _, why in absences(name, table) if why == NOT_KNOWN]
            assert unknown == [], name


def test_every_column_of_numbers_has_a_unit(results: dict[str, Result]) -> None:
    seen = set()
    for result in results.values():
        for name, table in result.tables().items():
            seen.add(name)
            for column in table.columns:
                values = table[column].dropna()
                if any(isinstance(x, int | float) and not isinstance(x, bool) for x in values):
                    assert unit_of(name, str(column)) is not None, (name, column)
    assert {"goals", "scenarios", "survival", "rule_prices", "builds", "funds"} <= seen
    assert unit_of("purchases", "price_usd_per_t") == "USD/t"
    assert unit_of("purchases", "bought_t") == "t"
    assert unit_of("purchases", "supplier") is None


def test_without_a_plan_it_says_what_has_to_give(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    """30 t of 100 t can be had, and shortfall is not allowed: 70 t have to give."""
    result = solve(problem_of(offers=[offer("AUS", 10, 30)], demand=[need(100)]))
    book = _book(result)
    facts = _facts(book)
    assert facts["held"] == "infeasible"
    assert facts["objective"] is None
    assert "70 t" in facts["has to give"]
    assert facts["answer"].startswith("No plan keeps every rule.")
    assert [row["note"] for row in _rows(book, "notes") if row["column"] == "objective"] == [
        "the solve ended infeasible: there is no plan"
    ]


def test_a_file_that_is_there_is_not_replaced_unasked(
    three_sellers: Callable[..., Problem], tmp_path: Path
) -> None:
    file = tmp_path / "answer.xlsx"
    result = solve(three_sellers())
    result.to_excel(file)
    first = file.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        result.to_excel(file)
    assert file.read_bytes() == first
    result.to_excel(file, force=True)
    assert load_workbook(file).sheetnames[0] == "result"
