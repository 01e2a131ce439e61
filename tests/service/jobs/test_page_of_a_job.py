"""A job that has no answer, on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from service.jobs.record import Ending, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def test_a_job_without_an_answer_says_why(
    api: Any, visits: Callable[..., Page], faults: Callable[[Page], list[str]], tiny: Any
) -> None:
    order = {"kind": "solve", "problem": tiny, "edits": ["offers[au].price=31"]}
    job = api.post(order).json()["id"]
    ending = Ending(State.FAILED, "crashed", "It was ended by SIGSEGV.")
    assert api.store.finish(api.begin(job), ending)
    page = visits("http://{}:{}/jobs".format(*api.address))
    item = page.locator(f"#job-{job}")
    expect(item.locator(".cost")).to_have_text("no answer: crashed")
    item.get_by_role("link", name="See why there is none").click()
    expect(page.locator(".card.alarm")).to_contain_text(
        "There is no answerIt failed. crashed It was ended by SIGSEGV."
    )
    expect(page.locator(".card", has_text="What was asked")).to_contain_text("au, price: 31")
    expect(page.locator("#seen .card")).to_have_count(0)
    assert faults(page) == []
