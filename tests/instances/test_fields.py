from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instances.facility import Facility, Process
from instances.fields import base_unit, fields_of, holds_map, holds_schedule, labels, part_of, step
from instances.network import Demand, ShortfallTier
from instances.periods import Periods, Stretch
from instances.problem import Problem
from instances.rules import ShareCap, StockTarget
from instances.rules.share_scope import EachParty
from instances.supply import Offer, Tranche

if TYPE_CHECKING:
    from instances.record import Part


def test_fields_are_called_as_in_files() -> None:
    assert "schema" in fields_of(Problem)
    assert list(fields_of(Tranche)) == ["price", "capacity"]


@pytest.mark.parametrize(
    ("owner", "name", "value", "kind"),
    [
        (Problem, "offers", {}, Offer),
        (Problem, "periods", {}, Periods),
        (Problem, "rules", {"kind": "stock_target"}, StockTarget),
        (Problem, "rules", {"kind": "cap"}, None),
        (Problem, "rules", 5, None),
        (Problem, "buyers", [], None),
        (Problem, "horizon", {}, None),
        (Periods, "parts", {}, Stretch),
        (Demand, "shortfall_cost", {}, ShortfallTier),
        (ShareCap, "of", {}, EachParty),
    ],
)
def test_records_inside_a_field_are_known_by_class(
    owner: type[Part], name: str, value: object, kind: type[Part] | None
) -> None:
    assert part_of(owner, name, value) is kind


@pytest.mark.parametrize(
    ("owner", "name", "unit", "varies"),
    [
        (Offer, "price", "USD/t", True),
        (Offer, "supplier", None, False),
        (Offer, "tranches", None, False),
        (Demand, "shortfall_cost", "USD/t", True),
        (ShareCap, "penalty", "USD/t", False),
        (ShareCap, "max_share", "fraction", True),
        (Periods, "count", None, False),
    ],
)
def test_fields_know_their_unit_and_whether_they_vary(
    owner: type[Part], name: str, unit: str | None, varies: bool
) -> None:
    assert base_unit(owner, name) == unit
    assert holds_schedule(owner, name) is varies


def test_records_are_called_by_id_where_it_is_one_and_unique() -> None:
    assert labels(["a", "b", "a", None, 5, "", "a b", "c.d-e_f"]) == [
        "0",
        "b",
        "2",
        "3",
        "4",
        "5",
        "6",
        "c.d-e_f",
    ]


@pytest.mark.parametrize(
    ("path", "name", "whole"),
    [
        ("", "offers", "offers"),
        ("offers[cn]", "price", "offers[cn].price"),
        ("offers[cn].price", "2030", "offers[cn].price[2030]"),
        ("offers[cn].price", "2030-07-01", "offers[cn].price[2030-07-01]"),
        ("offers[cn]", "a b", "offers[cn].'a b'"),
        ("offers[cn]", "\x1b", r"offers[cn].'\x1b'"),
    ],
)
def test_paths_are_written_one_way(path: str, name: str, whole: str) -> None:
    assert step(path, name) == whole


def test_fields_know_whether_they_hold_values_by_name() -> None:
    assert holds_map(Process, "outputs")
    assert base_unit(Process, "outputs") == "t/t"
    assert not holds_map(Process, "cost")
    assert not holds_map(Facility, "processes")
    assert part_of(Facility, "processes", {"id": "sep"}) is Process
