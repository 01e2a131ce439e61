"""The page of two runs in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Visits = Callable[..., Page]
    Faults = Callable[[Page], list[str]]

LONGEST = 60_000  # milliseconds
MARKUP = "<img src=x onerror=alert(1)>"


def solved(server: Any, problem: dict[str, Any], **more: Any) -> str:
    """Post a solve, wait for its end, and return its id."""
    order = {"kind": "solve", "problem": problem, **more}
    answer = server.http.post("/v1/jobs", json=order, headers={"Prefer": "wait=25"})
    assert answer.status_code in (200, 202), answer.text
    return str(answer.json()["id"])


def test_two_runs_are_compared_on_the_same_axes(
    server: Any, visits: Visits, faults: Faults, tiny: dict[str, Any]
) -> None:
    tiny["commodities"][0]["name"] = "Refined gallium"
    first = solved(server, tiny, label=f"{MARKUP} tight")
    second = solved(server, tiny, edits=["rules[cn-cap].max_share=0.6"], label="loose")
    page = visits(f"{server.url}/compare?a={first}&b={second}")
    expect(page.locator("#b option:checked")).to_contain_text("two-sellers: loose · cn-cap, max")
    expect(page.locator("#b option:checked")).to_contain_text("share: 60 % · 1,800 USD · ")
    # the whole of it can be read
    chosen = page.locator("#b").evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert chosen[0] <= chosen[1]
    expect(page.locator("#b-said")).to_contain_text(f" · {second[:8]}")
    expect(page.locator("#good option")).to_have_text(["Refined gallium"])
    # 20 t at 10 USD/t in place of 30 USD/t
    expect(page.locator("#verdict")).to_contain_text("costs 400 USD less", timeout=LONGEST)
    differing = page.locator("#told table tbody tr")
    expect(differing).to_have_count(1, timeout=LONGEST)
    assert differing.locator("td").all_inner_texts() == [
        "rules[cn-cap].max_share",
        "cap",
        "0.4",
        "0.6",
    ]
    gains = page.locator(".card", has_text="Who gains and who loses?")
    expect(gains).to_contain_text("Refined gallium: t bought or made")
    expect(gains).to_contain_text("China +20 t, Australia −20 t")
    # the axis of the causes begins at no difference, and says so
    causes = page.locator(".card", has_text="Why does the cost differ?").locator("svg text")
    assert "0" in causes.all_text_contents()
    # both runs buy 100 t: one of them alone would do with less than the other
    expect(page.locator(".card", has_text="Who supplies us? A (")).to_be_visible()
    expect(page.locator(".card", has_text="Who supplies us? B (loose)")).to_be_visible()
    expect(page.locator("main img")).to_have_count(0)
    assert faults(page) == []
    # a stack of 3 and 4 reaches 7, one of -2 reaches below zero; 7 is rounded to 8
    reach = """import('/page/js/sharing.js').then(m => [m.reach({ series: [
        { stack: 'all', data: [3, -2] }, { stack: 'all', data: [{ value: 4 }, null] },
    ] }), m.rounded(7), m.rounded(-0.21)])"""
    assert page.evaluate(reach) == [[-2, 7], 8, -0.25]
    page.get_by_role("button", name="Swap").click()
    expect(page.locator("#verdict")).to_contain_text("costs 400 USD more", timeout=LONGEST)
    assert f"a={second}&b={first}" in page.url


def test_runs_of_unlike_problems_are_not_set_against_each_other(
    server: Any, visits: Visits, faults: Faults, tiny: dict[str, Any]
) -> None:
    first = solved(server, tiny, label="small")
    tiny["name"], tiny["base_year"] = "larger", 2020
    tiny["periods"]["count"] = 2
    tiny["commodities"].append({"id": "ge", "stage": "metal", "basis": "Ge", "name": "germanium"})
    tiny["offers"].append(
        {"id": "de", "supplier": "C", "country": "DEU", "commodity": "ge", "price": 5}
    )
    tiny["demand"].append({"id": "ge", "commodity": "ge", "country": "USA", "quantity": 10})
    tiny["events"] = [{"id": "cut", "of": "CHN", "availability": 0, "start": "2027-01-01"}]
    tiny["scenarios"] = [
        {"id": "calm", "probability": 0.6},
        {"id": "storm", "probability": 0.4, "events": ["cut"]},
    ]
    second = solved(server, tiny, label="large")
    page = visits(f"{server.url}/compare?a={first}&b={second}")
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text("cannot be set against each other", timeout=LONGEST)
    expect(verdict).to_contain_text("A (small) costs 2,200 USD")
    expect(page.locator(".figure", has_text="Difference")).to_contain_text("cannot be told")
    for told in (
        "They are dollars of different years: not stated in A, 2020 in B.",
        "They cover different times: one period, 2026 in A, 2 periods, 2026 to 2027 in B.",
        "They meet different needs: gallium in A, gallium, germanium in B.",
        "A has one course of events, B has 2 scenarios (calm, storm)",
        'of B "calm"',
        "Only B has germanium.",
        "in the periods that both have, 2026; B alone has 2027.",
    ):
        expect(page.locator("#unlike")).to_contain_text(told)
    causes = page.locator(".card", has_text="Why does the cost differ?")
    expect(causes).to_contain_text("Nothing is drawn", timeout=LONGEST)
    # in 2026 both buy the same; 2027, which A does not have, is no gain of anybody's
    gains = page.locator(".card", has_text="Who gains and who loses?")
    expect(gains).to_contain_text("Nobody gains or loses volume of gallium.")
    supply = page.locator(".card", has_text="Who supplies us? B (large), scenario calm")
    expect(supply.locator("svg")).to_contain_text("2027")
    assert faults(page) == []
    page.get_by_label("Material shown").select_option("ge")
    expect(page.locator(".card", has_text="Who supplies us? A")).to_contain_text(
        "It has no germanium."
    )
    expect(gains).to_contain_text("only one of them has germanium")


@pytest.mark.deep
def test_what_cannot_be_compared_is_said(
    server: Any, visits: Visits, faults: Faults, impossible: dict[str, Any]
) -> None:
    # of 80 t the cap leaves 48 t to Australia, which has 50 t
    first = solved(server, impossible, edits=["demand[us].quantity=80"], label="less")
    second = solved(server, impossible)
    page = visits(f"{server.url}/compare?a={first}&b={second}")
    expect(page.locator("#verdict")).to_contain_text("has no plan", timeout=LONGEST)
    expect(page.locator("#told table tbody tr")).to_have_count(1, timeout=LONGEST)
    expect(page.locator(".card", has_text="Who supplies us? B")).to_contain_text("infeasible")
    assert faults(page) == []
    empty = visits(f"{server.url}/compare")
    expect(empty.locator("#told")).to_contain_text("Nothing is compared yet")
    empty.get_by_label("A", exact=True).select_option(first)
    empty.get_by_label("B", exact=True).select_option(first)
    empty.get_by_role("button", name="Compare").click()
    expect(empty.locator("#verdict")).to_contain_text("costs the same", timeout=LONGEST)
    expect(empty.locator("#told")).to_contain_text("Nothing that changes a plan", timeout=LONGEST)
    assert faults(empty) == []
    for query, word in (
        (f"a={first}", "which run is B"),
        (f"a={first}&b=none", "no job of yours"),
        (f"a={first}&b={first}&good=zinc", "zinc"),
        ("job=none", "no job of yours"),
    ):
        wrong = visits(f"{server.url}/compare?{query}")
        expect(wrong.locator("[role=alert]")).to_contain_text(word, timeout=LONGEST)
        assert faults(wrong) == []


@pytest.mark.deep
def test_a_comparison_that_was_a_job_is_shown(
    server: Any, visits: Visits, faults: Faults, tiny: dict[str, Any]
) -> None:
    order = {"kind": "compare", "problem": tiny, "changes": ["demand[us].quantity=110"]}
    job = server.http.post("/v1/jobs", json=order).json()["id"]
    page = visits(f"{server.url}/jobs?kind=compare")
    page.locator(f"#job-{job}").get_by_role("link").click()
    # 44 t at 10 USD/t and 66 t at 30 USD/t are 2,420 USD: 220 USD more
    expect(page.locator("#verdict")).to_contain_text("costs 220 USD more", timeout=LONGEST)
    bridge = page.locator(".card", has_text="Why does the cost differ?")
    expect(bridge).to_contain_text("+220", timeout=LONGEST)
    assert faults(page) == []
