"""A small problem as a folder of tables, and the same as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instances import InputError, read

if TYPE_CHECKING:
    from pathlib import Path

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


def save(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder)
    return [str(finding) for finding in caught.value.findings]
