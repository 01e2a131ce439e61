"""The application in this process, asking for keys, over a database of its own."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from service.app import create_app
from service.jobs.database import FILE, connect, url_of
from service.jobs.desk import JobDesk
from service.jobs.folder import open_database
from service.jobs.queue import Queue
from service.people.callers import Scope
from service.people.keys import KeyStore
from service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

PARTS = {"name": "gallium-usa", "kind": "busy", "job": "no-such-job", "path": "page.css"}
"""What stands for the parts of paths, where nothing else is said."""


@dataclass(frozen=True)
class Place:
    """An application, its keys, and its routes."""

    engine: Engine
    settings: Settings
    keys: KeyStore
    app: Any

    def client(self, tenant: str | None = None, scopes: Collection[Scope] = tuple(Scope)) -> Any:
        """Return a client with a key of a tenant, or without one."""
        headers = {}
        if tenant is not None:
            _, text = self.keys.create(tenant, scopes)
            headers["Authorization"] = f"Bearer {text}"
        return TestClient(
            self.app,
            base_url="http://localhost",
            headers=headers,
            raise_server_exceptions=False,
        )

    def routes(self) -> list[tuple[str, str]]:
        """Return method and path of whatever is served."""
        app = self.app
        while not isinstance(app, FastAPI):
            app = app.app
        found = []
        for route in iter_route_contexts(app.routes):
            # one without methods is a folder of files
            methods = getattr(route, "methods", None) or {"GET"}
            found += [(method, str(route.path)) for method in sorted(methods)]
        return found

    def requests(self, **parts: str) -> list[tuple[str, str]]:
        """Return method and path of a request for each route."""
        known = PARTS | parts
        return [
            (method, re.sub(r"{(\w+)(:path)?}", lambda part: known[part[1]], path))
            for method, path in self.routes()
        ]


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with tables and nothing in them."""
    folder = tmp_path_factory.mktemp("blank")
    open_database(Settings(data=folder)).dispose()
    return folder / FILE


@pytest.fixture
def place(blank: Path, tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Makes an application with given settings, over one database."""
    shutil.copy(blank, tmp_path / FILE)
    engine = connect(url_of(tmp_path))

    def make(**settings: Any) -> Place:
        given = Settings(data=tmp_path, **{"ask_keys": True, **settings})
        keys = KeyStore(engine)
        desk = JobDesk(given, engine, Queue(engine))
        return Place(engine, given, keys, create_app(given, desk, keys))

    yield make
    engine.dispose()
