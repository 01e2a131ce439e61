"""Folders of tables: what they mean, what else may lie there, what is not overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instances import InputError, ReadError, load, parse, read, write
from tests.instances.tiny_folder import FILES, PLAIN, faults, save

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save(tmp_path / "tiny", FILES)


def test_folder_means_the_same_as_plain_data(folder: Path) -> None:
    assert read(folder) == parse(PLAIN)


def test_file_that_is_no_table_is_refused_with_the_nearest_name(folder: Path) -> None:
    (folder / "offer.csv").write_text("id\n")
    (found,) = faults(folder)
    assert found.startswith(f"{folder}/offer.csv: is not a table")
    assert "Did you mean 'offers.csv'?" in found


def test_files_of_other_kinds_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("Where the numbers come from.")
    (folder / ".offers.csv.swp").write_text("x")
    assert read(folder) == parse(PLAIN)


def test_missing_manifest_is_named(folder: Path) -> None:
    (folder / "manifest.yaml").rename(folder / "manifest.yml")
    (found,) = faults(folder)
    assert "manifest.yaml: does not exist" in found
    assert "Did you mean 'manifest.yml'?" in found


def test_table_in_manifest_and_file_is_refused(folder: Path) -> None:
    with (folder / "manifest.yaml").open("a") as stream:
        stream.write("stockpiles: []\n")
    assert any("stands outside the tables, too" in fault for fault in faults(folder))


def test_manifest_may_hold_a_table(folder: Path) -> None:
    (folder / "stockpiles.csv").unlink()
    with (folder / "manifest.yaml").open("a") as stream:
        line = "{id: vault, commodity: metal, country: USA, holding_cost: 3}"
        stream.write(f"stockpiles: [{line}]\n")
    assert read(folder) == parse(PLAIN)


def test_folder_beyond_the_limit_is_refused(folder: Path) -> None:
    with pytest.raises(ReadError, match="holds tables of more than"):
        read(folder, limit=500)


def test_remarks_empty_rows_and_spaces_are_no_data(tmp_path: Path) -> None:
    remark = "# a remark, with a comma\n,,,,\n"
    text = "# first\n\n" + FILES["offers.csv"].replace("cn,Baotou", f"{remark} cn , Baotou ")
    assert read(save(tmp_path / "tiny", FILES | {"offers.csv": text})) == parse(PLAIN)


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    folder = save(tmp_path / "tiny", FILES)
    text = "\ufeff" + FILES["offers.csv"].replace("\n", "\r\n")
    (folder / "offers.csv").write_bytes(text.encode())
    assert read(folder) == parse(PLAIN)


def test_straight_line_may_be_said_in_a_column_or_in_the_cell(tmp_path: Path) -> None:
    rules = FILES["rules.csv"].replace("counts_fill", "max_share interpolate")
    rules = rules.replace("FALSE", "yes").replace("2030: 60", "2030: 60; interpolate: true")
    problem = read(save(tmp_path / "tiny", FILES | {"rules.csv": rules}))
    assert problem.rules[0].max_share.interpolate
    assert problem.rules[1].cover_days.interpolate
    assert problem.rules[0].max_share.values == (0.8, 0.5)


def test_nothing_is_overwritten_unasked(folder: Path) -> None:
    with pytest.raises(InputError, match="exists already"):
        write(parse(PLAIN), folder)
    write(load("gallium-usa"), folder, force=True)
    assert read(folder) == load("gallium-usa")
    assert not [file for file in folder.parent.iterdir() if file.name.startswith(".")]


def test_folder_with_other_files_is_not_replaced(folder: Path) -> None:
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match=r"thesis\.txt"):
        write(parse(PLAIN), folder, force=True)
    assert (folder / "thesis.txt").read_text() == "years of work"
