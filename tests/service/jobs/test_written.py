"""What a server has written (answers, logs, events, database) after a session that had it all.

Its log is JSON and says which job it is about; keys and passwords appear nowhere.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
import pytest
from sqlalchemy import inspect, text

from service.jobs.database import connect, reading
from service.jobs.folder import open_database
from service.people.callers import Scope
from service.people.keys import KeyStore
from service.settings import Settings
from service.webhooks.signing import secret_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PASSWORD = "correct-horse-battery"
MASTER = "battery-staple-correct-horse-0123456789"
FORGED = f"dvf_0123456789ab_{'Z' * 43}"


@dataclass
class Session:
    """Requests with one key, and all that is written."""

    key: str
    http: Any
    answers: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    job: str = ""

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        answer = self.http.request(method, path, headers=headers, **more)
        assert "set-cookie" not in answer.headers
        self.answers.append(f"{answer.status_code} {dict(answer.headers)} {answer.text}")
        return answer

    def records(self) -> list[dict[str, str]]:
        """Return the lines of the log."""
        return [json.loads(line) for line in self.written["log"].splitlines()]


@pytest.fixture(
    scope="module", params=["postgresql", pytest.param("sqlite", marks=pytest.mark.deep)]
)
def session(
    request: pytest.FixtureRequest,
    running: Callable[..., Any],
    computing: Callable[[int], list[int]],
    hard: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Session:
    """A server used well and badly, and what it has written until its end."""
    folder = tmp_path_factory.mktemp("data")
    given = {"DATA": str(folder), "ASK_KEYS": "true", "LOG_FORMAT": "json", "LOG_LEVEL": "info"}
    given |= {"WEBHOOK_HOSTS": "127.0.0.1", "WEBHOOK_SECRET": MASTER}
    url = None
    if request.param == "postgresql":
        # the server trusts whoever comes from this machine, with whatever password
        address = request.getfixturevalue("postgres").replace("@", f":{PASSWORD}@")
        given["DATABASE"] = url = f"{address}/postgres"
    engine = open_database(Settings(data=folder, database=url))
    _, key = KeyStore(engine).create("acme", tuple(Scope))
    engine.dispose()
    with running(**given) as server, httpx.Client(base_url=server.url, timeout=60) as http:
        server.wait_until_ready()
        here = Path(f"/proc/{server.clerk()}")
        session = Session(key, http)
        session.written["clerk"] = (here / "environ").read_text() + (here / "cmdline").read_text()
        use_well(session, server, computing, hard)
        use_badly(session, server, hard)
        if url is not None:
            end_connections(url)
            with suppress(httpx.HTTPError):
                session.ask("GET", "/v1/jobs")
        Path(f"/proc/{server.process.pid}/fd/2").write_text("words of a library\n")
        server.process.send_signal(signal.SIGINT)
        session.written["log"] = server.process.stderr.read()
    files = [file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file()]
    session.written["files"] = "\n".join(files)
    session.written["rows"] = "" if url is None else rows_of(url)
    session.written["answers"] = "\n".join(session.answers)
    return session


def use_well(
    session: Session, server: Any, computing: Callable[[int], list[int]], hard: dict[str, Any]
) -> None:
    """Post a job, look at it from everywhere, and see its process die."""
    order = {"kind": "solve", "problem": hard, "label": "of-this-session"}
    # nobody listens there
    order["webhook"] = "http://127.0.0.1:9/done"
    session.job = session.ask("POST", "/v1/jobs", json=order).json()["id"]
    path = f"/v1/jobs/{session.job}"
    server.wait_until(lambda: bool(computing(server.worker())), 60)
    os.kill(computing(server.worker())[0], signal.SIGKILL)
    server.wait_until(lambda: session.ask("GET", path).json()["state"] == "failed", 60)
    hook = f"{path}/webhook"
    server.wait_until(lambda: session.ask("GET", hook).json()["outcome"] is not None, 60)
    for part in ("/result", "/events", "/log"):
        session.ask("GET", path + part)
    for open_path in ("/v1/jobs", "/docs", "/version", "/health/ready", "/v1/limits", "/metrics"):
        assert session.ask("GET", open_path).status_code == 200


def use_badly(session: Session, server: Any, hard: dict[str, Any]) -> None:
    """Put the key in every place where it does not belong."""
    ask, key = session.ask, session.key
    order = {"kind": "solve", "problem": hard}
    refused = [
        ask("POST", "/v1/jobs", content=b"{", headers={"Content-Type": "application/json"}),
        ask("POST", "/v1/jobs", json=order | {"kind": key, "edits": ["offers[x].price=1"]}),
        ask("GET", f"/v1/jobs?key={key}"),
        ask("GET", f"/v1/jobs/{key}"),
        ask("PUT", f"/{key}"),
        ask("GET", "/v1/jobs", headers={"Authorization": f"Basic {key}"}),
        ask("GET", "/v1/jobs", headers={"Authorization": f"Bearer {key}x"}),
        ask("GET", "/v1/jobs", headers={"Authorization": f"Bearer {FORGED}"}),
        ask("GET", "/v1/limits", headers={"Host": "elsewhere.example"}),
    ]
    assert {answer.status_code for answer in refused} == {400, 401, 404, 421, 422}
    ask("GET", "/v1/jobs", headers={"Cookie": f"key={key}", "Prefer": key})
    # the death of a clerk with an order in hand is told in the log
    clerk = server.clerk()
    os.kill(clerk, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        posted = pool.submit(ask, "POST", "/v1/jobs", json=order)
        in_hand = re.compile(r"^diversify_orders 1\.0$", re.MULTILINE)
        server.wait_until(lambda: bool(in_hand.search(ask("GET", "/metrics").text)))
        os.kill(clerk, signal.SIGKILL)
        assert posted.result().status_code == 202


def forms(secret: str) -> Iterator[str]:
    """Yield a text as it stands and as a database may show it."""
    yield secret
    yield secret.encode().hex()


def rows_of(url: str) -> str:
    """Return all rows of all tables of a PostgreSQL database as text."""
    engine = connect(url)
    found = []
    with reading(engine) as connection:
        for schema in ("public", "dbos"):
            for table in inspect(connection).get_table_names(schema):
                rows = connection.execute(text(f'SELECT t::text FROM {schema}."{table}" t'))
                found += list(rows.scalars())
    engine.dispose()
    return "\n".join(found)


def end_connections(url: str) -> None:
    """End every other connection to a PostgreSQL database, so that its users fail midway."""
    engine = connect(url)
    with reading(engine) as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(
            text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        )
    engine.dispose()


def test_no_secret_is_written_anywhere(session: Session):
    written, key = session.written, session.key
    # it looks where it should: what may be told is found
    assert key[4:16] in written["rows"] + written["files"]
    assert "of-this-session" in written["answers"]
    assert "a clerk ended with an order" in written["log"]
    hooks = secret_of("acme", MASTER)
    secrets = key, key[17:], FORGED, FORGED[17:], PASSWORD, MASTER, hooks, hooks[6:]
    for where, what in written.items():
        for secret in secrets:
            for form in forms(secret):
                assert form not in what, (where, secret)


def test_log_is_json_and_names_the_job_in_server_worker_and_child(session: Session):
    records = session.records()
    of_job = [record for record in records if record.get("job") == session.job]
    assert {record["tenant"] for record in of_job} == {"acme"}
    told = [(record["process"], record["message"]) for record in of_job]
    assert ("server", "posted: solve (queued)") in told
    assert ("worker", "attempt 1 to solve begins") in told
    (end,) = (what for who, what in told if who == "worker" and what.startswith("failed after"))
    assert end.endswith("s: It was ended by SIGKILL (the system sends it when memory runs out).")
    (crash,) = (record for record in of_job if record["level"] == "error")
    assert crash["logger"] == "service.children"
    assert crash["message"].startswith("crashed in a child process (code -9)")
    said = [record["message"] for record in records]
    words = "webhook not delivered (attempt 1: it said ConnectError), sent again in 5 s"
    assert ("worker", words) in told
    assert "words of a library" in said
    (post, *_) = (
        record for record in records if record["message"].startswith("POST /v1/jobs: 202 in ")
    )
    assert post["key"] == session.key[4:16]


def test_password_of_a_database_that_is_away_is_not_told(
    start: Callable[..., Any], tmp_path: Path
):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    address = f"postgresql://diversify:{PASSWORD}@127.0.0.1:{port}/jobs"
    ending = start("serve", "--port", "0", "--data", str(tmp_path), DIVERSIFY_DATABASE=address)
    out, err = ending.communicate(timeout=60)
    assert ending.returncode == 2
    assert re.search(r"DIVERSIFY_DATABASE.*cannot be opened", err)
    assert PASSWORD not in out + err
