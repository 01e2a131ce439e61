from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

import instances.facts
from instances.errors import InputError
from instances.facts import (
    OXIDES,
    PRECEDENCE,
    assumed,
    assumed_origins,
    conflicts,
    contained,
    content,
    fact,
    facts,
    faults,
    mass_fraction,
    origins,
    require_sound,
    soundness,
    to_element,
    to_oxide,
)
from instances.facts.loader import made_fact
from instances.from_facts import from_facts
from instances.units import factor

FOLDER = Path(instances.facts.__file__).parent
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != "sources")


@pytest.mark.parametrize(
    ("oxide", "element", "expected"),
    [
        # 2 x 144.24 / (2 x 144.24 + 3 x 15.999) = 288.48 / 336.477
        ("Nd2O3", "Nd", 0.857354),
        # 6 x 140.91 / (6 x 140.91 + 11 x 15.999) = 845.46 / 1021.449
        ("Pr6O11", "Pr", 0.827707),
        # 2 x 162.50 / (2 x 162.50 + 3 x 15.999) = 325.00 / 372.997
        ("Dy2O3", "Dy", 0.871321),
        # 4 x 158.93 / (4 x 158.93 + 7 x 15.999) = 635.72 / 747.713
        ("Tb4O7", "Tb", 0.850219),
        # 2 x 144.24 / (2 x 144.24 + 14 x 55.845 + 10.81) = 288.48 / 1081.12
        ("Nd2Fe14B", "Nd", 0.266834),
    ],
)
def test_mass_fractions_follow_from_atomic_weights(
    oxide: str, element: str, expected: float
) -> None:
    assert mass_fraction(oxide, element) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("element", sorted(OXIDES))
def test_oxide_and_element_convert_back_and_forth(element: str) -> None:
    assert to_element(element, to_oxide(element, 100.0)) == pytest.approx(100.0)
    assert to_oxide(element, 100.0) > 110.0


@pytest.mark.parametrize("formula", ["", "nd2o3", "Nd2O3 ", "Nd2(O3)", "Xx2O3"])
def test_an_unreadable_formula_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match=r"formula|weight"):
        mass_fraction(formula, "Nd")


def test_an_element_that_is_not_in_the_formula_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no 'Dy'"):
        mass_fraction("Nd2O3", "Dy")
    with pytest.raises(ValueError, match="no oxide is held for 'Fe'"):
        to_oxide("Fe", 1.0)


def test_units_of_rows_convert_to_base_units() -> None:
    assert fact("prices", mineral="ndpr", form="separated oxide").to("USD/t") == pytest.approx(
        69_000
    )
    refined = fact("production", mineral="magnet_rare_earths", stage="refined", country="CHN")
    assert refined.to("t") == pytest.approx(73_757)
    share = fact("us_import_sources", mineral="gallium", country="CAN")
    assert share.to("fraction") == pytest.approx(0.28)


def test_the_basis_is_told_apart_from_the_unit() -> None:
    mine = fact("projects", name="Mountain Pass")
    assert (mine.unit, mine.basis, mine.to("t/yr")) == ("t/yr", "REO", 51_000)
    plant = fact("projects", name="Mountain Pass separation")
    assert (plant.unit, plant.basis) == ("t/yr", "")
    assert fact("us_demand", mineral="gallium", metric="reported_consumption").basis == "Ga"


def test_a_wrong_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="does not measure the same"):
        fact("projects", name="Mountain Pass").to("USD/t")


def test_a_row_without_a_figure_says_so() -> None:
    with pytest.raises(ValueError, match=r"SARECO Stepnogorsk.*states no figure"):
        fact("projects", name="SARECO Stepnogorsk").to("t/yr")


AUSTRALIA = {"mineral": "rare_earths", "stage": "mine", "country": "AUS", "year": "2024"}


def test_the_preferred_source_wins_and_nothing_is_averaged() -> None:
    # 29,000 t in MCS 2026, 13,000 t in MCS 2025, 20,100 t in World Mining Data: mean 20,700 t
    preferred = fact("production", **AUSTRALIA)
    assert (preferred.to("t"), preferred.source) == (29_000, "mcs2026")
    assert [item.source for item in facts("production", **AUSTRALIA)] == [
        "mcs2026",
        "mcs2025_ree",
        "wmd2026",
    ]


