from __future__ import annotations

from typing import Any

import pytest

from instances.directory import Party
from instances.facility import Facility
from instances.keep import keeps
from instances.problem import Problem
from instances.supply import Offer
from instances.tags import (
    Keep,
    Tag,
    Tagging,
    belongs,
    carrier_of,
    class_of,
    made_tag,
    offer_tag,
    opening_tag,
    read_tag,
    recycled_tag,
)

Data = dict[str, Any]
CHINA = Party("CHN", frozenset({"CHN"}))
AUSTRALIA = Party("AUS", frozenset({"AUS"}))
FEOC = Party("feoc", frozenset({"CHN", "RUS"}))
RED = Party("Red", frozenset(), "Red")
NOTHING = Keep()
COUNTRY = Keep(Tagging.COUNTRY)
SUPPLIER = Keep(Tagging.SUPPLIER)
ORE = Keep(ore=True)
TOUCHED = Keep(touched={"feoc": FEOC})
ALL = Keep(Tagging.SUPPLIER, True, {"feoc": FEOC})


def offer(**fields: Any) -> Offer:
    """Return an offer of Red in China."""
    data = {"id": "cn", "supplier": "Red", "country": "CHN", "commodity": "metal", "price": 1}
    return Offer.model_validate(data | fields)


def facility(**process: Any) -> Facility:
    """Return a facility in Malaysia."""
    recipe = {"id": "step", "inputs": {"ore": 1}, "outputs": {"metal": 1}} | process
    return Facility.model_validate({"id": "lamp", "country": "MYS", "processes": [recipe]})


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
    kept = keeps(problem)
    assert {name: keep.seller for name, keep in kept.items()} == {
        "metal": tagging,
        "ore": Tagging.NONE,
    }
    assert kept["ore"].nothing
    assert not kept["metal"].ore
    assert not kept["metal"].touched


def test_the_finest_tag_that_any_rule_needs_wins(trade_data: Data) -> None:
    rule = {"kind": "share_cap", "commodity": "metal", "max_share": 1, "denominator": "deliveries"}
    red = {"id": "red", "of": "Red"} | rule
    china = {"id": "china", "of": "CHN"} | rule
    for rules in ([red, china], [china, red]):
        problem = Problem.model_validate({**trade_data, "rules": rules})
        assert keeps(problem)["metal"].seller is Tagging.SUPPLIER


@pytest.mark.parametrize(
    ("origin", "ore", "labels"), [("traced", True, set()), ("touched", False, {"CHN"})]
)
def test_what_is_asked_of_a_commodity_is_asked_of_what_it_is_made_from(
    trade_data: Data, origin: str, ore: bool, labels: set[str]
) -> None:
    for name in ("ore", "acid", "scrap"):
        trade_data["commodities"].append({"id": name, "stage": "mine", "basis": "product"})
    site = facility(inputs={"acid": 1, "ore": 2}, carrier="ore", outputs={"metal": 1})
    trade_data["facilities"] = [site.model_dump()]
    rule = {
        "id": "cap",
        "kind": "share_cap",
        "of": "CHN",
        "commodity": "metal",
        "max_share": 1,
        "denominator": "demand",
        "origin": origin,
    }
    kept = keeps(Problem.model_validate({**trade_data, "rules": [rule]}))
    for name in ("metal", "ore"):
        assert kept[name].ore is ore
        assert set(kept[name].touched or ()) == labels
    # only the carrier passes its ore on; any input may have been touched
    assert not kept["acid"].ore
    assert set(kept["acid"].touched or ()) == labels
    assert kept["scrap"].nothing


def test_a_tag_names_what_is_kept_of_an_offer() -> None:
    assert offer_tag(NOTHING, offer()) == "any"
    assert offer_tag(COUNTRY, offer()) == "CHN"
    assert offer_tag(SUPPLIER, offer()) == "CHN/Red"
    assert offer_tag(ORE, offer()) == "ore:CHN"
    assert offer_tag(ORE, offer(ore="AUS")) == "ore:AUS"
    assert offer_tag(TOUCHED, offer()) == "touched:feoc"
    assert offer_tag(TOUCHED, offer(country="AUS")) == "clean"
    assert offer_tag(TOUCHED, offer(country="AUS", ore="RUS")) == "touched:feoc"
    assert offer_tag(TOUCHED, offer(country="AUS", via=["CHN"])) == "touched:feoc"
    assert offer_tag(ALL, offer(ore="AUS")) == "CHN/Red;ore:AUS;touched:feoc"


@pytest.mark.parametrize("name", ["Red;Blue", "Red/Blue", "50 % Red", "ore:AUS"])
def test_a_suppliers_name_may_hold_any_sign(name: str) -> None:
    tag = offer_tag(ALL, offer(supplier=name))
    assert belongs(tag, Party(name, frozenset(), name))
    assert belongs(tag, CHINA)
    assert read_tag(tag).ore == "CHN"


