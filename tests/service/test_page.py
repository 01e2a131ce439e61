"""The page in a browser: Debian's Chromium, one server, one browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
LONGEST = 30_000  # milliseconds


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of Debian; nothing is downloaded."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, server: Any) -> Iterator[Callable[..., Page]]:
    """Opens the page at a state; a script error or a request off the host fails the test."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, bypass_csp=False)
    wrong: list[str] = []
    own = (server.url, "data:", "blob:")
    context.on("request", lambda r: None if r.url.startswith(own) else wrong.append(r.url))
    context.on("weberror", lambda found: wrong.append(str(found.error)))

    def opened(*edits: str, **state: str) -> Page:
        page = context.new_page()
        query = urlencode([*state.items(), *(("edit", edit) for edit in edits)])
        page.goto(f"{server.url}/?{query}")
        return page

    yield opened
    context.close()
    assert wrong == []


def _cost(page: Page) -> str:
    expect(page.locator("#verdict")).to_be_visible(timeout=LONGEST)
    return page.locator(".figure dd").first.inner_text()


def _faults(browser: Browser, url: str) -> list[str]:
    """Return what axe-core finds; its own script needs the policy switched off."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(url)
    expect(page.locator("#verdict, .alarm").first).to_be_visible(timeout=LONGEST)
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run()")["violations"]
    context.close()
    return [f"{item['id']}: {item['nodes'][0]['html'][:200]}" for item in found]


def test_a_lever_moves_the_answer_and_the_address_gives_it_again(
    browser: Browser, visit: Callable[..., Page]
) -> None:
    page = visit(instance="dantzig")
    before = _cost(page)
    # Dantzig's cheapest plan costs 153.675 thousand dollars
    assert "153,675" in before
    page.get_by_label("% of what is stated", exact=True).fill("50")
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".figure dd").first).not_to_have_text(before, timeout=LONGEST)
    after = _cost(page)
    assert "demand" in page.url
    page.reload()
    assert _cost(page) == after
    assert _faults(browser, page.url) == []


@pytest.mark.deep
def test_a_problem_without_a_plan_shows_remedies_that_work(
    visit: Callable[..., Page], impossible: dict[str, Any], tmp_path: Path
) -> None:
    impossible["about"] = "<img src=x onerror=alert(1)>"
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(impossible))
    page = visit(instance="dantzig")
    _cost(page)
    page.locator("#file").set_input_files(file)
    remedy = page.locator(".remedy").first
    expect(remedy).to_be_visible(timeout=LONGEST)
    # 10 t short: 50 t from China at 10 USD/t and 50 t from Australia at 30 USD/t
    expect(remedy).to_contain_text("2,000 USD")
    expect(page.locator("main img")).to_have_count(0)
    remedy.click()
    assert _cost(page) == "2,000 USD"
    expect(page.locator("#about")).to_contain_text("<img src=x onerror=alert(1)>")


@pytest.mark.deep
def test_an_address_that_asks_for_what_is_not_there_says_so(
    browser: Browser, visit: Callable[..., Page], server: Any
) -> None:
    page = visit(instance="no-such-thing")
    expect(page.locator("#trouble [role=alert]")).to_contain_text("no-such-thing")
    assert _faults(browser, page.url) == []
    edited = visit("rules[nothing].max_share=1", instance="dantzig")
    expect(edited.locator("#trouble [role=alert]")).to_contain_text("nothing", timeout=LONGEST)