def test_conflicts_are_reported_with_every_figure() -> None:
    told = [str(conflict) for conflict in conflicts("production")]
    assert (
        "production: rare_earths / mine / concentrate / AUS / 2024: "
        "29000 t (mcs2026), 13000 t (mcs2025_ree), 20100 t (wmd2026)"
    ) in told
    gallium = "production: gallium / refined / primary low-purity metal / WLD / 2024: "
    assert gallium + "848 t (mcs2026), 760 t (mcs2025_atlas), 987 t (wmd2026)" in told


def test_agreeing_sources_are_no_conflict() -> None:
    japan = [
        conflict
        for conflict in conflicts("production")
        if conflict.subject[0] == "gallium" and conflict.subject[3:] == ("JPN", "2024")
    ]
    assert len(facts("production", mineral="gallium", country="JPN", year="2024")) == 3
    assert japan == []


def test_an_ambiguous_question_is_refused() -> None:
    with pytest.raises(ValueError, match=r"5 facts.*Name one"):
        fact("prices", mineral="dysprosium", form="oxide 99.5 pct")


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no fact in 'prices' has mineral='unobtainium'"):
        fact("prices", mineral="unobtainium")
    with pytest.raises(ValueError, match="no column 'metal'"):
        facts("prices", metal="gallium")
    with pytest.raises(ValueError, match="no table 'price'"):
        facts("price")


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_found_sourced_and_finite(table: str) -> None:
    rows = facts(table)
    assert rows
    for row in rows:
        assert row.status == "found"
        assert row.source in origins()
        assert row.value is None or math.isfinite(row.value)


