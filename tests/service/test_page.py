"""The page in a browser: Debian's Chromium, one server, one browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

import instances
from instances.folder import write_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

LONGEST = 60_000  # milliseconds


def _cost(page: Page) -> str:
    expect(page.locator("#verdict")).to_be_visible(timeout=LONGEST)
    return page.locator(".figure dd").first.inner_text()


def test_a_lever_moves_the_answer_and_the_address_gives_it_again(
    visit: Callable[..., Page], faults: Callable[[Page], list[str]]
) -> None:
    page = visit(instance="dantzig")
    before = _cost(page)
    # Dantzig's cheapest plan costs 153.675 thousand dollars
    assert "153,675" in before
    against = page.locator(".figure").first.locator(".said")
    expect(against).to_have_count(0)
    page.get_by_label("% of what is stated", exact=True).fill("50")
    # however far the levers reach, Solve stands in view, and what it does is said at once
    page.locator("#levers").evaluate("levers => { levers.style.paddingBottom = '3000px'; }")
    expect(page.get_by_role("button", name="Solve")).to_be_in_viewport(ratio=1)
    page.evaluate(
        """() => { const result = document.getElementById('result');
        new MutationObserver(() => result.dataset.seen = result.className || result.dataset.seen)
          .observe(result, { attributeFilter: ['class'] }); }"""
    )
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".figure dd").first).not_to_have_text(before, timeout=LONGEST)
    expect(page.locator("#result")).to_have_attribute("data-seen", "stale")
    expect(page.locator("#result")).not_to_have_class("stale")
    after = _cost(page)
    # half of the demand costs half: 76.8375 thousand dollars less
    expect(against).to_have_text("−76,837.5 USD against the problem as stated")
    # a second change is set against what is stated, too, not against the first: 10 % less
    page.get_by_label("% of what is stated", exact=True).fill("90")
    page.get_by_role("button", name="Solve").click()
    expect(against).to_have_text("−15,367.5 USD against the problem as stated", timeout=LONGEST)
    page.go_back()
    expect(page.locator(".figure dd").first).to_have_text(after, timeout=LONGEST)
    assert "demand" in page.url
    page.reload()
    assert _cost(page) == after
    # what it costs as stated was not solved since
    expect(against).to_have_count(0)
    assert faults(page) == []
    # runs of one problem are told apart by what was changed
    page.get_by_role("link", name="Jobs").click()
    newest = page.locator("#list li.job").first
    expect(newest).to_contain_text("Changed: all demand, quantity, times: 0.5")
    expect(page.locator("#list .asks", has_text="As it ships").first).to_be_visible()


@pytest.mark.deep
def test_levers_come_from_the_problem_and_are_read_back_as_edits(
    visit: Callable[..., Page],
) -> None:
    page = visit("rules[cn-cap].max_share=0.5", instance="gallium-usa")
    _cost(page)
    # an edit of the whole schedule makes one lever of its two dates
    caps = page.locator("fieldset", has_text="cn-cap").locator("input[type=number]")
    expect(caps).to_have_count(1)
    expect(caps).to_have_value("50")
    covers = page.locator("fieldset", has_text="ga-cover").locator("input[type=number]")
    expect(covers).to_have_count(2)
    covers.last.fill("90")
    page.get_by_label("Year shown").select_option("2028")
    page.get_by_role("button", name="Solve").click()
    expect(page.get_by_text("Least cover, all goods and years")).to_be_visible(timeout=LONGEST)
    expect(page.locator("#result")).not_to_have_class("stale", timeout=LONGEST)
    # the problem as stated was not solved here: there is nothing to set the cost against
    expect(page.locator(".figure .said", has_text="against")).to_have_count(0)
    expect(page.get_by_label("Year shown")).to_have_value("2028")
    page.get_by_label("Supply shown in").select_option(label="% of demand")
    assert "units=demand" in page.url
    page.reload()
    expect(page.get_by_text("each period as % of its demand")).to_be_visible(timeout=LONGEST)
    assert "year=2028" in page.url
    assert "cover_days%5B2030%5D%3D90" in page.url
    assert "max_share%3D0.5" in page.url


@pytest.mark.deep
def test_one_scenario_can_be_taken_for_sure(visit: Callable[..., Page]) -> None:
    page = visit(instance="farmer")
    # 108,390 is the greatest expected profit
    assert "108,390" in _cost(page)
    page.get_by_label("What is believed to happen").select_option(label="poor for sure")
    page.get_by_role("button", name="Solve").click()
    # 59,950 with the poor weather known: the farmer's published wait-and-see value
    expect(page.locator(".figure dd").first).to_contain_text("59,950", timeout=LONGEST)
    page.get_by_label("What is believed to happen").select_option(label="all of them, as stated")
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".figure dd").first).to_contain_text("108,390", timeout=LONGEST)


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


def test_a_problem_of_ones_own_is_read_by_the_server_and_named_by_its_job(
    visit: Callable[..., Page],
    faults: Callable[[Page], list[str]],
    tiny: dict[str, Any],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "mine"
    write_folder(instances.parse(tiny), folder)
    page = visit(instance="dantzig")
    page.get_by_text("or a problem of your own").click()
    with page.expect_file_chooser() as chosen:
        page.get_by_label("Its file").click()
    offers = folder / "offers.csv"
    good = offers.read_text()
    offers.write_text(good.replace(",10\n", ",cheap\n"))
    chosen.value.set_files(sorted(folder.iterdir()))
    trouble = page.locator("#trouble [role=alert]")
    expect(trouble).to_contain_text("offers.csv: row 2", timeout=LONGEST)
    offers.write_text(good)
    page.get_by_label("or the folder of its tables").set_input_files(folder)
    # 40 t from China at 10 USD/t and 60 t from Australia at 30 USD/t
    expect(page.locator(".figure dd").first).to_have_text("2,200 USD", timeout=LONGEST)
    expect(trouble).to_have_count(0)
    expect(page.locator("#own")).to_contain_text("From your mine (5 files)")
    expect(page.locator("#own")).to_contain_text("does not hold the problem")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this problem").click()
    assert download.value.suggested_filename == "two-sellers.json"
    whole = {"status": {}, "tables": {}, "problem": json.loads(download.value.path().read_text())}
    assert instances.parse(whole["problem"]) == instances.parse(tiny)
    page.get_by_role("spinbutton", name="max share").fill("50")
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".figure dd").first).to_have_text("2,000 USD", timeout=LONGEST)
    assert "job=" in page.url
    page.reload()
    expect(page.locator(".figure dd").first).to_have_text("2,000 USD", timeout=LONGEST)
    expect(page.locator("#own-place")).to_contain_text("The problem of the job")
    assert faults(page) == []
    page.goto(f"{page.url.split('?')[0]}?own=mine.zip")
    expect(trouble).to_contain_text("choose mine.zip again")
    # a result is taken for the problem in it, and the page says so
    page.locator("#file").set_input_files(
        {"name": "r.json", "mimeType": "application/json", "buffer": json.dumps(whole).encode()}
    )
    expect(page.locator("#own")).to_contain_text("From your r.json. r.json is a result:")
    expect(page.locator(".figure dd").first).to_have_text("2,200 USD", timeout=LONGEST)
    page.get_by_role("link", name="Jobs").click()
    expect(page.locator("#list .chip", has_text="mine (5 files)").first).to_be_visible()


@pytest.mark.deep
def test_a_folder_can_be_dropped_on_the_page(
    visit: Callable[..., Page], tiny: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    write_folder(instances.parse(tiny), folder)
    page = visit(instance="dantzig")
    _cost(page)
    devtools = page.context.new_cdp_session(page)
    held = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": step, "x": 700, "y": 400, "data": held})
    expect(page.locator("#own")).to_contain_text("From your mine (5 files)", timeout=LONGEST)
    expect(page.locator(".figure dd").first).to_have_text("2,200 USD", timeout=LONGEST)


@pytest.mark.deep
def test_an_address_that_asks_for_what_is_not_there_says_so(
    visit: Callable[..., Page], faults: Callable[[Page], list[str]]
) -> None:
    page = visit(instance="no-such-thing")
    expect(page.locator("#trouble [role=alert]")).to_contain_text("no-such-thing")
    # the list does not point at a problem that nobody asked for
    expect(page.get_by_label("Problem", exact=True)).to_have_value("")
    assert faults(page) == []
    edited = visit("rules[nothing].max_share=1", instance="dantzig")
    expect(edited.locator("#trouble [role=alert]")).to_contain_text("nothing", timeout=LONGEST)
