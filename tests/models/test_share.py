"""What a share counts: the unit of value, demand in scope, and members by basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models import build
from models.rows import RuleRows, demand_of
from models.share import row_unit, share_rows, unit_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def test_value_is_counted_in_the_mean_price(three_sellers: Callable[..., Problem]) -> None:
    # (50 + 80 + 95) / 3 = 75 USD/t
    assert unit_value(three_sellers(), ("metal",)) == pytest.approx(75)


def test_value_of_what_has_no_price_is_counted_in_dollars(
    problem_of: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    assert unit_value(problem_of(offers=[offer("CHN", 0)]), ("metal",)) == 1


def test_only_rows_by_value_count_in_dollars(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("share_cap", of="CHN", max_share=0.5, denominator="value"),
        rule("share_cap", id="supply", of="CHN", max_share=0.5, denominator="supply"),
    )
    assert [row_unit(problem, row) for row in share_rows(RuleRows(problem))] == pytest.approx(
        [75, 1]
    )


def test_demand_is_that_of_the_buyers_and_class_in_the_period(
    three_sellers: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    cap = {"of": "CHN", "max_share": 0.5, "denominator": "demand"}
    problem = three_sellers(
        rule("share_cap", **cap),
        rule("share_cap", id="japan", buyers=["JPN"], **cap),
        rule("share_cap", id="army", demand_class="defence", **cap),
        demand=[
            need(10, 400),
            need(20, 400, id="army", demand_class="defence"),
            need(40, 400, id="jp", country="JPN"),
        ],
        periods={"start": "2026-01-01", "count": 1, "length": "2 yr"},
    )
    rows = share_rows(RuleRows(problem))
    # all: 70 t/yr over two years; Japan's 40 t/yr; the army's 20 t/yr
    assert [demand_of(problem, row) for row in rows] == pytest.approx([140, 80, 40])


@pytest.mark.parametrize(
    ("scope", "bought", "delivered", "stored"),
    [
        ({"denominator": "demand"}, 1, 0, 0),
        ({"denominator": "supply", "buyers": ["USA"]}, 0, 1, 1),
        ({"denominator": "deliveries"}, 0, 1, 0),
        ({"denominator": "demand", "counts_fill": False}, 0, 1, 0),
        ({"denominator": "value"}, 1, 0, 0),
    ],
    ids=["bought", "received", "delivered", "not-filled", "value"],
)
def test_a_share_counts_where_its_scope_says(
    three_sellers: Callable[..., Problem],
    rule: Callable[..., Any],
    scope: dict[str, Any],
    bought: int,
    delivered: int,
    stored: int,
) -> None:
    vault = {"id": "vault", "commodity": "metal", "country": "USA"}
    cap = rule("share_cap", of="CHN", max_share=0.5, counts_unknown=False, **scope)
    model = build(three_sellers(cap, stockpiles=[vault])).model
    head = ("rule", "CHN", "metal")
    assert len(model.COUNTED_BOUGHT[head]) == bought
    assert len(model.COUNTED_DELIVERED[head]) == delivered
    assert len(model.COUNTED_STORED[head]) == stored


@pytest.mark.parametrize(("counts", "tags"), [(True, ["CHN", "unknown"]), (False, ["CHN"])])
def test_lots_of_unknown_seller_count_as_the_rule_says(
    three_sellers: Callable[..., Problem],
    rule: Callable[..., Any],
    counts: bool,
    tags: list[str],
) -> None:
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 5}
    cap = rule(
        "share_cap", of="CHN", max_share=0.5, denominator="deliveries", counts_unknown=counts
    )
    model = build(three_sellers(cap, stockpiles=[vault])).model
    assert sorted(tag for _, tag in model.COUNTED_DELIVERED["rule", "CHN", "metal"]) == tags
