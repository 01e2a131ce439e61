from __future__ import annotations

from typing import Any

import pytest

from instances.directory import Party
from instances.problem import Problem
from instances.tags import Tagging, belongs, opening_tag, tag_of, taggings

Data = dict[str, Any]
CHINA = Party("CHN", frozenset({"CHN"}))
RED = Party("Red", frozenset(), "Red")


@pytest.mark.parametrize(
    ("fields", "tagging"),
    [
        # purchases know their seller without a tag
        ({"denominator": "demand"}, Tagging.NONE),
        ({"denominator": "supply", "of": "Red"}, Tagging.NONE),
        ({"denominator": "value"}, Tagging.NONE),
        # what is delivered, or received by some, does not
        ({"denominator": "deliveries"}, Tagging.COUNTRY),
        ({"denominator": "demand", "counts_fill": False}, Tagging.COUNTRY),
        ({"denominator": "demand", "buyers": ["USA"]}, Tagging.COUNTRY),
        ({"denominator": "demand", "demand_class": "civil"}, Tagging.COUNTRY),
        ({"denominator": "deliveries", "of": "Red"}, Tagging.SUPPLIER),
        ({"denominator": "deliveries", "of": "partners"}, Tagging.COUNTRY),
    ],
)
def test_lots_carry_no_more_than_a_rule_needs(
    trade_data: Data, fields: dict[str, Any], tagging: Tagging
) -> None:
    rule = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal", "max_share": 1}
    trade_data["commodities"].append({"id": "ore", "stage": "mine", "basis": "product"})
    problem = Problem.model_validate({**trade_data, "rules": [rule | fields]})
    assert taggings(problem) == {"metal": tagging, "ore": Tagging.NONE}


def test_the_finest_tag_that_any_rule_needs_wins(trade_data: Data) -> None:
    rule = {"kind": "share_cap", "commodity": "metal", "max_share": 1, "denominator": "deliveries"}
    red = {"id": "red", "of": "Red"} | rule
    china = {"id": "china", "of": "CHN"} | rule
    for rules in ([red, china], [china, red]):
        problem = Problem.model_validate({**trade_data, "rules": rules})
        assert taggings(problem)["metal"] is Tagging.SUPPLIER


def test_a_tag_names_the_seller_as_far_as_it_is_kept() -> None:
    assert tag_of(Tagging.NONE, "CHN", "Red") == "any"
    assert tag_of(Tagging.COUNTRY, "CHN", "Red") == "CHN"
    assert tag_of(Tagging.SUPPLIER, "CHN", "Red") == "CHN/Red"


def test_opening_stock_has_a_country_or_an_unknown_seller() -> None:
    assert opening_tag(Tagging.NONE, "CHN") == "any"
    assert opening_tag(Tagging.NONE, None) == "any"
    assert opening_tag(Tagging.COUNTRY, "CHN") == "CHN"
    assert opening_tag(Tagging.COUNTRY, None) == "unknown"
    assert opening_tag(Tagging.SUPPLIER, None) == "unknown"


def test_opening_stock_of_a_country_is_that_countrys_but_no_suppliers() -> None:
    tag = opening_tag(Tagging.SUPPLIER, "CHN")
    assert belongs(tag, CHINA)
    assert not belongs(tag, RED)


@pytest.mark.parametrize(
    ("tag", "china", "red"),
    [
        ("CHN", True, False),
        ("AUS", False, False),
        ("CHN/Red", True, True),
        ("CHN/Blue", True, False),
        ("AUS/Red", False, True),
        ("any", False, False),
        ("unknown", False, False),
    ],
)
def test_a_lot_belongs_to_who_sold_it(tag: str, china: bool, red: bool) -> None:
    assert belongs(tag, CHINA) is china
    assert belongs(tag, RED) is red
