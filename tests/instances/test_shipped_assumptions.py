from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from instances import load
from instances.facts import Fact, fact, mass_fraction

PROBLEMS = {name: load(name) for name in ("gallium-usa", "rare-earths-usa")}


def _plant(name: str, mineral: str) -> Fact:
    return fact("projects", name=name, mineral=mineral)


def _price(mineral: str, form: str, year: str) -> Fact:
    return fact("prices", mineral=mineral, form=form, year=year)


NDPR = fact("prices", mineral="ndpr", form="separated oxide")
DY = _price("dysprosium", "oxide 99.5 pct", "2024")
TB = _price("terbium", "oxide 99.99 pct", "2024")
CHINESE_GALLIUM = _price("gallium", "low-purity primary, China, June 2024", "2024")
LAMP, LACQ = _plant("Lynas Malaysia heavies", "dy_tb"), _plant("Caremag Lacq", "dy_tb")
MESA, DYNAMO = _plant("White Mesa heavies", "dy_tb"), _plant("Aclara Project Dynamo", "dy_tb")


def _offer(name: str, id: str) -> Any:
    return next(offer for offer in PROBLEMS[name].offers if offer.id == id)


@pytest.mark.parametrize(
    ("plant", "row"),
    [
        ("usa-mountain-pass", _plant("Mountain Pass heavy circuit", "dy_tb")),
        ("usa-white-mesa", MESA),
        ("usa-dynamo", DYNAMO),
        ("mys-lamp", LAMP),
        ("aus-eneabba", _plant("Eneabba refinery", "dy_tb")),
        ("fra-lacq", LACQ),
    ],
)
def test_dysprosium_and_terbium_of_a_plant_add_up_to_its_capacity(plant: str, row: Fact) -> None:
    parts = [
        _offer("rare-earths-usa", f"{plant}-{oxide}").capacity.values[0] for oxide in ("dy", "tb")
    ]
    assert sum(parts) == pytest.approx(row.to("t/yr"))
    assert parts[0] == pytest.approx(5 * parts[1], rel=0.21)


@pytest.mark.parametrize("oxide", ["dy", "tb"])
def test_mountain_pass_makes_as_much_heavy_oxide_as_its_own_ore_holds(oxide: str) -> None:
    # 51,000 t REO/yr x 0.05 % Dy plus Tb oxide = 25.5 t/yr, of a circuit for 200 t/yr: 12.75 %
    mine = fact("projects", name="Mountain Pass").to("t/yr")
    basket = fact("rare_earth_basket", deposit="Mountain Pass", oxide="DyTb oxide").to("fraction")
    circuit = _plant("Mountain Pass heavy circuit", "dy_tb").to("t/yr")
    available = _offer("rare-earths-usa", f"usa-mountain-pass-{oxide}").available
    assert available.at(date(2026, 1, 1)) == pytest.approx(mine * basket / circuit, abs=0.003)


@pytest.mark.parametrize(
    ("id", "row"),
    [
        ("usa-mountain-pass-dy", _plant("Mountain Pass heavy circuit", "dy_tb")),
        ("usa-white-mesa-dy", MESA),
        ("usa-dynamo-dy", DYNAMO),
        ("aus-eneabba-ndpr", _plant("Eneabba refinery", "ndpr")),
        ("aus-eneabba-tb", _plant("Eneabba refinery", "dy_tb")),
        ("fra-lacq-tb", LACQ),
        ("nor-heroya-ndpr", _plant("REEtec Heroya", "ndpr")),
    ],
)
def test_plants_start_in_the_middle_of_the_year_their_source_gives(id: str, row: Fact) -> None:
    assert _offer("rare-earths-usa", id).start == date(int(row.row["start_year"]), 7, 1)


def test_by_product_gallium_never_starts_before_its_source_says() -> None:
    for id, row in (("aus-gallium", "Wagerup gallium"), ("kaz-gallium", "ERG Pavlodar gallium")):
        assert _offer("gallium-usa", id).start.year > int(_plant(row, "gallium").row["start_year"])


PREMIA = {
    "ndpr": (NDPR, {"operating": 1.25, "construction": 1.4, "planned": 1.5}),
    "dy": (DY, {"operating": 1.5, "construction": 1.75, "planned": 2.0}),
    "tb": (TB, {"operating": 1.5, "construction": 1.75, "planned": 2.0}),
}
STAGES = {
    "usa-mountain-pass": "construction",
    "usa-white-mesa-ndpr": "operating",
    "usa-white-mesa": "construction",
    "usa-dynamo": "planned",
    "mys-lamp": "operating",
    "aus-eneabba": "construction",
    "aus-nolans": "planned",
    "fra-la-rochelle": "operating",
    "fra-lacq": "construction",
    "nor-heroya": "construction",
    "est-silmet": "operating",
    "pol-pulawy": "planned",
}


