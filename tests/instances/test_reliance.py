from __future__ import annotations

from pathlib import Path

import instances.facts
from instances.facts.reliance import ALL, MOST, RARE_EARTHS, counted, reliances

PAGE = Path(instances.facts.__file__).parents[2] / "docs" / "reliance.md"


def test_the_twelve_minerals_that_are_all_imported_are_known() -> None:
    assert counted(ALL) == (
        "arsenic",
        "caesium",
        "fluorspar",
        "gallium",
        "graphite_natural",
        "indium",
        "manganese",
        "niobium",
        "rubidium",
        "scandium",
        "tantalum",
        "yttrium",
    )
    # three of them from memory alone
    remembered = {item.mineral for item in reliances() if item.row.status != "found"}
    assert remembered == {"arsenic", "fluorspar", "graphite_natural"}


def test_most_of_the_29_that_are_mostly_imported_are_known() -> None:
    mostly = counted(MOST, ALL)
    # 14 rare earths, each on its own, and 12 others
    assert set(RARE_EARTHS) < set(mostly)
    assert len(mostly) == 14 + 12
    assert "bauxite" in mostly
    assert "alumina" not in mostly


def test_the_difference_of_three_is_explained_mineral_by_mineral() -> None:
    mostly, every = set(counted(MOST, ALL)), {item.mineral: item for item in reliances()}
    # missing here: without a row, or below a half now; here and not among the 29 of 2023: lithium
    missing = {"barite", "magnesium", "tellurium", "nickel"}
    assert not missing & mostly
    assert not {"barite", "magnesium", "tellurium"} & every.keys()
    assert every["nickel"].fraction < MOST
    assert "lithium" in mostly
    assert len(mostly) + len(missing) - 1 == 29
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| {mineral} | " in page for mineral in (*missing, "lithium"))


def test_the_page_says_what_the_facts_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    mostly = len(counted(MOST, ALL))
    assert f"| 12 | {len(counted(ALL))}: " in page
    assert f"| 29 | {mostly}: " in page
    assert f"| together | 41 | {len(counted(ALL)) + mostly} |" in page
    for item in reliances():
        percent = f"{'more than ' if item.bound else ''}{item.fraction:.0%}".replace("%", " %")
        row = item.row.row
        told = f"| {item.mineral} | {percent} | {row['year']} | {row['form']} | {row['source']} |"
        assert told in page
