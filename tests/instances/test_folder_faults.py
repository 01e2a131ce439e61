"""Faults in folders of tables: each with its file, row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.instances.tiny_folder import FILES, faults, save

if TYPE_CHECKING:
    from pathlib import Path

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
