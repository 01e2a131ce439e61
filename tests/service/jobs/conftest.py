from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
import pytest
import uvicorn
from sqlalchemy import text

from service.app import create_app
from service.jobs.database import connect, migrate, reading, url_of
from service.jobs.desk import JobDesk
from service.jobs.folder import open_database
from service.jobs.queue import Queue
from service.jobs.reader import JobReader
from service.jobs.record import WorkerBeat
from service.jobs.store import JobStore
from service.people.keys import KeyStore
from service.server import Server
from service.settings import Settings
from tests.postgres import postgres, postgres_database

__all__ = ["postgres", "postgres_database"]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from service.jobs.record import Attempt, Progress


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either kind."""
    if request.param == "sqlite":
        return url_of(tmp_path)
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A database of its own, with its tables, of either kind."""
    engine = connect(url)
    migrate(engine)
    yield engine
    engine.dispose()


class Api:
    """The API in a thread, on a port and a database of its own; the test is the worker."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data=folder, port=0, connections=32)
        engine = open_database(self.settings)
        self._jobs = jobs = JobDesk(self.settings, engine, Queue(engine))
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = listener.getsockname()[:2]
        config = uvicorn.Config(
            create_app(self.settings, jobs, KeyStore(engine)),
            limit_concurrency=self.settings.connections,
            timeout_graceful_shutdown=1,
            log_level="error",
            lifespan="on",
            ws="none",
        )
        self._server = Server(config, jobs)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        self.http = httpx.Client(base_url="http://{}:{}".format(*self.address), timeout=30)
        self.engine = engine
        self.store = JobStore(engine, 3600.0)
        self.reader = JobReader(engine)

    def end(self) -> None:
        """End it as a signal does, and wait for that."""
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()

    def close(self) -> None:
        """End it and what it holds."""
        self.end()
        self.http.close()
        self.engine.dispose()

    @property
    def watchers(self) -> int:
        """How many watch a job, or wait for one."""
        return self._jobs.watch.count

    def wait_until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until ``condition`` holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come about in time"
            time.sleep(0.02)

    def post(self, body: dict[str, Any], **headers: str) -> Any:
        """Post a job."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post("/v1/jobs", json=body, headers=named)

    def begin(self, job: str) -> Attempt:
        """Begin a job as a worker does."""
        attempt = self.store.begin(job, "test", 3)
        assert attempt is not None
        return attempt

    def tell(self, attempt: Attempt, progress: Progress) -> None:
        """Tell of progress as a worker does."""
        assert self.store.tell(attempt, progress)

    def beat(self, age: float = 0.0) -> None:
        """Show a sign of life as a worker does, some seconds ago."""
        now = time.time()
        self.store.beat(WorkerBeat("test", now - age, now - age, 0, 1))

    def count(self) -> int:
        """Return how many jobs there are."""
        with reading(self.engine) as connection:
            return int(connection.execute(text("SELECT count(*) FROM jobs")).scalar_one())

    def wait_until_read(self) -> None:
        """Wait until orders can be read."""
        self.beat()
        self.wait_until(lambda: self.http.get("/health/ready").status_code == 200, 60)


@pytest.fixture
def api_of() -> type[Api]:
    """Makes an API on a folder."""
    return Api


@pytest.fixture(scope="package")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An API without a worker: what happens to a job is what the test does."""
    api = Api(tmp_path_factory.mktemp("api"))
    try:
        api.wait_until_read()
        yield api
    finally:
        api.close()


@pytest.fixture
def store(engine: Engine) -> JobStore:
    return JobStore(engine, keep_seconds=3600)


@pytest.fixture
def reader(engine: Engine) -> JobReader:
    return JobReader(engine)


@pytest.fixture
def queue() -> list[str]:
    return []


@pytest.fixture
def place(queue: list[str]) -> Callable[[Connection, str], None]:
    return lambda _connection, job: queue.append(job)
