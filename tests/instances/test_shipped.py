from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from instances import instance_names, load
from instances.facts import Fact, fact, origins
from instances.problem import TABLES, Problem

REAL = (
    "australia-reserve",
    "export-controls",
    "gallium-usa",
    "japan-reserve",
    "kazakhstan-tungsten",
    "korea-reserve",
    "partners-pool",
    "price-floor-refinery",
    "project-vault",
    "rare-earths-controls",
    "rare-earths-usa",
    "tungsten-instruments",
)
_WITHOUT_NUMBERS = {"sources", "groups", "countries"}


def _problems() -> dict[str, Problem]:
    return {name: load(name) for name in instance_names()}


PROBLEMS = _problems()


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return True
    if isinstance(value, str):
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True
    if isinstance(value, Mapping):
        return any(_is_number(item) for key, item in value.items() if key != "interpolate")
    return isinstance(value, list) and any(_is_number(item) for item in value)


def _records(problem: Problem) -> Iterator[tuple[str, Mapping[str, Any]]]:
    plain = problem.to_plain()
    for table in TABLES:
        if table not in _WITHOUT_NUMBERS:
            for record in plain.get(table, ()):
                yield f"{table}[{record['id']}]", record
    if plain.get("discount"):
        yield "discount", plain["discount"]


def _numbers(record: Mapping[str, Any]) -> list[str]:
    return [
        field
        for field, value in record.items()
        if field not in ("id", "kind", "source", "assumption") and _is_number(value)
    ]


def _stated(record: Mapping[str, Any], how: str, field: str) -> str | None:
    said = record.get(how)
    if isinstance(said, Mapping):
        return said.get(field)
    # a text for the whole record stands for every field the other map does not name
    other = record.get("assumption" if how == "source" else "source")
    return None if isinstance(other, Mapping) and field in other else said


def _sourced(problem: Problem) -> dict[str, str]:
    return {
        f"{path}.{field}": key
        for path, record in _records(problem)
        for field in _numbers(record)
        if (key := _stated(record, "source", field)) is not None
    }


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_number_has_a_source_or_is_marked_as_an_assumption(name: str) -> None:
    bare = [
        f"{path}.{field}"
        for path, record in _records(PROBLEMS[name])
        for field in _numbers(record)
        if not _stated(record, "source", field) and not _stated(record, "assumption", field)
    ]
    assert bare == []


@pytest.mark.parametrize("name", PROBLEMS)
def test_provenance_names_only_numbers_that_stand_in_the_file(name: str) -> None:
    # `opening: 0 t` is what a stockpile has anyway and so is not written out again
    stray = [
        f"{path}.{how}.{field}"
        for path, record in _records(PROBLEMS[name])
        for how in ("source", "assumption")
        if isinstance(record.get(how), Mapping)
        for field in record[how]
        if field not in _numbers(record) and field != "opening"
    ]
    assert stray == []


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_source_key_stands_in_the_table_of_sources_and_is_used(name: str) -> None:
    problem = PROBLEMS[name]
    listed = {source.id for source in problem.sources}
    cited = set(_sourced(problem).values())
    assert cited <= listed
    told = str([record.get("assumption") for _, record in _records(problem)])
    assert {key for key in listed - cited if key not in told} == set()


@pytest.mark.parametrize("name", REAL)
def test_sources_of_real_instances_are_those_of_the_facts(name: str) -> None:
    for source in PROBLEMS[name].sources:
        origin = origins()[source.id]
        assert (source.title, source.publisher, source.licence) == (
            origin.title,
            origin.publisher,
            origin.licence,
        )


def test_the_real_instances_ship() -> None:
    assert set(REAL) <= set(PROBLEMS)


def _price(mineral: str, form: str, year: str) -> Fact:
    return fact("prices", mineral=mineral, form=form, year=year)


def _plant(name: str, mineral: str) -> Fact:
    return fact("projects", name=name, mineral=mineral)


def _noted(item: Fact, words: str, tonnes: float) -> tuple[Fact, float]:
    """Return a figure that only the note of a row states."""
    assert words in item.note, item.note
    return item, tonnes


