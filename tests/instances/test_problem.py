from __future__ import annotations

import json
import string
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from instances.errors import InputError
from instances.parse import parse
from instances.problem import TABLES, Problem
from instances.read import read_text
from instances.record import Record
from instances.write import dump

Data = dict[str, Any]

numbers = st.floats(min_value=0, max_value=1e9, allow_nan=False).map(lambda x: round(x, 6))
shares = st.floats(min_value=0, max_value=1)


def over_time(values: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """Return numbers, or maps by date that have a value from 2026 on."""
    dates = st.dictionaries(
        st.dates(date(2027, 1, 1), date(2035, 1, 1)).map(str), values, max_size=3
    )
    by_date = st.builds(
        lambda later, first, line: {2026: first} | later | ({"interpolate": True} if line else {}),
        dates,
        values,
        st.booleans(),
    )
    return st.one_of(values, by_date)


words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
ids = st.text(string.ascii_letters + string.digits + "_.-", max_size=8).map(lambda x: f"r{x}")
start = st.none() | st.dates(date(2020, 1, 1), date(2029, 12, 31)).map(str)

offers = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"id": ids, "supplier": words, "price": over_time(numbers), "start": start},
            optional={"capacity": over_time(numbers), "available": over_time(shares)},
        ),
        st.fixed_dictionaries(
            {
                "id": ids,
                "supplier": words,
                "tranches": st.lists(numbers, min_size=1, max_size=3).map(
                    lambda prices: [{"price": price, "capacity": 5} for price in sorted(prices)]
                ),
            },
            optional={"assumption": words | st.just({"tranches": "guessed"})},
        ),
    ),
    max_size=3,
    unique_by=lambda offer: str(offer["id"]),
)
demand = st.lists(
    st.fixed_dictionaries(
        {"id": ids, "quantity": over_time(numbers)},
        optional={
            "shortfall_cost": st.one_of(
                over_time(numbers),
                numbers.map(
                    lambda cost: [{"share": 0.5, "cost": cost}, {"share": 0.5, "cost": cost + 1}]
                ),
            ),
            "demand_class": words,
        },
    ),
    max_size=2,
    unique_by=lambda need: str(need["id"]),
)
rules = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {
                "id": ids,
                "kind": st.sampled_from(["share_cap", "share_floor"]),
                "of": st.sampled_from(
                    ["CHN", "partners", ["CHN", "AUS"], {"each": "partners"}, {"each": ["CHN"]}]
                ),
                "share": over_time(shares),
                "denominator": st.sampled_from(["demand", "supply", "deliveries"]),
            },
            optional={"penalty": numbers, "counts_unknown": st.booleans()},
        ),
        st.fixed_dictionaries(
            {
                "id": ids,
                "kind": st.just("stock_target"),
                "stockpile": st.just("vault"),
                "tonnes": over_time(numbers),
            }
        ),
    ),
    max_size=3,
    unique_by=lambda rule: str(rule["id"]),
)


def made(offers: list[Data], demand: list[Data], rules: list[Data], rate: float) -> Data:
    goods = {"commodity": "metal"}
    for rule in rules:
        if "share" in rule:
            name = "max_share" if rule["kind"] == "share_cap" else "min_share"
            rule |= {name: rule.pop("share"), **goods}
    return {
        "name": "generated",
        "groups": {"partners": ["AUS", "KAZ"]},
        "periods": {"start": "2026-01-01", "count": 4, "length": "1 yr"},
        "discount": {"rate": rate},
        "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
        "offers": [offer | goods | {"country": "CHN"} for offer in offers],
        # shares of demand need one
        "demand": [
            need | goods | {"country": "USA"} for need in [*demand, {"id": "us", "quantity": 1}]
        ],
        "stockpiles": [{"id": "vault", "country": "USA", **goods}],
        "rules": rules,
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.builds(made, offers, demand, rules, st.floats(0, 0.99)))
def test_every_problem_reads_back_equal_with_the_same_hash(data: Data) -> None:
    problem = parse(data)
    for again in (
        parse(problem.to_plain()),
        Problem.model_validate(problem.to_plain()),
        read_text(dump(problem)),
        read_text(dump(problem, "json")),
    ):
        assert again == problem
        assert again.hash == problem.hash


def test_plain_data_leave_defaults_out_and_are_json(depot: Problem) -> None:
    plain = depot.to_plain()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["schema"] == 1
    assert "groups" not in plain
    assert "available" not in plain["offers"][0]
    assert [rule["kind"] for rule in plain["rules"]] == [
        "share_cap",
        "stock_target",
        "min_suppliers",
    ]


def test_the_hash_is_that_of_the_content(depot_data: Data) -> None:
    problem = parse(depot_data)
    depot_data["offers"][0]["price"] = "0.1 USD/kg"
    assert parse(depot_data).hash == problem.hash
    depot_data["offers"][0]["price"] = 100.5
    assert parse(depot_data).hash != problem.hash
    assert len(problem.hash) == 64


def test_units_give_the_same_problem_as_bare_numbers(depot_data: Data) -> None:
    bare = parse(depot_data)
    depot_data["lanes"][0] |= {"freight": "0.01 USD/kg", "tariff": "25 %", "loss": "10 %"}
    depot_data["stockpiles"][0] |= {"opening": "10,000 kg", "decay": "10 %/yr"}
    assert parse(depot_data) == bare


def test_a_problem_is_frozen(depot: Problem) -> None:
    with pytest.raises(ValidationError):
        depot.name = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        depot.offers[0].price = None  # type: ignore[misc]


def test_a_problem_built_directly_says_what_is_wrong_in_the_same_words(depot_data: Data) -> None:
    depot_data["offers"][0]["commodity"] = "metl"
    with pytest.raises(ValidationError) as direct:
        Problem.model_validate(depot_data)
    with pytest.raises(InputError) as parsed:
        parse(depot_data)
    assert str(parsed.value) in str(direct.value)


def test_nodes_are_the_periods_of_one_branch(depot: Problem) -> None:
    assert [node.id for node in depot.nodes] == ["2026", "2027"]
    assert [node.parent for node in depot.nodes] == [None, "2026"]


def test_tables_are_the_fields_that_hold_records() -> None:
    assert set(TABLES) < set(Problem.model_fields)
    assert "buyers" not in TABLES
    for table in TABLES:
        assert Problem.model_fields[table].default in ((), ...) or table == "commodities"
    assert {"id", "source", "assumption"} == set(Record.model_fields)


def test_names_are_those_the_problem_gives(depot_data: Data) -> None:
    depot_data["commodities"][0]["name"] = "some metal"
    depot_data["groups"] = {"partners": ["AUS"]}
    names = parse(depot_data).names
    assert names.commodity("metal") == "some metal"
    assert names.commodity("slag") == "slag"
    assert names.who("partners") == "the group partners"


def test_a_copy_forgets_what_the_old_fields_came_to(every_rule: Problem) -> None:
    assert every_rule.realised.rules == every_rule.rules
    freed = every_rule.model_copy(update={"rules": ()})
    assert freed.realised.rules == ()
    assert freed.hash != every_rule.hash
