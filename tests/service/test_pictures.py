"""The pictures as pure functions: what they draw adds up to what the result says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

import instances
from optimizer import Options, partners, solve

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


OFFERS = """async ([result, seen]) => {
  const { viewOf } = await import('/page/js/view.js');
  const { meritPicture } = await import('/page/js/charts/merit.js');
  return meritPicture.table(viewOf(result, { ...seen, places: { CHN: ['China'] } })).rows;
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
    return sum(sum(bars(series)) for series in option["series"])


def bars(series: dict[str, Any]) -> list[float]:
    """Return the heights of stacked bars; one of no height says that it has no border either."""
    return [bar["value"] if isinstance(bar, dict) else bar for bar in series["data"]]


@pytest.mark.parametrize(("name", "good"), [("gallium-usa", "gallium"), ("farmer", "wheat")])
def test_what_is_paid_adds_up_to_the_objective(page: Page, name: str, good: str) -> None:
    problem = instances.load(name)
    options = drawn(page, problem, good=good)
    # a node of a tree counts with its probability
    assert heights(options["What are we paying for?"]) == pytest.approx(
        solve(problem).objective, rel=1e-9
    )
    assert "add up to the total" in options["What are we paying for?"]["subtitle"]


@pytest.mark.deep
def test_a_legend_names_what_can_be_seen_and_the_words_say_the_rest(page: Page) -> None:
    problem = instances.load("magnets-usa")
    paying = drawn(page, problem, good="magnets")["What are we paying for?"]
    named = {series["name"] for series in paying["series"]}
    hidden = named - set(paying["legend"]["data"])
    assert hidden
    assert all(
        f"{name} " in paying["subtitle"].split("too little to be seen: ")[1] for name in hidden
    )
    # a bar as thin as its border has none
    thin = [bar for series in paying["series"] for bar in series["data"] if isinstance(bar, dict)]
    assert any(bar["value"] and bar["itemStyle"] == {"borderWidth": 0} for bar in thin)


def test_words_say_the_scenario_that_is_seen(page: Page) -> None:
    options = drawn(page, instances.load("farmer"), good="wheat", branch="poor")
    told = {title: "scenario poor" in option["subtitle"] for title, option in options.items()}
    assert told["Who supplies us?"]
    assert not told["What are we paying for?"]


def test_supply_and_merit_order_show_the_tonnes_that_are_bought(page: Page) -> None:
    problem = instances.load("gallium-usa")
    result = solve(problem)
    options = drawn(page, problem, good="gallium", year="2028")
    assert heights(options["Who supplies us?"]) == pytest.approx(
        result.purchases["bought_t"].sum()
    )
    offers = result.offers[result.offers["node"] == "2028"].sort_values("landed_usd_per_t")
    merit = options["Who is next in line?"]
    offered = merit["series"][0]["data"]
    # USD/kg, the cheapest first; the line stands at what is needed
    assert [usd for _, usd in offered] == pytest.approx(
        (offers["landed_usd_per_t"] / 1000).tolist()
    )
    assert merit["series"][0]["markLine"]["data"] == [{"xAxis": 19.0}]
    # the table has every offer whole, however short the picture cuts its bar
    rows = page.evaluate(OFFERS, [result.to_plain(), {"good": "gallium", "year": "2028"}])
    left = (offers["room_t"] - offers["bought_t"]).tolist()
    assert [row["bought, t"] for row in rows] == pytest.approx(offers["bought_t"].tolist())
    assert [row["left, t"] for row in rows if row["left, t"] != "no limit"] == pytest.approx(
        [tonnes for tonnes in left if tonnes == tonnes]
    )
    assert [row["seller"] for row in rows if row.get("shut out")] == [
        "China",
        "AUS, Alcoa Wagerup",
    ]
    assert merit["yAxis"]["min"] == 0


@pytest.mark.parametrize(
    ("units", "column"), [("supply", "share_of_supply"), ("demand", "share_of_demand")]
)
def test_supply_in_shares_is_what_the_table_of_shares_says(
    page: Page, units: str, column: str
) -> None:
    problem = instances.load("gallium-usa")
    shares = solve(problem).shares.groupby("node", sort=False)[column].sum().tolist()
    option = drawn(page, problem, good="gallium", units=units)["Who supplies us?"]
    by_year = [sum(year) for year in zip(*map(bars, option["series"]), strict=True)]
    assert by_year == pytest.approx(shares)
    assert f"% of {units}" in option["yAxis"]["name"]


def test_the_cover_is_drawn_with_its_target_and_what_is_missing(
    page: Page, cover_problem: Problem
) -> None:
    option = drawn(page, cover_problem, good="metal")["How long could we hold out?"]
    series = {item["name"]: bars(item) for item in option["series"]}
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


TOLD = """async ([result, found]) => {
  const { viewOf } = await import('/page/js/view.js');
  const { frontierPicture: picture } = await import('/page/js/charts/frontier.js');
  const view = viewOf(result, { good: 'metal', found: { frontier: found } });
  const [, run] = picture.option(view, { width: 460 }).series;
  const { caption, rows } = picture.table(view);
  return [picture.job.holds(view), picture.subtitle(view), caption, rows, run.data];
}"""


def test_a_curve_keeps_the_rule_that_it_was_traced_for(
    page: Page, problem_of: Any, offer: Any, need: Any, rule: Any
) -> None:
    """China sells at 10 USD/t and Australia at 30, to 100 t: half from each is 2,000 USD."""
    caps = {"CHN": 0.5, "AUS": 0.6}
    problem = problem_of(
        offers=[offer("CHN", 10), offer("AUS", 30)],
        demand=[need(100, 400)],
        rules=[
            rule("share_cap", of=who, max_share=most, denominator="demand") | {"id": f"cap-{who}"}
            for who, most in caps.items()
        ],
    )
    curve = {"path": "rules[cap-AUS].max_share", "unit": "fraction", "low": 0, "high": 1}
    curve |= {"exact": True, "impossible_below": None, "impossible_above": None}
    # 50 t from China, and what Australia may not sell up to 50 t is short at 400 USD/t
    points = ((0.0, 20_500), (0.5, 2_000), (1.0, 2_000))
    curve["vertices"] = [{"value": at, "objective_usd": usd} for at, usd in points]
    plain = solve(problem).to_plain()
    holds, said, caption, rows, run = page.evaluate(TOLD, [plain, curve])
    # what would be traced here is the cap on China; this curve stays that of the cap on Australia
    assert not holds
    assert "if cap-AUS stands" in said
    assert "cap-AUS" in caption
    assert run == [[60, pytest.approx(2000)]]
    # 20500 - 37000 x the share, a tenth at a time
    assert [row["least cost, USD"] for row in rows] == pytest.approx(
        [20500, 16800, 13100, 9400, 5700, *6 * [2000]]
    )
    assert rows[4]["against this run, USD"] == pytest.approx(3700)
    assert page.evaluate(TOLD, [plain, curve | {"path": "rules[cap-CHN].max_share"}])[0]


READ = """async ([result, found, axisValues]) => {
  const { viewOf } = await import('/page/js/view.js');
  const { frontierPicture } = await import('/page/js/charts/frontier.js');
  const view = viewOf(result, { good: 'metal', found: { frontier: found } });
  const { tooltip } = frontierPicture.option(view, { width: 460 });
  return axisValues.map(axisValue => tooltip.formatter([{ axisValue, value: [axisValue, 0] }]));
}"""


def test_the_frontier_is_read_between_its_dots(
    page: Page, problem_of: Any, offer: Any, need: Any, rule: Any
) -> None:
    """Up to half from China at 10 USD/t, the rest from Australia at 30 USD/t: 2,000 USD."""
    problem = problem_of(
        offers=[offer("CHN", 10), offer("AUS", 30)],
        demand=[need(100, 400)],
        rules=[rule("share_cap", of="CHN", max_share=0.5, denominator="demand")],
    )
    vertices = [{"value": 0.2, "objective_usd": 2600}, {"value": 1.0, "objective_usd": 1000}]
    curve = {"path": "rules[rule].max_share", "unit": "fraction", "low": 0, "high": 1}
    curve |= {"exact": True, "impossible_below": None, "impossible_above": None}
    exact = page.evaluate(
        READ, [solve(problem).to_plain(), curve | {"vertices": vertices}, [10, 40, 100]]
    )
    # 2600 - 20 x 20 = 2200, 200 more than the run; below 20 % nothing is known
    assert exact[0] == ""
    assert exact[1] == "40 % at all dates: 2,200 USD\n+200 USD against this run"
    assert exact[2] == "100 % at all dates: 1,000 USD\n−1,000 USD against this run"
    rough = curve | {"vertices": vertices, "exact": False, "reason": "yes or no"}
    assert page.evaluate(READ, [solve(problem).to_plain(), rough, [40]]) == [""]


CELLS = """async ([result, cells]) => {
  const { viewOf } = await import('/page/js/view.js');
  const { namedCell } = await import('/page/js/tables.js');
  const places = { CHN: ['China', 105, 36] };
  const view = viewOf(result, { good: 'metal', places });
  return cells.map(([column, value]) => namedCell(view, column, value));
}"""


def test_tables_tell_names_beside_codes(page: Page) -> None:
    cells = [["country", "CHN"], ["goods", "metal"], ["commodity", "ore"], ["supplier", "CHN"]]
    cells += [["origin", "MYS"], ["country", None], ["cost_usd", 1234.5]]
    # only what names a country or a good, and has a name of its own
    assert page.evaluate(CELLS, [solve(chained()).to_plain(), cells]) == [
        *("China (CHN)", "the metal (metal)", "ore", "CHN", "MYS", "", "1,234.5")
    ]


CUTS = """async ([result, found]) => {
  const { viewOf } = await import('/page/js/view.js');
  const { stressPicture: picture } = await import('/page/js/charts/stress.js');
  const places = { CHN: ['China'], MYS: ['Malaysia'] };
  const view = viewOf(result, { good: 'metal', places, found: { stress: found } });
  const { xAxis, yAxis, tooltip, series: [{ data }] } = picture.option(view, { width: 460 });
  const said = tooltip.formatter({ value: data[0] });
  return [xAxis, yAxis, said, picture.table(view), picture.subtitle(view)];
}"""


def test_who_stops_is_told_by_name_countries_first_and_what_is_missing(page: Page) -> None:
    problem = chained()
    plant = problem.facilities[0]
    row = {"onset": "2026-01-01", "length": "1 yr", "status": "optimal", "commodity": "metal"}
    row |= {"demand_class": "all", "unmet_anyway_t": 0.0, "extra_cost_usd": 0.0}
    cases = [
        row | {"who": plant.id, "met": 0.5, "unmet_t": 50.0, "needed_t": 100.0},
        row | {"who": "AUS", "met": 1.0, "unmet_t": 0.0, "needed_t": 100.0},
        row | {"who": "CHN", "met": 0.25, "unmet_t": 75.0, "needed_t": 100.0},
        row | {"who": "USA", "met": None, "status": "missing", "reason": "it was cancelled"},
    ]
    found = {"cases": cases, "lengths": ["1 yr"], "available": 0, "assumptions": []}
    found |= {"complete": False, "cancelled": True}
    years, who, said, table, about = page.evaluate(CUTS, [solve(problem).to_plain(), found])
    assert [(axis["position"], axis["data"]) for axis in years] == [
        ("bottom", ["2026"]),
        ("top", ["2026"]),
    ]
    assert (who["inverse"], who["data"][:3]) == (True, ["USA", "China", "AUS"])
    assert who["data"][3].startswith(f"{plant.id.replace('-', ' ')}, ")
    assert "worst hit: the metal for all\nmissing to the end: 75 t" in said
    assert [line["missing to the end, t"] for line in table["rows"]] == [None, 75, 50]
    assert table["rows"][1]["worst hit"] == "the metal for all"
    # what was not looked at is no cut without a plan
    assert about.endswith("Not known, and blank, too: 1. Cancelled: not everything was looked at.")


ERRAND = """async () => {
  const { errands } = await import('/page/js/errands.js');
  const { later } = await import('/page/js/picture.js');
  const { partnersPicture } = await import('/page/js/charts/partners.js');
  let hooks, end;
  let begun = 0;
  const ask = errands((kind, more, given) => {
    begun += 1;
    hooks = given;
    return new Promise(done => { end = done; });
  });
  const place = document.body.appendChild(document.createElement('div'));
  const words = found => partnersPicture.subtitle({ found: { partners: found } });
  const card = () => document.createElement('section');
  const draw = () => place.replaceChildren(later(card(), 'Go', ask('partners', {}), words));
  const seen = [];
  const told = () => { seen.push(place.querySelector('[role=status]').textContent); };
  draw();
  place.querySelector('button').click();
  hooks.begun(async () => {});
  told();
  hooks.told({ done: 3, total: 9 });
  draw();
  told();
  hooks.told({ done: 4, total: 9 });
  told();
  const [go, cancel] = place.querySelectorAll('button');
  seen.push(go.disabled, cancel.disabled);
  cancel.click();
  told();
  seen.push(cancel.disabled);
  end({ losses: [], complete: false, cancelled: true });
  await new Promise(done => setTimeout(done));
  seen.push(place.textContent);
  draw();
  return [...seen, place.textContent === seen.at(-1), begun];
}"""


def test_a_job_is_taken_up_by_the_card_that_is_drawn_anew(page: Page) -> None:
    first, anew, further, *buttons, cancelling, cancelled, said, same, begun = page.evaluate(
        ERRAND
    )
    assert (first, anew, further) == ("Solving …", "3 of 9 solves", "4 of 9 solves")
    # it can be cancelled, not begun again; a cancel is said at once, and is no lack of time
    assert buttons == [True, False]
    assert (cancelling, cancelled) == ("Cancelling …", True)
    assert said.endswith("Cancelled: not everything was looked at.")
    assert (same, begun) == (True, 1)


BY_RULE = """async rows => (await import('/page/js/binding.js')).byRule(rows)"""


def test_what_binds_is_told_by_rule_points_apart_from_tonnes(page: Page) -> None:
    share = {"unit": "fraction", "shadow_price_per": "1.0 of share"}
    tonnes = {"unit": "t", "shadow_price_per": "t"}
    rows = [
        {"rule": "cap", "shadow_price_usd": 100.0, "sentence": "in 2026"} | share,
        {"rule": "cap", "shadow_price_usd": 300.0, "sentence": "in 2027"} | share,
        {"rule": "cover", "shadow_price_usd": 90.0, "sentence": "at the end"} | tonnes,
        {"rule": "free", "shadow_price_usd": 0.0, "sentence": "of nothing"} | share,
        {"rule": "whole", "shadow_price_usd": None, "sentence": "yes or no"} | tonnes,
    ]
    # one point is a hundredth of a share: 1 and 3 USD; free and unpriced limits stand elsewhere
    assert page.evaluate(BY_RULE, rows) == [
        {"rule": "cover", "step": "t", "limits": 1, "usd": 90, "dearest": 90}
        | {"sentence": "at the end"},
        {"rule": "cap", "step": "percentage point", "limits": 2, "usd": 4, "dearest": 3}
        | {"sentence": "in 2027"},
    ]


COVERS = """async ([result, seen]) => {
  const { viewOf } = await import('/page/js/view.js');
  const { leastCovers } = await import('/page/js/tiles.js');
  const { ever, then } = leastCovers(viewOf(result, seen));
  return [ever, then].map(row => [row.commodity, row.node, row.cover_d]);
}"""


def test_the_least_cover_is_that_of_all_goods_and_periods(page: Page) -> None:
    days = {("a", "2026"): 90.0, ("a", "2027"): 40.0, ("b", "2026"): None, ("b", "2027"): 30.0}
    days["c", "2026"] = 0.0
    plain = solve(chained()).to_plain()
    of = {node: plain["tables"]["nodes"][0] | {"node": node, "period": node} for _, node in days}
    plain["tables"]["nodes"] = list(of.values())
    plain["tables"]["stocks"] = [
        {"commodity": good, "node": node, "cover_d": cover} for (good, node), cover in days.items()
    ]
    # none is stated of b in 2026; c is out at its end, whichever good and year are shown
    found = page.evaluate(COVERS, [plain, {"good": "a", "year": "2027"}])
    assert found == [["c", "2026", 0], ["b", "2027", 30]]


def chained() -> Problem:
    """Ore of Australia and Chile, smelted in Malaysia at 2 t a tonne of metal; users in the US."""
    return instances.parse(
        {
            "name": "chain",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [
                {"id": "ore", "stage": "ore", "basis": "metal"},
                {"id": "metal", "stage": "metal", "basis": "metal", "name": "the metal"},
            ],
            "offers": [
                {"id": "aus", "supplier": "A", "country": "AUS", "commodity": "ore", "price": 1}
                | {"capacity": 60},
                {"id": "chl", "supplier": "C", "country": "CHL", "commodity": "ore", "price": 2},
                {"id": "chn", "supplier": "D", "country": "CHN", "commodity": "metal", "price": 3}
                | {"capacity": 50},
            ],
            "facilities": [
                {
                    "id": "smelter",
                    "country": "MYS",
                    "processes": [{"id": "smelt", "inputs": {"ore": 2}, "outputs": {"metal": 1}}],
                }
            ],
            "demand": [{"id": "us", "commodity": "metal", "country": "USA", "quantity": 100}],
        }
    )


def test_hands_are_followed_stage_by_stage_to_the_users(page: Page) -> None:
    option = drawn(page, chained(), good="metal")["Through whose hands?"]
    links = {
        (item["source"], item["target"]): item["value"] for item in option["series"][0]["links"]
    }
    # 50 t of metal from China, so 50 t from Malaysia, which take 100 t of ore: 60 and 40
    assert links == pytest.approx(
        {
            ("0 AUS", "1 MYS"): 0.6,
            ("0 CHL", "1 MYS"): 0.4,
            ("1 CHN", "2 USA"): 0.5,
            ("1 MYS", "2 USA"): 0.5,
        }
    )
    assert "ore → metal → use or store" in option["subtitle"]


def test_a_place_has_the_name_that_its_problem_gives_it(page: Page) -> None:
    option = drawn(page, instances.load("farmer"), good="wheat")["Who supplies us?"]
    assert [series["name"] for series in option["series"]] == ["Farm"]


def test_the_map_draws_what_is_loaded_in_the_year(page: Page) -> None:
    places = {"CHN": ["China", 105.0, 36.0], "USA": ["United States", -98.0, 39.0]}
    option = drawn(page, chained(), good="metal", places=places)["Where does it travel?"]
    # Malaysia has no place here: its 50 t are told, not drawn
    (arc,) = option["series"][0]["data"]
    assert arc["coords"] == [[105.0, 36.0], [-98.0, 39.0]]
    assert "50 t in all" in option["subtitle"]
    assert "50 t between places that the map does not show" in option["subtitle"]


COLOURS = """async result => {
  const { palette } = await import('/page/js/palette.js');
  const found = palette(result);
  return { order: found.order, hue: found.hue, other: found.of('XOT') };
}"""


def colours(page: Page, name: str, *edits: str) -> dict[str, Any]:
    problem = instances.apply(instances.load(name), edits) if edits else instances.load(name)
    result = solve(problem, Options(tie_break=False)).to_plain()
    found: dict[str, Any] = page.evaluate(COLOURS, result)
    return found


@pytest.mark.deep
def test_a_country_has_one_colour_or_none_in_all_problems_whatever_is_edited(page: Page) -> None:
    edits = ("offers[country=BEL].capacity*=1000", "offers[country=CAN].capacity=1")
    found = [
        colours(page, "zinc-usa"),
        colours(page, "zinc-usa", *edits),
        colours(page, "gallium-usa"),
        colours(page, "palladium-usa"),
    ]
    for one in found:
        assert len(one["order"]) == len(set(one["hue"].values())) <= 8
        assert one["other"] not in one["hue"].values()
    for country in {country for one in found for country in one["hue"]}:
        assert len({one["hue"][country] for one in found if country in one["hue"]}) == 1, country
    # Mexico is the third supplier of zinc; Belgium gets a hue once it supplies most of those there
    zinc, edited = (one["hue"] for one in found[:2])
    assert {"CHN", "CAN", "USA", "MEX"} <= set(zinc)
    assert "BEL" not in zinc
    assert "BEL" in edited


def test_partners_are_ranked_with_what_is_short_without_them(
    page: Page, three_sellers: Any
) -> None:
    problem = three_sellers()
    found = {"partners": partners(problem).to_plain()}
    option = drawn(page, problem, good="metal", found=found)["What is each partner worth?"]
    # 100 t at 50 USD; without China 30 t at 80, 50 at 95 and 20 short at 400: 15,150, 10,150 more
    assert option["yAxis"]["data"] == ["CHN", "AUS", "KAZ"]
    assert bars(option["series"][0]) == pytest.approx([10_150, 0, 0], abs=1e-6)
    labels = [bar["label"]["formatter"] for bar in option["series"][0]["data"]]
    assert labels == ["10.2, 20 t short", "nothing", "nothing"]
    assert "there is no plan" not in option["subtitle"]
    # of a hard demand 20 t cannot be had without China
    hard = three_sellers(demand=[{**problem.to_plain()["demand"][0], "shortfall_cost": None}])
    found = {"partners": partners(hard).to_plain()}
    option = drawn(page, hard, good="metal", found=found)["What is each partner worth?"]
    assert "Without CHN there is no plan." in option["subtitle"]
    assert option["series"][0]["data"][0]["label"]["formatter"] == "no plan without it"
