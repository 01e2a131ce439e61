"""Known answers on the policy of reserves: market share, rotation, declared release, loans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from instances.check import check
from instances.errors import InputError
from instances.parse import parse
from optimizer import solve, stress, worth

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
VAULT = {"id": "vault", "commodity": "metal", "country": "USA"}
DURING_2027 = [{"start": "2027-01-01", "end": "2028-01-01"}]


def test_a_reserve_takes_a_share_of_what_is_on_offer(
    problem_of: Make, offer: Words, need: Words
) -> None:
    problem = problem_of(
        periods=YEARS,
        offers=[
            offer("CHN", 50, 60, available=0.5, end="2027-01-01"),
            offer("AUS", 60, 40),
            offer("KAZ", 70, 30, start="2027-01-01"),
        ],
        demand=[need({2026: 0, 2027: 100}, 400)],
        stockpiles=[VAULT | {"market_share": 0.2}],
    )
    # of the 30 + 40 t on offer in 2026 the vault takes 14, from China at 50; in 2027 AUS sells 40
    # and KAZ 30; 100 - 14 - 70 = 16 t are short: 14*50 + 40*60 + 30*70 + 16*400
    assert solve(problem).objective == pytest.approx(700 + 2400 + 2100 + 6400)


def test_stock_is_turned_over_at_a_cost(problem_of: Make, offer: Words, need: Words) -> None:
    turned = {"rotation": 0.2, "rotation_cost": 5}
    problem = problem_of(
        periods={
            "start": "2026-01-01",
            "parts": [{"count": 1, "length": "1 yr"}, {"count": 1, "length": "2 yr"}],
        },
        offers=[offer("CHN", 50)],
        demand=[need(100)],
        stockpiles=[VAULT | {"opening": 40, "release": "declared"} | turned],
    )
    result = solve(problem)
    # nothing may be released: 8 t are rotated in 2026, 16 t in the two years from 2027; the
    # 300 t of demand are bought: 300 * 50 + 24 * 5
    assert result.objective == pytest.approx(15_000 + 120)
    assert result.plan.handling["rotate"].tolist() == pytest.approx([8, 16])
    assert result.stocks["stock_t"].tolist() == pytest.approx([40, 40])


@pytest.mark.parametrize(
    ("policy", "drawn"),
    [
        ({}, [60, 40]),
        # nothing is declared
        ({"release": "declared"}, [0, 0]),
        ({"release": "declared", "declared": DURING_2027}, [0, 90]),
        # 30 % a year of the 100 t held when it begins
        ({"release": "declared", "declared": DURING_2027, "pace": 0.3}, [0, 30]),
        # 1 % a day of 100 t over 73 days of the year
        (
            {
                "release": "declared",
                "declared": [{"start": "2027-03-01", "end": "2027-05-13"}],
                "pace": "1 %/d",
            },
            [0, 73],
        ),
        # the same 100 t are the measure for both years: 25 t each
        (
            {
                "release": "declared",
                "declared": [{"start": "2026-01-01", "end": "2028-01-01"}],
                "pace": 0.25,
            },
            [25, 25],
        ),
    ],
)
def test_a_reserve_is_released_as_declared_and_paced(
    problem_of: Make, need: Words, policy: dict[str, Any], drawn: list[float]
) -> None:
    problem = problem_of(
        periods=YEARS,
        demand=[need({2026: 60, 2027: 90}, {2026: 500, 2027: 400})],
        stockpiles=[VAULT | {"opening": 100} | policy],
    )
    result = solve(problem)
    # every tonne not drawn is short: at 500 in 2026, at 400 in 2027
    assert result.objective == pytest.approx((60 - drawn[0]) * 500 + (90 - drawn[1]) * 400)
    assert result.stocks["draw_t"].tolist() == pytest.approx(drawn)


BAN = {"id": "ban", "of": "CHN", "availability": 0, "start": "2027-01-01"}
EVENTS: dict[str, Any] = {
    "events": [BAN, {"id": "dear", "of": "CHN", "price": 1, "start": "2027-01-01"}],
    "scenarios": [
        {"id": "calm", "probability": 0.5},
        {"id": "banned", "probability": 0.5, "events": ["ban"]},
    ],
}


@pytest.fixture
def reserved(problem_of: Make, offer: Words, need: Words):
    """Make 60 t a year that go short at 500, of which CHN sells 40 at 50 until it stops or not."""

    def make(ban: dict[str, Any] | None = None, **policy: Any) -> Problem:
        events = [BAN | (ban or {})]
        return problem_of(
            periods=YEARS,
            offers=[offer("CHN", 50, 40)],
            demand=[need(60, 500)],
            stockpiles=[VAULT | {"opening": 100, "release": "declared"} | policy],
            **EVENTS | {"events": events},
        )

    return make


@pytest.mark.parametrize(
    ("ban", "policy", "banned"),
    [
        # nothing declares: 60 t go short
        ({}, {}, 30_000),
        # the vault gives 60 t
        ({}, {"declared_by": ["ban"]}, 0),
        ({}, {"declared_by": ["availability"]}, 0),
        # 30 t a year, or 45 % of 100 t
        ({}, {"declared_by": ["ban"], "release_rate": 30}, 15_000),
        ({}, {"declared_by": ["ban"], "pace": 0.45}, 7_500),
        # 73 of 365 days: CHN sells 32 t at 50, the vault gives 100 * 0.2 = 20 t, 8 t go short
        ({"length": "73 d"}, {"declared_by": ["ban"], "release_rate": 100}, 1_600 + 4_000),
    ],
)
def test_a_release_is_declared_by_an_event_and_only_while_it_lasts(
    reserved: Make, ban: dict[str, Any], policy: dict[str, Any], banned: float
) -> None:
    problem = reserved(ban, **policy)
    result = solve(problem)
    # whatever is declared in a ban, a year of calm has 40 t at 50 and 20 t short: 12000
    assert result.objective == pytest.approx(12_000 + 0.5 * 12_000 + 0.5 * banned)
    drawn = result.stocks.set_index("node")["draw_t"]
    assert drawn["2026"] == drawn["2027:calm"] == pytest.approx(0)
    # a plan that draws in calm, too, is refused
    stocks = result.plan.stocks.copy()
    stocks.loc[stocks["node"] == "2027:calm", ["draw", "stock"]] = [20.0, 80.0]
    faults = check(problem, replace(result.plan, stocks=stocks)).faults
    assert any("releases 20 t in 2027:calm, more than 0 t as declared" in said for said in faults)


def test_a_reserve_is_kept_for_a_ban_of_which_nobody_knows_the_length(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # a ban of one, two or three years, as likely; 120 t; half of the need costs 100 a tonne to go
    # without, the other half 1000
    tiers = [{"share": 0.5, "cost": 100}, {"share": 0.5, "cost": 1000}]
    problem = problem_of(
        periods={"start": "2027-01-01", "count": 3, "length": "1 yr"},
        offers=[offer("CHN", 50, 100)],
        demand=[need(100, tiers)],
        stockpiles=[
            VAULT | {"opening": 120, "release": "declared", "declared_by": ["ban"], "pace": 0.9}
        ],
        events=[BAN],
        combinations=[
            {"id": "ban", "event": "ban", "probability": 1, "lengths": ["1 yr", "2 yr", "3 yr"]}
        ],
    )
    result = solve(problem)
    stock = result.stocks.set_index("node")["stock_t"].to_dict()
    # a tonne spares 1000 for the first 50 t of 2027; for 2028 with 2/3, for 2029 with 1/3, which
    # is still more than the 100 of the other half of 2027: 50, 50 and 20 t
    over = {name: tonnes for name, tonnes in stock.items() if "1yr" in name and ":" in name}
    assert stock["2027"] == pytest.approx(70)
    # where the ban ends, nothing more is released
    assert list(over.values()) == pytest.approx([70, 70])
    assert stock["2028:ban-2yr+1"] == pytest.approx(20)
    assert stock["2029:ban-2yr"] == pytest.approx(20)
    assert stock["2029:ban-3yr"] == pytest.approx(0)
    # 50 t short at 100; then 100 t bought, or as before; then bought, or 80 t short
    last = 2 / 3 * 5_000 + 1 / 3 * (30 * 1000 + 50 * 100)
    assert result.objective == pytest.approx(5_000 + 5_000 + last)
    # who knew that it lasts a year would run down what the pace allows in it
    alone = solve(problem.under(problem.branches[0])).stocks.set_index("node")["stock_t"]
    assert alone["2027"] == pytest.approx(20)


def test_what_declares_a_release_has_to_be_there_and_to_be_told_apart(reserved: Make) -> None:
    for policy, told in (
        ({"declared_by": ["bann"]}, "Did you mean 'ban'"),
        ({"declared_by": ["tariff"]}, "is an effect that no event has"),
        ({"declared_by": ["ban"], "release": "free"}, "but its release is free"),
    ):
        with pytest.raises(ValueError, match=told):
            reserved(**policy)
    problem = reserved(declared_by=["ban"]).to_plain()
    problem["events"].append(BAN | {"id": "alike"})
    problem["scenarios"][0]["events"] = ["alike"]
    with pytest.raises(InputError, match=r"tells events\[alike\] from events\[ban\]"):
        parse(problem)


def test_a_shock_declares_what_events_declare(reserved: Make) -> None:
    # nothing is sold in 2027, ban or not, and the vault gives 30 of 60 t, as it does not in calm
    plan = solve(reserved(declared_by=["ban"], release_rate=30))
    (case,) = stress(plan, ["CHN"], onsets=["2027"], workers=1).to_plain()["cases"]
    assert case["unmet_t"] == pytest.approx(30)
    # as planned 20 t are short in calm and 30 in a ban
    assert case["unmet_anyway_t"] == pytest.approx(25)
    assert worth(plan).foresight is not None


def test_a_reserve_gives_no_more_than_its_classes_receive(problem_of: Make, need: Words) -> None:
    stores = [
        VAULT | {"id": "army", "opening": 50, "serves": ["defence"], "owner": "the army"},
        VAULT | {"id": "navy", "opening": 50, "serves": ["defence"], "owner": "the navy"},
    ]
    problem = problem_of(
        demand=[need(80, 900), need(30, 400, id="defence", demand_class="defence")],
        stockpiles=stores,
    )
    # civil users would pay more, but only the 30 t that the forces need are given by both together
    assert solve(problem).objective == pytest.approx(80 * 900)


def test_what_is_lent_comes_back_in_time(problem_of: Make, offer: Words, need: Words) -> None:
    loans = {"opening": 100, "release": "declared", "loan_days": 365}
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 3, "length": "1 yr"},
        offers=[offer("CHN", 50, {2026: 0, 2027: 120, 2028: 90})],
        demand=[need({2026: 70, 2027: 60, 2028: 60}, 400)],
        stockpiles=[VAULT | loans],
    )
    # The 70 t of 2026 are lent and must be back in 2027; of the 120 t on offer then 60 are used
    # and 60 come back, so that 10 t more are lent in 2027, which come back in 2028 out of 90 - 60.
    # Nothing is short, and in all 190 t are bought.
    result = solve(problem)
    assert result.objective == pytest.approx(190 * 50)
    assert result.plan.handling["lend"].sum() >= 80 - 1e-6
    assert result.stocks["stock_t"].tolist()[-1] == pytest.approx(100)


def test_a_loan_cannot_be_had_without_goods_to_give_back(problem_of: Make, need: Words) -> None:
    problem = problem_of(
        demand=[need(70, 400)],
        stockpiles=[VAULT | {"opening": 100, "release": "declared", "loan_days": 900}],
    )
    # it would be due after the horizon, and so at its end: nothing can be lent
    assert solve(problem).objective == pytest.approx(70 * 400)


def test_reserves_at_several_stages_and_of_several_owners_serve_one_demand(
    problem_of: Make, offer: Words, need: Words
) -> None:
    ore = {"id": "ore", "stage": "mine", "basis": "product"}
    metal = {"id": "metal", "stage": "metal", "basis": "product"}
    melt = {"id": "melt", "inputs": {"ore": 2}, "outputs": {"metal": 1}, "cost": 10}
    problem = problem_of(
        commodities=[metal, ore],
        facilities=[{"id": "smelter", "country": "USA", "capacity": 15, "processes": [melt]}],
        demand=[need(50, 400)],
        stockpiles=[
            VAULT | {"opening": 20, "owner": "the state"},
            VAULT | {"id": "ores", "commodity": "ore", "opening": 40, "owner": "the smelter"},
        ],
    )
    # 20 t of metal lie ready, 30 of the 40 t of ore make 15 t more at 10, 15 t are short
    assert solve(problem).objective == pytest.approx(15 * 10 + 15 * 400)


def test_stock_that_cannot_be_rotated_is_told(problem_of: Make, offer: Words, need: Words) -> None:
    problem = problem_of(
        offers=[offer("CHN", 50)],
        demand=[need(100)],
        stockpiles=[VAULT | {"opening": 40, "rotation": 0.5, "fill_rate": 15}],
    )
    # 20 of 40 t are due, 15 t can be put in
    (told,) = solve(problem).broken
    assert (told.kind, told.id, told.unit) == ("stockpile", "vault", "t")
    assert told.amount == pytest.approx(5)
