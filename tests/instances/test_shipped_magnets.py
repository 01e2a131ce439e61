from __future__ import annotations

import re
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from instances import apply, describe, load
from instances.facts import Fact, fact, mass_fraction, origins
from optimizer import Options, Result, solve

if TYPE_CHECKING:
    from instances.schedule import Schedule

MAGNETS = load("magnets-usa")


def _plant(name: str, mineral: str | None = None, stage: str | None = None) -> Fact:
    where = {"name": name}
    if mineral:
        where["mineral"] = mineral
    if stage:
        where["stage"] = stage
    return fact("projects", **where)


def _facility(id: str) -> Any:
    return next(facility for facility in MAGNETS.facilities if facility.id == id)


def _expansion(id: str) -> Any:
    return next(expansion for expansion in MAGNETS.expansions if expansion.id == id)


def _values(schedule: Schedule | None) -> tuple[float, ...]:
    assert schedule is not None
    return schedule.values


def _outputs(id: str, process: str) -> dict[str, float]:
    found: dict[str, float] = next(
        item.outputs for item in _facility(id).processes if item.id == process
    )
    return found


CAPACITY = {
    "mountain-pass-mine": _plant("Mountain Pass"),
    "mt-weld-mine": _plant("Mt Weld"),
    "pela-ema-mine": _plant("Serra Verde (Pela Ema)"),
    "eneabba": _plant("Eneabba refinery", "rare_earths"),
    "mountain-pass-heavies": _plant("Mountain Pass heavy circuit"),
    "white-mesa-heavies": _plant("White Mesa heavies"),
    "lamp-heavies": _plant("Lynas Malaysia heavies"),
    "eneabba-heavies": _plant("Eneabba refinery", "dy_tb"),
    "lacq-heavies": _plant("Caremag Lacq"),
    "fort-worth-alloy": _plant("MP Fort Worth metal and alloy"),
    "phoenix": _plant("Phoenix Tailings"),
    "kmp": _plant("Korean Metals Plant"),
    "lcm": _plant("Less Common Metals"),
    "narva-alloy": _plant("Neo Narva alloy"),
    "japan-alloy": _plant("Japan alloy makers"),
    "fort-worth": _plant("MP Fort Worth magnets"),
    "e-vac": _plant("e-VAC Magnetics"),
    "noveon": _plant("Noveon"),
    "stillwater": _plant("USA Rare Earth Stillwater"),
    "northlake": _plant("MP 10X Northlake"),
    "blacksburg": _plant("USA Rare Earth Blacksburg magnets"),
    "js-link": _plant("JS Link Yesan"),
    "narva": _plant("Neo Narva"),
    "vac": _plant("VAC Europe"),
    "japan": _plant("Japan magnets"),
    "noveon-recycling": _plant("Noveon recycling"),
}


def test_every_capacity_with_a_source_is_the_one_found() -> None:
    sourced = {
        facility.id: facility.source["capacity"]
        for facility in MAGNETS.facilities
        if isinstance(facility.source, dict) and "capacity" in facility.source
    }
    # Eneabba's own stockpile stands in a note: "16000 on own stockpile"
    assert sourced.keys() == CAPACITY.keys() | {"eneabba-stockpile"}
    assert "16000 on own stockpile" in _plant("Eneabba refinery", "rare_earths").note
    for id, row in CAPACITY.items():
        assert row.status == "found"
        assert sourced[id] == row.source, id
        # scrap, REO, oxide or magnets: the row's own tonnes
        assert _values(_facility(id).capacity) == (row.value,), id


