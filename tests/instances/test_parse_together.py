"""Parsing: faults of many records come together, in the order of the input."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from instances.errors import InputError
from instances.parse import MOST_FINDINGS, parse
from tests.instances.faulty import DROP, OFFER, Data, changed, findings, sound


@pytest.fixture
def data() -> Data:
    return sound()


def test_the_gallery_breaks_a_problem_that_is_right(data: Data) -> None:
    problem = parse(data)
    assert problem.offers[0].price is not None
    assert problem.offers[0].price.values == (370_000,)
    assert parse(problem.to_plain()) == problem


def test_faults_of_shape_and_of_reference_come_together_in_the_order_of_the_input(
    data: Data,
) -> None:
    found = findings(
        changed(
            data,
            (("rules", 0, "of"), "Chinalcoo"),
            (("rules", 1, "cover_days"), -3),
            (("offers", 0, "pric"), 5),
            (("offers", 1, "commodity"), "galium"),
            (("demand", 0, "country"), "USB"),
            (("buyers",), ["USA", "US"]),
        )
    )
    # the buyer USA has a demand for bauxite left, and a vault
    assert [finding.where for finding in found] == [
        "buyers[1]",
        "offers[cn].pric",
        "offers[au].commodity",
        "demand[us].country",
        "rules[cap].of",
        "rules[cover].cover_days",
    ]
    assert found[2].nearest == "gallium"


def test_a_reference_to_a_record_that_is_faulty_itself_is_not_held_against_it(data: Data) -> None:
    faulty = changed(
        data,
        (("commodities", 0, "stage"), 5),
        (("stockpiles", 0, "opening"), -1),
        (("sources", 0, "title"), 5),
    )
    assert [finding.where for finding in findings(faulty)] == [
        "sources[usgs].title",
        "commodities[gallium].stage",
        "stockpiles[vault].opening",
    ]


def test_a_table_with_an_unreadable_id_answers_for_any_reference(data: Data) -> None:
    (finding,) = findings(changed(data, (("commodities", 0, "id"), DROP)))
    assert finding.where == "commodities[0].id"
    (finding,) = findings(changed(data, (("commodities",), "gallium")))
    assert finding.where == "commodities"


def test_the_supplier_of_a_faulty_offer_may_be_who_a_rule_names(data: Data) -> None:
    faulty = changed(data, (("rules", 0, "of"), "Chinalco"), (("offers", 0, "price"), "x"))
    assert [finding.where for finding in findings(faulty)] == ["offers[cn].price"]


def test_dates_are_not_checked_against_periods_that_are_faulty(data: Data) -> None:
    faulty = changed(data, (("periods", "length"), "x"), (("rules", 0, "max_share"), {2050: 0.5}))
    assert [finding.where for finding in findings(faulty)] == ["periods.length"]


def test_records_are_called_by_place_where_ids_do_not_tell_them_apart(data: Data) -> None:
    found = findings(changed(data, (("offers", 2), OFFER | {"id": "cn", "price": -1})))
    assert [(finding.where, finding.what) for finding in found] == [
        ("offers[0].id", "is the id of another record too"),
        ("offers[2].price", "is below 0"),
    ]


def test_places_count_faulty_records_before_them(data: Data) -> None:
    twice = changed(
        data, (("offers", 0, "price"), "x"), (("offers", 2), OFFER), (("offers", 3), OFFER)
    )
    assert [finding.where for finding in findings(twice)] == ["offers[cn].price", "offers[3].id"]


def test_at_most_200_findings_are_shown_and_the_last_says_how_many_there_are(data: Data) -> None:
    data["offers"] = [OFFER | {"id": f"o{n}", "price": -1} for n in range(1234)]
    found = findings(data)
    assert len(found) == MOST_FINDINGS + 1
    assert found[0].where == "offers[o0].price"
    assert "1,234 findings in all" in found[-1].what


def test_the_place_of_the_data_stands_before_every_path(data: Data) -> None:
    with pytest.raises(InputError) as caught:
        parse(changed(data, (("offers", 0, "price"), -1)), "problem")
    assert caught.value.findings[0].where == "problem: offers[cn].price"
    with pytest.raises(InputError) as caught:
        parse(5, "problem")
    assert caught.value.findings[0].where == "problem"


@pytest.mark.parametrize("value", [None, 5, "text", [], [("name", "x")]])
def test_what_is_no_mapping_is_no_problem(value: object) -> None:
    (finding,) = findings(value)
    assert "not a record of fields" in finding.what
    assert finding.remedy is not None


def test_deep_nesting_where_a_number_belongs_is_a_finding(data: Data) -> None:
    deep: Any = 5
    for _ in range(100_000):
        deep = [deep]
    found = findings(changed(data, (("offers", 0, "price"), deep), (("depth",), {"x": deep})))
    assert {finding.where for finding in found} == {"offers[cn].price", "depth"}
    assert all(len(finding.value or "") <= 60 for finding in found)


def test_names_that_are_no_text_are_unknown_fields(data: Data) -> None:
    found = findings(changed(data, (("\ud800",), 1), ((5,), 1), (("offers", 0, 10**5000), 1)))
    assert [finding.what for finding in found] == ["is not a field here"] * 3
    assert {"5", "offers[cn].'a number of more than 300 digits'"} < {one.where for one in found}
    assert all(finding.where.isprintable() for finding in found)


@pytest.mark.parametrize("field", ["kind", "of", "max_share", "start", "commodity", "id"])
def test_numbers_too_long_to_print_are_a_finding(data: Data, field: str) -> None:
    data["rules"][0][field] = 10**5000
    assert all("10000000000" not in str(finding) for finding in findings(data))


def test_groups_may_be_written_by_name_or_as_records(data: Data) -> None:
    short = parse(data)
    data["groups"] = [{"id": "partners", "members": ["AUS", "CAN"]}]
    assert parse(data) == short
    (finding,) = findings(changed(data, (("groups",), {"partners": ["AUS", "CN"]})))
    assert finding.where == "groups[partners].members[1]"
    assert finding.nearest == "CHN"


def test_dates_may_be_dates_and_years_numbers_or_text(data: Data) -> None:
    by_number = parse(data)
    data["rules"][0]["max_share"] = {"2026": 0.9, date(2028, 1, 1): 0.4}
    data["periods"]["start"] = date(2026, 1, 1)
    assert parse(data) == by_number


def test_the_data_stay_as_they_are(data: Data) -> None:
    before = repr(data)
    parse(data)
    findings(changed(data, (("offers", 0, "price"), -1)))
    data["offers"][0]["price"] = "370 USD/kg"
    assert repr(data) == before


def test_twenty_thousand_records_take_seconds_right_or_wrong(data: Data) -> None:
    data["offers"] = [
        OFFER | {"id": f"o{n}", "price": {2026: f"{n} USD/kg", 2028: n + 0.5}}
        for n in range(20_000)
    ]
    began = time.process_time()
    assert len(parse(data).offers) == 20_000
    for n, offer in enumerate(data["offers"]):
        offer["commodity"] = f"gallium-{n}"
    assert len(findings(data)) == MOST_FINDINGS + 1
    # about 2 s where nothing else runs
    assert time.process_time() - began < 20


def test_unknown_names_in_a_record_faulty_elsewhere_are_told_with_it(data: Data) -> None:
    data["offers"][0] |= {"price": "3 USD/lbb", "country": "CHX", "commodity": "nothing"}
    with pytest.raises(InputError) as caught:
        parse(data)
    label = data["offers"][0]["id"]
    told = [item.where for item in caught.value.findings]
    assert {f"offers[{label}].{field}" for field in ("price", "country", "commodity")} <= set(told)
    assert len(told) == len(set(told))
