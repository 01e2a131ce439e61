"""The pictures as pure functions: what they draw adds up to what the result says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

import instances
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from instances.problem import Problem

CHROMIUM = "/usr/bin/chromium"
DRAWN = """async ([result, seen]) => {
  const { viewOf } = await import('/page/js/view.js');
  const { PICTURES } = await import('/page/js/charts/all.js');
  const view = viewOf(result, seen);
  const look = { ink: '#000000', muted: '#555555', line: '#dddddd', paper: '#ffffff', width: 460,
    accent: '#0000ff', alarm: '#ff0000' };
  const ready = PICTURES.filter(one => (!one.job || view.found[one.job.kind]) && one.has(view));
  return Object.fromEntries(ready.map(one => [one.title, JSON.parse(JSON.stringify({
    subtitle: one.subtitle(view), ...one.option(view, look) }))]));
}"""


@pytest.fixture(scope="module")
def page(server: Any) -> Iterator[Page]:
    """A page of the server, whose modules are called with results."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{server.url}/page/vendor/README.md")
        yield page
        browser.close()


def drawn(page: Page, problem: Problem, **seen: Any) -> dict[str, Any]:
    """Return the options of all pictures by title."""
    options: dict[str, Any] = page.evaluate(DRAWN, [solve(problem).to_plain(), seen])
    return options


def heights(option: dict[str, Any]) -> float:
    return sum(sum(series["data"]) for series in option["series"])


@pytest.mark.parametrize(("name", "good"), [("gallium-usa", "gallium"), ("farmer", "wheat")])
def test_what_is_paid_adds_up_to_the_objective(page: Page, name: str, good: str) -> None:
    problem = instances.load(name)
    options = drawn(page, problem, good=good)
    # a node of a tree counts with its probability
    assert heights(options["What are we paying for?"]) == pytest.approx(
        solve(problem).objective, rel=1e-9
    )
    assert "add up to the total" in options["What are we paying for?"]["subtitle"]


def test_supply_and_merit_order_show_the_tonnes_that_are_bought(page: Page) -> None:
    problem = instances.load("gallium-usa")
    result = solve(problem)
    options = drawn(page, problem, good="gallium", year="2028")
    assert heights(options["Who supplies us?"]) == pytest.approx(
        result.purchases["bought_t"].sum()
    )
    offers = result.offers[result.offers["node"] == "2028"].sort_values("landed_usd_per_t")
    merit = options["Who is next in line?"]
    bars = merit["series"][0]["data"]
    # USD/kg, the cheapest first; the line stands at what is needed
    assert [usd for _, usd in bars] == pytest.approx((offers["landed_usd_per_t"] / 1000).tolist())
    assert merit["series"][0]["markLine"]["data"] == [{"xAxis": 19.0}]
    assert merit["yAxis"]["min"] == 0


def test_the_cover_is_drawn_with_its_target_and_what_is_missing(
    page: Page, cover_problem: Problem
) -> None:
    option = drawn(page, cover_problem, good="metal")["How long could we hold out?"]
    series = {item["name"]: item["data"] for item in option["series"]}
    # 10 t of 100 t a year are 36.5 days, 60 are asked for
    assert series["vault"] == pytest.approx([36.5])
    assert series["vault, target"] == pytest.approx([60.0])
    assert series["vault, missing"] == pytest.approx([23.5])
    assert option["yAxis"]["min"] == 0


@pytest.fixture
def cover_problem(problem_of: Any, offer: Any, need: Any, rule: Any) -> Problem:
    """A vault of at most 10 t and a target of 60 days whose miss costs more than the metal."""
    target = {"id": "cover", "kind": "stock_target", "stockpile": "vault", "cover_days": 60}
    store = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 10, "capacity": 10}
    problem: Problem = problem_of(
        offers=[offer("AUS", 80, 100)],
        demand=[need(100, 400)],
        stockpiles=[store],
        rules=[target | {"penalty": 200}],
    )
    return problem


def test_the_tornado_labels_both_ends_with_solves_of_their_own(page: Page) -> None:
    bars = [
        {
            "axis": "demand[*].quantity*=",
            "low": 0.9,
            "high": 1.1,
            "low_change_usd": -3e6,
            "high_change_usd": None,
        }
    ]
    seen = {"good": "gallium", "found": {"sweep": {"bars": bars}}}
    option = drawn(page, instances.load("gallium-usa"), **seen)["What would change the answer?"]
    low, high = option["series"]
    assert option["yAxis"]["data"] == ["All demand"]
    assert (low["data"][0]["value"], low["data"][0]["label"]["formatter"]) == (-3e6, "−3")
    assert high["data"][0]["label"]["formatter"] == "no plan"


def test_the_frontier_marks_this_run_and_shades_what_is_not_possible(page: Page) -> None:
    vertices = [{"value": 0.2, "objective_usd": 5e6}, {"value": 1.0, "objective_usd": 4e6}]
    curve = {
        "path": "rules[cn-cap].max_share",
        "unit": "fraction",
        "low": 0.0,
        "high": 1.0,
        "exact": True,
        "impossible_below": 0.2,
        "impossible_above": None,
        "vertices": vertices,
    }
    flat = instances.apply(instances.load("gallium-usa"), ["rules[cn-cap].max_share=0.6"])
    cost = solve(flat).objective
    option = drawn(page, flat, good="gallium", found={"frontier": curve})
    line, run = option["What does a tighter cap cost?"]["series"]
    assert line["data"] == [[20, 5e6], [100, 4e6]]
    assert line["markArea"]["data"] == [[{"name": "not possible", "xAxis": 0}, {"xAxis": 20}]]
    assert run["data"] == [[60, pytest.approx(cost)]]
    by_date = drawn(page, instances.load("gallium-usa"), good="gallium", found={"frontier": curve})
    # a limit that changes with the years has no place on the axis: its cost is a line across
    _, across = by_date["What does a tighter cap cost?"]["series"]
    assert [at for at, _ in across["data"]] == [0, 100]