def test_the_other_sourced_numbers_are_the_ones_found() -> None:
    ndpr = fact("prices", mineral="ndpr", form="separated oxide")
    offers = {offer.id: offer for offer in MAGNETS.offers}
    assert _values(offers["chn-ndpr"].price) == (ndpr.to("USD/t"),)
    refined = fact("production", mineral="magnet_rare_earths", stage="refined", country="CHN")
    assert _values(offers["chn-ndpr"].capacity)[0] == pytest.approx(refined.to("t"))
    assert _values(offers["vnm-magnet"].capacity) == (_plant("Star Group Vietnam").value,)
    outlets = {outlet.id: outlet for outlet in MAGNETS.outlets}
    assert _values(outlets["usa-ndpr"].price) == (ndpr.to("USD/t"),)
    for mineral in ("lanthanum", "cerium"):
        price = fact("prices", mineral=mineral, form="oxide 99.5 pct", year="2024")
        for outlet in ("usa-lace", "mys-lace"):
            assert _values(outlets[outlet].price) == (price.to("USD/t"),)
    duties = {
        "oxide": fact("tariffs_and_logistics", hts="2846.90.2000"),
        "concentrate": None,
        "carbonate": fact("tariffs_and_logistics", hts="2846.90.8000"),
        "alloy": fact("tariffs_and_logistics", hts="2805.30.0000"),
        "magnet": fact(
            "tariffs_and_logistics", kind="tariff_section301", item="permanent magnets"
        ),
    }
    for lane in MAGNETS.lanes:
        if lane.tariff is not None:
            duty = duties[lane.id.rpartition("-")[2]]
            assert duty is not None
            (charged,) = lane.tariff.values
            assert charged == pytest.approx(duty.to("fraction")), lane.id
            assert lane.source == {"tariff": duty.source}


def test_sources_are_those_of_the_facts() -> None:
    for source in MAGNETS.sources:
        origin = origins()[source.id]
        stated = (origin.title, origin.publisher, origin.licence)
        assert (source.title, source.publisher, source.licence) == stated


@pytest.mark.parametrize(
    ("facility", "process", "output", "deposit", "oxides"),
    [
        ("mountain-pass-separation", "con-mountain-pass", "ndpr", "Mountain Pass", ["NdPr oxide"]),
        (
            "mountain-pass-separation",
            "con-mountain-pass",
            "heavy-mix",
            "Mountain Pass",
            ["DyTb oxide"],
        ),
        ("lamp", "carb-mt-weld", "ndpr", "Mt Weld", ["NdPr oxide"]),
        ("lamp", "carb-mt-weld", "heavy-mix", "Mt Weld", ["DyTb oxide"]),
        ("white-mesa", "con-pela-ema", "heavy-mix", "Serra Verde (Pela Ema)", ["DyTb oxide"]),
        ("la-rochelle", "con-pela-ema", "heavy-mix", "Serra Verde (Pela Ema)", ["DyTb oxide"]),
        ("eneabba", "con-browns-range", "heavy-mix", "Browns Range", ["Dy2O3", "Tb4O7"]),
        ("nolans", "mine-to-oxide", "ndpr", "Nolans", ["NdPr oxide"]),
    ],
)
def test_baskets_are_those_of_the_deposits(
    facility: str, process: str, output: str, deposit: str, oxides: list[str]
) -> None:
    share = sum(
        fact("rare_earth_basket", deposit=deposit, oxide=oxide).to("fraction") for oxide in oxides
    )
    outputs = _outputs(facility, process)
    assert outputs[output] == pytest.approx(share)
    assert sum(outputs.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("facility", "process", "plant"),
    [
        ("mountain-pass-separation", "con-mountain-pass", "Mountain Pass separation"),
        ("lamp", "carb-mt-weld", "Lynas Malaysia (LAMP)"),
        ("white-mesa", "con-donald", "White Mesa"),
        ("la-rochelle", "con-pela-ema", "Solvay La Rochelle"),
    ],
)
def test_capacity_for_feed_follows_from_nd_pr_capacity_and_the_basket(
    facility: str, process: str, plant: str
) -> None:
    feed = _plant(plant, "ndpr").to("t/yr") / _outputs(facility, process)["ndpr"]
    assert _facility(facility).capacity.values == (pytest.approx(feed, rel=1e-4),)


