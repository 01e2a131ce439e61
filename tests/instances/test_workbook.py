from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from instances import InputError, ReadError, instance_names, load, read, write
from instances.generate import random_problem
from instances.starter import starter, write_starter
from instances.tables.workbook_cells import MOST_CELLS
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

SHEETS: dict[str, list[list[Any]]] = {
    "problem": [
        ["field", "value"],
        ["name", "tiny"],
        ["buyers", "USA"],
        ["periods.start", date(2027, 1, 1)],
        ["periods.count", 2],
        ["periods.length", "1 yr"],
        ["discount.rate", "5 %"],
    ],
    "commodities": [["id", "stage", "basis"], ["metal", "metal", "product"]],
    "offers": [
        ["id", "supplier", "country", "commodity", "price [USD/kg]", "start"],
        ["cn", "Baotou", "CHN", "metal", 0.05, None],
        ["au", "Lynas", "AUS", "metal", "80 USD/t", date(2028, 1, 1)],
    ],
    "demand": [["id", "commodity", "country", "quantity [t/yr]"], ["us", "metal", "USA", 100]],
}


def save(path: Path, change: Callable[[Workbook], None] | None = None) -> Path:
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change is not None:
        change(book)
    book.save(path)
    return path


def put(sheet: str, cell: str, value: Any) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


def plain_number(sheet: str, cell: str, value: float) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value
        book[sheet][cell].number_format = "General"

    return change


def merge(sheet: str, cells: str) -> Callable[[Workbook], None]:
    return lambda book: book[sheet].merge_cells(cells)


def rename(sheet: str, name: str) -> Callable[[Workbook], None]:
    return lambda book: setattr(book[sheet], "title", name)


