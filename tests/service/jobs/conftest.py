from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.jobs.database import connect, migrate, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database of its own, with its tables."""
    engine = connect(url_of(tmp_path))
    migrate(engine)
    yield engine
    engine.dispose()
