from __future__ import annotations

import json
from typing import Any

import pytest

from instances.problem import Problem
from instances.schema import json_schema


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json_schema()


def test_the_schema_is_plain_json_with_a_title_and_no_address(schema: dict[str, Any]) -> None:
    assert json.loads(json.dumps(schema)) == schema
    assert schema["title"] == "Sourcing problem"
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "$id" not in schema


def test_fields_have_the_names_they_have_in_files(schema: dict[str, Any]) -> None:
    assert "schema" in schema["properties"]
    assert "schema_version" not in schema["properties"]
    assert set(schema["required"]) == {"name", "periods", "commodities"}
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("record", "field", "unit"),
    [
        ("Offer", "price", "USD/t"),
        ("Offer", "capacity", "t/yr"),
        ("Offer", "available", "fraction"),
        ("Lane", "freight", "USD/t"),
        ("Lane", "loss", "fraction"),
        ("Demand", "quantity", "t/yr"),
        ("Demand", "shortfall_cost", "USD/t"),
        ("Stockpile", "opening", "t"),
        ("Stockpile", "capacity", "t"),
        ("Stockpile", "holding_cost", "USD/t/yr"),
        ("Stockpile", "decay", "1/yr"),
        ("ShareCap", "max_share", "fraction"),
        ("StockTarget", "cover_days", "d"),
        ("StockTarget", "tonnes", "t"),
        ("MinSuppliers", "min_share", "fraction"),
        ("Discount", "rate", "1/yr"),
    ],
)
def test_quantities_say_their_unit(
    schema: dict[str, Any], record: str, field: str, unit: str
) -> None:
    assert schema["$defs"][record]["properties"][field]["unit"] == unit


def test_fields_say_what_they_mean(schema: dict[str, Any]) -> None:
    stockpile = schema["$defs"]["Stockpile"]
    first = stockpile["description"].partition("\n")[0]
    assert first == "A store of one commodity in one country, and the policy it is run by."
    assert "at the start of the horizon" in stockpile["properties"]["opening"]["description"]
    assert "first of the horizon" in schema["$defs"]["Offer"]["properties"]["start"]["description"]


def test_groups_may_be_a_list_or_by_name(schema: dict[str, Any]) -> None:
    forms = [form["type"] for form in schema["properties"]["groups"]["anyOf"]]
    assert forms == ["array", "object"]


def test_every_kind_of_rule_is_there(schema: dict[str, Any]) -> None:
    mapping = schema["properties"]["rules"]["items"]["discriminator"]["mapping"]
    assert set(mapping) == {
        "share_cap",
        "share_floor",
        "stock_target",
        "min_suppliers",
        "max_new_sellers",
        "hhi_cap",
        "benchmark",
        "budget",
        "participation",
        "reserve_limit",
        "survival",
    }


def test_every_field_of_the_problem_is_described_by_the_schema(schema: dict[str, Any]) -> None:
    names = {info.alias or name for name, info in Problem.model_fields.items()}
    assert set(schema["properties"]) == names
