"""The EU's benchmarks of 2030 on shipped data: all bind, and solves with a point less agree."""

from __future__ import annotations

import re

import pytest

from instances import Edit, Problem, apply, describe, load
from instances.facts import Fact, fact, origins
from instances.record import with_fields
from optimizer import Result, pooling, solve, stress

PROBLEM = load("eu-crma")
README = describe("eu-crma").readme
BENCHMARKS = {"extraction": 0.10, "processing": 0.40, "recycling": 0.25}
# the middle of 2030 lies 4.5 years after the first day
WORTH = 1.05**-4.5


@pytest.fixture(scope="module")
def result() -> Result:
    return solve(PROBLEM)


def _cost(select: str, value: object) -> float:
    found = solve(apply(PROBLEM, [Edit(select=select, action="set", value=value)])).objective
    assert found is not None
    return found


def test_the_optimum_is_the_one_that_the_readme_states(result: Result) -> None:
    stated = re.search(r"Known optimum, buyer's view: ([0-9,]+) USD", describe("eu-crma").readme)
    assert stated is not None
    assert result.objective == pytest.approx(float(stated[1].replace(",", "")), rel=1e-8)


def test_all_four_benchmarks_bind_in_2030_and_recycling_costs_most(result: Result) -> None:
    rows = result.rules[result.rules["binds"] & (result.rules["shadow_price_usd"] > 0)]
    rows = rows[rows["kind"] != "stock_target"]
    assert set(rows["rule"]) == {*BENCHMARKS, "third-countries"}
    assert set(rows["node"]) == {"2030"}
    capped = rows[rows["rule"] == "third-countries"]
    assert set(capped["who"]) == {"CHN"}
    assert set(capped["goods"]) == {"lithium", "ndpr"}
    price = rows.set_index("rule")["shadow_price_usd"]
    assert price["recycling"] > price["processing"] > price["extraction"]
    for rule, share in BENCHMARKS.items():
        assert rows.set_index("rule")["value"][rule] == pytest.approx(share)


@pytest.mark.parametrize("rule", BENCHMARKS)
def test_a_point_less_saves_what_the_shadow_price_says(result: Result, rule: str) -> None:
    row = result.rules.set_index(["rule", "node"]).loc[(rule, "2030")]
    assert result.objective is not None
    saved = result.objective - _cost(f"rules[{rule}].min_share", {2030: BENCHMARKS[rule] - 0.01})
    assert saved == pytest.approx(WORTH * row["shadow_price_usd"] / 100, rel=1e-3)


def _kept(stock: bool, benchmarks: bool) -> Problem:
    kept = {True: stock, False: benchmarks}
    rules = tuple(rule for rule in PROBLEM.rules if kept[rule.kind == "stock_target"])
    return with_fields(PROBLEM, rules=rules)


@pytest.mark.parametrize(
    ("line", "stock", "benchmarks"),
    [
        pytest.param("neither", False, False, marks=pytest.mark.deep),
        pytest.param("the pilot stock alone", True, False, marks=pytest.mark.deep),
        pytest.param("the benchmarks alone", False, True, marks=pytest.mark.deep),
        ("both", True, True),
    ],
)
def test_the_table_of_its_readme(line: str, stock: bool, benchmarks: bool) -> None:
    result = solve(_kept(stock, benchmarks))
    found = stress(
        result, ["CHN"], onsets=["2030"], lengths=["6 months", "1 yr"], workers=1
    ).to_plain()["cases"]
    unmet = {item["commodity"]: item["unmet_t"] for item in found if item["length"] == "1 yr"}
    cells = [f"{unmet[name]:,.0f}" for name in ("lithium", "cobalt", "ndpr")]
    assert f"| {line} | {result.objective:,.0f} | {' | '.join(cells)} |" in README


def test_members_hold_together_what_they_would_hold_apart() -> None:
    table = pooling(PROBLEM).set_index("stockpile")
    # 60 of 365 days of 24,161, 25,015 and 4,848 t a year
    assert table.loc["lithium-pool", "pooled_t"] == pytest.approx(60 / 365 * 24_161, abs=0.02)
    assert table.loc["cobalt-pool", "pooled_t"] == pytest.approx(60 / 365 * 25_015, abs=0.02)
    assert table.loc["ndpr-pool", "pooled_t"] == pytest.approx(60 / 365 * 4_848, abs=0.02)
    assert table["gain_t"].abs().max() == pytest.approx(0, abs=1e-6)


def test_sources_are_those_of_the_facts() -> None:
    for source in PROBLEM.sources:
        origin = origins()[source.id]
        assert (source.title, source.publisher, source.licence) == (
            origin.title,
            origin.publisher,
            origin.licence,
        )


def _refined(mineral: str, country: str) -> Fact:
    return fact("production", mineral=mineral, stage="refined", country=country, year="2024")


@pytest.mark.parametrize(
    ("table", "id", "field", "expected"),
    [
        *(
            ("offers", f"{country.lower()}-{mineral}", "capacity", _refined(mineral, country))
            for mineral, countries in (
                ("lithium", ("CHN", "CHL", "ARG", "AUS")),
                ("cobalt", ("CHN", "JPN", "CAN", "IDN")),
            )
            for country in countries
        ),
        ("offers", "chn-ndpr", "capacity", _refined("magnet_rare_earths", "CHN")),
        ("facilities", "fi-cobalt-refinery", "capacity", _refined("cobalt", "FIN")),
        (
            "facilities",
            "fi-cobalt-mine",
            "capacity",
            fact("production", mineral="cobalt", stage="mine", country="FIN", year="2024"),
        ),
        (
            "facilities",
            "pt-lithium-mine",
            "capacity",
            fact("production", mineral="lithium", stage="mine", country="PRT", year="2024"),
        ),
        (
            "facilities",
            "fr-ndpr-separation",
            "capacity",
            fact("projects", name="Solvay La Rochelle"),
        ),
    ],
)
def test_capacities_are_the_facts(table: str, id: str, field: str, expected: Fact) -> None:
    record = next(item for item in getattr(PROBLEM, table) if item.id == id)
    base = "t/yr" if expected.unit.endswith("/yr") else "t"
    assert getattr(record, field).values == pytest.approx((expected.to(base),))


def test_prices_and_consumption_follow_from_the_facts() -> None:
    offers = {item.id: item.price.values[0] for item in PROBLEM.offers if item.price}
    carbonate = fact(
        "prices", mineral="lithium", form="lithium carbonate, battery grade", year="2024"
    ).to("USD/t")
    # lithium carbonate holds 2 * 6.94 / 73.89 of lithium
    assert offers["chn-lithium"] == pytest.approx(carbonate / (2 * 6.94 / 73.89), rel=1e-3)
    assert offers["chn-cobalt"] == pytest.approx(
        fact("prices", mineral="cobalt", form="LME cash", year="2024").to("USD/t"), rel=1e-3
    )
    needs = dict.fromkeys(("lithium", "cobalt", "ndpr"), 0.0)
    for item in PROBLEM.demand:
        needs[item.commodity] += item.quantity.values[0]
    for mineral in ("lithium", "cobalt"):
        assert needs[mineral] == pytest.approx(0.1 * _refined(mineral, "WLD").to("t"), rel=1e-4)
    world = _refined("magnet_rare_earths", "WLD").to("t")
    assert needs["ndpr"] == pytest.approx(0.06 * world, rel=1e-4)
