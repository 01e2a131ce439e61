"""How many of the seventeen rare earths the facts know, and how many rest on assumptions."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

import instances.facts
from instances import describe, load
from instances.facts.rare_earths import seventeen
from instances.facts.reliance import RARE_EARTHS
from optimizer import solve

ROOT = Path(instances.facts.__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("basket", ROOT / "docs" / "make_basket.py")
assert SPEC is not None
assert SPEC.loader is not None
BASKET: Any = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(BASKET)
PROBLEM = load("rare-earths-basket")
README = describe("rare-earths-basket").readme
PAGE = Path(instances.facts.__file__).parents[2] / "docs" / "rare_earths.md"
WORDS = {"found": "found", "mixture": "of a mixture", "memory": "from memory", "none": "-"}


def test_there_are_seventeen_and_the_fourteen_of_the_survey_are_among_them() -> None:
    names = {item.element for item in seventeen()}
    assert len(names) == 17
    # the Survey lists the lanthanides without promethium, which no ore holds
    assert names - set(RARE_EARTHS) == {"scandium", "yttrium", "promethium"}


def test_four_of_them_rest_on_assumptions() -> None:
    known = {item.element: item for item in seventeen()}
    assumed = {name for name, item in known.items() if item.assumed}
    assert assumed == {"scandium", "praseodymium", "promethium", "thulium"}
    # praseodymium is sold with neodymium; thulium is in the clay of Longnan and has no price
    assert (known["praseodymium"].content, known["praseodymium"].price) == ("found", "mixture")
    assert (known["thulium"].content, known["thulium"].price) == ("found", "none")
    assert known["dysprosium"].deposits[0] == "Longnan ionic clay"
    assert len(known["dysprosium"].deposits) == 6


def test_the_page_says_what_is_known_of_each() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "assumption: 4 of 17." in page
    for item in seventeen():
        held = f" ({len(item.deposits)})" if item.deposits else ""
        cells = [f"{WORDS[item.content]}{held}", WORDS[item.price], WORDS[item.reliance]]
        assert f"| {item.element} | {' | '.join(cells)} | " in page


def test_an_instance_holds_all_of_them_and_the_same_four_rest_on_assumptions() -> None:
    assert BASKET.FILE.read_text(encoding="utf-8") == BASKET.problem_text()
    held = {item.id: item for item in PROBLEM.commodities}
    # of promethium there is none to buy
    assert held.keys() | BASKET.LEFT_OUT.keys() == {item.element for item in seventeen()}
    (clay,) = (site for site in PROBLEM.facilities if site.id == "clay-separation")
    sourced = {name for name, item in held.items() if item.source is not None}
    known = sourced & clay.processes[0].outputs.keys()
    assert clay.processes[0].source == {"outputs": "ultimat_longnan"}
    resting = (held.keys() - known) | BASKET.LEFT_OUT.keys()
    assert resting == {item.element for item in seventeen() if item.assumed}
    assert f"Content or price of {len(resting)} of the 17 rest on" in README


def test_which_oxide_drives_an_ore_is_what_a_hand_finds() -> None:
    result = solve(PROBLEM)
    stated = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", README)
    assert stated is not None
    assert result.objective == pytest.approx(float(stated[1].replace(",", "")), abs=1)
    runs = result.plan.runs.set_index(["node", "facility"])["tonnes"]
    # 30 t of erbium at 4.26 %; from 2027 on yttrium, 75 % of 500 t in 2030, at 62.9 %
    assert runs["2026", "clay-separation"] == pytest.approx(30 / 0.0426)
    assert runs["2030", "clay-separation"] == pytest.approx(0.75 * 500 / 0.629)
    # lanthanum: a tenth is given up, 575 t are bought, the clay gives 2.1 % of 704.2 t
    lanthanum = 0.9 * 2300 - 575 - 0.021 * 30 / 0.0426
    assert runs["2026", "mountain-pass"] == pytest.approx(lanthanum / 0.332)
    unmet = result.unmet.set_index(["node", "demand"])["unmet_t"]
    assert unmet["2026", "usa-lanthanum"] == pytest.approx(230)
