"""Share intervals: what a share can be when who gets which lot is not observed, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.errors import InputError
from instances.generate import random_problem
from optimizer import Options, Result, solve
from optimizer.custody import GATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

Data = dict[str, Any]


def asked(problem: Problem, *texts: str, **fields: Any) -> Result:
    return solve(problem, Options(shares_of=texts, tie_break=False, **fields))


def interval(result: Result, node: str = "2026", number: int = 0) -> list[float | None]:
    table = result.intervals
    assert table is not None
    row = table[table["node"] == node].iloc[number]
    names = ("least_share", "most_share", "proportional_share")
    return [None if row[name] != row[name] else row[name] for name in names]


@pytest.fixture
def two_lots(
    problem_of: Callable[..., Problem], offer: Callable[..., Data], need: Callable[..., Data]
) -> Callable[..., Problem]:
    """Make 60 t of China and 40 t of Australia that go to an army of 30 t and citizens of 70 t."""

    def make(**tables: Any) -> Problem:
        return problem_of(
            **{
                "offers": [offer("CHN", 10, 60), offer("AUS", 20, 100)],
                "demand": [
                    need(30, id="army", demand_class="defence"),
                    need(70, id="citizens"),
                ],
            }
            | tables
        )

    return make


def test_two_lots_for_two_customers_in_one_country(two_lots: Callable[..., Problem]) -> None:
    army, citizens, all_ = "demand_class=defence", "demand_class=civil", "origin=direct"
    result = asked(
        two_lots(), *(f"of=CHN,commodity=metal,{rest}" for rest in (army, citizens, all_))
    )
    # the army's 30 t can be all Australian or all Chinese; mixed they are 60 % Chinese
    assert interval(result) == pytest.approx([0, 1, 0.6], abs=1e-5)
    # of the citizens' 70 t at least 70 - 40 = 30 t are Chinese, at most 60 t
    assert interval(result, number=1) == pytest.approx([30 / 70, 60 / 70, 0.6], abs=1e-5)
    # all in all 60 t of 100 t are, whoever gets them
    assert interval(result, number=2) == pytest.approx([0.6, 0.6, 0.6], abs=1e-5)


def test_a_rule_is_told_with_what_the_plan_books(
    two_lots: Callable[..., Problem], rule: Callable[..., Data]
) -> None:
    clean = rule(
        "share_cap", of="CHN", max_share=0.2, denominator="deliveries", demand_class="defence"
    )
    result = solve(two_lots(rules=[clean]), Options(share_intervals=True))
    assert result.intervals is not None
    (row,) = result.intervals.to_dict("records")
    # at least 24 of the army's 30 t are Australian by the books, and only there
    assert 0 <= row["reported_share"] <= 0.2 + 1e-9
    assert [row["least_share"], row["most_share"]] == pytest.approx([0, 1], abs=1e-5)
    assert row["proportional_share"] == pytest.approx(0.6)
    assert row["whole_t"] == pytest.approx(30, abs=1e-4)
    assert "  the least it can be     0 %" in result.summary()
    assert "  if all were one mix    60 %" in result.summary()
    assert "Share of CHN in metal (direct; rule)" in result.summary()
    assert "  the most              100 %" in result.summary()


def test_lots_in_different_countries_do_not_mix(two_lots: Callable[..., Problem]) -> None:
    problem = two_lots(
        demand=[
            {"id": "us", "commodity": "metal", "country": "USA", "quantity": 60},
            {"id": "jp", "commodity": "metal", "country": "JPN", "quantity": 40},
        ],
        lanes=[
            {"id": "c", "origin": "CHN", "destination": "USA", "commodities": ["metal"]},
            {"id": "a", "origin": "AUS", "destination": "JPN", "commodities": ["metal"]},
        ],
        buyers=["USA", "JPN"],
    )
    texts = [f"of=CHN,commodity=metal,buyers={code}" for code in ("USA", "JPN")]
    result = asked(problem, *texts)
    assert interval(result) == pytest.approx([1, 1, 1])
    assert interval(result, number=1) == pytest.approx([0, 0, 0], abs=1e-6)


def test_stock_mixes_over_time(
    problem_of: Callable[..., Problem], offer: Callable[..., Data], need: Callable[..., Data]
) -> None:
    # the vault opens with 50 t of China; Australia sells 25 t a year at 10 and 100 t are needed in
    # two years: 50 t each year, of which 25 t come out of the vault
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        offers=[offer("AUS", 10, 25)],
        demand=[need(50)],
        stockpiles=[
            {
                "id": "vault",
                "commodity": "metal",
                "country": "USA",
                "opening": 50,
                "opening_country": "CHN",
                "draw_rate": 25,
            }
        ],
    )
    result = asked(problem, "of=CHN,commodity=metal", "of=AUS,commodity=metal")
    # nothing Australian is put in, so that what is drawn is Chinese
    assert interval(result) == pytest.approx([0.5, 0.5, 0.5], abs=1e-5)
    assert interval(result, "2027") == pytest.approx([0.5, 0.5, 0.5], abs=1e-5)
    assert interval(result, number=1) == pytest.approx([0.5, 0.5, 0.5], abs=1e-5)


def test_a_filled_vault_may_hold_either_lot(
    problem_of: Callable[..., Problem], offer: Callable[..., Data], need: Callable[..., Data]
) -> None:
    # 2026: 60 t of China and 60 t of Australia, 60 t used and 60 t stored; 2027: the 60 t are used
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        offers=[
            offer("CHN", 10, 60, end="2027-01-01"),
            offer("AUS", 10, 60, end="2027-01-01"),
        ],
        demand=[need(60)],
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA"}],
    )
    result = asked(problem, "of=CHN,commodity=metal")
    for node in ("2026", "2027"):
        assert interval(result, node) == pytest.approx([0, 1, 0.5], abs=1e-5)


def refined(problem_of: Callable[..., Problem], offer: Callable[..., Data]) -> Problem:
    """G8 without a rule: ore of China (70 t) and Australia becomes metal in Malaysia."""
    return problem_of(
        commodities=[
            {"id": name, "stage": name, "basis": "product"} for name in ("ore", "metal", "acid")
        ],
        offers=[
            offer("CHN", 10, 70, commodity="ore"),
            offer("AUS", 20, commodity="ore", id="au"),
            offer("CHN", 1, commodity="acid", id="acid", capacity=50),
            offer("KOR", 2, commodity="acid", id="ko"),
        ],
        facilities=[
            {
                "id": "plant",
                "country": "MYS",
                "processes": [
                    {"id": "sep", "inputs": {"ore": 1, "acid": 1}, "outputs": {"metal": 1}}
                ],
            }
        ],
        demand=[
            {"id": name, "commodity": "metal", "country": "USA", "demand_class": name} | rest
            for name, rest in (("defence", {"quantity": 30}), ("civil", {"quantity": 70}))
        ],
    )


def test_g8_the_ore_of_whom_defence_gets_is_open(
    problem_of: Callable[..., Problem], offer: Callable[..., Data]
) -> None:
    problem = refined(problem_of, offer)
    result = asked(
        problem,
        "of=CHN,commodity=metal,origin=traced,demand_class=defence",
        "of=CHN,commodity=metal,origin=traced,demand_class=civil",
        "of=CHN,commodity=metal,origin=touched",
        "of=CHN,commodity=metal,denominator=supply,origin=traced",
    )
    assert interval(result) == pytest.approx([0, 1, 0.7], abs=1e-5)
    # 30 t are Australian, so that at least 40 of 70 t are Chinese
    assert interval(result, number=1) == pytest.approx([4 / 7, 1, 0.7], abs=1e-5)
    # 70 t of ore and 50 t of acid are Chinese: they touch 70 t where they meet and 100 t where not
    assert interval(result, number=2) == [
        pytest.approx(0.7, abs=1e-5),
        pytest.approx(1, abs=1e-5),
        None,
    ]
    assert result.intervals is not None
    assert "several mixes" in result.intervals["reason"].iloc[2]
    assert interval(result, number=3) == pytest.approx([0.7, 0.7, 0.7], abs=1e-5)


def test_buyers_are_asked_about_what_they_receive(two_lots: Callable[..., Problem]) -> None:
    problem = two_lots(
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA", "opening": 10}],
        outlets=[
            {"id": "out", "commodity": "metal", "country": "USA", "price": 30, "capacity": 20}
        ],
    )
    result = asked(problem, "of=CHN,commodity=metal,denominator=demand,buyers=USA")
    # 60 t of China and 50 t of Australia come in, all of which counts as received. The 10 t of
    # the vault are nobody's known, count as China's, and what is drawn is taken off again:
    # mixed, the 120 t that go on are 70 t Chinese, and 70 - 10 = 60
    assert interval(result) == pytest.approx([0.6, 0.6, 0.6], abs=1e-5)


def test_wrong_questions_come_all_at_once(two_lots: Callable[..., Problem]) -> None:
    with pytest.raises(InputError) as caught:
        asked(two_lots(), "of=CHN,comodity=metal", "of=CHN", "commodity=metal,of=CHN,of=AUS", "x")
    places = [(finding.where, finding.nearest) for finding in caught.value.findings]
    assert places == [
        ("shares_of[0]", "commodity"),
        ("shares_of[1]", None),
        ("shares_of[2]", None),
        ("shares_of[3]", places[3][1]),
    ]
    with pytest.raises(InputError, match=r"shares_of\[0\]\.commodity.*'metal'"):
        asked(two_lots(), "of=CHN,commodity=mettal")


def test_intervals_come_back_from_json(two_lots: Callable[..., Problem]) -> None:
    result = asked(two_lots(), "of=CHN,commodity=metal,demand_class=defence")
    back = Result.from_plain(result.to_plain())
    assert back.to_json() == result.to_json()
    assert "share_intervals" in back.tables()
    assert "share_intervals" not in solve(two_lots()).tables()


def test_no_plan_has_no_intervals(two_lots: Callable[..., Problem]) -> None:
    problem = two_lots(offers=[])
    result = asked(problem, "of=CHN,commodity=metal")
    assert not result.has_plan
    assert result.intervals is None


def test_custody_says_what_holds(
    two_lots: Callable[..., Problem], rule: Callable[..., Data]
) -> None:
    cap = rule("share_cap", of="CHN", max_share=0.9, denominator="supply")
    assert solve(two_lots(rules=[cap])).custody == GATE
    followed = solve(two_lots(rules=[cap | {"denominator": "deliveries"}])).custody
    assert followed.startswith("by lot; direct: lots of metal are kept apart by who sold or made")
    traced = solve(two_lots(rules=[cap | {"origin": "traced"}]))
    assert "the country of their ore" in traced.custody
    assert traced.to_plain()["custody"] == traced.custody


# those left to the deep suite are the ones with the most yes/no choices, and more of the same
@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=[pytest.mark.deep] if seed in (1, 11) or seed > 15 else ())
        for seed in range(30)
    ],
)
def test_what_is_booked_and_what_is_mixed_lies_between(seed: int) -> None:
    result = solve(random_problem(seed), Options(share_intervals=True, tie_break=False))
    if result.intervals is None:
        assert not result.has_plan
        return
    known = result.intervals[result.intervals["least_share"].notna()].astype(
        {"reported_share": float, "proportional_share": float}
    )
    assert len(known) == len(result.intervals) or set(
        result.intervals[result.intervals["least_share"].isna()]["whole_t"].fillna(0) < 1e-5
    ) == {True}
    for name in ("reported_share", "proportional_share"):
        rows = known[known[name].notna()]
        assert (rows["least_share"] <= rows[name] + 1e-4).all(), rows
        assert (rows[name] <= rows["most_share"] + 1e-4).all(), rows
