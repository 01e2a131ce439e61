"""Numbers picked at random in shipped instances lead back to their rows, as the tool prints."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from instances import instance_names, load
from instances.problem import TABLES
from service.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 8


def _picked(name: str, random_numbers: random.Random) -> str:
    """Return the path of one number of an instance that has a source."""
    return random_numbers.choice(sorted(_sourced(name)))


def _sourced(name: str) -> Iterator[str]:
    plain = load(name).to_plain()
    for table in TABLES:
        for record in plain.get(table, ()) if table != "sources" else ():
            sources = record.get("source")
            if not isinstance(sources, dict):
                continue
            yield from (f"{table}[{record['id']}].{field}" for field in sources)


def picks() -> list[tuple[str, str]]:
    """Return five instances, each with the path of one of its sourced numbers."""
    numbers = random.Random(SEED)
    sourced = [name for name in instance_names() if any(True for _ in _sourced(name))]
    return [(name, _picked(name, numbers)) for name in numbers.sample(sourced, 5)]


@pytest.mark.parametrize(("name", "path"), picks())
def test_a_number_picked_at_random_leads_to_its_row(name: str, path: str) -> None:
    done = CliRunner().invoke(app, ["instances", "show", name, "--number", path])
    assert done.exit_code == 0, done.output
    printed = " ".join(done.output.split())
    table, _, rest = path.partition("[")
    id, _, field = rest.partition("].")
    record = next(item for item in load(name).to_plain()[table] if item["id"] == id)
    source = record["source"][field]
    assert f"Source: {source}" in printed
    assert f"found, {source}" in printed
