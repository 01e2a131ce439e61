"""Keys and passwords appear nowhere in what a server writes: answers, logs, events, database."""

from __future__ import annotations

import os
import re
import signal
import socket
from contextlib import suppress
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PASSWORD = "correct-horse-battery"
FORGED = f"dvf_0123456789ab_{'Z' * 43}"


class Session:
    """Requests with one key, and all that is answered."""

    def __init__(self, url: str, key: str) -> None:
        self.answers: list[str] = []
        self.http = httpx.Client(base_url=url, timeout=60)
        self._headers = {"Authorization": f"Bearer {key}"}

    def __call__(self, method: str, path: str, **more: Any) -> Any:
        headers = self._headers | more.pop("headers", {})
        answer = self.http.request(method, path, headers=headers, **more)
        assert "set-cookie" not in answer.headers
        self.answers.append(f"{answer.status_code} {dict(answer.headers)} {answer.text}")
        return answer


def use_everything(ask: Session, server: Any, tiny: dict[str, Any], key: str) -> None:
    """Do what callers do, well and badly, with the key in every place where it does not belong."""
    order = {"kind": "solve", "problem": tiny, "label": "of-this-session"}
    assert ask("POST", "/v1/jobs", json=order, headers={"Prefer": "wait=60"}).status_code == 200
    path = ask("GET", "/v1/jobs").json()["jobs"][0]["links"]["self"]
    for part in ("", "/result", "/events", "/log"):
        assert ask("GET", path + part).status_code == 200
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
        ask("GET", "/v1/jobs", headers={"Cookie": f"key={key}", "Prefer": key}),
    ]
    assert {answer.status_code for answer in refused} >= {400, 401, 404, 421}
    # its death is told in the log, with the end of what it wrote
    os.kill(server.clerk(), signal.SIGKILL)
    ask("POST", "/v1/jobs", json=order)
    assert ask("GET", "/metrics").status_code == 200
    for open_path in ("/docs", "/version", "/health/ready", "/v1/limits"):
        ask("GET", open_path)


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


@pytest.mark.parametrize("kind", [pytest.param("sqlite", marks=pytest.mark.deep), "postgresql"])
def test_no_secret_is_written_anywhere(
    kind: str,
    running: Callable[..., Any],
    started_by: Callable[[int, str], list[int]],
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
    tiny: dict[str, Any],
    tmp_path: Path,
):
    given = {"DATA": str(tmp_path), "ASK_KEYS": "true"}
    url = None
    if kind == "postgresql":
        # the server trusts whoever comes from this machine, with whatever password
        address = request.getfixturevalue("postgres_database")
        given["DATABASE"] = url = address.replace("diversify@", f"diversify:{PASSWORD}@")
        assert PASSWORD in url
    engine = open_database(Settings(data=tmp_path, database=url))
    held, key = KeyStore(engine).create("acme", tuple(Scope))
    engine.dispose()
    with running(**given) as server:
        server.wait_until_ready()
        server.clerk = lambda: started_by(server.process.pid, "service.jobs.clerk")[0]
        here = Path(f"/proc/{server.clerk()}")
        beyond = (here / "environ").read_text() + (here / "cmdline").read_text()
        ask = Session(server.url, key)
        with ask.http:
            use_everything(ask, server, tiny, key)
            if url is not None:
                end_connections(url)
                with suppress(httpx.HTTPError):
                    ask("GET", "/v1/jobs")
        server.process.send_signal(signal.SIGINT)
        logged = server.process.stderr.read()
    kept = [file.read_bytes().decode("latin-1") for file in tmp_path.rglob("*") if file.is_file()]
    if url is not None:
        kept.append(rows_of(url))
    written = {
        "answers": "\n".join(ask.answers),
        "log": logged,
        "output": capfd.readouterr().out,
        "kept": "\n".join(kept),
        "what clerks are given": beyond,
    }
    # it looks where it should: what may be told is found
    assert held.prefix in written["kept"]
    assert "of-this-session" in written["answers"]
    assert "a clerk ended with an order" in written["log"]
    for where, what in written.items():
        for secret in (key, key[17:], FORGED, FORGED[17:], PASSWORD):
            for form in forms(secret):
                assert form not in what, (where, secret)


def end_connections(url: str) -> None:
    """End every other connection to a PostgreSQL database, so that its users fail midway."""
    engine = connect(url)
    with reading(engine) as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(
            text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        )
    engine.dispose()


def test_password_of_a_database_that_is_away_is_not_told(start: Callable[..., Any]):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    address = f"postgresql://diversify:{PASSWORD}@127.0.0.1:{port}/jobs"
    ending = start("serve", "--port", "0", DIVERSIFY_DATABASE=address)
    out, err = ending.communicate(timeout=30)
    assert ending.returncode == 2
    assert re.search(r"DIVERSIFY_DATABASE.*cannot be opened", err)
    assert PASSWORD not in out + err
