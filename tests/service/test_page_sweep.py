"""The page of a sweep in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Visits = Callable[..., Page]
    Faults = Callable[[Page], list[str]]

LONGEST = 60_000  # milliseconds
MARKUP = "<img src=x onerror=alert(1)>"


def swept(server: Any, problem: dict[str, Any], **ask: Any) -> str:
    """Post a sweep, and return its id."""
    answer = server.http.post("/v1/jobs", json={"kind": "sweep", "problem": problem, **ask})
    assert answer.status_code in (200, 202), answer.text
    return str(answer.json()["id"])


def test_a_grid_is_a_map_whose_points_are_runs(
    server: Any, visits: Visits, faults: Faults, tiny: dict[str, Any]
) -> None:
    axes = ["rules[cn-cap].max_share=0.2,0.4", "demand[us].quantity=100,200"]
    page = visits(f"{server.url}/sweeps/{swept(server, tiny, axes=axes)}")
    # 100 t at a cap of 40 %: 2,200 USD; 200 t at one of 20 %: 40 t at 10 USD/t, 160 t at 30 USD/t
    expect(page.locator("#verdict")).to_contain_text("4 points", timeout=LONGEST)
    expect(page.locator("#verdict")).to_contain_text("from 2,200 USD to 5,200 USD")
    expect(page.locator(".card", has_text="What does each pair").locator("svg")).to_be_visible()
    expect(page.locator(".card", has_text="Which values go together?")).to_be_visible()
    rows = page.locator(".card", has_text="The points").locator("tbody tr")
    expect(rows).to_have_count(4)
    # China's share of the supply is what the cap leaves it
    page.get_by_label("Shown at each point").select_option("share gallium CHN")
    expect(page.locator(".card", has_text="What does each pair")).to_contain_text("share of China")
    assert "show=share" in page.url
    assert faults(page) == []
    last = rows.last.get_by_role("link")
    edits = parse_qs(urlsplit(str(last.get_attribute("href"))).query)["edit"]
    assert edits == ["rules[cn-cap].max_share=0.4", "demand[us].quantity=200"]
    last.click()
    # 80 t at 10 USD/t and 120 t at 30 USD/t
    expect(page.locator(".figure dd").first).to_have_text("4,400 USD", timeout=LONGEST)


@pytest.mark.deep
def test_every_design_has_its_picture(
    server: Any, visits: Visits, faults: Faults, tiny: dict[str, Any]
) -> None:
    tiny["offers"][1]["capacity"] = 70
    designs: list[tuple[dict[str, Any], str, str]] = [
        # a point costs 20 USD: 10 % of the cap are 4 points
        (
            {"axes": ["rules[cn-cap].max_share"], "tornado": "10 %"},
            "What moves the cost most",
            "+80",
        ),
        # below 30 % the 70 t of Australia are too few
        ({"axes": ["rules[cn-cap].max_share=0.2:0.6:5"]}, "What does it do", "no plan (1)"),
        (
            {"scenarios": {MARKUP: ["offers[*].price*=2"], "now": []}},
            "What does each case",
            "a click opens the run",
        ),
        (
            {
                "axes": [
                    "offers[*].price*=uniform(0.9, 1.1)",
                    "demand[us].quantity=uniform(90, 100)",
                ]
            }
            | {"sample": 5},
            "Which values go together",
            "A line for each point",
        ),
        (
            {"axes": ["rules[cn-cap].max_share=0.2,0.4", "demand[us].quantity=90,100"]}
            | {"scenarios": {"dear": ["offers[*].price*=2"], "now": []}},
            "What does each pair",
            "a click on a cell",
        ),
    ]
    for ask, title, words in designs:
        page = visits(f"{server.url}/sweeps/{swept(server, tiny, **ask)}")
        card = page.locator(".card", has_text=title)
        expect(card).to_contain_text(words, timeout=LONGEST)
        expect(card.locator("svg")).to_be_visible()
        expect(page.locator("main img")).to_have_count(0)
        assert faults(page) == []
        if "scenarios" in ask and "axes" not in ask:
            expect(page.locator("#seen tbody")).to_contain_text(MARKUP)
    # the last one has its points twice, under either list of edits
    page.get_by_label("Edits made before").select_option("offers[*].price*=2")
    expect(page.locator(".card", has_text="The points").locator("tbody tr")).to_have_count(4)
    # 36 t at 20 USD/t and 54 t at 60 USD/t
    card.locator("text", has_text="3.96").click()
    expect(page.locator("#verdict")).to_contain_text("USD", timeout=LONGEST)
    assert "edit=offers%5B*%5D.price*%3D2&edit=rules" in page.url


@pytest.mark.deep
def test_what_is_no_sweep_is_said(
    server: Any, visits: Visits, faults: Faults, tiny: dict[str, Any]
) -> None:
    order = {"kind": "solve", "problem": tiny}
    job = server.http.post("/v1/jobs", json=order, headers={"Prefer": "wait=25"}).json()["id"]
    page = visits(f"{server.url}/sweeps/{job}")
    expect(page.locator("[role=alert]")).to_contain_text("of the kind solve")
    assert faults(page) == []
    page.get_by_role("link", name="See it where it is shown").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=LONGEST)
    for path, words in (
        ("/sweeps/none", "no job of yours"),
        (f"/sweeps/{swept(server, tiny, axes=['demand[us].quantity=90,100'])}?show=x", '"x"'),
    ):
        wrong = visits(server.url + path)
        expect(wrong.locator("[role=alert]")).to_contain_text(words, timeout=LONGEST)
        assert faults(wrong) == []


@pytest.mark.deep
def test_a_sweep_is_watched_and_stopped(
    server: Any, visits: Visits, faults: Faults, hard: dict[str, Any]
) -> None:
    ask = {"axes": ["demand[*].quantity*=0.8:1:40"], "options": {"time_limit": 60}}
    page = visits(f"{server.url}/sweeps/{swept(server, hard, **ask)}")
    expect(page.locator("#phase")).to_contain_text(" of 40 done", timeout=LONGEST)
    assert faults(page) == []
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#verdict, [role=alert]").first).to_be_visible(timeout=LONGEST)
    assert faults(page) == []
