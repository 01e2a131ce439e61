from __future__ import annotations

from typing import Any

import pytest

from instances.errors import Finding, InputError
from instances.parse import parse

Data = dict[str, Any]


@pytest.fixture
def data() -> Data:
    """One metal from one seller for one user over 2026-2028, with every number that varies."""
    return {
        "name": "dates",
        "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        "commodities": [{"id": "metal", "stage": "metal", "basis": "product", "customs_value": 9}],
        "offers": [
            {
                "id": "cn",
                "supplier": "Red",
                "country": "CHN",
                "commodity": "metal",
                "price": 5,
                "capacity": 7,
            }
        ],
        "lanes": [
            {
                "id": "sea",
                "origin": "CHN",
                "destination": "USA",
                "commodities": ["metal"],
                "freight": 1,
                "tariff": 0.1,
                "capacity": 9,
            }
        ],
        "demand": [
            {
                "id": "us",
                "commodity": "metal",
                "country": "USA",
                "quantity": 3,
                "shortfall_cost": 90,
            }
        ],
        "outlets": [
            {"id": "scrap", "commodity": "metal", "country": "USA", "price": 1, "capacity": 2}
        ],
        "stockpiles": [
            {
                "id": "vault",
                "commodity": "metal",
                "country": "USA",
                "fill_rate": 5,
                "draw_rate": 5,
            }
        ],
        "facilities": [
            {
                "id": "mine",
                "country": "AUS",
                "capacity": 9,
                "processes": [{"id": "dig", "outputs": {"metal": 1}, "cost": 2}],
            }
        ],
        "expansions": [{"id": "pit", "facility": "mine", "size": 5, "capex": 90}],
        "recycling": [
            {
                "id": "back",
                "country": "USA",
                "commodity": "metal",
                "given": 1,
                "of": ["us"],
                "recovered": 0.1,
                "lag": 365,
            }
        ],
        "in_transit": [
            {
                "id": "ship",
                "country": "USA",
                "commodity": "metal",
                "tonnes": 1,
                "arrives": "2026-01-01",
            }
        ],
        "rules": [
            {
                "id": "cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "metal",
                "max_share": 0.9,
                "denominator": "demand",
            }
        ],
    }


def finding(data: Data) -> Finding:
    with pytest.raises(InputError) as caught:
        parse(data)
    (only,) = caught.value.findings
    assert only.remedy is not None
    return only


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("commodities", "customs_value"),
        ("commodities", "disposal_cost"),
        ("offers", "price"),
        ("offers", "capacity"),
        ("offers", "available"),
        ("lanes", "freight"),
        ("lanes", "tariff"),
        ("lanes", "compliance_cost"),
        ("lanes", "capacity"),
        ("demand", "quantity"),
        ("demand", "shortfall_cost"),
        ("outlets", "price"),
        ("outlets", "capacity"),
        ("stockpiles", "fill_rate"),
        ("stockpiles", "draw_rate"),
        ("facilities", "capacity"),
        ("facilities", "utilisation"),
        ("expansions", "capex"),
        ("recycling", "given"),
        ("recycling", "recovered"),
        ("recycling", "cost"),
    ],
)
def test_a_number_needs_a_value_from_the_first_period_on(
    data: Data, table: str, field: str
) -> None:
    record = data[table][0]
    record[field] = {2027: 0.5, 2028: 0.6}
    found = finding(data)
    assert found.where == f"{table}[{record['id']}].{field}"
    assert "has no value in 2026, the first period" in found.what
    assert found.value == "values from 2027-01-01 on"
    record[field] = {2020: 0.5, 2028: 0.6}
    parse(data)


def test_an_offer_needs_values_only_from_its_start_on(data: Data) -> None:
    data["offers"][0] |= {"start": "2027-04-01", "price": {2027: 5}}
    parse(data)
    # the year is read on its first day, before the offer starts within it
    data["offers"][0]["price"] = {"2027-04-01": 5}
    found = finding(data)
    assert found.where == "offers[cn].price"
    assert "in 2027" in found.what
    assert found.remedy is not None
    assert "State a value from 2027-01-01 or before" in found.remedy


def test_prices_inside_tranches_and_slices_need_values_too(data: Data) -> None:
    del data["offers"][0]["price"], data["offers"][0]["capacity"]
    data["offers"][0]["tranches"] = [{"price": 5}, {"price": {2027: 6}}]
    assert finding(data).where == "offers[cn].tranches[1].price"
    data["offers"][0]["tranches"] = [{"price": 5}]
    data["demand"][0]["shortfall_cost"] = [{"share": 0.5, "cost": {2028: 6}}]
    assert finding(data).where == "demand[us].shortfall_cost[0].cost"


