"""The decision sheet and the ranking of partners on the page, in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.service.test_page_jobs import created

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

LONGEST = 120_000  # milliseconds


def opened(page: Page) -> Page:
    """Ask for the sheet of what is shown, and open it."""
    expect(page.locator("#verdict")).to_be_visible(timeout=LONGEST)
    page.get_by_role("button", name="Decision sheet").click()
    link = page.get_by_role("link", name="Open the decision sheet")
    expect(link).to_have_attribute("href", re.compile("^(/v1|blob:)"), timeout=LONGEST)
    with page.expect_popup() as found:
        link.click()
    return found.value


@pytest.mark.deep
def test_the_sheet_and_the_partners_of_what_is_shown_come_on_a_button(
    visit: Callable[..., Page], faults: Callable[[Page], list[str]]
) -> None:
    page = visit("demand[*].quantity*=0.5", instance="gallium-usa")
    sheet = opened(page)
    assert sheet.url.endswith("/sheet")
    expect(sheet.locator("h1")).to_contain_text("DECISION SHEET")
    # of the edited problem: that of the page
    cost = page.locator(".figure dd").first.inner_text()
    expect(sheet.locator("p").first).to_contain_text(f"Least cost {cost}")
    assert faults(sheet) == []
    page.get_by_role("button", name="Rank the partners").click()
    card = page.locator("section", has_text="What is each partner worth?")
    expect(card.locator(".chart svg")).to_be_visible(timeout=LONGEST)
    expect(card).to_contain_text("China")
    assert faults(page) == []
    # what was found stays as another year is looked at, and is among the jobs
    page.get_by_label("Year shown").select_option("2027")
    expect(card.locator(".chart svg")).to_be_visible()
    expect(page.get_by_role("link", name="Open the decision sheet")).to_be_visible()
    page.get_by_role("link", name="Jobs").click()
    job = page.locator("#list li.job", has_text="sheet, succeeded").first
    job.get_by_role("link", name="See the answer").click()
    expect(page.get_by_role("link", name="Open the decision sheet")).to_be_visible(timeout=LONGEST)


@pytest.mark.deep
def test_the_sheet_opens_with_a_key(
    running: Callable[..., Any],
    visits: Callable[..., Page],
    tmp_path: Path,
) -> None:
    key = created(tmp_path)
    with running(DATA=str(tmp_path), ASK_KEYS="true") as server:
        page = visits(f"{server.url}/?instance=dantzig")
        page.get_by_label("Key").fill(key)
        page.get_by_role("button", name="Use this key").click()
        sheet = opened(page)
        assert sheet.url.startswith("blob:")
        expect(sheet.locator("h1")).to_contain_text("DECISION SHEET")
