from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from instances import InputError, ReadError, instance_names, load, parse, read, write
from instances.fields import fields_of
from instances.generate import random_problem
from instances.starter import starter, write_starter
from instances.tables.form import form_of
from instances.tables.layout import NESTED, classes_of, table_names
from optimizer import solve

if TYPE_CHECKING:
    from instances.problem import Problem

# China sells metal at 50, Australia oxide in two slices; a smelter makes 1 t of metal of 1.2 t
FILES = {
    "manifest.yaml": "name: tiny\nperiods: {start: 2027-01-01, count: 4, length: 1 yr}\n",
    "commodities.csv": "id,stage,basis\noxide,oxide,REO\nmetal,metal,contained metal\n",
    "offers.csv": (
        "id,supplier,country,commodity,price [USD/kg],capacity [t/yr],capacity [t/yr] 2029,start\n"
        "cn,Baotou,CHN,metal,0.05,,,\n"
        'jp,Kobe,JPN,metal,90 USD/t,"1,000",,2028-01-01\n'
        "au,Lynas,AUS,oxide,,,,\n"
    ),
    "tranches.csv": "offer,price [USD/t],capacity [t/yr]\nau,60,500\nau,75,\n",
    "facilities.csv": "id,country,capacity [t/yr]\nplant,USA,600\n",
    "processes.csv": "facility,id,cost [USD/t]\nplant,smelt,12\n",
    "recipes.csv": (
        "facility,process,side,commodity,ratio [fraction]\n"
        "plant,smelt,input,oxide,1.2\n"
        "plant,smelt,output,metal,1\n"
    ),
    "demand.csv": (
        "id,commodity,country,quantity [t/yr],shortfall_cost [USD/t]\nus,metal,USA,100,\n"
    ),
    "shortfall_tiers.csv": "demand,share [%],cost [USD/t]\nus,10,500\nus,20,900\n",
    "stockpiles.csv": "id,commodity,country,holding_cost [USD/t/yr]\nvault,metal,USA,3\n",
    "rules.csv": (
        "id,kind,of,commodity,denominator,max_share [%] 2027,max_share [%] 2029,stockpile,"
        "cover_days [d],counts_fill\n"
        "cap,share_cap,CHN,metal,demand,80,50,,,FALSE\n"
        "cover,stock_target,,,,,,vault,2029: 30; 2030: 60,\n"
    ),
}
PLAIN = {
    "name": "tiny",
    "periods": {"start": "2027-01-01", "count": 4, "length": "1 yr"},
    "commodities": [
        {"id": "oxide", "stage": "oxide", "basis": "REO"},
        {"id": "metal", "stage": "metal", "basis": "contained metal"},
    ],
    "offers": [
        {"id": "cn", "supplier": "Baotou", "country": "CHN", "commodity": "metal", "price": 50},
        {
            "id": "jp",
            "supplier": "Kobe",
            "country": "JPN",
            "commodity": "metal",
            "price": 90,
            "capacity": 1000,
            "start": "2028-01-01",
        },
        {
            "id": "au",
            "supplier": "Lynas",
            "country": "AUS",
            "commodity": "oxide",
            "tranches": [{"price": 60, "capacity": 500}, {"price": 75}],
        },
    ],
    "facilities": [
        {
            "id": "plant",
            "country": "USA",
            "capacity": 600,
            "processes": [
                {"id": "smelt", "inputs": {"oxide": 1.2}, "outputs": {"metal": 1}, "cost": 12}
            ],
        }
    ],
    "demand": [
        {
            "id": "us",
            "commodity": "metal",
            "country": "USA",
            "quantity": 100,
            "shortfall_cost": [{"share": 0.1, "cost": 500}, {"share": 0.2, "cost": 900}],
        }
    ],
    "stockpiles": [{"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 3}],
    "rules": [
        {
            "id": "cap",
            "kind": "share_cap",
            "of": "CHN",
            "commodity": "metal",
            "denominator": "demand",
            "max_share": {2027: 0.8, 2029: 0.5},
            "counts_fill": False,
        },
        {
            "id": "cover",
            "kind": "stock_target",
            "stockpile": "vault",
            "cover_days": {2029: 30, 2030: 60},
        },
    ],
}

# file, text to replace, what stands there instead, where the fault is, what is said of it
BROKEN = {
    "a number that is none": (
        "offers.csv", "0.05", "cheap", "row 2, column E 'price [USD/kg]'", "is not a number",
    ),
    "a unit that is unknown": (
        "offers.csv", "price [USD/kg]", "price [USD/kgg]", "row 1, column E", "unknown unit",
    ),
    "a unit of another dimension": (
        "facilities.csv", "capacity [t/yr]", "capacity [USD/t]", "row 1, column C",
        "does not measure the same",
    ),
    "a unit for text": (
        "offers.csv", "supplier", "supplier [t]", "row 1, column B", "takes none",
    ),
    "a column that is unknown": (
        "stockpiles.csv", "holding_cost", "holding_costs", "row 1, column D",
        "Did you mean 'holding_cost'?",
    ),
    "a column that stands twice": (
        "offers.csv", ",start", ",price [USD/t]", "row 1, column H",
        "is a second column for 'price'",
    ),
    "a date for what has one value": (
        "stockpiles.csv", "[USD/t/yr]", "[USD/t/yr] 2027", "row 1, column D", "over time",
    ),
    "a cell without a header": (
        "facilities.csv", "USA,600", "USA,600,7", "row 2, column D", "stands under no header",
    ),
    "a formula": (
        "offers.csv", "0.05", "=0.05*2", "row 2, column E", "is a formula",
    ),
    "an error of a spreadsheet": (
        "demand.csv", "100", "#REF!", "row 2, column D", "holds an error",
    ),
    "a country that is none": (
        "offers.csv", "JPN", "Japan", "row 3, column C 'country'", "Did you mean 'JPN'?",
    ),
    "a date that is none": (
        "offers.csv", "2028-01-01", "1 Jan 2028", "row 3, column H 'start'", "is not a date",
    ),
    "a commodity that is unknown": (
        "offers.csv", "AUS,oxide", "AUS,oxid", "row 4, column D 'commodity'",
        "Did you mean 'oxide'?",
    ),
    "a value that is missing": (
        "demand.csv", "metal,USA,100", "metal,USA,", "row 2, column D 'quantity [t/yr]'",
        "is missing",
    ),
    "a column that is missing": (
        "commodities.csv", "id,stage,basis\noxide,oxide,REO\nmetal,metal,contained metal",
        "id,stage\noxide,oxide\nmetal,metal", "row 1", "has no column 'basis'",
    ),
    "a part of nothing": (
        "tranches.csv", "au,75", "aus,75", "row 3, column A 'offer'", "Did you mean 'au'?",
    ),
    "a recipe of nothing": (
        "recipes.csv", "smelt,output", "smelting,output", "row 3, column B 'process'",
        "Did you mean 'smelt'?",
    ),
    "a recipe of a commodity that is unknown": (
        "recipes.csv", "oxide", "oxid", "row 2, column D 'commodity'", "Did you mean 'oxide'?",
    ),
    "a ratio that is no number": (
        "recipes.csv", "1.2", "much", "row 2, column E 'ratio [fraction]'", "is not a number",
    ),
    "a side that is neither": (
        "recipes.csv", "output", "out", "row 3, column C 'side'", "Did you mean 'output'?",
    ),
    "a price that falls": (
        "tranches.csv", "au,75", "au,55", "offers.csv: row 4", "tranche prices fall",
    ),
    "a schedule that cannot be read": (
        "rules.csv", "2029: 30; 2030: 60", "2029: 30; 60", "row 3, column I 'cover_days [d]'",
        "has a value without a date",
    ),
    "a share above one": (
        "rules.csv", "80,50", "80,150", "row 2, column G 'max_share [%] 2029'", "is above 1",
    ),
    "a kind that is unknown": (
        "rules.csv", "share_cap", "share_caps", "row 2, column B 'kind'",
        "Did you mean 'share_cap'?",
    ),
    "a value under the field of another rule": (
        "rules.csv", "vault,2029", "vault;,2029", "row 3, column H 'stockpile'", "is not an id",
    ),
    "one id twice": (
        "stockpiles.csv", "vault,metal,USA,3\n", "vault,metal,USA,3\nvault,oxide,USA,4\n",
        "row 3, column A 'id'", "vault",
    ),
    "a price given as a whole and by year": (
        "offers.csv", '"1,000",,', '"1,000",500,', "row 3, column G 'capacity [t/yr] 2029'",
        "both as a whole and in parts",
    ),
    "quotes that do not end": (
        "offers.csv", "Kobe", '"Kobe', "line", "is not CSV",
    ),
    "semicolons between cells": (
        "facilities.csv", "id,country,capacity [t/yr]\nplant,USA,600",
        "id;country;capacity [t/yr]\nplant;USA;600", "row 1", "has semicolons between its cells",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def every_feature() -> Problem:
    return read(Path(__file__).with_name("every_feature.yaml"))


def save(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save(tmp_path / "tiny", FILES)


def faults(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder)
    return [str(finding) for finding in caught.value.findings]


def test_folder_means_the_same_as_plain_data(folder: Path) -> None:
    assert read(folder) == parse(PLAIN)


@pytest.mark.parametrize("name", BROKEN)
def test_fault_in_a_table_is_said_with_file_row_and_column(name: str, tmp_path: Path) -> None:
    file, good, bad, place, said = BROKEN[name]
    assert FILES[file].count(good) >= 1
    folder = save(tmp_path / "tiny", FILES | {file: FILES[file].replace(good, bad, 1)})
    found = faults(folder)
    where = place if ".csv" in place else f"{file}: {place}"
    assert any(f"{folder}/{where}" in fault and said in fault for fault in found), found
    assert len(found) == 1, found


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    changes = {
        "offers.csv": FILES["offers.csv"].replace("0.05", "cheap").replace("JPN", "JAP"),
        "demand.csv": FILES["demand.csv"].replace("quantity", "quantitty"),
        "tranches.csv": FILES["tranches.csv"].replace("au,75", "aus,75"),
        "manifest.yaml": FILES["manifest.yaml"] + "buyer: [USA]\n",
    }
    found = faults(save(tmp_path / "tiny", FILES | changes))
    assert len(found) == 5
    for piece in ("offers.csv: row 2", "offers.csv: row 3", "demand.csv: row 1", "tranches.csv"):
        assert any(piece in fault for fault in found)
    assert any("manifest.yaml: buyer" in fault and "'buyers'" in fault for fault in found)


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


@pytest.mark.parametrize("name", instance_names())
def test_shipped_instance_comes_back_equal(name: str, tmp_path: Path) -> None:
    write(load(name), tmp_path / "there", form="folder")
    back = read(tmp_path / "there")
    assert back == load(name)
    assert back.hash == load(name).hash


@pytest.mark.parametrize("seed", range(50))
def test_generated_problem_comes_back_equal(seed: int, tmp_path: Path) -> None:
    problem = random_problem(seed)
    write(problem, tmp_path / "there", form="folder")
    assert read(tmp_path / "there") == problem


def test_problem_of_every_feature_comes_back_equal(every_feature: Problem, tmp_path: Path) -> None:
    write(every_feature, tmp_path / "there", form="folder")
    assert read(tmp_path / "there") == every_feature


def test_every_form_of_a_problem_solves_to_the_same_cost(tmp_path: Path) -> None:
    costs = []
    for form in ("yaml", "json", "folder", "xlsx"):
        path = tmp_path / (form if form == "folder" else f"it.{form}")
        write_starter(path, form)
        assert read(path) == starter()
        costs.append(solve(read(path)).objective)
    assert len(set(costs)) == 1


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


def test_every_kind_of_nested_part_has_a_table() -> None:
    told = {(entry.kind, entry.field): entry.part for entry in NESTED}
    for kind, field in told:
        assert form_of(kind, field).part is told[kind, field]
    for table in table_names():
        for kind in classes_of(table) if table != "recipes" else ():
            for field in fields_of(kind):
                form = form_of(kind, field)
                assert form.in_cell or (kind, field) in told or field in ("inputs", "outputs")
