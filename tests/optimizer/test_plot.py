"""Pictures of a result: what is drawn are its numbers, in the colours of the page."""

from __future__ import annotations

import sys
from itertools import combinations
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest

from instances.errors import InputError, NoPlan
from optimizer import Result, solve
from optimizer.plot.colours import CHINA, HUES, OTHER, palette
from optimizer.plot.cost import spending
from optimizer.plot.flows import flows_of
from optimizer.plot.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.problem import Problem


@pytest.fixture(autouse=True)
def _paper() -> Iterator[None]:
    """Draw on paper: there may be no screen."""
    mpl.use("agg")
    yield
    from matplotlib import pyplot

    pyplot.close("all")


@pytest.fixture(scope="module")
def halved(three_sellers: Callable[..., Problem], rule: Callable[..., Any]) -> Result:
    """Return G1 with half from China: 50 t from China, 30 from Australia, 20 from Kazakhstan."""
    cap = rule("share_cap", of="CHN", max_share=0.5, denominator="demand", id="cap")
    return solve(three_sellers(cap))


def _bars(axes: Any) -> list[tuple[float, float, float, float]]:
    """Return left edge, lower end, width and height of every bar."""
    return [
        (bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height())
        for bar in axes.patches
        if hasattr(bar, "get_width")
    ]


def test_suppliers_are_stacked_with_china_lowest(halved: Result) -> None:
    axes = halved.plot.suppliers()
    assert [low for _, low, _, _ in _bars(axes)] == pytest.approx([0, 50, 80])
    assert [height for *_, height in _bars(axes)] == pytest.approx([50, 30, 20])
    assert axes.containers[0].patches[0].get_facecolor() == mpl.colors.to_rgba(CHINA)
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    # as they are stacked
    assert names == ["Kazakhstan", "Australia", "China"]
    assert axes.get_ylabel() == "t"
    assert axes.get_title(loc="left") == "Who supplies us?"


def test_costs_add_up_to_the_objective(halved: Result) -> None:
    """50 t at 50, 30 t at 80 and 20 t at 95 USD/t: 6,800 USD."""
    axes = halved.plot.cost()
    assert axes.get_ylabel() == "thousand USD"
    assert sum(height for *_, height in _bars(axes)) == pytest.approx(6.8)


def test_costs_of_a_tree_add_up_to_what_is_expected(every_branch: Problem) -> None:
    result = solve(every_branch)
    sums = spending(Sight.of(result))
    total = sum(usd for of in sums.values() for usd in of.values())
    assert total == pytest.approx(result.verdict.risks["expected"])


def test_the_merit_order_is_by_price_and_as_wide_as_what_is_for_sale(halved: Result) -> None:
    axes = halved.plot.merit_order()
    bars = _bars(axes)
    # China has 150 t left over but is shut out: 25 t more than the need is shown of it; Australia
    # is sold out; of Kazakhstan 30 t are left
    assert [height for *_, height in bars] == pytest.approx([50, 50, 80, 80, 95, 95])
    assert [width for _, _, width, _ in bars] == pytest.approx([50, 75, 30, 0, 20, 25])
    names = [text.get_text() for text in axes.texts]
    assert "China » 150 t left" in names
    # beyond the 125 t that are shown of China the axis has no tonnes to read
    assert max(axes.get_xticks()) <= 125
    assert axes.get_xlabel() == "t in 2026"
    assert axes.lines[0].get_xdata()[0] == 100


def test_as_much_leaves_a_place_as_comes_in(every_rule: Problem) -> None:
    result = solve(every_rule)
    drawn = 0
    for commodity in result.problem.commodities:
        flows = flows_of(Sight.of(result, commodity.id))
        places = {flow.end for flow in flows if flow.end[0] == "place"}
        for place in places:
            into = sum(flow.tonnes for flow in flows if flow.end == place)
            out = sum(flow.tonnes for flow in flows if flow.start == place)
            assert into == pytest.approx(out), (commodity.id, place)
            drawn += 1
        assert all(flow.tonnes >= 0 for flow in flows)
    assert drawn > 3


def test_flows_lead_from_the_seller_to_the_use(halved: Result) -> None:
    found = {(flow.start[1], flow.end[1]): flow.tonnes for flow in flows_of(Sight.of(halved))}
    wanted = {("CHN", "USA"): 50, ("AUS", "USA"): 30, ("KAZ", "USA"): 20}
    assert {key: found[key] for key in wanted} == pytest.approx(wanted)
    assert found["USA", "civil demand"] == pytest.approx(100)
    texts = [text.get_text() for text in halved.plot.flows().texts]
    assert "China  50 t" in texts


