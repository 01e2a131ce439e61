from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from instances import InputError
from service.jobs.database import connect, url_of, writing
from service.jobs.folder import open_database
from service.jobs.reader import JobReader
from service.jobs.store import JobStore
from service.settings import Settings, from_environment
from service.webhooks.hosts import WrongUrlError, address_of, target_of
from service.webhooks.outbox import Outbox
from service.webhooks.sender import Sender
from service.webhooks.signing import require_secret, secret_of, signed
from service.webhooks.tables import WEBHOOKS
from tests.service.jobs.receiver import US, Receiver, ended, posted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

MASTER = "0123456789abcdef0123456789abcdef"
HERE = ("127.0.0.1",)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server to be told."""
    receiver = Receiver()
    yield receiver
    receiver.close()


def verified(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Return whether a receiver that holds a secret believes what it is told."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    made = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return f"v1,{made}" in headers["webhook-signature"].split()


def test_signature_is_the_one_that_the_standard_publishes():
    # the example of the libraries of Standard Webhooks
    headers = signed(
        "msg_loFOjxBNrRLzqYUf",
        1731705121,
        b'{"event_type":"ping","data":{"success":true}}',
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
    )
    assert headers["webhook-signature"] == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


def test_each_tenant_has_a_secret_of_its_own():
    secrets = {secret_of(tenant, MASTER) for tenant in ("acme", "other")}
    assert len(secrets | {secret_of("acme", MASTER[:-1] + "0")}) == 3
    # the standard asks for 24 to 64 bytes
    assert all(len(base64.b64decode(secret[6:])) == 32 for secret in secrets)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://evil.example/", "does not tell"),
        ("https://hooks.example.evil.example/", "does not tell"),
        ("https://hooks.example@evil.example/", "no user"),
        ("https://u:p@hooks.example/", "no user"),
        ("https://hooks.example/#x", "no fragment"),
        ("ftp://hooks.example/", "must begin with"),
        ("file:///etc/passwd", "must begin with"),
        ("https://hooks.example:99999/", "must be a URL such as"),
        ("https://[::1/", "must be a URL such as"),
        ("//hooks.example/", "must begin with"),
        ("http://127.0.0.1/", "does not tell"),
        ("http://2130706433/", "does not tell"),
        ("http://0x7f.1/", "does not tell"),
        ("http://[::ffff:10.1.2.3]/", "does not tell"),
        ("https://hooks.example/a b", "printable ASCII"),
        ("https://hooks.example/\r\nHost: x", "printable ASCII"),
        ("https://hööks.example/", "printable ASCII"),
        ("https://hooks.example/" + "x" * 2000, "at most 2000"),
        ("", "at most 2000"),
        (7, "at most 2000"),
    ],
)  # fmt: skip
def test_url_of_a_host_that_is_not_listed_is_refused(url: object, said: str):
    listed = ("Hooks.example", "10.0.0.0/8")
    with pytest.raises(WrongUrlError, match=said):
        target_of(url, listed)
    with pytest.raises(WrongUrlError):
        target_of(url, ())


def test_listed_hosts_are_told_at_the_address_that_was_looked_at():
    target = target_of("https://HOOKS.example:8443/a?b=c", ("hooks.example",))
    assert target.authority == "hooks.example:8443"
    assert target_of("http://10.1.2.3/", ("10.0.0.0/8",)).host == "10.1.2.3"
    name = target_of("http://localhost:99/x", ("localhost",))
    # a name that is listed may be changed to mean a machine of this network
    with pytest.raises(WrongUrlError, match="of this network"):
        address_of(name, ("localhost",))
    address = address_of(name, ("localhost", "127.0.0.0/8", "::1"))
    assert name.at(address) in ("http://127.0.0.1:99/x", "http://[::1]:99/x")


def test_webhook_is_due_once_its_job_is_over_and_claimed_by_one(engine: Engine):
    outbox = Outbox(engine, most_attempts=3, first_pause=5)
    job = posted(engine, "http://127.0.0.1/")
    assert outbox.claim(8) == []
    assert outbox.get(job).state == "waiting"  # type: ignore[union-attr]
    # one that waits is over when it is cancelled
    JobStore(engine).cancel(US, job)
    with ThreadPoolExecutor(4) as pool:
        claims = [claim for found in pool.map(outbox.claim, [8] * 4) for claim in found]
    assert [(claim.job, claim.tenant, claim.number) for claim in claims] == [(job, US, 1)]


def made_due(engine: Engine, job: str) -> None:
    """Let the time pass until a webhook is due."""
    with writing(engine) as connection:
        connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.job == job).values(due=time.time()))


def test_webhook_is_tried_again_at_longer_and_longer_pauses_and_given_up(engine: Engine):
    outbox = Outbox(engine, most_attempts=4, first_pause=5)
    job = ended(engine, "http://127.0.0.1/")
    pauses = []
    for number in (1, 2, 3, 4):
        (claimed,) = outbox.claim(8)
        assert claimed.number == number
        assert outbox.claim(8) == []
        pauses.append(outbox.failed(claimed, f"50{number}"))
        shown = outbox.get(job)
        assert shown is not None
        if number < 4:
            assert shown.due == pytest.approx(time.time() + (pauses[-1] or 0), abs=5)
            made_due(engine, job)
    # 5 s, then five times as long each
    assert pauses == [5, 25, 125, None]
    assert (shown.state, shown.attempts, shown.due, shown.outcome) == ("given_up", 4, None, "504")
    assert outbox.claim(8) == []


def test_sender_that_dies_loses_its_claim_and_its_word_counts_no_more(engine: Engine):
    outbox = Outbox(engine, most_attempts=2, first_pause=5)
    job = ended(engine, "http://127.0.0.1/")
    (dead,) = outbox.claim(8)
    made_due(engine, job)
    (second,) = outbox.claim(8)
    assert second.number == 2
    outbox.failed(dead, "late")
    assert outbox.get(job).outcome is None  # type: ignore[union-attr]
    # both have died: there is no third
    made_due(engine, job)
    assert outbox.claim(8) == []
    assert outbox.get(job).state == "given_up"  # type: ignore[union-attr]


def test_receiver_is_told_again_until_it_takes_it_and_sent_nowhere_else(
    engine: Engine, receiver: Receiver
):
    receiver.statuses = [500, 302, 204]
    job = ended(engine, receiver.url)
    outbox = Outbox(engine, most_attempts=5, first_pause=0.01)
    sender = Sender(outbox, JobReader(engine), HERE, MASTER)
    deadline = time.monotonic() + 30
    while outbox.get(job).state != "delivered":  # type: ignore[union-attr]
        sender.send_due()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert [path for path, _, _ in receiver.taken] == ["/done?from=us"] * 3
    assert {headers["webhook-id"] for _, headers, _ in receiver.taken} == {job}
    for _, headers, body in receiver.taken:
        assert headers["host"] == f"127.0.0.1:{receiver.port}"
        assert headers["content-type"] == "application/json"
        assert verified(headers, body, secret_of(US, MASTER))
        assert not verified(headers, body, secret_of("other", MASTER))
        assert not verified(headers, body.replace(b"succeeded", b"failed"), secret_of(US, MASTER))
    told = json.loads(receiver.taken[0][2])
    assert (told["type"], told["data"]["id"]) == ("job.succeeded", job)
    assert told["data"]["links"]["result"] == f"/v1/jobs/{job}/result"
    found = outbox.get(job)
    assert found is not None
    assert (found.attempts, found.outcome, found.due) == (3, "204", None)


@pytest.mark.parametrize("listed", [("other.example",), ("localhost",)], ids=["name", "address"])
def test_host_that_is_no_longer_listed_is_told_nothing(
    engine: Engine, receiver: Receiver, listed: tuple[str, ...]
):
    job = ended(engine, receiver.url.replace("127.0.0.1", "localhost"))
    outbox = Outbox(engine, most_attempts=5, first_pause=5)
    Sender(outbox, JobReader(engine), listed, MASTER).send_due()
    found = outbox.get(job)
    assert found is not None
    assert (found.state, found.attempts) == ("given_up", 1)
    assert not receiver.taken


def test_receiver_that_is_gone_is_told_once(engine: Engine, receiver: Receiver):
    receiver.statuses = [410]
    job = ended(engine, receiver.url)
    outbox = Outbox(engine, most_attempts=5, first_pause=5)
    Sender(outbox, JobReader(engine), HERE, MASTER).send_due()
    assert outbox.get(job).state == "given_up"  # type: ignore[union-attr]
    assert len(receiver.taken) == 1


def test_server_that_lists_nobody_refuses_webhooks(api: Any, tiny: dict[str, Any]):
    order = {"kind": "solve", "problem": tiny, "webhook": "https://hooks.example/x"}
    answer = api.http.post("/v1/jobs", json=order)
    assert answer.status_code == 422
    (finding,) = answer.json()["findings"]
    assert finding["where"] == "webhook"
    assert finding["what"] == "cannot be: this server tells nobody"
    assert "DIVERSIFY_WEBHOOK_HOSTS" in finding["remedy"]
    job = api.http.post("/v1/jobs", json=order | {"webhook": None}).json()["id"]
    answer = api.http.get(f"/v1/jobs/{job}/webhook")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-webhook")


def test_hosts_without_a_secret_are_told_nothing_and_stop_the_start():
    listed = from_environment({"DIVERSIFY_WEBHOOK_HOSTS": "hooks.example, 10.0.0.0/8"})
    assert listed.webhook_hosts == ("hooks.example", "10.0.0.0/8")
    assert listed.webhooks == ()
    with pytest.raises(InputError, match="DIVERSIFY_WEBHOOK_SECRET: is needed"):
        require_secret(listed)
    with pytest.raises(InputError, match="must be text, such as 32 random signs") as error:
        from_environment({"DIVERSIFY_WEBHOOK_SECRET": "too-short"})
    assert "too-short" not in str(error.value)
    whole = listed.model_copy(update={"webhook_secret": MASTER})
    require_secret(whole)
    assert whole.webhooks == listed.webhook_hosts
    assert MASTER not in repr(whole)


def test_command_line_shows_a_tenant_its_secret(
    diversify: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DIVERSIFY_WEBHOOK_SECRET", MASTER)
    assert diversify("keys", "webhook", "--tenant", "us").stdout.strip() == secret_of(US, MASTER)
    monkeypatch.delenv("DIVERSIFY_WEBHOOK_SECRET")
    assert diversify("keys", "webhook", "--tenant", "us").returncode == 2


def test_server_tells_what_was_due_before_it_started_and_what_ends_after(
    running: Callable[..., Any], receiver: Receiver, tiny: dict[str, Any], tmp_path: Path
):
    engine = open_database(Settings(data=tmp_path))
    before = ended(engine, receiver.url)
    engine.dispose()
    hosts = {"WEBHOOK_HOSTS": "127.0.0.1, hooks.example", "WEBHOOK_SECRET": MASTER}
    with running(DATA=str(tmp_path), **hosts) as server:
        server.wait_until_ready()
        order = {"kind": "solve", "problem": tiny, "webhook": receiver.url}
        wrong = server.http.post("/v1/jobs", json=order | {"webhook": "http://127.0.0.2/"})
        assert wrong.status_code == 422
        after = server.http.post("/v1/jobs", json=order).json()["id"]
        path = f"/v1/jobs/{after}/webhook"
        server.wait_until(lambda: server.http.get(path).json()["state"] == "delivered")
        shown = server.http.get(path).json()
        assert shown == {
            "url": receiver.url,
            "state": "delivered",
            "attempts": 1,
            "due": None,
            "outcome": "204",
        }
    told = {json.loads(body)["data"]["id"]: headers for _, headers, body in receiver.taken}
    assert told.keys() == {before, after}
    engine = connect(url_of(tmp_path))
    assert Outbox(engine, 8, 5).get(before).state == "delivered"  # type: ignore[union-attr]
    engine.dispose()
