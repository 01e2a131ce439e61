from __future__ import annotations

from pathlib import Path

import pytest

import instances.facts
from instances.facts import fact, facts
from instances.facts.known import minerals
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


# metals and other minerals of their own: the lanthanides, mixtures and products apart
UNSTATED = {"magnesium", "rhodium", "silicon", "tellurium", "vanadium", "zirconium"}
TOGETHER = {
    "cerium", "dy_tb", "graphite_anode", "magnet_rare_earths", "mischmetal", "multi", "ndfeb",
    "ndfeb_magnets", "ndpr", "pgm_group",
}  # fmt: skip


def test_the_difference_of_three_is_what_the_facts_do_not_hold() -> None:
    every = {item.mineral: item for item in reliances()}
    without = set(minerals()) - every.keys() - set(RARE_EARTHS) - TOGETHER
    assert without == UNSTATED | {"beryllium"}
    assert 29 - len(counted(MOST, ALL)) == 3 <= len(UNSTATED) + 1
    page = PAGE.read_text(encoding="utf-8")
    assert f"may be among the 29: {len(UNSTATED)}" in page
    assert all(f"| {mineral} | none | " in page for mineral in without)
    assert every["nickel"].row.note in page
    assert every["nickel"].fraction == pytest.approx(0.48)
    bare = {item.mineral for item in every.values() if item.bound and item.fraction == MOST}
    assert bare == {"germanium", "lithium", "tungsten"}
    made, used = (
        fact("us_demand", mineral="beryllium", metric=metric, year="2024").value
        for metric in ("primary_production", "apparent_consumption")
    )
    assert made > used


@pytest.mark.parametrize(
    ("mineral", "form"),
    [
        ("arsenic", "arsenic metal"),
        ("fluorspar", "acid grade, over 97 pct CaF2"),
        ("graphite_natural", "powder or flakes"),
    ],
)
def test_what_is_remembered_as_all_imported_is_made_by_others_alone(
    mineral: str, form: str
) -> None:
    assert facts("production", mineral=mineral)
    assert not facts("production", mineral=mineral, country="USA")
    where = {"mineral": mineral, "form": form, "year": "2024", "source": "baci"}
    imports, exports = (
        fact("us_demand", metric=metric, **where).value for metric in ("imports", "exports")
    )
    # (imports - exports) / (0 + imports - exports) = 1
    assert imports > exports > 0
    told = f"| {mineral} | {imports:,.1f} | {exports:,.1f} | baci |"
    assert told in PAGE.read_text(encoding="utf-8")


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
