from __future__ import annotations

from typing import Any

import pytest

from instances.errors import InputError
from instances.parse import parse

Data = dict[str, Any]


def loop(there: float, back: float, **tables: Any) -> Data:
    """Ore becomes oxide in Australia and oxide becomes ore again in the USA."""
    return {
        "name": "loop",
        "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
        "commodities": [
            {"id": "ore", "stage": "mine", "basis": "REO"},
            {"id": "oxide", "stage": "oxide", "basis": "REO"},
        ],
        "facilities": [
            {
                "id": "refinery",
                "country": "AUS",
                "processes": [{"id": "sep", "inputs": {"ore": 1}, "outputs": {"oxide": there}}],
            },
            {
                "id": "mixer",
                "country": "USA",
                "processes": [{"id": "mix", "inputs": {"oxide": 1}, "outputs": {"ore": back}}],
            },
        ],
    } | tables


def lanes(loss: float) -> list[Data]:
    return [
        {"id": "out", "origin": "AUS", "destination": "USA", "commodities": ["oxide"]},
        {
            "id": "home",
            "origin": "USA",
            "destination": "AUS",
            "commodities": ["ore", "oxide"],
            "loss": loss,
        },
    ]


def test_a_loop_that_gives_more_than_it_takes_in_is_found_with_what_it_gains() -> None:
    with pytest.raises(InputError) as caught:
        parse(loop(0.5, 2.2))
    (finding,) = caught.value.findings
    # 0.5 t of oxide from a tonne of ore, 2.2 t of ore from a tonne of oxide
    assert finding.value is not None
    assert finding.value.startswith("1.1 t of '")
    assert {finding.where, finding.what.rpartition(" ")[2] + ".outputs"} == {
        "facilities[refinery].processes[sep].outputs",
        "facilities[mixer].processes[mix].outputs",
    }
    assert "makes something from nothing, in a loop with" in finding.what


def test_a_loop_that_gives_back_what_it_takes_in_makes_nothing() -> None:
    parse(loop(0.5, 2))


def test_loss_on_the_way_counts() -> None:
    # 1.1 t less 5 % is 1.045 t; less 10 % it is 0.99 t
    with pytest.raises(InputError, match=r"1\.045 t of"):
        parse(loop(0.5, 2.2, lanes=lanes(0.05)))
    parse(loop(0.5, 2.2, lanes=lanes(0.1)))


def test_goods_that_cannot_return_close_no_loop() -> None:
    there, back = lanes(0)
    one_way = [there | {"commodities": ["ore", "oxide"]}, back | {"commodities": ["oxide"]}]
    parse(loop(0.5, 2.2, lanes=one_way))


def test_a_process_that_needs_something_else_too_proves_nothing() -> None:
    data = loop(0.5, 2.2)
    data["commodities"].append({"id": "acid", "stage": "reagent", "basis": "product"})
    data["facilities"][0]["processes"][0]["inputs"]["acid"] = 1
    parse(data)


def test_a_mine_is_no_loop() -> None:
    data = loop(0.5, 1)
    data["facilities"].append(
        {"id": "mine", "country": "AUS", "processes": [{"id": "dig", "outputs": {"ore": 1}}]}
    )
    parse(data)


def test_long_chains_are_searched_in_little_time() -> None:
    count = 3000
    names = [f"g{number}" for number in range(count)]
    data = loop(1, 1)
    data["commodities"] = [{"id": name, "stage": "mine", "basis": "t"} for name in names]
    data["facilities"] = [
        {
            "id": f"f{number}",
            "country": "AUS",
            "processes": [
                {
                    "id": "step",
                    "inputs": {names[count - 1 - number]: 1},
                    "outputs": {names[(count - number) % count]: 1.01},
                }
            ],
        }
        for number in range(count - 1, 0, -1)
    ]
    parse(data)
