"""Morris and Sobol on a market whose least cost is known in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import load, parse
from instances.errors import InputError
from optimizer.sweep import influence, parse_range, screen, sweep

if TYPE_CHECKING:
    from optimizer.sweep.design import Analysis


def _linear() -> Any:
    """100 t of a at 50 and 10 t of b at 20 USD/t: the cost is 100 a + 10 b."""
    return parse(
        {
            "name": "two-metals",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": name, "stage": "metal", "basis": name} for name in "ab"],
            "offers": [
                {"id": f"o{name}", "supplier": name, "country": "AUS", "commodity": name}
                | {"price": price}
                for name, price in (("a", 50), ("b", 20))
            ],
            "demand": [
                {"id": f"d{name}", "commodity": name, "country": "USA", "quantity": tonnes}
                for name, tonnes in (("a", 100), ("b", 10))
            ],
        }
    )


def _screened(method: Analysis, count: int) -> Any:
    problem = _linear()
    texts = ("offers[ob].price=uniform(10, 30)", "offers[oa].price=uniform(40, 60)")
    ranges = [parse_range(text, problem) for text in texts]
    outcome = sweep(problem, screen(ranges, count, method, 7), workers=1)
    return influence(outcome).set_index("axis")


def test_elementary_effects_of_a_linear_cost_are_its_slopes() -> None:
    # over 98 % of a range of 20 USD/t: 100 t x 19.6 = 1,960 USD and 10 t x 19.6 = 196 USD
    table = _screened("morris", 6)
    assert table.index[0] == "offers[oa].price"
    assert table["mean_usd"].tolist() == pytest.approx([1960, 196])
    assert table["mean_size_usd"].tolist() == pytest.approx([1960, 196])
    assert table["deviation_usd"].tolist() == pytest.approx([0, 0], abs=1e-6)


def test_shares_of_variance_of_a_linear_cost_are_those_of_its_terms() -> None:
    # variances are as 100^2 to 10^2: 1 / 1.01 and 0.01 / 1.01 of the whole
    table = _screened("sobol", 128)
    assert table["total"].tolist() == pytest.approx([1 / 1.01, 0.01 / 1.01], abs=0.02)
    assert table["first_order"].tolist() == pytest.approx([1 / 1.01, 0.01 / 1.01], abs=0.05)


def test_points_without_a_plan_are_told() -> None:
    problem = load("gallium-usa")
    ranges = [parse_range("rules[ga-cover].cover_days=uniform(100, 36000)", problem)]
    outcome = sweep(problem, screen(ranges, 4, "morris", 0), workers=1)
    with pytest.raises(InputError, match="points without a plan"):
        influence(outcome)
    assert outcome.influence is None
    assert "cannot be told" in outcome.summary()


def test_listed_axes_are_refused() -> None:
    problem = load("gallium-usa")
    ranges = [parse_range("rules[ga-cover].cover_days=60,90", problem)]
    with pytest.raises(InputError, match="listed, not drawn"):
        screen(ranges, 4, "sobol", 0)