@pytest.mark.parametrize(
    ("expansion", "plant", "usd_per_unit"),
    [
        ("round-top-1", "Round Top", 1089e6 / 2200),
        ("browns-range-1", "Browns Range", 0.65 * 592e6 / 4350),
        # 173 t of Dy-Tb oxide are in 3,681 t of REO
        ("dynamo-1", "Aclara Project Dynamo", 277e6 / (173 / 0.047)),
        ("vulcan-1", "Vulcan Elements", 1.4e9 / 10_000),
    ],
)
def test_capital_costs_that_were_found_are_per_tonne_of_activity(
    expansion: str, plant: str, usd_per_unit: float
) -> None:
    row = _plant(plant).row
    stated = row["capex_musd"] + row["capex_note"] + row["note"]
    assert any(figure in stated for figure in ("1089", "592", "277", "1.4"))
    assert _expansion(expansion).capex.values == (pytest.approx(usd_per_unit, rel=0.002),)


def test_oxide_in_alloy_follows_from_atomic_weights() -> None:
    ndpr = 0.75 / mass_fraction("Nd2O3", "Nd") + 0.25 / mass_fraction("Pr6O11", "Pr")
    heavy = (5 / mass_fraction("Dy2O3", "Dy") + 1 / mass_fraction("Tb4O7", "Tb")) / 6
    for facility in MAGNETS.facilities:
        for process in facility.processes:
            if (
                facility.id != "noveon-recycling"
                and "alloy" in process.outputs
                and "ndpr" in process.inputs
            ):
                assert process.inputs["ndpr"] == pytest.approx(0.30 * ndpr, rel=0.002)
            if "alloy-hot" in process.outputs:
                assert process.inputs["ndpr"] == pytest.approx(0.27 * ndpr, rel=0.002)
                assert process.inputs["heavy"] == pytest.approx(0.04 * heavy, rel=0.002)


@pytest.fixture(scope="module")
def timed() -> tuple[Result, float]:
    started = time.process_time()
    result = solve(MAGNETS, Options(gap=1e-3))
    return result, time.process_time() - started


def test_it_solves_to_a_thousandth_in_under_a_minute(timed: tuple[Result, float]) -> None:
    result, seconds = timed
    assert result.status.point == "optimal"
    assert result.gap is not None
    assert result.gap <= 1e-3
    assert result.record["model"]["integers"] > 0
    assert seconds < 60


def test_the_plan_costs_what_the_readme_states_within_the_gap(timed: tuple[Result, float]) -> None:
    stated = re.search(
        r"Known optimum, buyer's view: ([0-9,]+) USD", describe("magnets-usa").readme
    )
    assert stated is not None
    known = float(stated[1].replace(",", ""))
    assert timed[0].objective == pytest.approx(known, rel=1e-3)
    assert timed[0].bound is not None
    assert timed[0].bound <= known * (1 + 1e-9)


def test_no_magnet_runs_short(timed: tuple[Result, float]) -> None:
    assert timed[0].plan.shortfalls["tonnes"].sum() == pytest.approx(0, abs=1e-3)


def test_defence_takes_only_lots_that_no_covered_country_touched(
    timed: tuple[Result, float],
) -> None:
    delivered = timed[0].plan.deliveries
    defence = delivered[(delivered["demand"] == "usa-defence") & (delivered["tonnes"] > 1e-6)]
    assert set(defence[defence["node"] >= "2027"]["tag"]) == {"clean"}
    wanted = next(demand for demand in MAGNETS.demand if demand.id == "usa-defence")
    for node, tonnes in defence.groupby("node")["tonnes"].sum().items():
        assert tonnes == pytest.approx(wanted.quantity.at(date(int(str(node)), 1, 1)))


@pytest.mark.deep
def test_without_chinese_heavies_another_clay_mine_is_worth_its_capital() -> None:
    edits = ["offers[chn-heavy].capacity=0", "offers[chn-alloy-hot].capacity=0"]
    result = solve(apply(MAGNETS, edits), Options(gap=1e-4, tie_break=False))
    builds = result.plan.builds
    assert "pela-ema-more" in set(builds[builds["size"] > 1]["expansion"])
