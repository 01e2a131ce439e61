"""Pages of other sites: what browsers ask on their behalf is refused, and nothing lent to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Place = Callable[..., Any]
READING = ("GET", "HEAD", "OPTIONS")


def is_cross_site(answer: Any) -> bool:
    problem = answer.headers["content-type"] == "application/problem+json"
    return problem and bool(answer.json()["type"] == "/problems/cross-site")


@pytest.mark.parametrize("asked", [False, True], ids=["loopback", "keys"])
@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "anything"])
def test_change_asked_by_a_page_of_another_site_is_refused(place: Place, site: str, asked: bool):
    here = place(ask_keys=asked)
    browser = here.client("acme")
    changes = [request for request in here.requests() if request[0] not in READING]
    assert ("POST", "/v1/jobs") in changes
    assert ("DELETE", "/v1/jobs/no-such-job") in changes
    for method, path in changes:
        answer = browser.request(method, path, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403, path
        assert is_cross_site(answer)
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_its_own_page_and_programs_are_let_in(place: Place, site: str | None):
    here = place(ask_keys=False)
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    # past the door it is the missing body that is wrong
    answer = here.client().post("/v1/jobs", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/not-json")


def test_pages_of_other_sites_may_read_nothing_and_no_cookie_is_ever_set(place: Place):
    """A browser hands an answer to another site's page only if the answer says that it may."""
    here = place(ask_keys=False)
    browser = here.client()
    headers = {
        "Origin": "https://elsewhere.example",
        "Sec-Fetch-Site": "cross-site",
        "Access-Control-Request-Method": "POST",
        "Cookie": "session=1",
    }
    for method, path in [*here.requests(), ("OPTIONS", "/v1/jobs"), ("GET", "/nothing")]:
        answer = browser.request(method, path, headers=headers)
        assert "set-cookie" not in answer.headers, path
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert not browser.cookies