def test_opening_stock_is_unknown_where_nothing_is_stated() -> None:
    assert opening_tag(NOTHING, None, None) == "any"
    assert opening_tag(NOTHING, "CHN", "CHN") == "any"
    assert opening_tag(COUNTRY, "CHN", None) == "CHN"
    for keep in (COUNTRY, SUPPLIER, ORE, TOUCHED, ALL):
        assert opening_tag(keep, None, None) == "unknown"
    assert opening_tag(ORE, "CHN", None) == "ore:unknown"
    assert opening_tag(COUNTRY, None, "AUS") == "unknown"
    assert opening_tag(TOUCHED, "CHN", None) == "touched:feoc"
    # known to be Australian so far, but not through whose hands it went
    assert opening_tag(TOUCHED, "AUS", "AUS") == "unsure:feoc"


def test_opening_stock_of_a_country_is_that_countrys_but_no_suppliers() -> None:
    tag = opening_tag(SUPPLIER, "CHN", None)
    assert belongs(tag, CHINA)
    assert not belongs(tag, RED)


def test_what_is_recycled_has_no_ore_and_is_touched_there_alone() -> None:
    assert recycled_tag(NOTHING, "USA") == "any"
    assert recycled_tag(COUNTRY, "USA") == "USA"
    assert recycled_tag(ORE, "USA") == "ore:recycled"
    assert recycled_tag(TOUCHED, "USA") == "clean"
    assert recycled_tag(TOUCHED, "CHN") == "touched:feoc"


def test_what_is_made_is_the_makers_with_the_ore_of_its_carrier() -> None:
    site = facility()
    assert made_tag(NOTHING, site, "any", ["any"]) == "any"
    assert made_tag(COUNTRY, site, "any", ["any"]) == "MYS"
    assert made_tag(SUPPLIER, site, "any", ["any"]) == "MYS/lamp"
    assert made_tag(ORE, site, "ore:AUS", ["ore:AUS"]) == "ore:AUS"
    assert made_tag(ORE, site, "unknown", ["unknown"]) == "ore:unknown"
    # a mine's ore is its country's
    assert made_tag(ORE, site, None, []) == "ore:MYS"


def test_one_touched_input_touches_what_is_made() -> None:
    site = facility()
    assert made_tag(TOUCHED, site, "clean", ["clean", "clean"]) == "clean"
    assert made_tag(TOUCHED, site, "clean", ["clean", "touched:feoc"]) == "touched:feoc"
    assert made_tag(TOUCHED, site, "clean", ["clean", "unknown"]) == "unsure:feoc"
    assert made_tag(TOUCHED, site, "unknown", ["unknown", "touched:feoc"]) == "touched:feoc"


def test_the_carrier_is_the_first_input_unless_stated() -> None:
    assert carrier_of(facility().processes[0]) == "ore"
    two = {"inputs": {"acid": 1, "ore": 1}}
    assert carrier_of(facility(**two).processes[0]) == "acid"
    assert carrier_of(facility(**two, carrier="ore").processes[0]) == "ore"
    assert carrier_of(facility(inputs={}).processes[0]) is None


def test_a_class_is_what_an_output_can_inherit() -> None:
    tag = "CHN/Red;ore:AUS;touched:feoc;touched:x"
    assert class_of(tag, ore=False, touched=[]) == "any"
    assert class_of(tag, ore=True, touched=[]) == "ore:AUS"
    assert class_of(tag, ore=False, touched=["feoc"]) == "touched:feoc"
    assert class_of(tag, ore=False, touched=["y"]) == "clean"
    assert class_of("unknown", ore=True, touched=[]) == "unknown"


def test_a_tag_is_read_back_as_written() -> None:
    tag = Tag("CHN/Red", "AUS", frozenset({"a", "b"}), frozenset({"c"}))
    assert str(tag) == "CHN/Red;ore:AUS;touched:a;touched:b;unsure:c"
    assert read_tag(str(tag)) == tag


@pytest.mark.parametrize(
    ("tag", "china", "red"),
    [
        ("CHN", True, False),
        ("AUS", False, False),
        ("CHN/Red", True, True),
        ("CHN/Blue", True, False),
        ("AUS/Red", False, True),
        ("any", False, False),
        ("unknown", None, None),
    ],
)
def test_a_lot_belongs_to_who_sold_it(tag: str, china: bool | None, red: bool | None) -> None:
    assert belongs(tag, CHINA) is china
    assert belongs(tag, RED) is red


@pytest.mark.parametrize(
    ("tag", "traced", "touched"),
    [
        ("AUS;ore:CHN", True, False),
        ("CHN;ore:AUS;touched:feoc", False, True),
        ("AUS;ore:unknown;unsure:feoc", None, None),
        ("clean", False, False),
        ("unknown", None, None),
    ],
)
def test_a_lot_is_traced_by_its_ore_and_touched_by_any_step(
    tag: str, traced: bool | None, touched: bool | None
) -> None:
    assert belongs(tag, FEOC, "traced") is traced
    assert belongs(tag, FEOC, "touched") is touched
    assert belongs(tag, AUSTRALIA, "traced") is (None if traced is None else "ore:AUS" in tag)
