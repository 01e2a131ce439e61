"""The table of rules: what binds, how far, and what there is no price for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import solve
from optimizer.rule_table import rule_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def test_a_row_binds_where_its_slack_is_nothing(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("share_cap", of="AUS", max_share={2026: 0, 2027: 0.2}, denominator="demand"),
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
    )
    table = solve(problem).rules.set_index("node")
    # Australia sells nothing beside China, in 2027 20 t less than it may
    assert table["binds"].to_dict() == {"2026": True, "2027": False}
    assert table["slack"].to_dict() == pytest.approx({"2026": 0, "2027": 20})


def test_without_duals_it_says_so(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    result = solve(three_sellers(rule("share_cap", of="CHN", max_share=0.6, denominator="demand")))
    row = rule_table(result.problem, result.verdict, None).iloc[0]
    assert row["reason"] == "the solve ended without duals"
    assert row["shadow_price_usd"] is None
    assert list(rule_table(result.problem, result.verdict, None)) == list(result.rules)


@pytest.mark.parametrize(
    ("kind", "fields", "unit", "per"),
    [
        ("share_cap", {"max_share": 0.6, "denominator": "value"}, "USD", "1.0 of share"),
        ("share_floor", {"min_share": 0.1, "denominator": "supply"}, "t", "1.0 of share"),
    ],
)
def test_slack_is_in_the_measure_of_the_row(
    three_sellers: Callable[..., Problem],
    rule: Callable[..., Any],
    kind: str,
    fields: dict[str, Any],
    unit: str,
    per: str,
) -> None:
    row = solve(three_sellers(rule(kind, of="CHN", **fields))).rules.iloc[0]
    assert row["slack_unit"] == unit
    assert row["shadow_price_per"] == per


def test_an_excess_by_value_is_in_dollars(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.4, denominator="value", penalty=0.1)
    row = solve(three_sellers(cap)).rules.iloc[0]
    # 5,000 USD are spent in China, 2,000 are allowed
    assert row["excess"] == pytest.approx(3000)
    assert row["slack_unit"] == "USD"
    assert row["binds"]