NDPR = fact("prices", mineral="ndpr", form="separated oxide")
DY = _price("dysprosium", "oxide 99.5 pct", "2024")
TB = _price("terbium", "oxide 99.99 pct", "2024")
CHINESE_GALLIUM = _price("gallium", "low-purity primary, China, June 2024", "2024")
REFINED_GALLIUM = _price("gallium", "high-purity refined, US import unit value", "2024")
FLOOR = fact("tariffs_and_logistics", kind="price_floor")
OXIDE_DUTY = fact("tariffs_and_logistics", kind="tariff_mfn", hts="2846.90.2000")
GERMANIUM = _price("germanium", "germanium metal, Europe 99.999 pct", "2024")
ANTIMONY = _price("antimony", "metal 99.65 pct", "2024")
TUNGSTEN = _price("tungsten", "concentrate, Rotterdam, per kg contained W", "2024")


def _made_in_china(mineral: str) -> Fact:
    return fact("production", mineral=mineral, country="CHN", year="2024", source="wmd2026")


REFINED = fact("production", mineral="magnet_rare_earths", stage="refined", country="CHN")
GALLIUM_OF_2025 = fact(
    "production", mineral="gallium", stage="refined", country="CHN", year="2025"
)
LAMP, LACQ = _plant("Lynas Malaysia heavies", "dy_tb"), _plant("Caremag Lacq", "dy_tb")
MESA, DYNAMO = _plant("White Mesa heavies", "dy_tb"), _plant("Aclara Project Dynamo", "dy_tb")

