"""The pages without a pointer: every control is reached, seen while it is, and left again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

LONGEST = 60_000  # milliseconds
MOST = 150
"""Stops of the Tab key on one page."""
STOP = """() => {
  const held = document.activeElement;
  if (!held || held === document.body) return null;
  const style = getComputedStyle(held);
  const box = held.getBoundingClientRect();
  const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const labels = [...held.labels ?? []].map(label => label.textContent);
  return {
    name: held.getAttribute('aria-label') ?? (labels[0] ?? held.textContent).trim(),
    ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    free: above !== null && (held.contains(above) || above.contains(held)),
  };
}"""


def stops(page: Page) -> list[dict[str, Any]]:
    """Return where the Tab key leads, from where it is until it leaves the page."""
    found: list[dict[str, Any]] = []
    while len(found) < MOST:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return found
        found.append(stop)
    raise AssertionError(f"no way out of the page: {[stop['name'] for stop in found[-5:]]}")


def to(page: Page, name: str) -> None:
    """Press Tab until what has a name that begins so holds the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is not None and stop["name"].startswith(name):
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def unseen(found: list[dict[str, Any]]) -> list[str]:
    """Return the names of stops where nothing shows the focus, or something lies above it."""
    return [
        stop["name"] for stop in found if not (stop["name"] and stop["ringed"] and stop["free"])
    ]


def test_a_problem_is_chosen_moved_solved_and_read_by_the_keyboard_alone(
    visit: Callable[..., Page],
) -> None:
    page = visit(instance="dantzig")
    cost = page.locator(".figure dd").first
    expect(cost).to_contain_text("153,675", timeout=LONGEST)
    to(page, "Skip to the answer")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    page.reload()
    expect(cost).to_contain_text("153,675", timeout=LONGEST)
    to(page, "Problem")
    page.keyboard.type("sailco")
    # the least cost of the four quarters
    expect(cost).to_have_text("78,450 USD", timeout=LONGEST)
    # levers come with the problem; the number field follows its slider
    to(page, "% of what is stated")
    page.keyboard.press("Control+a")
    page.keyboard.type("0")
    to(page, "Solve")
    page.keyboard.press("Enter")
    expect(cost).not_to_have_text("78,450 USD", timeout=LONGEST)
    assert "edit=" in page.url
    # a table opens, and can be moved sideways where it is wider than its place
    to(page, "costs (")
    page.keyboard.press("Enter")
    to(page, "costs")
    table = page.get_by_role("region", name="costs")
    expect(table).to_be_visible()
    # what a picture says of itself is its question and its numbers in words
    for chart in page.locator(".chart").all():
        card = chart.locator("xpath=..")
        said = chart.get_attribute("aria-label") or ""
        assert said.startswith(card.locator("h2").inner_text())
        assert card.locator("p").first.inner_text() in said
    paying = page.locator(".chart[aria-label^='What are we paying for']")
    assert f"the total of {cost.inner_text()}" in (paying.get_attribute("aria-label") or "")


@pytest.mark.deep
@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("path", ["/?instance=gallium-usa", "/jobs", "/compare"])
def test_every_stop_of_the_tab_key_is_seen_and_left_again(
    visits: Callable[..., Page], server: Any, path: str, width: int
) -> None:
    job = server.http.post("/v1/jobs", json={"kind": "solve", "instance": "dantzig"}).json()["id"]
    query = f"?a={job}&b={job}" if path == "/compare" else ""
    page = visits(server.url + path + query, viewport={"width": width, "height": 900})
    ready = page.locator("#list li.job" if path == "/jobs" else "#verdict").first
    expect(ready).to_be_visible(timeout=LONGEST)
    page.wait_for_load_state("networkidle")
    page.mouse.click(0, 0)
    found = stops(page)
    assert len(found) > 8
    assert unseen(found) == []


@pytest.mark.deep
def test_a_solve_is_cancelled_by_the_keyboard(
    visit: Callable[..., Page], hard: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "hard.json"
    file.write_text(json.dumps(hard))
    page = visit(instance="dantzig")
    expect(page.locator("#verdict")).to_be_visible(timeout=LONGEST)
    page.locator("#file").set_input_files(file)
    expect(page.locator("#phase")).to_contain_text("gap", timeout=LONGEST)
    page.get_by_role("button", name="Solve").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("(it was cancelled)", timeout=LONGEST)
