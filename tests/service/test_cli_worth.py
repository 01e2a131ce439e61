"""``diversify worth`` on the farmer of the textbook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_worth_of_the_farmer(diversify: Run):
    run = diversify("worth", "farmer", "--reference", "fair", "--json", "--out", "run")
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["evpi_usd"] == pytest.approx(7_015.56, abs=0.01)
    assert found["vss_usd"] == pytest.approx(1_150, abs=0.01)
    assert len(Path("run/scenarios.csv").read_text().splitlines()) == 4


def test_worth_that_runs_out_of_time_exits_5(diversify: Run):
    run = diversify("worth", "farmer", "--flip", "poor", "--time-limit", "0.001")
    assert run.returncode == 5, run.stderr
    assert "Time ran out" in run.stdout


def test_worth_needs_scenarios(diversify: Run, saved: Any, tiny: dict[str, Any]):
    run = diversify("worth", saved(tiny))
    assert run.returncode == 2
    assert "are not there to be known" in run.stderr


@pytest.fixture
def threatened_pool() -> dict[str, Any]:
    """Return a pool of two, of which one or the other is cut off in 2027."""
    offers = {"id": "cn", "supplier": "cn", "country": "CHN", "commodity": "metal", "price": 50}
    need = {
        "commodity": "metal",
        "quantity": {"2026": 0, "2027": 10, "2028": 0},
        "shortfall_cost": 1000,
    }
    halves = [{"country": "JPN", "share": "50 %"}, {"country": "KOR", "share": "50 %"}]
    start = {"of": "CHN", "availability": 0, "start": "2027-01-01", "length": "1 yr"}
    return {
        "name": "pool-of-two",
        "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
        "offers": [{**offers, "capacity": 100}],
        "demand": [{"id": "jp", "country": "JPN", **need}, {"id": "kr", "country": "KOR", **need}],
        "lanes": [
            {"id": start + end, "origin": start, "destination": end, "commodities": ["metal"]}
            for start, end in (
                *(("CHN", "JPN"), ("CHN", "KOR"), ("CHN", "USA")),
                *(("USA", "JPN"), ("USA", "KOR")),
            )
        ],
        "stockpiles": [
            {
                "id": "pool",
                "commodity": "metal",
                "country": "USA",
                "holding_cost": 100,
                "loan_days": 730,
                "members": halves,
            }
        ],
        "events": [
            {"id": "on-japan", "buyers": ["JPN", "USA"], **start},
            {"id": "on-korea", "buyers": ["KOR", "USA"], **start},
        ],
        "scenarios": [
            {"id": "japan", "probability": "50 %", "events": ["on-japan"]},
            {"id": "korea", "probability": "50 %", "events": ["on-korea"]},
        ],
    }


def test_what_pooling_is_worth_is_told(
    server: Any, diversify: Run, saved: Any, threatened_pool: dict[str, Any]
):
    path = saved(threatened_pool)
    run = diversify("worth", path, "--pooling")
    assert run.returncode == 0, run.stderr
    # 10 t are put in for 50 and held for 100 each; who is cut off borrows 5, the other buys
    # 10 t for 50; 5 t are given back for 50 and held for 100 each: 1,500 + 500 + 750 = 2,750.
    # Apart each puts in 10 t and uses them, cut off or not: 20 * 150 = 3,000
    assert (
        "Together pool holds 10 t at most, apart its members would hold 20 t: sharing saves 10 t "
        "and 250 USD." in run.stdout
    )
    answer = server.http.post("/v1/worth", json={"problem": threatened_pool, "pooling": True})
    (row,) = answer.json()["result"]["pooling"]
    assert row["gain_t"] == pytest.approx(10)
    alone = diversify("worth", "farmer", "--pooling")
    assert (alone.returncode, "no stockpile has members" in alone.stderr) == (2, True)


def test_what_members_draw_is_what_is_expected(
    diversify: Run, saved: Any, threatened_pool: dict[str, Any]
):
    run = diversify("solve", saved(threatened_pool))
    assert "; draws and payments are those expected" in run.stdout
    # each draws 10 t, 5 of them borrowed, with a probability of a half, and gives these back
    lines = [line.split() for line in run.stdout.splitlines() if line.startswith("  Japan ")]
    assert ["Japan", "5", "t", "5", "t"] in [line[:5] for line in lines]