def test_every_source_is_used_and_attributed() -> None:
    used = {row.source for table in TABLES for row in facts(table)}
    assert used == set(origins())
    attribution = (FOLDER / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert [key for key in origins() if key not in attribution] == []


def test_nothing_remembered_or_modelled_ships() -> None:
    assert {origin.quality for origin in origins().values()} <= {"A", "B", "C"}
    assert not any(key.startswith(("recalled", "bleecam")) for key in origins())


def test_the_order_of_precedence_puts_official_releases_first() -> None:
    assert PRECEDENCE[0] == "mcs2026"
    assert PRECEDENCE.index("mcs2025_ree") < PRECEDENCE.index("wmd2026")


def test_what_is_from_memory_stands_apart_and_is_marked() -> None:
    recalled = assumed("us_demand", mineral="graphite_natural", metric="apparent_consumption")
    assert [(item.value, item.status) for item in recalled] == [(52_000, "recalled")]
    assert recalled[0].where == f"assumed/us_demand.csv: row {recalled[0].line}"
    assert facts("us_demand", mineral="graphite_natural", metric="apparent_consumption") == ()
    assert all(origin.quality == "R" for origin in assumed_origins().values())
    assert not assumed_origins().keys() & origins().keys()


def test_a_row_is_found_again_by_file_and_line() -> None:
    row = fact("us_demand", mineral="gallium", metric="reported_consumption")
    name, _, number = row.where.partition(": row ")
    text = (FOLDER / name).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert text.startswith("gallium,metal,reported_consumption,19,")


@pytest.mark.parametrize("table", TABLES)
def test_every_unit_can_be_converted(table: str) -> None:
    bases = ("t", "t/yr", "USD", "USD/t", "fraction")
    for row in facts(table):
        if row.unit:
            measured = []
            for base in bases:
                try:
                    measured.append(factor(row.unit, base))
                except ValueError:
                    continue
            assert measured, row.where


def test_units_as_sources_write_them_are_read() -> None:
    # 950 USD per troy ounce of 31.1034768 g = 30,543 USD/kg
    platinum = fact("prices", mineral="platinum", form="metal", year="2024")
    assert platinum.to("USD/kg") == pytest.approx(950 / 0.0311034768)
    spent = fact("us_demand", mineral="cobalt", metric="stockpile_planned_purchase")
    assert spent.to("USD") == pytest.approx(500e6)


@pytest.mark.parametrize(
    ("basis", "element", "share"),
    [
        # 2 x 6.94 / (2 x 6.94 + 15.999) = 13.88 / 29.879
        ("Li2O content", "Li", 0.464540),
        # 2 x 180.95 / (2 x 180.95 + 5 x 15.999) = 361.9 / 441.895
        ("Ta2O5 content", "Ta", 0.818973),
        # 2 x 92.906 / (2 x 92.906 + 5 x 15.999) = 185.812 / 265.807
        ("Nb2O5 content", "Nb", 0.699049),
        # 2 x 51.996 / (2 x 51.996 + 3 x 15.999) = 103.992 / 151.989
        ("Cr2O3 content", "Cr", 0.684207),
        # 2 x 74.922 / (2 x 74.922 + 3 x 15.999) = 149.844 / 197.841
        ("As2O3", "As", 0.757396),
        ("Sb content", "Sb", 1.0),
        ("Ga", "Ga", 1.0),
    ],
)
def test_tonnes_of_a_compound_become_tonnes_of_the_element(
    basis: str, element: str, share: float
) -> None:
    assert contained(100.0, basis, element) == pytest.approx(100 * share, abs=1e-4)


@pytest.mark.parametrize("basis", ["gross weight", "REO", "", "gross weight chromite"])
def test_a_gross_weight_is_not_taken_for_a_content(basis: str) -> None:
    assert content(basis) is None
    with pytest.raises(ValueError, match="do not tell those of Cr"):
        contained(1.0, basis, "Cr")


def test_the_facts_that_ship_are_sound() -> None:
    require_sound()
    require_sound("antimony")


BAD = {
    "mineral": "antimony",
    "stage": "mine",
    "product": "mine output",
    "country": "CHN",
    "year": "2024",
    "quantity": "60000",
    "unit": "t Sb content",
    "share_pct": "",
    "estimated": "",
    "note": "",
    "status": "found",
    "source": "mcs2025_atlas",
}


def _told(*changes: dict[str, str]) -> list[str]:
    rows = [made_fact("production", n, {**BAD, **more}) for n, more in enumerate(changes, 2)]
    unlicensed = {**origins(), "page_boguty": replace(origins()["page_boguty"], licence=" ")}
    return [str(finding) for finding in faults(rows, unlicensed)]


def test_every_bad_row_is_named_at_once() -> None:
    told = _told({"unit": "stone"}, {"country": "CHI"}, {"source": "page_boguty"}, {"source": "x"})
    assert len(told) == 4
    assert told[0].startswith("production.csv: row 2: has an unknown unit (got stone).")
    assert told[1].startswith("production.csv: row 3: has a country that is not in ISO 3166-1")
    assert told[2].startswith("production.csv: row 4: rests on a source without a licence")
    assert told[3].startswith("production.csv: row 5: names a source that is not in sources.csv")


def test_two_sources_of_one_rank_that_disagree_are_a_fault() -> None:
    # both are press of quality B, which no order of precedence tells apart
    one, other = {"source": "page_almonty"}, {"source": "page_almonty2", "quantity": "40"}
    (told,) = _told(one, other)
    assert "production.csv: row 2: disagrees with a source of the same rank" in told
    assert "60000 t (page_almonty, production.csv: row 2)" in told
    assert "40 t (page_almonty2, production.csv: row 3)" in told
    # a better source settles it, and sources that agree need no settling
    assert _told({}, {"source": "wmd2026", "quantity": "40"}) == []
    assert _told(one, {**other, "quantity": "60000"}) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ([{"unit": "stone"}], "row 2: has an unknown unit"),
        ([{"country": "CHI"}], "row 2: has a country that is not in ISO 3166-1"),
        ([{"source": "page_boguty"}], "row 2: rests on a source without a licence"),
        (
            [{"source": "page_almonty"}, {"source": "page_almonty2", "quantity": "40"}],
            "row 2: disagrees with a source of the same rank",
        ),
    ],
)
def test_nothing_is_built_on_bad_rows(
    monkeypatch: pytest.MonkeyPatch, changes: list[dict[str, str]], what: str
) -> None:
    bad = tuple(made_fact("production", n, {**BAD, **more}) for n, more in enumerate(changes, 2))
    known = {**origins(), "page_boguty": replace(origins()["page_boguty"], licence="")}
    module = vars(soundness)
    monkeypatch.setitem(module, "facts", lambda table: bad if table == "production" else ())
    monkeypatch.setitem(module, "origins", lambda: known)
    module["_of"].cache_clear()
    try:
        with pytest.raises(InputError, match=f"production.csv: {what}"):
            from_facts("antimony")
        # what is known of another mineral is no worse for it
        require_sound("cobalt")
    finally:
        module["_of"].cache_clear()