@pytest.mark.parametrize(
    "dates",
    [
        {"end": "2026-01-01"},
        {"start": "2020-01-01", "end": "2025-07-01"},
        {"start": "2029-01-01"},
        {"start": "2030-01-01", "end": "2031-01-01"},
    ],
)
def test_an_offer_outside_the_horizon_is_no_fault_and_needs_no_price_there(
    data: Data, dates: Data
) -> None:
    data["offers"][0] |= dates | {"price": {2050: 5}}
    parse(data)


def test_a_process_needs_its_cost_from_the_start_of_its_facility_on(data: Data) -> None:
    data["facilities"][0]["processes"][0]["cost"] = {2027: 5}
    assert finding(data).where == "facilities[mine].processes[dig].cost"
    data["facilities"][0]["start"] = "2027-04-01"
    parse(data)


@pytest.mark.parametrize("table", ["facilities", "expansions"])
def test_what_stands_outside_the_horizon_is_no_fault(data: Data, table: str) -> None:
    parse(data | {table: [data[table][0] | {"end": "2026-01-01"}]})
    parse(data | {table: [data[table][0] | {"start": "2029-01-01"}]})


def test_cargo_does_not_arrive_before_the_horizon(data: Data) -> None:
    ship = data["in_transit"][0]
    ship["arrives"] = "2025-12-31"
    found = finding(data)
    assert found.where == "in_transit[ship].arrives"
    assert "lies before the horizon" in found.what
    assert "opening stock of a stockpile" in str(found.remedy)
    for day in ("2026-01-01", "2028-12-31", "2040-01-01"):
        ship["arrives"] = day
        parse(data)


@pytest.mark.parametrize(
    "dates",
    [{"end": "2026-01-02"}, {"start": "2028-12-31"}, {"start": "2020-01-01", "end": "2040-01-01"}],
)
def test_an_offer_of_one_day_in_the_horizon_is_an_offer(data: Data, dates: Data) -> None:
    data["offers"][0] |= dates
    parse(data)


@pytest.mark.parametrize(
    ("fields", "field", "what"),
    [
        ({"max_share": {2029: 0.5}}, "max_share", "says nothing in any period"),
        ({"max_share": {"2028-01-02": 0.5}}, "max_share", "says nothing in any period"),
        ({"max_share": {2028: 0.5}, "end": "2028-01-01"}, "max_share", "says nothing"),
        ({"start": "2028-01-02"}, "start", "lets the rule hold in no period"),
        ({"end": "2026-01-01"}, "end", "lets the rule hold in no period"),
        ({"start": "2026-02-01", "end": "2026-12-01"}, "end", "lets the rule hold in no period"),
    ],
)
def test_a_rule_that_never_holds_names_nothing(
    data: Data, fields: Data, field: str, what: str
) -> None:
    data["rules"][0] |= fields
    found = finding(data)
    assert found.where == f"rules[cap].{field}"
    assert what in found.what


def test_every_kind_of_rule_is_asked_when_it_holds(data: Data) -> None:
    data["rules"] = [
        {"id": "t", "kind": "stock_target", "stockpile": "vault", "tonnes": {2040: 5}},
        {
            "id": "m",
            "kind": "min_suppliers",
            "commodity": "metal",
            "count": 1,
            "min_share": 0.1,
            "start": "2040-01-01",
        },
    ]
    with pytest.raises(InputError) as caught:
        parse(data)
    assert [one.where for one in caught.value.findings] == ["rules[t].tonnes", "rules[m].start"]


def test_a_rule_may_begin_within_the_horizon(data: Data) -> None:
    data["rules"][0] |= {"max_share": {2028: 0.5, 2035: 0.4}, "start": "2027-01-01"}
    parse(data)


def test_slices_of_shortfall_must_rise_in_cost(data: Data) -> None:
    data["demand"][0]["shortfall_cost"] = [{"share": 0.5, "cost": 90}, {"share": 0.5, "cost": 80}]
    found = finding(data)
    assert found.where == "demand[us].shortfall_cost[1].cost"
    assert "falls below the one before it on 2026-01-01" in found.what
    data["demand"][0]["shortfall_cost"][1]["cost"] = {2026: 95, 2028: 89}
    assert "on 2028-01-01" in finding(data).what


def test_tranches_must_rise_in_every_period_between_their_dates_too(data: Data) -> None:
    del data["offers"][0]["price"], data["offers"][0]["capacity"]
    # 2027: on the line from 100 to 200, 150 is above the 140 that holds until 2028
    data["offers"][0]["tranches"] = [
        {"price": {2026: 100, 2028: 200, "interpolate": True}},
        {"price": {2026: 140, 2028: 250}},
    ]
    found = finding(data)
    assert found.where == "offers[cn].tranches[1].price"
    assert "on 2027-01-01" in found.what
    data["offers"][0]["tranches"][1]["price"] = {2026: 150, 2028: 250}
    parse(data)
