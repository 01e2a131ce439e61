"""The report: one file, opened from disk with the network off, in Debian's Chromium."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import expect
from starlette.testclient import TestClient

from instances import apply, load, parse
from optimizer import explain, solve
from service.page_routes import add_page
from service.report.bundle import bundle
from service.report.document import DATA, ENTRY, OFFLINE, document, file_name, safe_json
from service.report.origin import against_shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from instances import Problem

MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(1)><!--"


def _read(**modules: str) -> Callable[[str], str]:
    return lambda path: modules[path.removesuffix(".js").replace("/", "_")]


def test_modules_become_one_script_in_the_order_of_their_imports() -> None:
    script = bundle(
        "a.js",
        _read(
            a="import { two as b } from './c/b.js';\nimport * as all from './c/b.js';\nshow(b);\n",
            c_b="import { one } from '../d.js';\nexport const two = one + one;\nlet hidden = 0;\n",
            e="export function other() {}\nconst x = 1;\nexport { x as one };\n",
        ),
        {"d.js": "e.js"},
    )
    assert script.index('modules["e.js"]') < script.index('modules["c/b.js"]')
    assert script.index('modules["c/b.js"] = ') < script.index('modules["a.js"] = ')
    assert 'const { two: b } = modules["c/b.js"];' in script
    assert 'const all = modules["c/b.js"];' in script
    assert "return { other, one: x };" in script
    assert "export" not in script


def test_what_cannot_be_bundled_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\['missing'\], which b.js does not export"):
        bundle(
            "a.js", _read(a="import { missing } from './b.js';\n", b="export const c = 1;\n"), {}
        )
    both = {"a": "import { c } from './b.js';\n", "b": "import { d } from './a.js';\n"}
    with pytest.raises(ValueError, match="by way of others"):
        bundle("a.js", _read(**both), {})
    for text in ("export default 1;\n", "import './b.js';\n", "export let d = 1;\n"):
        with pytest.raises(ValueError, match="form that is not known"):
            bundle("a.js", _read(a=text), {})


def test_the_page_can_be_bundled_and_ends_no_element() -> None:
    page = files("service").joinpath("page")
    script = bundle(ENTRY, lambda path: page.joinpath(*path.split("/")).read_text(), OFFLINE)
    # the page's own way to a server is not in it
    assert "fetch(" not in script
    assert "<!--" not in script


def test_data_ends_no_element_and_stays_the_same() -> None:
    text = json.dumps({"name": MARKUP})
    assert "<" not in safe_json(text)
    assert json.loads(safe_json(text)) == {"name": MARKUP}
    assert file_name("../a b/ü.html") == "a-b-.html"
    assert file_name("<>") == "report"
    # cut short they stay apart
    first, second = file_name("a" * 90 + "b"), file_name("a" * 90 + "c")
    assert first != second
    assert len(first) == 80
    assert file_name("a" * 80) == "a" * 80


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[[str], Page]]:
    """Opens a report from disk, offline; a request, a message or an error fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    wrong: list[str] = []
    own = ("file:", "data:")
    context.on("request", lambda r: None if r.url.startswith(own) else wrong.append(r.url))
    context.on("weberror", lambda found: wrong.append(str(found.error)))
    context.on("console", lambda message: wrong.append(message.text))
    context.on("dialog", lambda dialog: wrong.append(dialog.message))

    def open_(text: str) -> Page:
        file = tmp_path / "report.html"
        file.write_text(text, encoding="utf-8")
        page = context.new_page()
        page.goto(file.as_uri())
        return page

    yield open_
    context.close()
    assert wrong == []


