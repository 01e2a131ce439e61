"""Pictures: what is drawn are the numbers of the curve."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest

from instances.errors import InputError
from optimizer import front, frontier

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


@pytest.fixture(autouse=True)
def _paper() -> None:
    """Draw on paper: there may be no screen."""
    mpl.use("agg")


def test_a_frontier_shows_its_vertices_and_kinks(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    """G1: kinks at 20 % (8,150 USD) and 70 % (5,900 USD), ends at 15,150 and 5,000 USD."""
    cap = rule("share_cap", of="CHN", max_share=0.5, denominator="demand", id="cap")
    axes = frontier(three_sellers(cap), rule="cap").plot()
    line, dots = axes.lines
    assert line.get_xdata() == pytest.approx([0, 20, 70, 100])
    assert line.get_ydata() == pytest.approx([0.01515, 0.00815, 0.0059, 0.005])
    assert dots.get_xdata() == pytest.approx([20, 70])
    assert axes.get_xlabel() == "rules[cap].max_share (%)"
    assert axes.get_ylabel() == "least cost (million USD)"


def test_a_field_is_drawn_in_its_unit(three_sellers: Callable[..., Problem]) -> None:
    """G1 without a rule buys at 50 USD/t, as far as China's 200 t/yr reach."""
    curve = frontier(three_sellers(), path="demand[us].quantity", low=50, high=150)
    axes = curve.plot()
    assert axes.get_xlabel() == "demand[us].quantity (t/yr)"
    assert axes.lines[0].get_ydata() == pytest.approx([0.0025, 0.0075])
    assert "To 150 t/yr: 7,500 USD; costs 50 USD a t/yr" in curve.summary()


def test_a_front_shows_its_points(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    """Every point is drawn, on the axes that are given."""
    from matplotlib import pyplot

    _, given = pyplot.subplots()
    found = front(three_sellers(), "concentration")
    axes = found.plot(given)
    assert axes is given
    assert axes.lines[0].get_ydata() == pytest.approx([point.at for point in found.points])


def test_without_matplotlib_the_remedy_is_told(
    three_sellers: Callable[..., Problem],
    rule: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.5, denominator="demand", id="cap")
    curve = frontier(three_sellers(cap), rule="cap")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match="pictures"):
        curve.plot()
