"""What partners are worth, and the cheapest coalitions: by hand, and by enumeration."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from instances import InputError
from optimizer import Options, partners, solve
from optimizer.losses import without

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances import Problem

CAP = {
    "id": "cap",
    "kind": "share_cap",
    "commodity": "metal",
    "of": "CHN",
    "max_share": 0.4,
    "denominator": "demand",
}


def test_worth_by_hand(three_sellers: Callable[..., Problem]) -> None:
    told = partners(three_sellers(CAP), coalitions=True)
    # 40 t at 50, 30 at 80, 30 at 95 USD; without each as in the sheet's test
    assert told.base.cost_usd == pytest.approx(7_250)
    assert [(loss.partners, loss.dearer_usd) for loss in told.losses] == [
        (("KAZ",), pytest.approx(9_150)),
        (("CHN",), pytest.approx(7_900)),
        (("AUS",), pytest.approx(3_500)),
    ]
    # there is one commodity: its loss is that of all
    assert [loss.dearer_usd for loss in told.by_commodity] == [
        loss.dearer_usd for loss in told.losses
    ]
    sizes = {item.size: item for item in told.coalitions}
    # nobody: 100 t short at 400; one: CHN 40 t, or KAZ 50 t at 95 and 50 short
    assert sizes[0].cost_usd == pytest.approx(40_000)
    assert (sizes[1].members, sizes[1].cost_usd) == (("KAZ",), pytest.approx(24_750))
    # CHN 40 at 50, KAZ 50 at 95, 10 short: 10,750; AUS and KAZ 15,150; CHN and AUS 16,400
    assert (sizes[2].members, sizes[2].cost_usd) == (("CHN", "KAZ"), pytest.approx(10_750))
    assert (sizes[3].members, sizes[3].dearer_usd) == (("AUS", "CHN", "KAZ"), 0.0)
    assert told.smallest is sizes[3]
    assert "The smallest that leaves nothing more unmet than all" in told.summary()


def test_each_mineral_has_its_own_loss(
    problem_of: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    goods = [{"id": name, "stage": "metal", "basis": "product"} for name in ("tin", "zinc")]
    offers = [
        offer("CHN", 10, 100, id="ct", commodity="tin"),
        offer("CHN", 10, 100, id="cz", commodity="zinc"),
        offer("AUS", 15, 100, id="at", commodity="tin"),
        offer("KAZ", 40, 60, id="kz", commodity="zinc"),
    ]
    demand = [
        {"id": name, "commodity": name, "country": "USA", "quantity": 100, "shortfall_cost": 90}
        for name in ("tin", "zinc")
    ]
    problem = problem_of(commodities=goods, offers=offers, demand=demand)
    told = partners(problem, ["CHN", "AUS"])
    by_name = {(*loss.partners, *loss.commodities): loss for loss in told.by_commodity}
    # tin at 15 in place of 10: 500 USD; zinc 60 t at 40 and 40 short at 90: 6,000 less 1,000
    assert by_name["CHN", "tin"].dearer_usd == pytest.approx(500)
    assert by_name["CHN", "zinc"].dearer_usd == pytest.approx(5_000)
    assert by_name["CHN", "zinc"].unmet_t == {"zinc": pytest.approx(40)}
    assert told.losses[0].dearer_usd == pytest.approx(5_500)
    assert by_name["AUS", "tin"].dearer_usd == 0.0
    rows = told.table.set_index(["partner", "commodity"])
    assert rows.loc[("CHN", "zinc"), "unmet_t"] == pytest.approx(40)
    assert json.loads(told.to_json())["by_commodity"][1]["unmet_t"] == {"zinc": 40.0}


def test_a_ministerial_group_of_fifty_five(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    import pycountry

    codes = sorted(item.alpha_3 for item in pycountry.countries if item.alpha_3 != "USA")[:55]
    # twenty of them sell 10 t each at 50, 51, ... 69 USD
    offers = [offer(code, 50 + place, 10) for place, code in enumerate(codes[:20])]
    problem = problem_of(offers=offers, demand=[need(100, 400)], groups={"ministerial": codes})
    told = partners(problem, ["ministerial"])
    assert (len(told.losses), len(told.idle)) == (20, 35)
    # the ten cheapest are bought; without the k-th the eleventh, at 60, stands in for its 10 t
    assert [loss.dearer_usd for loss in told.losses[:10]] == pytest.approx(
        [10 * (60 - 50 - place) for place in range(10)]
    )
    assert all(loss.dearer_usd == 0.0 for loss in told.losses[10:])


def test_coalitions_are_those_that_enumeration_finds(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    sellers = [
        ("AUS", 80, 30),
        ("CHN", 50, 200),
        ("FRA", 70, 25),
        ("KAZ", 95, 50),
        ("NOR", 60, 20),
    ]
    problem = problem_of(
        offers=[offer(*seller) for seller in sellers], demand=[need(100, 400)], rules=[CAP]
    )
    told = partners(problem, coalitions=True)
    everybody = [loss.partners[0] for loss in told.losses]
    size = 3
    found: dict[tuple[str, ...], float] = {}
    for members in combinations(sorted(everybody), size):
        lost = [code for code in everybody if code not in members]
        result = solve(without(problem, lost), Options(tie_break=False))
        if result.objective is not None:
            found[members] = result.objective
    best = min(found, key=found.__getitem__)
    (two,) = [item for item in told.coalitions if item.size == size]
    assert (two.members, two.proven) == (best, True)
    assert two.cost_usd == pytest.approx(found[best])
    costs = [item.cost_usd for item in told.coalitions if item.cost_usd is not None]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == pytest.approx(told.base.cost_usd)


def test_whoever_is_asked_about_is_known(three_sellers: Callable[..., Problem]) -> None:
    with pytest.raises(InputError) as refused:
        partners(three_sellers(), ["partner"])
    assert refused.value.findings[0].nearest == "partners"


def test_without_time_nothing_is_claimed(three_sellers: Callable[..., Problem]) -> None:
    told = partners(three_sellers(CAP), coalitions=True, options=Options(time_limit=1e-4))
    assert not told.complete
    assert all(loss.dearer_usd is None for loss in told.losses)
    assert not any(item.proven for item in told.coalitions)