def test_a_report_opens_without_a_network_and_shows_what_was_found(
    opened: Callable[[str], Page], faults: Callable[[Page], list[str]], tiny: dict[str, Any]
) -> None:
    tiny["about"] = MARKUP
    tiny["offers"][0]["supplier"] = MARKUP
    tiny["commodities"][0]["name"] = MARKUP
    tiny["sources"] = [{"id": "s", "title": MARKUP}]
    tiny["offers"][1]["assumption"] = "a guess"
    result = solve(parse(tiny))
    noted = {"warnings": ["cn-cap: China could sell more.", f"Beware: {MARKUP}"]}
    envelope = json.dumps({"result": result.to_plain() | noted, "words": result.summary()})
    shown = {"good": "gallium", "year": "2050"}
    asked = {"instance": "tiny", "label": MARKUP, "job": MARKUP, "edits": [f"{MARKUP}=1"]}
    page = opened(document(envelope, MARKUP, shown, asked))
    expect(page.locator("#changed")).to_contain_text('the year "2050", which it does not have')
    assert MARKUP in page.title()
    told = page.locator("#changed").inner_text()
    for stated in (
        "This is not the problem tiny as it ships: before it was solved, one statement",
        f"label\n{MARKUP}",
        "gap 0.000001, threads 1, seed 0",
        f"HiGHS {result.record['versions']['highs']}",
        result.problem.hash,
        str(datetime.fromisoformat(result.record["solved_at"]).year),
    ):
        assert stated in told
    # 40 t at 10 USD/t and 60 t at 30 USD/t
    expect(page.locator(".figure dd").first).to_have_text("2,200 USD")
    expect(page.locator("h1")).to_have_text(MARKUP)
    expect(page.locator("#about")).to_have_text(MARKUP)
    expect(page.locator(".chart svg")).to_have_count(page.locator(".chart").count())
    assert page.locator(".chart").count() >= 3
    assert page.locator("img").count() == 0
    notes = page.get_by_text("2 notes on these numbers").locator("..").get_by_role("listitem")
    expect(notes).to_have_text(["cn-cap: China could sell more.", noted["warnings"][1]])
    texts = page.locator("#more").inner_text()
    for told in (
        "1 assumption\n",
        "sheet counts those numbers",
        "offers[au]",
        "a guess",
        result.problem.hash,
        "highs",
        "What binds",
    ):
        assert told in texts
    page.get_by_text("purchases (").click()
    expect(page.get_by_role("region", name="purchases")).to_contain_text(MARKUP)
    assert faults(page) == []
    # on paper every picture and what binds are kept, tables of all the numbers are not
    page.emulate_media(media="print", color_scheme="dark")
    for kept in ("Who is next in line?", "Who supplies us?", "What binds, and what does it cost?"):
        expect(page.get_by_role("heading", name=kept)).to_be_visible()
    folded = page.locator("summary", has_text="In numbers")
    expect(folded).not_to_have_count(0)
    expect(folded.filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("heading", name="The numbers")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_report_without_a_plan_says_why_and_what_works(
    opened: Callable[[str], Page], faults: Callable[[Page], list[str]], impossible: dict[str, Any]
) -> None:
    result = solve(parse(impossible))
    plain = result.to_plain() | {"explanation": explain(parse(impossible)).to_plain()}
    del plain["record"]["solved_at"]
    page = opened(document(json.dumps({"result": plain}), "impossible"))
    expect(page.locator("#changed h2")).to_have_text("What was changed is not recorded")
    assert "solved\n" not in page.locator("#changed").inner_text()
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("No plan keeps every rule")
    # 50 t from China at 10 USD/t and 50 t from Australia at 30 USD/t
    expect(alarm).to_contain_text("2,000 USD in all")
    assert alarm.locator("button").count() == 0
    assert faults(page) == []


def test_a_problem_that_is_not_the_shipped_one_of_its_name_says_so(
    opened: Callable[[str], Page], faults: Callable[[Page], list[str]]
) -> None:
    shipped = load("dantzig")
    own = apply(shipped, ["demand[topeka].quantity=175"])

    def told(problem: Problem, **asked: Any) -> Any:
        envelope = json.dumps({"result": solve(problem).to_plain()})
        known = {"instance": None, "edits": [], **asked, "shipped": against_shipped(problem)}
        page = opened(document(envelope, "dantzig", asked=known))
        expect(page.locator("#changed h2")).not_to_be_empty()
        assert faults(page) == []
        return page.locator("#changed").inner_text()

    mine = told(own, file="mine.json")
    assert "Nothing was changed" not in mine
    for stated in (
        "Not the shipped problem dantzig\n",
        "it was given as a file (mine.json).",
        "One number differs, shipped and here:",
        "demand[topeka].quantity 275 → 175",
    ):
        assert stated in mine
    nameless = told(own, edits=["offers[a].price=1"])
    assert (
        "it was given in full. Before it was solved, one statement was changed, too." in nameless
    )
    assert "It is the problem dantzig as it ships." in told(shipped, file="mine.json")
    old = told(own, instance="dantzig")
    assert "it was solved by a version that shipped another one." in old


def test_what_the_report_holds_is_on_the_page_too() -> None:
    app = FastAPI()
    add_page(app)
    held = document("{}", "anything")
    for name in DATA:
        path = f"/page/data/{name}"
        assert f'data-path="{path}">{safe_json(TestClient(app).get(path).text)}</script>' in held


def test_the_page_hands_out_the_report_of_what_it_shows(
    visits: Callable[..., Page], opened: Callable[[str], Page], server: Any, tmp_path: Path
) -> None:
    page = visits(f"{server.url}/?instance=dantzig&edit=demand[topeka].quantity=175")
    tested = page.locator("section", has=page.get_by_role("button", name="Put it to the test"))
    tested.get_by_role("button", name="Put it to the test").click(timeout=30_000)
    expect(page.locator(".offered", has_text="What happens if a country stops?")).to_have_count(0)
    stress = page.locator("section", has_text="What happens if a country stops?")
    expect(stress).to_contain_text("The plan stands:")
    expect(stress).to_contain_text("all other rules hold.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report").click()
    # two reports of one problem are two files, and say what was changed
    changed_problem = apply(load("dantzig"), ["demand[topeka].quantity=175"])
    named = f"dantzig-1-change-{changed_problem.hash[:8]}.html"
    assert download.value.suggested_filename == named
    file = tmp_path / "saved.html"
    download.value.save_as(file)
    held = opened(file.read_text())
    assert held.title() == "dantzig, demand[topeka].quantity=175: report of Diversify"
    changed = held.locator("#changed")
    expect(changed).to_contain_text("This is not the problem dantzig as it ships")
    expect(changed).to_contain_text("topeka, quantity: 175 demand[topeka].quantity=175")
    expect(changed).to_contain_text(f"{datetime.now(UTC).year}")
    # Dantzig's cheapest plan costs 153,675 USD; 100 cases less from San Diego at 126 USD
    expect(held.locator(".figure dd").first).to_have_text("141,075 USD")
    expect(held.locator("h2", has_text="What happens if a country stops?")).to_be_visible()
    # the stress test is among the jobs, with a link to the plan that it tested
    page.get_by_role("link", name="Jobs").click()
    page.locator("#list li.job", has_text="stress, succeeded").first.get_by_role(
        "link", name="See the answer"
    ).click()
    expect(stress.locator(".chart")).to_be_visible(timeout=30_000)
    expect(page.locator(".figure dd").first).to_contain_text("141,075 USD")
    row = """{ who: 'XSE+XSD', onset: '2026-01-01', length: '1 yr', met: 0.5, commodity: 'c',
        demand_class: 'arms', needed_t: 8, unmet_t: 4, unmet_anyway_t: 0, extra_cost_usd: -3 }"""
    view = "{ nameOf: code => `<${code}>`, result: { problem: { commodities: [] } } }"
    told = page.evaluate(
        f"import('/page/js/charts/stress.js').then(m => m.cutWords({view}, {row}))"
    )
    assert told == (
        "<XSE> and <XSD>, cut from 2026-01-01 for 1 yr\n50 % met\nworst hit: c for arms\n"
        "missing to the end: 4 t\nneeded meanwhile: 8 t\ncost, shortfall apart: −3 USD"
    )
