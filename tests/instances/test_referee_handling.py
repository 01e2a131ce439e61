from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from instances.check import check
from instances.errors import Finding, InputError
from instances.parse import parse
from instances.plan import COLUMNS, Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]
LATE = [{"start": "2026-07-02", "end": "2028-01-01"}]
LENDS = {"release": "declared", "declared": LATE, "loan_days": 73}


# the vault opens with 10 t and holds 18 and 11.2: it takes in 12 t in 2026 and gives 3 t, then 5 t
@pytest.mark.parametrize(
    ("policy", "handled", "faults"),
    [
        # only China sells in 2026, 80 t
        (
            {"market_share": 0.1},
            [],
            ["fills 12 t in 2026, more than 8 t as its share of the market"],
        ),
        ({"market_share": 0.15}, [], []),
        (
            {"rotation": 0.1},
            [("2026", 0.9, 0, 0), ("2027", 1.8, 0, 0)],
            [
                "must rotate 1 t in 2026, but only 0.9 t are rotated",
                "rotates and takes back 1.8 t in 2027, more than 0 t put in",
            ],
        ),
        (
            {"rotation": 0.1},
            [("2026", 3.5, 0, 0)],
            [
                "must rotate 1.8 t in 2027, but only 0 t are rotated",
                "rotates and lends 3.5 t in 2026, more than 3 t drawn",
            ],
        ),
        (
            {},
            [("2026", 1, 2, 2)],
            [
                "rotates 1 t in 2026, more than 0 t without rotation",
                "lends 2 t in 2026, more than 0 t without loans",
                "takes back 2 t in 2026, more than 0 t without loans",
            ],
        ),
        (
            {"release": "declared"},
            [],
            [
                "releases 3 t in 2026, more than 0 t as declared and paced",
                "releases 5 t in 2027, more than 0 t as declared and paced",
            ],
        ),
        ({"release": "declared", "declared": LATE}, [], []),
        # 183 of 365 days at 0.73 a year of the 10 t at its onset, then a year
        (
            {"release": "declared", "declared": LATE, "pace": 0.365},
            [],
            [
                "releases 3 t in 2026, more than 1.83 t as declared and paced",
                "releases 5 t in 2027, more than 3.65 t as declared and paced",
            ],
        ),
        (
            {"serves": ["defence"]},
            [],
            [
                "and its kin give 3 t in 2026, more than 0 t delivered to the classes they serve",
                "and its kin give 5 t in 2027, more than 0 t delivered to the classes they serve",
            ],
        ),
        # of 3 t lent in 2026 four fifths fall due in it; 1 t comes back
        (
            LENDS,
            [("2026", 0, 3, 1)],
            [
                "is owed 2.4 t in 2026, but only 1 t are come back by then",
                "is owed 3 t in 2027, but only 1 t are come back by then",
            ],
        ),
        (
            LENDS,
            [("2026", 0, 3, 4)],
            [
                "has taken back 4 t in 2026, more than 3 t lent until then",
                "has taken back 4 t in 2027, more than 3 t lent until then",
            ],
        ),
        (LENDS, [("2026", 0, 3, 3)], []),
    ],
)
def test_a_reserve_is_handled_as_its_policy_says(
    depot_data: Data,
    depot_plan: Plan,
    policy: Data,
    handled: list[tuple[str, float, float, float]],
    faults: list[str],
) -> None:
    depot_data["stockpiles"][0] |= policy
    army = {"id": "army", "commodity": "metal", "country": "USA", "demand_class": "defence"}
    depot_data["demand"].append(army | {"quantity": 0})
    depot_data["rules"] = []
    rows = [(node, "vault", *tonnes) for node, *tonnes in handled]
    tables = depot_plan.tables() | {
        "handling": pd.DataFrame(rows, columns=list(COLUMNS["handling"])),
        "choices": depot_plan.choices[:0],
        "excesses": depot_plan.excesses[:0],
    }
    # lots carry no seller where no rule asks
    for table in ("shipments", "deliveries", "sales", "stocks"):
        tables[table] = _untagged(tables[table])
    verdict = check(Problem.model_validate(depot_data), Plan(**tables))
    assert verdict.faults == tuple(f"Stockpile 'vault' {fault}." for fault in faults)


def _untagged(table: pd.DataFrame) -> pd.DataFrame:
    keys = [name for name in table if name in ("node", "lane", "commodity", "demand", "outlet")]
    keys += [name for name in table if name == "stockpile"]
    return table.assign(tag="any").groupby([*keys, "tag"], as_index=False).sum()[list(table)]


def test_rotation_is_charged_with_holding(depot_data: Data, depot_plan: Plan) -> None:
    before = check(Problem.model_validate(depot_data), depot_plan).totals
    depot_data["stockpiles"][0] |= {"rotation": 0.1, "rotation_cost": 7}
    handling = pd.DataFrame([("2026", "vault", 2.0, 0.0, 0.0)], columns=list(COLUMNS["handling"]))
    plan = Plan(**depot_plan.tables() | {"handling": handling})
    after = check(Problem.model_validate(depot_data), plan).totals
    costs = (table.set_index("account").loc["holding", "amount_usd"] for table in (after, before))
    assert next(costs) - next(costs) == pytest.approx(14)


def _findings(data: Data) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        parse(data)
    return caught.value.findings


def test_a_share_of_an_unlimited_market_is_refused(depot_data: Data) -> None:
    depot_data["stockpiles"][0]["market_share"] = 0.1
    del depot_data["offers"][1]["tranches"][1]["capacity"]
    (finding,) = _findings(depot_data)
    assert finding.where == "stockpiles[vault].market_share"
    assert "offers[au] is unlimited" in finding.what


def test_a_share_of_no_market_is_refused(depot_data: Data) -> None:
    place = {"id": "heap", "commodity": "slag", "country": "USA"}
    depot_data["stockpiles"].append(place | {"market_share": 0.1})
    (finding,) = _findings(depot_data)
    assert "which nobody offers" in finding.what


def test_classes_that_nobody_has_are_refused_with_the_nearest(depot_data: Data) -> None:
    depot_data["stockpiles"][0]["serves"] = ["civli"]
    (finding,) = _findings(depot_data)
    assert finding.where == "stockpiles[vault].serves[0]"
    assert finding.nearest == "civil"


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"pace": 0.1}, "has 'pace', but its release is free"),
        ({"loan_days": 30}, "has 'loan_days', but its release is free"),
        ({"declared": LATE}, "has 'declared', but its release is free"),
        ({"release": "declared", "declared": LATE * 2}, "before the one until 2028-01-01 is over"),
        (
            {"release": "declared", "declared": [{"start": "2027-01-01", "end": "2026-01-01"}]},
            "the end must come later",
        ),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(
    depot_data: Data, policy: Data, words: str
) -> None:
    depot_data["stockpiles"][0] |= policy
    assert words in str(_findings(depot_data)[0])
