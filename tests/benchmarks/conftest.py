"""What all benchmarks share: the rivals' environment, the sizes, and the report at the end."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.race import Race

RACES = pytest.StashKey[list["Race"]]()
SAID = pytest.StashKey[dict[str, list[str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("diversify")
    group.addoption("--rivals", help="site-packages of linopy and PyOptInterface")
    group.addoption("--sizes", default="small,medium,large", help="sizes of the large problem")
    group.addoption("--report", help="the page that is written, such as docs/benchmarks.md")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RACES], config.stash[SAID] = [], {}
    # a run of other tests passes by here without these options
    rivals = config.getoption("--rivals", None)
    if rivals and Path(rivals).is_dir():
        sys.path.append(rivals)  # last: what the project pins goes first
        os.environ["RIVALS"] = rivals


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "size" in metafunc.fixturenames:
        metafunc.parametrize("size", metafunc.config.getoption("--sizes").split(","))


@pytest.fixture
def races(request: pytest.FixtureRequest) -> Iterator[list[Race]]:
    """Take the races of a test, and keep them for the report."""
    found: list[Race] = []
    yield found
    request.config.stash[RACES] += found


@pytest.fixture
def said(request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """Take lines for the report, by section."""
    return request.config.stash[SAID]


def has(name: str) -> bool:
    """Return whether a rival is installed; the report says which are not."""
    return importlib.util.find_spec(name) is not None


def _page(config: pytest.Config) -> str:
    races, said = config.stash.get(RACES, []), config.stash.get(SAID, {})
    return report.page(races, said) if races or said else ""


@pytest.fixture(autouse=True)
def _kept(request: pytest.FixtureRequest, races: list[Race]) -> Iterator[None]:
    """Write the page after every benchmark: a run that is stopped keeps what it has."""
    yield
    config = request.config
    text = report.page([*config.stash[RACES], *races], config.stash[SAID])
    if page := config.getoption("--report"):
        Path(page).write_text(text)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    terminalreporter.write_line(_page(config))