# what is done to the workbook, where the fault is, what is said of it
BROKEN: dict[str, tuple[Callable[[Workbook], None], str, str]] = {
    "a formula": (put("offers", "E2", "=2*3"), "sheet 'offers': row 2, column E", "is a formula"),
    "an error": (put("offers", "E2", "#N/A"), "sheet 'offers': row 2, column E", "holds an error"),
    "merged cells": (
        merge("offers", "C2:C3"),
        "sheet 'offers': row 2, column C",
        "is merged with other cells: C2:C3",
    ),
    "a sheet that is unknown": (
        lambda book: book.create_sheet("outlet") and None,
        "sheet 'outlet'",
        "Did you mean 'outlets'?",
    ),
    "a column that is unknown": (
        put("offers", "C1", "land"),
        "sheet 'offers': row 1, column C 'land'",
        "is not a column",
    ),
    "a column that stands twice": (
        put("offers", "F1", "price [USD/t]"),
        "sheet 'offers': row 1, column F",
        "second column for 'price'",
    ),
    "text for a number": (
        put("demand", "D2", "a lot"),
        "sheet 'demand': row 2, column D 'quantity [t/yr]'",
        "is not a number",
    ),
    "a number for text": (
        put("offers", "B2", 12),
        "sheet 'offers': row 2, column B 'supplier'",
        "is not text",
    ),
    "a date for a number": (
        put("demand", "D2", date(2027, 1, 1)),
        "sheet 'demand': row 2, column D",
        "is not a number",
    ),
    "a number for a date": (
        plain_number("offers", "F3", 46022),
        "sheet 'offers': row 3, column F 'start'",
        "is not a date",
    ),
    "a time of day": (
        put("offers", "F3", datetime(2028, 1, 1, 12, 30)),
        "sheet 'offers': row 3, column F",
        "has a time of day",
    ),
    "truth for a number": (
        put("demand", "D2", value=True),
        "sheet 'demand': row 2, column D",
        "is not a number",
    ),
    "a country that is none": (
        put("offers", "C2", "China"),
        "sheet 'offers': row 2, column C 'country'",
        "Did you mean 'CHN'?",
    ),
    "a field of the problem that is unknown": (
        put("problem", "A3", "buyer"),
        "sheet 'problem': row 3, column A 'field'",
        "Did you mean 'buyers'?",
    ),
    "a value of the problem that is wrong": (
        put("problem", "B5", "many"),
        "sheet 'problem': row 5, column B 'value'",
        "is not a whole number",
    ),
    "a field of the problem that stands twice": (
        put("problem", "A6", "periods.count"),
        "sheet 'problem': row 6, column B 'value'",
        "a second time",
    ),
    "a cell without a header": (
        put("demand", "F2", 7),
        "sheet 'demand': row 2, column F",
        "stands under no header",
    ),
    "a table that is missing": (
        lambda book: book.remove(book["commodities"]),
        "sheet 'commodities'",
        "is missing",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_fault_in_a_workbook_is_said_with_sheet_row_and_column(name: str, tmp_path: Path) -> None:
    change, place, said = BROKEN[name]
    path = save(tmp_path / "tiny.xlsx", change)
    with pytest.raises(InputError) as caught:
        read(path)
    found = [str(finding) for finding in caught.value.findings]
    assert any(fault.startswith(f"{path}: {place}") and said in fault for fault in found), found


def test_workbook_written_by_hand_is_read(tmp_path: Path) -> None:
    problem = read(save(tmp_path / "tiny.xlsx"))
    assert problem.offers[0].price is not None
    assert problem.offers[0].price.values == (50.0,)
    assert problem.offers[1].start == date(2028, 1, 1)
    assert problem.discount.rate == 0.05
    # 100 t/yr at 50 USD/t, twice, due in the middle of each year
    assert solve(problem).objective == pytest.approx(5000 * (1.05**-0.5 + 1.05**-1.5))


def test_faults_of_all_sheets_come_at_once(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["offers"]["E2"] = "=1"
        book["offers"]["C3"] = "Australia"
        book["demand"]["D1"] = "quantitty"
        book["problem"]["B4"] = "soon"

    with pytest.raises(ReadError) as caught:
        read(save(tmp_path / "tiny.xlsx", change))
    found = sorted(finding.where.partition(": ")[2] for finding in caught.value.findings)
    assert found == [
        "sheet 'demand': row 1, column D 'quantitty'",
        "sheet 'offers': row 2, column E",
        "sheet 'offers': row 3, column C 'country'",
        "sheet 'problem': row 4, column B 'value'",
    ]


def test_per_cent_shown_by_the_cell_is_a_fraction_already(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["offers"].append(["ca", "Alcan", "CAN", "metal", 90])
        for row, value in enumerate(("available [%]", 0.07, 0.5, 20), 1):
            book["offers"].cell(row, 7, value)
        book["offers"]["G2"].number_format = "0%"
        book["offers"]["G3"].number_format = "0.00%"

    offers = read(save(tmp_path / "tiny.xlsx", change)).offers
    assert [offer.available.values for offer in offers] == [(0.07,), (0.5,), (0.2,)]


def test_notes_and_colours_are_left_alone(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Notes")["A1"] = "=1+1"
        book["offers"]["A2"].fill = PatternFill("solid", fgColor="FFFF00")
        book["offers"].insert_rows(1)
        book["offers"]["A1"] = "# what can be bought"

    assert read(save(tmp_path / "a.xlsx", change)) == read(save(tmp_path / "b.xlsx"))


@pytest.mark.parametrize("suffix", [".xlsm", ".xls", ".ods"])
def test_spreadsheets_of_other_kinds_are_refused(suffix: str, tmp_path: Path) -> None:
    path = save(tmp_path / f"tiny{suffix}")
    with pytest.raises(ReadError, match=r"is not a workbook of the kind \.xlsx"):
        read(path)


def test_macros_are_refused_whatever_the_ending(tmp_path: Path) -> None:
    path = save(tmp_path / "tiny.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    with pytest.raises(ReadError, match="holds macros"):
        read(path)


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tiny.xlsx"
    path.write_text("name: tiny\n")
    with pytest.raises(ReadError, match="is not a workbook"):
        read(path)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("hello.txt", "hello")
    path.write_bytes(stream.getvalue())
    with pytest.raises(ReadError, match="is no workbook that can be read"):
        read(path)


def test_large_workbooks_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    path = save(tmp_path / "tiny.xlsx")
    with pytest.raises(ReadError, match="is larger than"):
        read(path, limit=1000)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * 100_000_001)
    with pytest.raises(ReadError, match="once unpacked"):
        read(path)


def test_stray_cell_far_away_is_named(tmp_path: Path) -> None:
    rows = MOST_CELLS // 6 + 1
    path = save(tmp_path / "tiny.xlsx", put("offers", f"F{rows}", 1))
    with pytest.raises(ReadError, match=f"up to F{rows}"):
        read(path)


def test_missing_overview_is_named(tmp_path: Path) -> None:
    path = save(tmp_path / "tiny.xlsx", rename("problem", "problems"))
    with pytest.raises(ReadError) as caught:
        read(path)
    found = [str(finding) for finding in caught.value.findings]
    assert any("sheet 'problem': is missing" in fault for fault in found)
    assert len(found) == 2


@pytest.mark.parametrize("name", instance_names())
def test_shipped_instance_comes_back_equal(name: str, tmp_path: Path) -> None:
    path = tmp_path / "there.xlsx"
    write(load(name), path)
    assert read(path) == load(name)
    assert read(path).hash == load(name).hash


@pytest.mark.parametrize("seed", range(50))
def test_generated_problem_comes_back_equal(seed: int, tmp_path: Path) -> None:
    problem = random_problem(seed)
    write(problem, tmp_path / "there.xlsx")
    assert read(tmp_path / "there.xlsx") == problem


def test_problem_of_every_feature_comes_back_equal(tmp_path: Path) -> None:
    problem: Problem = read(Path(__file__).with_name("every_feature.yaml"))
    write(problem, tmp_path / "there.xlsx")
    assert read(tmp_path / "there.xlsx") == problem


def test_dates_are_dates_and_numbers_numbers_in_the_workbook(tmp_path: Path) -> None:
    write(starter(), tmp_path / "there.xlsx")
    book = load_workbook(tmp_path / "there.xlsx")
    offers = [[cell.value for cell in row] for row in book["offers"].iter_rows()]
    column = offers[0].index("start")
    assert offers[3][column] == datetime(2028, 1, 1)
    assert offers[1][offers[0].index("price [USD/t]")] == 70000


def test_remarks_of_the_starter_are_not_read(tmp_path: Path) -> None:
    write_starter(tmp_path / "there.xlsx", "xlsx")
    book = load_workbook(tmp_path / "there.xlsx")
    assert str(book["offers"]["A1"].value).startswith("# ")
    assert read(tmp_path / "there.xlsx") == starter()


def test_no_workbook_is_overwritten_unasked(tmp_path: Path) -> None:
    path = save(tmp_path / "tiny.xlsx")
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        write(starter(), path)
    assert path.read_bytes() == before
    write(starter(), path, force=True)
    assert read(path) == starter()