def test_the_map_joins_countries_by_lines_as_wide_as_the_tonnes(halved: Result) -> None:
    axes = halved.plot.map()
    lines = {line.get_label(): line for line in axes.patches}
    # 50 t, 30 t and 20 t: the widest is 7 points
    widths = {"CHN USA": 7, "AUS USA": 4.2, "KAZ USA": 2.8}
    assert {name: line.get_linewidth() for name, line in lines.items()} == pytest.approx(widths)
    for name, line in lines.items():
        colour = mpl.colors.to_rgba(palette(halved).of(name[:3]), 0.85)
        assert line.get_edgecolor() == pytest.approx(colour), name
    land = {shape.get_label(): shape.get_facecolor()[0] for shape in axes.collections}
    assert tuple(land["CHN"]) == pytest.approx(mpl.colors.to_rgba(CHINA, 0.55))
    assert len(land) == 176
    assert {text.get_text() for text in axes.texts} >= {"China", "Australia", "United States"}
    assert "loaded in 2026: colour by origin, width by tonnes, 100 t in all" in " ".join(
        text.get_text().replace("\n", " ") for text in axes.texts
    )


def test_names_on_the_map_do_not_cover_one_another(every_rule: Problem) -> None:
    axes = solve(every_rule).plot.map()
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts if text.get_ha() == "center"]
    assert len(boxes) > 1
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def test_cover_shows_what_is_held_and_what_is_asked_for(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    """73 days of 100 t/yr are 20 t."""
    store = {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 6}
    target = rule("stock_target", id="cover", stockpile="vault", cover_days=73)
    axes = solve(three_sellers(target, stockpiles=[store])).plot.cover()
    lines = {line.get_label(): line for line in axes.lines}
    assert lines["vault"].get_ydata() == pytest.approx([73])
    assert lines["vault, target"].get_ydata() == pytest.approx([73])
    assert "days" in axes.get_ylabel()


def test_all_pictures_stand_on_one_sheet(every_branch: Problem) -> None:
    result = solve(every_branch)
    figure = result.plot.all(branch="banned")
    assert len(figure.axes) == 6
    figure.canvas.draw()
    # the cost is that of all scenarios
    texts = [" ".join(text.get_text() for text in axes.texts) for axes in figure.axes]
    assert ["scenario banned" in text for text in texts] == [True, True, False, True, True, True]


def test_what_is_not_there_is_said(halved: Result) -> None:
    with pytest.raises(InputError, match="metal"):
        halved.plot.suppliers("metall")
    with pytest.raises(InputError, match="period"):
        halved.plot.merit_order(period="1999")
    with pytest.raises(InputError, match="branch"):
        halved.plot.cover(branch="bad")


def test_without_a_plan_nothing_is_drawn(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    result = solve(problem_of(offers=[offer("AUS", 10, 30)], demand=[need(100)]))
    with pytest.raises(NoPlan, match="infeasible"):
        result.plot.suppliers()


def test_without_matplotlib_the_remedy_is_told(
    halved: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match="pictures"):
        halved.plot.cost()


def test_names_that_look_like_formulas_are_drawn_as_they_stand(
    three_sellers: Callable[..., Problem],
) -> None:
    goods = [{"id": "metal", "name": "$x^2$ <b>", "stage": "metal", "basis": "product"}]
    axes = solve(three_sellers(commodities=goods)).plot.suppliers()
    axes.figure.canvas.draw()
    assert r"\$x^2\$ <b>" in axes.texts[0].get_text()


def test_the_greatest_supplier_at_home_at_a_hue_has_it(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    codes = ["BOL", "AUS", "CHN", "ITA", "XAB", "XAC", "USA"]
    # 2 t of each from the cheapest on: 6 t at 1 USD/t, 2 t at 2 and the last of 9 t at 3
    prices = dict(zip(codes, (9, 1, 1, 8, 2, 3, 1), strict=True))
    offers = [offer(code, prices[code], 2) for code in codes]
    own = [{"id": code, "name": code} for code in ("XAB", "XAC")]
    found = palette(solve(problem_of(offers=offers, demand=[need(9)], countries=own)))
    # all three are at home at the first hue, and only Australia sells any
    assert found.of("AUS") == HUES[0]
    assert found.of("BOL") == found.of("ITA") == OTHER
    assert found.of("USA") == HUES[1]
    # places without a home take what is left, the greater supplier first
    assert (found.of("XAB"), found.of("XAC")) == (HUES[2], HUES[3])
    assert found.of("CHN") == CHINA
    # stacked in the order of the records
    assert found.order == ("CHN", "AUS", "XAB", "XAC", "USA")
