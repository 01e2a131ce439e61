"""Writes docs/openapi.json, the description of the API: ``python docs/make_openapi.py``.

Versions are left out: the file changes only when the API does, and a test compares the two.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from service.app import create_app
from service.jobs.database import connect, migrate, url_of
from service.jobs.desk import JobDesk
from service.jobs.queue import Queue
from service.people.keys import KeyStore
from service.settings import Settings

PAGE = Path(__file__).with_name("openapi.json")


def description() -> dict[str, Any]:
    """Return the description as a server gives it, without versions."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), running=1)
        engine = connect(url_of(settings.folder))
        migrate(engine)
        desk = JobDesk(settings, engine, Queue(engine))
        app = create_app(settings, desk, KeyStore(engine))
        client = TestClient(app, base_url="http://localhost")
        found: dict[str, Any] = client.get("/openapi.json").json()
        engine.dispose()
    del found["info"]["version"]
    versions = found["paths"]["/version"]["get"]["responses"]["200"]
    del versions["content"]["application/json"]["examples"]
    return found


def text() -> str:
    """Return the file's text."""
    return json.dumps(description(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"Wrote {PAGE.name}.\n")
