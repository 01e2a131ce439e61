"""Of which suppliers shipped instances could take more than half, and the page that says so."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import instances
from instances import instance_names, load
from instances.contestable import endless_offers, open_holds
from instances.from_facts.sellers import MOST

ROOT = Path(instances.__file__).parent.parent
SPEC = importlib.util.spec_from_file_location("contested", ROOT / "docs" / "make_contestable.py")
assert SPEC is not None
assert SPEC.loader is not None
MAKER: Any = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(MAKER)
PROBLEMS = {name: problem for name in instance_names() if MAKER.foreign(problem := load(name))}
CELLS = {name: [cell.strip() for cell in row.split("|")] for name, row in MAKER.held().items()}
# Costerfield is Australia's own mine; Sangdong has sold seven tenths to a US buyer
WHOLE = {"australia-reserve": {"Costerfield"}, "kazakhstan-tungsten": {"Almonty"}}
WHOLE["tungsten-instruments"] = WHOLE["kazakhstan-tungsten"]


@pytest.mark.parametrize("name", PROBLEMS)
def test_no_supplier_abroad_is_taken_whole_but_by_contract(name: str) -> None:
    problem = PROBLEMS[name]
    assert endless_offers(problem) == ()
    # a neighbour who sells most of what it makes to US users already
    beyond = {hold.supplier for hold in open_holds(problem) if hold.share > MOST + 1e-9}
    assert beyond == WHOLE.get(name, set())


def test_the_page_has_a_row_for_every_instance_that_buys_abroad() -> None:
    assert CELLS.keys() == PROBLEMS.keys()
    recorded = (ROOT / "docs" / "instances.md").read_text(encoding="utf-8")
    for name, cells in CELLS.items():
        dollars = float(cells[3].replace(",", ""))
        (row,) = [line for line in recorded.splitlines() if line.startswith(f"| {name} |")]
        assert dollars == pytest.approx(float(row.split("|")[2].replace(",", "")), rel=1e-6)
        dearer = 100 * (dollars / float(cells[2].replace(",", "")) - 1)
        assert float(cells[4].removesuffix(" %")) == pytest.approx(dearer, abs=0.0051)


def test_supply_that_nobody_else_wants_is_never_dearer() -> None:
    # a supplier that is closed stays closed, and a part becomes the whole
    vault = MAKER.uncontested(PROBLEMS["project-vault"])
    (china,) = [offer for offer in vault.offers if offer.id == "chn-gallium"]
    assert set(china.available.values) == {0.0, 1.0}
    for name, cells in CELLS.items():
        assert float(cells[4].removesuffix(" %")) >= 0, name


def test_a_row_of_the_page_is_what_its_maker_finds() -> None:
    assert MAKER.row("gallium-usa") == MAKER.held()["gallium-usa"]
