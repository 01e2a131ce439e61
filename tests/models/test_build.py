"""The table of contents: every rule family stands on both floors; any problem has a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.rules import RULES
from models import build
from models.build import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def test_every_rule_family_has_constraints() -> None:
    assert set(FAMILIES) == set(RULES)


@pytest.mark.parametrize("family", RULES, ids=lambda family: family.__name__)
def test_a_family_has_one_name_on_both_floors(family: Any) -> None:
    name = family.model_fields["kind"].default
    assert family.__module__ == f"instances.rules.{name}"
    assert FAMILIES[family].__module__ == f"models.{name}"


def test_rows_of_other_families_do_not_depend_on_which_are_there(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="demand")
    floor = rule("share_floor", id="floor", of="AUS", min_share=0.1, denominator="demand")
    alone, both = build(three_sellers(cap)), build(three_sellers(cap, floor))
    assert str(next(iter(alone.model.share_cap_of_demand.values())).expr) == str(
        next(iter(both.model.share_cap_of_demand.values())).expr
    )
    assert len(alone.model.share_floor_of_demand) == 0
    assert len(both.model.share_floor_of_demand) == 1


def test_a_problem_without_offers_demand_or_rules_has_a_model(
    problem_of: Callable[..., Problem],
) -> None:
    frame = build(problem_of())
    assert all(len(index) == 0 for index in frame.constraints.values())
    assert all(len(index) == 0 for index in frame.variables.values())


def test_a_rule_has_rows_only_where_it_holds(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule(
        "share_cap",
        of="CHN",
        max_share={2027: 0.5},
        denominator="demand",
        end="2029-01-01",
    )
    periods = {"start": "2026-01-01", "count": 4, "length": "1 yr"}
    frame = build(three_sellers(cap, periods=periods))
    assert frame.constraints["share_cap_of_demand"].column("node") == ["2027", "2028"]