# What each sourced number of a file must equal: a fact, or a fact with the figure its note states.
EXPECTED: dict[str, dict[str, Fact | tuple[Fact, float]]] = {
    "rare-earths-usa": {
        "commodities[ndpr].customs_value": NDPR,
        "commodities[dy].customs_value": DY,
        "commodities[tb].customs_value": TB,
        "offers[chn-ndpr].price": NDPR,
        "offers[chn-dy].price": DY,
        "offers[chn-tb].price": TB,
        "offers[chn-ndpr].capacity": REFINED,
        "offers[usa-mountain-pass-ndpr].price": FLOOR,
        "offers[usa-mountain-pass-ndpr].capacity": _plant("Mountain Pass separation", "ndpr"),
        "offers[usa-white-mesa-ndpr].capacity": _plant("White Mesa", "ndpr"),
        "offers[usa-white-mesa-dy].capacity": _noted(MESA, "Dy 120, Tb 20", 120),
        "offers[usa-white-mesa-tb].capacity": _noted(MESA, "Dy 120, Tb 20", 20),
        "offers[usa-dynamo-dy].capacity": _noted(DYNAMO, "148 Dy plus 25 Tb", 148),
        "offers[usa-dynamo-tb].capacity": _noted(DYNAMO, "148 Dy plus 25 Tb", 25),
        "offers[mys-lamp-ndpr].capacity": _plant("Lynas Malaysia (LAMP)", "ndpr"),
        "offers[mys-lamp-dy].capacity": _noted(LAMP, "250 Dy plus 50 Tb", 250),
        "offers[mys-lamp-tb].capacity": _noted(LAMP, "250 Dy plus 50 Tb", 50),
        "offers[aus-eneabba-ndpr].capacity": _plant("Eneabba refinery", "ndpr"),
        "offers[aus-nolans-ndpr].capacity": _plant("Nolans", "ndpr"),
        "offers[fra-la-rochelle-ndpr].capacity": _plant("Solvay La Rochelle", "ndpr"),
        "offers[fra-lacq-dy].capacity": _noted(LACQ, "500 Dy plus 100 Tb", 500),
        "offers[fra-lacq-tb].capacity": _noted(LACQ, "500 Dy plus 100 Tb", 100),
        "offers[nor-heroya-ndpr].capacity": _plant("REEtec Heroya", "ndpr"),
        "offers[est-silmet-ndpr].capacity": _noted(
            _plant("Neo Silmet", "rare_earths"), "NdPr about 400 t", 400
        ),
        "offers[pol-pulawy-ndpr].capacity": _plant("Mkango Pulawy", "ndpr"),
        **{
            f"lanes[{origin}-usa].tariff": OXIDE_DUTY
            for origin in ("chn", "mys", "aus", "fra", "nor", "est", "pol")
        },
    },
    "price-floor-refinery": {
        "commodities[ndpr].market_price": NDPR,
        "offers[chn-ndpr].price": NDPR,
        "offers[chn-ndpr].capacity": REFINED,
        "offers[usa-mountain-pass-ndpr].price": FLOOR,
        "offers[usa-mountain-pass-ndpr].capacity": _plant("Mountain Pass separation", "ndpr"),
        "expansions[eneabba-build].size": _plant("Eneabba refinery", "ndpr"),
        "price_floors[eneabba-floor].floor": FLOOR,
        "price_floors[eneabba-floor].reference": NDPR,
    },
    "gallium-usa": {
        "commodities[gallium].customs_value": CHINESE_GALLIUM,
        "offers[chn-gallium].price": CHINESE_GALLIUM,
        "offers[chn-gallium].capacity": fact(
            "production", mineral="gallium", stage="capacity", country="CHN", year="2025"
        ),
        "offers[can-gallium].price": REFINED_GALLIUM,
        "offers[jpn-gallium].price": REFINED_GALLIUM,
        "offers[jpn-gallium].capacity": fact(
            "production", mineral="gallium", stage="capacity", country="JPN", year="2025"
        ),
        "offers[deu-gallium].price": REFINED_GALLIUM,
        "offers[aus-gallium].capacity": _plant("Wagerup gallium", "gallium"),
        "offers[kaz-gallium].capacity": _plant("ERG Pavlodar gallium", "gallium"),
        "demand[usa-gallium].quantity": fact(
            "us_demand", mineral="gallium", metric="reported_consumption"
        ),
    },
}
# the same network, to which something may happen
EXPECTED["rare-earths-controls"] = EXPECTED["rare-earths-usa"]
EXPECTED["project-vault"] = {
    **{
        f"offers[chn-{mineral}].price": price
        for mineral, price in (
            ("gallium", CHINESE_GALLIUM),
            ("germanium", GERMANIUM),
            ("antimony", ANTIMONY),
            ("tungsten", TUNGSTEN),
            ("ndpr", NDPR),
            ("dy", DY),
            ("tb", TB),
        )
    },
    **{
        f"offers[chn-{mineral}].capacity": _made_in_china(mineral)
        for mineral in ("gallium", "germanium", "antimony", "tungsten")
    },
    "offers[chn-ndpr].capacity": REFINED,
    "demand[usa-gallium].quantity": fact(
        "us_demand", mineral="gallium", metric="reported_consumption"
    ),
}
EXPECTED["japan-reserve"] = {
    "offers[chn-ndpr].price": NDPR,
    "offers[chn-ndpr].capacity": REFINED,
    "offers[chn-dy].price": DY,
    "offers[chn-tb].price": TB,
    "offers[chn-gallium].price": CHINESE_GALLIUM,
    "offers[chn-gallium].capacity": GALLIUM_OF_2025,
    "offers[mys-lamp-ndpr].capacity": _plant("Lynas Malaysia (LAMP)", "ndpr"),
    "offers[mys-lamp-dy].capacity": _noted(LAMP, "250 Dy plus 50 Tb", 250),
    "offers[mys-lamp-tb].capacity": _noted(LAMP, "250 Dy plus 50 Tb", 50),
    "offers[fra-lacq-dy].capacity": _noted(LACQ, "500 Dy plus 100 Tb", 500),
    "offers[fra-lacq-tb].capacity": _noted(LACQ, "500 Dy plus 100 Tb", 100),
    "offers[jpn-gallium].price": REFINED_GALLIUM,
    "offers[jpn-gallium].capacity": fact(
        "production", mineral="gallium", stage="capacity", country="JPN", year="2025"
    ),
    "offers[aus-gallium].capacity": _plant("Wagerup gallium", "gallium"),
    "stockpiles[ndpr-reserve].terminal_value": NDPR,
    "stockpiles[dy-reserve].terminal_value": DY,
    "stockpiles[tb-reserve].terminal_value": TB,
    "stockpiles[gallium-reserve].terminal_value": CHINESE_GALLIUM,
}
EXPECTED["korea-reserve"] = {
    "offers[chn-tungsten].price": TUNGSTEN,
    "offers[chn-tungsten].capacity": _made_in_china("tungsten"),
    "offers[vnm-tungsten].capacity": fact(
        "production", mineral="tungsten", country="VNM", year="2024", source="wmd2026"
    ),
    "offers[chn-ndpr].price": NDPR,
    "offers[chn-ndpr].capacity": REFINED,
    "offers[mys-ndpr].capacity": _plant("Lynas Malaysia (LAMP)", "ndpr"),
    "offers[chn-dy].price": DY,
    "offers[mys-dy].capacity": _noted(LAMP, "250 Dy plus 50 Tb", 250),
    "stockpiles[tungsten-reserve].terminal_value": TUNGSTEN,
    "stockpiles[ndpr-reserve].terminal_value": NDPR,
    "stockpiles[dy-reserve].terminal_value": DY,
}
EXPECTED["australia-reserve"] = {
    "commodities[antimony].market_price": ANTIMONY,
    "commodities[gallium].market_price": CHINESE_GALLIUM,
    "commodities[ndpr].market_price": NDPR,
    "commodities[dy].market_price": DY,
    "commodities[tb].market_price": TB,
    "offers[chn-antimony].price": ANTIMONY,
    "offers[chn-antimony].capacity": _made_in_china("antimony"),
    "offers[chn-gallium].price": CHINESE_GALLIUM,
    "offers[chn-gallium].capacity": _made_in_china("gallium"),
    "offers[chn-ndpr].price": NDPR,
    "offers[chn-ndpr].capacity": REFINED,
    "offers[chn-dy].price": DY,
    "offers[aus-antimony-ore].capacity": fact(
        "production", mineral="antimony", country="AUS", year="2024", source="wmd2026"
    ),
    "expansions[wagerup-build].size": _plant("Wagerup gallium", "gallium"),
    "expansions[nolans-build].size": _plant("Nolans", "ndpr"),
    "price_floors[wagerup-offtake].reference": CHINESE_GALLIUM,
    "price_floors[nolans-offtake].floor": FLOOR,
    "price_floors[nolans-offtake].reference": NDPR,
    "price_floors[aus-smelter-offtake].reference": ANTIMONY,
}
EXPECTED["export-controls"] = {
    **{
        path: item
        for path, item in EXPECTED["project-vault"].items()
        if "tungsten" not in path and "-tb]" not in path
    },
    **{
        f"stockpiles[{mineral}-stock].terminal_value": price
        for mineral, price in (
            ("gallium", CHINESE_GALLIUM),
            ("germanium", GERMANIUM),
            ("antimony", ANTIMONY),
            ("ndpr", NDPR),
            ("dy", DY),
        )
    },
}
EXPECTED["partners-pool"] = {
    "offers[chn-dy].price": DY,
    "offers[mys-lamp-dy].capacity": _noted(LAMP, "250 Dy plus 50 Tb", 250),
}
EXPECTED["kazakhstan-tungsten"] = {
    "commodities[tungsten].customs_value": TUNGSTEN,
    "commodities[tungsten].market_price": TUNGSTEN,
    "offers[chn-tungsten].price": TUNGSTEN,
    "offers[chn-tungsten].capacity": _made_in_china("tungsten"),
    **{
        f"offers[{country.lower()}-tungsten].capacity": fact(
            "production", mineral="tungsten", country=country, year="2024", source="wmd2026"
        )
        for country in ("VNM", "BOL", "RWA", "ESP", "PRT")
    },
    "tariffs[s301].rate": fact(
        "tariffs_and_logistics",
        kind="tariff_section301",
        item="chromium, cobalt, indium, tantalum, tungsten and other listed critical minerals",
    ),
    "price_floors[katpar-floor].reference": TUNGSTEN,
}
EXPECTED["tungsten-instruments"] = EXPECTED["kazakhstan-tungsten"] | {
    "stockpiles[state-reserve].terminal_value": TUNGSTEN,
    "stockpiles[vault].book_value": TUNGSTEN,
}
BASE = {
    "price": "USD/t",
    "customs_value": "USD/t",
    "market_price": "USD/t",
    "floor": "USD/t",
    "reference": "USD/t",
    "tariff": "fraction",
    "rate": "fraction",
    "terminal_value": "USD/t",
    "book_value": "USD/t",
}


@pytest.mark.parametrize("name", REAL)
def test_every_sourced_number_equals_its_fact(name: str) -> None:
    problem = PROBLEMS[name]
    sourced, expected = _sourced(problem), EXPECTED[name]
    assert sourced.keys() == expected.keys()
    values = {
        f"{path}.{field}": record[field]
        for path, record in _records(problem)
        for field in _numbers(record)
    }
    for path, wanted in expected.items():
        item, stated = wanted if isinstance(wanted, tuple) else (wanted, None)
        assert item.status == "found"
        assert sourced[path] == item.source, path
        base = BASE.get(path.rpartition(".")[2], "t/yr")
        # output of a year is its yearly rate
        per_year = base == "t/yr" and not item.unit.endswith("/yr")
        number = stated if stated is not None else item.to("t" if per_year else base)
        assert values[path] == pytest.approx(number, rel=1e-9), path