def test_prices_outside_china_are_the_chinese_price_and_a_premium() -> None:
    checked = 0
    for offer in PROBLEMS["rare-earths-usa"].offers:
        if offer.country == "CHN" or offer.id == "usa-mountain-pass-ndpr":
            continue
        row, premia = PREMIA[offer.commodity]
        stage = STAGES.get(offer.id) or STAGES[offer.id.removesuffix(f"-{offer.commodity}")]
        assert offer.price.values == (pytest.approx(row.to("USD/t") * premia[stage]),), offer.id
        checked += 1
    assert checked == 20
    for id in ("aus-gallium", "kaz-gallium"):
        expected = CHINESE_GALLIUM.to("USD/t") * 1.25
        assert _offer("gallium-usa", id).price.values == (pytest.approx(expected),)


OXIDE_PER_ELEMENT = {
    # three parts neodymium to one part praseodymium
    "ndpr": 0.75 / mass_fraction("Nd2O3", "Nd") + 0.25 / mass_fraction("Pr6O11", "Pr"),
    "dy": 1 / mass_fraction("Dy2O3", "Dy"),
    "tb": 1 / mass_fraction("Tb4O7", "Tb"),
}
CONTENT = {"ndpr": 0.29, "dy": 0.015, "tb": 0.003}


@pytest.mark.parametrize("oxide", CONTENT)
def test_demand_follows_from_magnet_capacity_and_content(oxide: str) -> None:
    running = fact("production", mineral="ndfeb_magnets", country="USA").to("t/yr")
    coming = [
        fact("projects", name=name).to("t/yr")
        for name in (
            "USA Rare Earth Stillwater",
            "MP 10X Northlake",
            "USA Rare Earth Blacksburg magnets",
        )
    ]
    later = running + sum(coming)  # 5,000 + 1,200 + 7,000 + 6,400 = 19,600 t/yr
    magnets = {2026: 0.4 * running, 2030: 0.5 * later, 2035: 0.7 * later}
    for demand in PROBLEMS["rare-earths-usa"].demand:
        if demand.commodity != oxide:
            continue
        part = {"civil": 0.9, "defence": 0.1}[demand.demand_class]
        for year, tonnes in magnets.items():
            expected = tonnes * CONTENT[oxide] * OXIDE_PER_ELEMENT[oxide] * part
            assert demand.quantity.at(date(year, 1, 1)) == pytest.approx(expected, rel=0.006)


ROUTES = {
    "chn": "Shanghai to Los Angeles",
    "jpn": "Shanghai to Los Angeles",
    "mys": "composite to composite",
    "aus": "composite to composite",
    "kaz": "composite to composite",
    "fra": "Rotterdam to New York",
    "nor": "Rotterdam to New York",
    "est": "Rotterdam to New York",
    "pol": "Rotterdam to New York",
    "deu": "Rotterdam to New York",
    "can": "Rotterdam to New York",
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_freight_is_a_container_rate_over_twenty_tonnes(name: str) -> None:
    for lane in PROBLEMS[name].lanes:
        origin = lane.id.removesuffix("-usa")
        rate = fact("tariffs_and_logistics", item=ROUTES[origin], source="page_drewry_2025")
        assert rate.value is not None
        boxes = 2 if origin == "kaz" else 1
        assert lane.freight.values == (pytest.approx(boxes * rate.value / 20, abs=0.05),)


@pytest.mark.parametrize("origin", ["CAN", "JPN", "DEU"])
def test_refined_gallium_on_offer_is_the_share_of_imports(origin: str) -> None:
    use = fact("us_demand", mineral="gallium", metric="reported_consumption").to("t")
    share = fact("us_import_sources", mineral="gallium", country=origin).to("fraction")
    offer = _offer("gallium-usa", f"{origin.lower()}-gallium")
    offered = offer.capacity.values[0] * offer.available.values[0]
    assert offered == pytest.approx(use * share, rel=0.01)


def test_no_rare_earth_offer_is_made_up_for_kazakhstan() -> None:
    assert fact("projects", name="SARECO Stepnogorsk").value is None
    assert "KAZ" not in {offer.country for offer in PROBLEMS["rare-earths-usa"].offers}


def test_australian_and_kazakh_gallium_are_on_offer() -> None:
    assert {"AUS", "KAZ"} <= {offer.country for offer in PROBLEMS["gallium-usa"].offers}
