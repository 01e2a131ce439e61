from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from instances import InputError, dump, read_text
from instances.facts import fact, facts, origins
from instances.facts.known import TOPICS, known, minerals
from instances.facts.series import import_shares, output
from instances.from_facts import RECIPES, from_facts, market
from instances.from_facts.sellers import OPEN, PREMIUM
from instances.problem import TABLES, Problem
from optimizer import solve

PROBLEMS = {mineral: from_facts(mineral) for mineral in RECIPES}


def _numbers(problem: Problem) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yield every number of a problem: where, its record, its field."""
    plain = problem.to_plain()
    for table in TABLES:
        if table in ("sources", "groups", "countries"):
            continue
        for record in plain.get(table, ()):
            for field, value in record.items():
                if isinstance(value, int | float | list | dict) and field not in (
                    "source", "assumption", "commodities", "of", "allotted",
                ):  # fmt: skip
                    yield f"{table}[{record['id']}].{field}", record, field


def _said(record: Mapping[str, Any], how: str, field: str) -> str | None:
    said = record.get(how)
    return said.get(field) if isinstance(said, Mapping) else said


@pytest.mark.parametrize("mineral", RECIPES)
def test_every_number_has_a_source_or_says_what_it_rests_on(mineral: str) -> None:
    bare = [
        where
        for where, record, field in _numbers(PROBLEMS[mineral])
        if not _said(record, "source", field) and not _said(record, "assumption", field)
    ]
    assert bare == []
    keys = {source.id for source in PROBLEMS[mineral].sources}
    assert keys <= origins().keys()
    cited = {
        key
        for _, record, field in _numbers(PROBLEMS[mineral])
        if (key := _said(record, "source", field))
    }
    assert cited <= keys


@pytest.mark.parametrize("mineral", RECIPES)
def test_what_is_built_reads_back_as_it_was(mineral: str) -> None:
    problem = PROBLEMS[mineral]
    assert read_text(dump(problem), f"{mineral}.yaml") == problem
    assert from_facts(mineral) == problem


@pytest.mark.parametrize("mineral", sorted(set(minerals()) - set(RECIPES)))
def test_where_too_little_is_known_the_builder_refuses_and_says_what(mineral: str) -> None:
    with pytest.raises(InputError, match=r"lacks facts that fit together.*diversify instances"):
        from_facts(mineral)


@pytest.mark.parametrize("mineral", ["gallium", "yttrium"])
def test_what_is_built_solves(mineral: str) -> None:
    # solve has the referee recount the plan
    result = solve(PROBLEMS[mineral])
    assert result.status.point == "optimal"
    assert result.verdict.faults == ()


def test_germanium_runs_short_where_caps_and_producers_leave_too_little() -> None:
    # outside China 2 producers are known, of whom few tonnes can be had: the answer is a shortfall
    unmet = solve(PROBLEMS["germanium"]).unmet
    assert 0.0 < unmet["unmet_t"].sum() < 0.2 * unmet["needed_t"].sum()


def test_a_missing_fact_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instances.from_facts.markets._use", lambda mineral, recipe: None)
    monkeypatch.setattr("instances.from_facts.markets._shares", lambda mineral, recipe: {})
    monkeypatch.setattr("instances.from_facts.markets._output", lambda mineral, recipe: {})
    with pytest.raises(InputError) as caught:
        market("antimony")
    assert [finding.where for finding in caught.value.findings] == [
        "antimony: US use (all forms / apparent_consumption)",
        "antimony: output by country, or shares of US imports",
    ]


def test_an_unknown_mineral_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean 'antimony'"):
        from_facts("antimonny")
    with pytest.raises(InputError, match="Did you mean 'tungsten'"):
        known("tungstan")


def test_a_wrong_buyer_and_wrong_years_are_told_together() -> None:
    with pytest.raises(InputError) as caught:
        from_facts("antimony", "JPN", 2035, 2026)
    assert [finding.where for finding in caught.value.findings] == ["buyer", "years"]


def _offer(mineral: str, id: str) -> Any:
    return next(offer for offer in PROBLEMS[mineral].offers if offer.id == id)


def test_antimony_by_hand() -> None:
    # China made 60,000 t of 100,000 t and sells 55 % of imports, which are 91 % of 24,000 t:
    # 12,012 t, 20.02 % of its output; with a twentieth besides, a quarter
    china = _offer("antimony", "chn-antimony")
    assert china.capacity.values == (60_000,)
    assert china.available.values[0] == pytest.approx(12_012 / 60_000 + OPEN, abs=5e-4)
    # 9.5 USD/lb = 20,943.9 USD/t; China leads, so that others ask a quarter more
    assert china.price.values[0] == pytest.approx(9.5 / 0.45359237e-3)
    bolivia = _offer("antimony", "bol-antimony")
    assert bolivia.price.values[0] == pytest.approx(PREMIUM * 9.5 / 0.45359237e-3, rel=1e-3)
    # 55 % and 12 % are named: a third of imports, 7,207 t, come from elsewhere
    others = _offer("antimony", "unnamed-antimony")
    assert others.capacity.values[0] == pytest.approx(0.33 * 0.91 * 24_000, rel=1e-3)
    # 91 % x 55 % = 50.05 % of use is China's: the cap starts at the next twentieth
    (cap,) = [rule for rule in PROBLEMS["antimony"].rules if rule.id == "cn-cap"]
    assert cap.max_share.values == (pytest.approx(0.55), pytest.approx(0.25))


def test_what_lies_in_the_ground_for_less_than_the_horizon_is_taken_once() -> None:
    # Tajikistan mines 17,000 t of antimony a year of 50,000 t: 2.9 years; a twentieth is open
    (rule,) = [rule for rule in PROBLEMS["antimony"].rules if rule.kind == "reserve_limit"]
    assert (rule.of, rule.reserves) == ("TJK", pytest.approx(0.05 * 50_000))
    assert "last 2.9 years" in rule.assumption
    # China's 670,000 t last 11.2 years, longer than the ten of the problem, but not than twelve
    longer = from_facts("antimony", last=2037)
    assert {item.of for item in longer.rules if item.kind == "reserve_limit"} == {"TJK", "CHN"}


def test_figures_from_memory_are_assumptions_and_say_so() -> None:
    (need,) = PROBLEMS["antimony"].demand
    assert isinstance(need.assumption, Mapping)
    assert need.assumption["quantity"].startswith("From memory, to be verified.")
    assert not isinstance(need.source, Mapping) or "quantity" not in need.source


def test_chromite_is_turned_into_chromium_by_atomic_weights() -> None:
    row = next(
        row for row in output("chromium", "mine", "chromite") if row.row["country"] == "ZAF"
    )
    offer = _offer("chromium", "zaf-chromium")
    # 2 x 51.996 / (2 x 51.996 + 3 x 15.999) = 0.684207
    assert offer.capacity.values[0] == pytest.approx(row.to("t") * 0.684207, rel=1e-3)
    assert "converted by atomic weights" in offer.assumption["capacity"]


def test_years_are_as_asked() -> None:
    problem = from_facts("cobalt", first=2027, last=2027)
    assert len(problem.nodes) == 1
    assert problem.nodes[0].id == "2027"


def test_one_source_is_taken_whole() -> None:
    made = output("antimony", "mine")
    # MCS 2026 states one country alone: a market needs a total or three
    assert {row.source for row in made} == {"mcs2025_atlas"}
    assert {row.row["year"] for row in made} == {"2024"}
    assert made[0].row["country"] == "WLD"
    assert {row.source for row in import_shares("antimony")} == {"mcs2026_fig3"}


@pytest.mark.parametrize("mineral", minerals())
def test_what_is_known_and_what_is_missing_make_up_every_topic(mineral: str) -> None:
    told = known(mineral)
    assert {*told.topics, *told.missing} == set(TOPICS)
    assert not told.topics.keys() & set(told.missing)
    for figures in told.topics.values():
        assert all(item.value is None or math.isfinite(item.value) for item in figures)


def test_what_is_known_names_row_source_and_how_sure() -> None:
    told = known("gallium")
    first = told.topics["reliance"][0]
    row = fact("us_demand", mineral="gallium", metric="net_import_reliance", year="2025")
    assert (first.value, first.source, first.sure) == (100.0, "mcs2026_t7", "official")
    assert first.where == row.where
    assert any("WLD / 2024: 848 t (mcs2026)" in text for text in told.conflicts)
    remembered = [item for item in told.topics["consumption"] if item.sure.startswith("from mem")]
    assert len(remembered) == 1
    assert len(facts("us_demand", mineral="gallium", metric="reported_consumption")) == 1
