from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from instances import read
from instances.from_facts import from_facts

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_facts_of_a_mineral_are_shown_with_source_and_gaps(diversify: Run):
    told = diversify("instances", "facts", "antimony")
    assert told.returncode == 0, told.stderr
    assert "CHN: 60,000 t Sb content (2024, mcs2025_atlas" in told.stdout
    assert "from memory: verify" in told.stdout
    assert "Missing: projects." in told.stdout
    plain = json.loads(diversify("instances", "facts", "antimony", "--json").stdout)
    assert plain["mineral"] == "antimony"
    assert plain["missing"] == ["projects"]


def test_an_unknown_mineral_is_bad_input(diversify: Run):
    told = diversify("instances", "facts", "antimonny")
    assert told.returncode == 2
    assert "Did you mean 'antimony'?" in told.stderr


def test_a_problem_of_a_mineral_is_written_and_checks(diversify: Run, tmp_path: Path):
    made = diversify(
        "new", "--mineral", "cobalt", "--buyer", "USA", "--from", "2027", "--to", "2030"
    )
    assert made.returncode == 0, made.stderr
    problem = read(tmp_path / "cobalt-usa.yaml")
    assert problem == from_facts("cobalt", first=2027, last=2030)
    words = made.stderr.strip().rpartition("diversify solve ")[2].split()
    assert diversify("check", *words).returncode == 0


def test_a_problem_of_which_too_little_is_known_is_refused(diversify: Run):
    made = diversify("new", "--mineral", "scandium")
    assert made.returncode == 2
    assert "lacks facts that fit together" in made.stderr
    alone = diversify("new", "--buyer", "USA")
    assert alone.returncode == 2
    assert "go with it" in alone.stderr


def test_the_way_back_from_a_number_to_its_row_is_printed(diversify: Run):
    told = diversify("instances", "show", "antimony-usa", "--number", "offers[chn-antimony].price")
    assert told.returncode == 0, told.stderr
    assert "Source: mcs2025_atlas" in told.stdout
    assert "prices.csv: row" in told.stdout
    wrong = diversify("instances", "show", "antimony-usa", "--number", "offers[x].price", "--json")
    assert wrong.returncode == 2


@pytest.mark.deep
def test_what_a_plan_owes_to_assumptions_is_told(diversify: Run):
    told = diversify("explain", "gallium-usa", "--assumptions")
    assert told.returncode == 0, told.stderr
    assert "of the tonnes needed" in told.stdout
    assert "  demand[usa-gallium].quantity  " in told.stdout
    assert "Reported use of 2025, held flat." in told.stdout
