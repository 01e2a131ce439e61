"""The page of jobs, and the reader's key, in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, get_args

import pytest
from playwright.sync_api import expect

from service.jobs.record import JOB_KINDS
from service.jobs.schemas import StateName

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Visits = Callable[..., Page]
    Faults = Callable[[Page], list[str]]

LONGEST = 30_000  # milliseconds


def asked(server: Any, wait: int = 60, **order: Any) -> str:
    """Post a job, wait for its end, and return its id."""
    answer = server.http.post("/v1/jobs", json=order, headers={"Prefer": f"wait={wait}"})
    assert answer.status_code in (200, 202), answer.text
    return str(answer.json()["id"])


def test_jobs_are_filtered_shown_and_deleted(
    server: Any, visits: Visits, faults: Faults, tiny: dict[str, Any]
) -> None:
    label = "<img src=x onerror=alert(1)> base"
    job = asked(server, kind="solve", problem=tiny, label=label)
    page = visits(f"{server.url}/jobs")
    page.get_by_label("Label, in full").fill(label)
    page.get_by_role("button", name="Show these").click()
    item = page.locator(f"#job-{job}")
    expect(page.locator("#told")).to_have_text("1 job; all of them over.")
    expect(page.locator("#list li.job")).to_have_count(1)
    # what a caller wrote stays text
    expect(item.locator(".chip")).to_have_text(label)
    expect(page.locator("main img")).to_have_count(0)
    item.locator("summary").click()
    expect(item.locator("pre")).to_contain_text("two-sellers, in full")
    expect(item.locator(".cost")).to_have_text("2,200 USDoptimal")
    expect(item).to_contain_text(f"job {job[:8]}")
    assert faults(page) == []
    item.get_by_role("link", name="See the answer").click()
    # 40 t at 10 USD/t and 60 t at 30 USD/t
    expect(page.locator(".figure dd").first).to_have_text("2,200 USD", timeout=LONGEST)
    assert f"job={job}" in page.url
    page.go_back()
    item.get_by_role("button", name="Delete").click()
    assert server.http.get(f"/v1/jobs/{job}").status_code == 200
    item.get_by_role("button", name="Delete it, and its answer").click()
    expect(page.locator("#list")).to_have_text("No job fits. Show all")
    assert server.http.get(f"/v1/jobs/{job}").status_code == 404
    # what the address asks for and does not exist is said
    wrong = visits(f"{server.url}/jobs?state=sleeping")
    expect(wrong.locator("[role=alert]")).to_contain_text("sleeping")
    assert faults(wrong) == []


def test_the_filters_are_those_of_the_api(server: Any, visits: Visits) -> None:
    page = visits(f"{server.url}/jobs")
    for field, known in (("state", get_args(StateName)), ("kind", JOB_KINDS)):
        offered = page.locator(f"#{field} option").evaluate_all("all => all.map(o => o.value)")
        assert set(offered) == {"", *known}


def test_every_job_that_is_over_can_be_read(
    server: Any, visits: Visits, faults: Faults, impossible: dict[str, Any]
) -> None:
    impossible["commodities"][0]["name"] = "<b>Refined</b> gallium"
    edits = ["offers[au].price=31"]
    curve = asked(server, kind="frontier", problem=impossible, rule="cn-cap", edits=edits)
    clash = asked(server, kind="explain", problem=impossible)
    wrong = asked(server, kind="validate", problem=impossible, edits=["offers[xx].price=1"])
    page = visits(f"{server.url}/jobs")
    item = page.locator(f"#job-{curve}")
    # two jobs of one problem differ by what was asked
    expect(item.locator(".asks")).to_have_text("Changed: au, price: 31. Asked: rule cn-cap")
    # all 100 t from China at 10 USD/t, or all 50 t that there are from Australia at 31 USD/t
    expect(item.locator(".cost")).to_have_text("1,000 USD to 2,050 USD")
    item.get_by_role("link", name="See the answer").click()
    expect(page.locator("#verdict")).to_have_text(
        "two-sellers, frontier: 1,000 USD to 2,050 USD.", timeout=LONGEST
    )
    assert page.url == f"{server.url}/answers/{curve}"
    asking = page.locator(".card", has_text="What was asked")
    expect(asking).to_contain_text("cn-cap")
    expect(asking).to_contain_text("offers[au].price=31")
    expect(page.locator(".chart svg")).to_be_visible()
    vertices = page.locator(".card", has_text="Vertices").locator("tbody tr")
    assert vertices.first.locator("td").all_inner_texts()[:2] == ["0.5", "2,050"]
    expect(page.locator("main b")).to_have_count(0)
    assert faults(page) == []
    told = """import('/page/js/plainly.js').then(m => [
        m.valueOf('met', 1), m.valueOf('cost_usd', 2e6), m.valueOf('numbers', 1),
        m.valueOf('assumed', { money: 0.97, stock_t: 3 }), m.fieldName('spent_usd')])"""
    assert page.evaluate(told) == [
        "100 %",
        "2 million USD",
        "1",
        "money: 97 %; stock, t: 3 t",
        "spent, USD",
    ]
    # the change that works is a run to be opened: 10 t more than China's 40 t
    page = visits(f"{server.url}/answers/{clash}")
    remedies = page.locator(".card", has_text="Remedies").locator("tbody tr")
    remedy = remedies.filter(has_text="rules[cn-cap].max_share=0.5")
    remedy.get_by_role("link").click(timeout=LONGEST)
    # 50 t at 10 USD/t and 50 t at 30 USD/t
    expect(page.locator(".figure dd").first).to_have_text("2,000 USD", timeout=LONGEST)
    page = visits(f"{server.url}/answers/{wrong}")
    expect(page.locator("#verdict")).to_have_text("No problem named, validate: 1 finding.")
    expect(page.locator(".card", has_text="Findings")).to_contain_text("offers[xx]")
    assert faults(page) == []
    lost = visits(f"{server.url}/answers/none")
    expect(lost.locator("[role=alert]")).to_contain_text("no job of yours")


@pytest.mark.deep
def test_every_kind_of_answer_is_read(
    server: Any, visits: Visits, faults: Faults, tiny: dict[str, Any]
) -> None:
    kinds = {
        "alternatives": {"count": 2, "margin": 0.1},
        "stress": {"who": ["AUS"]},
        "compare": {"changes": ["rules[cn-cap].max_share=0.5"]},
        "sheet": {},
        "partners": {"of": ["CHN"]},
        "purse": {"budgets": ["5000 USD"], "goals": ["reliance"]},
        "explain": {"why": "au"},
    }
    for kind, ask in kinds.items():
        job = asked(server, kind=kind, problem=tiny, **ask)
        page = visits(f"{server.url}/answers/{job}")
        expect(page.locator("#verdict")).to_contain_text(f"two-sellers, {kind}: ", timeout=LONGEST)
        expect(page.locator("#seen .card")).not_to_have_count(0)
        assert faults(page) == [], kind


@pytest.mark.deep
def test_a_long_list_is_turned_page_by_page_and_shows_what_fails(
    running: Callable[..., Any], visits: Visits, tiny: dict[str, Any], faults: Faults
) -> None:
    with running() as server:
        server.wait_until_ready()
        page = visits(f"{server.url}/jobs")
        expect(page.locator("#list")).to_contain_text("Nobody has asked for anything yet")
        assert faults(page) == []
        for number in range(27):
            asked(server, 0, kind="solve", problem=tiny, label=f"run {number}")
        # a list that nobody touches shows what comes
        expect(page.locator("#list li.job")).to_have_count(25, timeout=LONGEST)
        page.get_by_role("link", name="Older jobs").click()
        expect(page.locator("#list li.job")).to_have_count(2)
        expect(page.locator("#list")).to_contain_text("run 0")
        assert "cursor=" in page.url
        page.reload()
        expect(page.locator("#list li.job")).to_have_count(2)
        page.get_by_role("link", name="Newest").click()
        expect(page.locator("#list li.job")).to_have_count(25)
        broken = visits(f"{server.url}/jobs?cursor=xyz")
        expect(broken.locator("[role=alert]")).to_contain_text("cursor")
        server.process.terminate()
        expect(page.locator("[role=alert]")).to_contain_text("cannot be reached", timeout=LONGEST)
        assert faults(page) == []


def created(folder: Path, *scopes: str) -> str:
    """Return a key that a server in a folder takes."""
    asked = [part for scope in scopes for part in ("--scope", scope)]
    made = subprocess.run(
        [sys.executable, "-P", "-m", "service.cli", "keys", "create", "--tenant", "acme", *asked],
        env={**os.environ, "DIVERSIFY_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


def test_a_key_is_asked_for_sent_refused_and_forgotten(
    running: Callable[..., Any], visits: Visits, faults: Faults, tmp_path: Path
) -> None:
    key = created(tmp_path, "read")
    with running(DATA=str(tmp_path), ASK_KEYS="true") as server:
        page = visits(f"{server.url}/jobs")
        expect(page.get_by_role("heading", name="This server asks for a key")).to_be_visible()
        assert faults(page) == []
        page.get_by_label("Key").fill("dvf_nobody_has_this")
        page.get_by_role("button", name="Use this key").click()
        expect(page.locator("[role=alert]")).to_contain_text("Enter another one")
        assert faults(page) == []
        page.get_by_label("Key").fill(key)
        page.get_by_role("button", name="Use this key").click()
        expect(page.locator("#told")).to_have_text("No jobs.")
        assert key not in page.url
        # the other pages of the tab know it; what it does not permit is said
        page.get_by_role("link", name="New run").click()
        expect(page.locator("[role=alert]")).to_contain_text("scope run", timeout=LONGEST)
        assert page.evaluate("localStorage.length + document.cookie.length") == 0
        page.get_by_role("button", name="Forget the key").click()
        expect(page.get_by_role("heading", name="This server asks for a key")).to_be_visible()
        assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.deep
def test_a_solve_is_watched_with_a_key(
    running: Callable[..., Any], visits: Visits, tmp_path: Path
) -> None:
    key = created(tmp_path)
    with running(DATA=str(tmp_path), ASK_KEYS="true") as server:
        page = visits(f"{server.url}/?instance=dantzig")
        page.get_by_label("Key").fill(key)
        streams: list[str | None] = []
        page.on(
            "request",
            lambda r: streams.append(r.headers.get("authorization")) if "/events" in r.url else 0,
        )
        page.get_by_role("button", name="Use this key").click()
        expect(page.locator("#verdict")).to_be_visible(timeout=LONGEST)
        assert streams == [f"Bearer {key}"]
