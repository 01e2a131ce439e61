"""How many of the seventeen rare earths the facts know, and how many rest on assumptions."""

from __future__ import annotations

from pathlib import Path

import instances.facts
from instances.facts.rare_earths import seventeen
from instances.facts.reliance import RARE_EARTHS

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
