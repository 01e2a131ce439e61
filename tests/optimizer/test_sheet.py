"""The decision sheet: worked by hand, and five questions answered from it alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from instances import apply, load
from instances.words import percent, tonnes
from models.build import build
from optimizer import Options, Result, Sheet, sheet, solve
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.engine.program import Program
from optimizer.extract import plan_of
from optimizer.fixing import fixed
from optimizer.sheet import choices
from optimizer.sheet.calendar import known_dates
from optimizer.sheet.looks import Looks
from optimizer.sheet.phrases import rounded
from optimizer.sheet.sheet import SECTIONS

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


@pytest.fixture(scope="module")
def capped(three_sellers: Callable[..., Problem]) -> Sheet:
    # 40 t at 50, 30 at 80, 30 at 95 USD: 2,000 + 2,400 + 2,850 = 7,250
    return sheet(three_sellers(CAP))


def test_what_binds_costs_what_dropping_it_saves(capped: Sheet) -> None:
    assert capped.cost_usd == pytest.approx(7_250)
    (bind,) = capped.binds
    # without the cap 100 t at 50 USD: 5,000; a point is a tonne at 95 in place of 50 USD
    assert (bind.rule, bind.whole_usd) == ("cap", pytest.approx(2_250))
    assert (bind.price_usd, bind.per) == (pytest.approx(4_500), "1.0 of share")
    assert "costs 2,250 USD as a whole; 45 USD a point in 2026" in capped.summary()


def test_what_is_bought_up_is_worth_what_is_dearer(capped: Sheet) -> None:
    (scarce,) = capped.scarce
    # 0.3 t more from Australia at 80 in place of 95 USD
    assert (scarce.offer, scarce.nodes) == ("aus", ("2026",))
    assert scarce.saving_usd == pytest.approx(0.3 * 15)


def test_nothing_held_says_whether_there_is_a_stockpile(
    capped: Sheet, three_sellers: Callable[..., Problem]
) -> None:
    assert "Held: nothing; no stockpile is there to fill." in capped.summary()
    vault = {"id": "vault", "commodity": "metal", "country": "USA"}
    told = sheet(solve(three_sellers(CAP, stockpiles=[vault])), Options(time_limit=1e-3))
    assert "Held: nothing; every stockpile stays empty." in told.summary()


def test_losses_by_hand(capped: Sheet) -> None:
    told = {loss.partners[0]: (loss.dearer_usd, loss.unmet_t) for loss in capped.losses}
    assert [loss.partners[0] for loss in capped.losses] == ["KAZ", "CHN", "AUS"]
    # without CHN 30 at 80, 50 at 95, 20 short at 400: 15,150
    assert told["CHN"] == (pytest.approx(7_900), {"metal": pytest.approx(20)})
    # without AUS 40 at 50, 50 at 95, 10 short: 10,750
    assert told["AUS"] == (pytest.approx(3_500), {"metal": pytest.approx(10)})
    # without KAZ 40 at 50, 30 at 80, 30 short: 16,400
    assert told["KAZ"] == (pytest.approx(9_150), {"metal": pytest.approx(30)})


def test_what_gaps_leave_open_is_told_where_it_shows(capped: Sheet) -> None:
    def told(gap: float) -> str:
        losses = tuple(replace(loss, gap_usd=gap) for loss in capped.losses)
        binds = tuple(replace(bind, gap_usd=gap) for bind in capped.binds)
        return replace(capped, losses=losses, binds=binds).summary()

    # 7,900 USD, to the dollar: a millionth more or less is the same figure
    assert "China (40 t of metal): 7,900 USD more (8,000 USD charged," in told(1e-6)
    assert told(1e-6) == capped.summary()
    assert "China (40 t of metal): 7,900 USD more, give or take 20 USD (" in told(20)
    assert "costs 2,250 USD as a whole, give or take 20 USD" in told(20)
    assert "costs less than the 3,000 USD to which plans are known" in told(3_000)


def test_turns_by_hand(capped: Sheet) -> None:
    # each leaves when it costs what a shortfall does: nobody else has what it sells last
    told = {turn.id: (turn.turn_usd, turn.inside_amount) for turn in capped.turns}
    assert [turn.id for turn in capped.turns] == ["kaz", "aus", "chn"]
    assert told["chn"] == (pytest.approx(400), pytest.approx(20))
    assert told["aus"] == (pytest.approx(400), pytest.approx(10))
    assert told["kaz"] == (pytest.approx(400), pytest.approx(30))
    assert all(turn.checked and turn.outside_amount == 0 for turn in capped.turns)
    # without KAZ its 30 t are left short; so what is named is no other supplier's price
    kaz = capped.turns[0]
    assert kaz.short_instead
    assert [(gain.way, gain.id, gain.tonnes) for gain in kaz.instead] == [
        ("short", "us", pytest.approx(30))
    ]
    assert "leaves at 400 USD (4.2 times), only when going short is cheaper" in capped.summary()
    assert "just below 30 t of 30 t left; just above, more of metal (civil) left short 30 t" in (
        capped.summary()
    )


def test_what_takes_the_place_of_a_choice_is_named(
    three_sellers: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    lots = [offer("CHN", 50, 200), offer("KAZ", 95, 200)]
    (turn,) = sheet(three_sellers(offers=lots)).turns
    # from 95 USD on all 100 t come from KAZ
    assert (turn.turn_usd, turn.short_instead) == (pytest.approx(95), False)
    assert [(gain.way, gain.id, gain.tonnes) for gain in turn.instead] == [
        ("buy", "kaz", pytest.approx(100))
    ]


@pytest.mark.parametrize("most_free", [60, 0])
def test_a_plant_held_on_is_not_said_to_be_what_every_plan_needs(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    most_free: int,
) -> None:
    mill = {
        "id": "mill",
        "country": "USA",
        "capacity": 100,
        "minimum_run": 20,
        "processes": [{"id": "dig", "outputs": {"metal": 1}, "cost": 30}],
    }
    lane = {"id": "sail", "origin": "CHN", "destination": "USA", "commodities": ["metal"]}
    problem = problem_of(
        offers=[offer("CHN", 95, 100)], facilities=[mill], lanes=[lane], demand=[need(100)]
    )
    monkeypatch.setattr(choices, "MOST_FREE", most_free)
    (turn,) = sheet(problem).turns
    # closed, its 100 t come from CHN at 95 USD: no plan needs it. Held on, it must run 20 t
    assert not turn.vital
    if most_free:
        assert turn.turn_usd == pytest.approx(95)
    else:
        assert (turn.turn_usd, turn.reason) == (None, choices.HELD_ON)


def test_what_is_charged_is_told_apart_from_what_is_paid(
    three_sellers: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    tiers = [{"share": 0.05, "cost": 300}, {"share": 0.95, "cost": 400}]
    told = sheet(three_sellers(CAP, demand=[need(150, tiers)]))
    # 60 at 50, 30 at 80 and 50 t at 95 USD: 10,150 paid. 10 t short: 7.5 at 300 and 2.5 at 400
    assert told.charged_usd == pytest.approx(7.5 * 300 + 2.5 * 400)
    assert told.cost_usd == pytest.approx(10_150 + 3_250)
    assert (
        "Of it 3,250 USD is charged for going short and paid by nobody; 10,150 USD is paid."
        in (told.summary())
    )
    assert "metal (civil) 300 USD up to 5 % of the need, then 400 USD" in told.summary()
    # without AUS 30 t fewer are to be had: 30 x 400 charged, 30 x 80 less paid
    aus = next(loss for loss in told.losses if loss.partners == ("AUS",))
    assert (aus.dearer_usd, aus.charged_usd) == (pytest.approx(9_600), pytest.approx(12_000))
    assert "9,600 USD more (12,000 USD charged, 2,400 USD less paid)" in told.summary()


def test_a_stop_is_said_to_be_supposed_with_its_end(
    three_sellers: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    sold = {"2026-01-01": 100, "2027-01-01": 0, "2028-01-01": 100}
    periods = {"start": "2026-01-01", "count": 3, "length": "1 yr"}
    problem = three_sellers(offers=[offer("CHN", 50, sold), offer("KAZ", 95, 90)], periods=periods)
    what = known_dates(problem)[0].what
    assert what == (
        "the problem supposes that CHN mine stops selling metal from 2027-01-01 to 2028-01-01",
    )


def test_what_is_absent_says_why(capped: Sheet) -> None:
    assert capped.assumed is None
    assert set(capped.absent) == {"shortfalls", "assumed", "next_date"}
    plain = json.loads(capped.to_json())
    assert plain["assumed"] is None
    assert plain["absent"]["assumed"] == "the problem names no assumption"
    assert "Nothing is short" in capped.summary()


def test_the_page_has_all_that_the_text_has_and_needs_no_other_file(capped: Sheet) -> None:
    html = capped.to_html()
    (data,) = re.findall(r'<script type="application/json" id="sheet">(.*?)</script>', html, re.S)
    assert json.loads(data) == json.loads(capped.to_json())
    for line in capped.summary().splitlines()[2:]:
        assert line.strip() in html
    assert "http" not in html
    assert "src=" not in html


def test_without_a_plan_the_page_says_why(
    three_sellers: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    told = sheet(three_sellers(CAP, demand=[need(140)]))
    # 56 t from China and 80 from the others: 4 t are not to be had
    assert told.explanation is not None
    assert set(told.absent) == set(SECTIONS)
    assert "4 t cannot be supplied" in told.summary()
    assert "restores a plan" in told.to_html()


def test_a_partner_without_whom_there_is_no_plan(
    three_sellers: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    told = sheet(three_sellers(CAP, demand=[need(100)]))
    # 40 + 30 t and 40 + 50 t are too few, and so are 30 + 50
    assert [loss.held for loss in told.losses] == ["infeasible"] * 3
    assert all(loss.dearer_usd is None and loss.reason for loss in told.losses)
    assert "there is no plan without it" in told.summary()


def test_choices_that_stand_are_said_to_stand(
    three_sellers: Callable[..., Problem],
    offer: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lots = [offer("CHN", 50, 200), offer("AUS", 80, 30, fixed_cost=60), offer("KAZ", 95, 50)]
    problem = three_sellers(CAP, offers=lots)
    result = solve(problem)
    free = {turn.id: turn for turn in choices.turns_of(result, Options(), Watch(), Looks(None, 0))}
    # without AUS 40 at 50, 50 at 95 and 10 short: 10,750 USD; with it 7,310 USD. As its price
    # rises it keeps 10 t of 30 until these cost 60 + 10 p = 4,000 USD
    assert free["aus"].turn_usd == pytest.approx(394, abs=0.1)
    assert not free["aus"].choices_held
    monkeypatch.setattr(choices, "MOST_FREE", 0)
    held = {turn.id: turn for turn in choices.turns_of(result, Options(), Watch(), Looks(None, 0))}
    # paid for whatever happens, the order keeps its 10 t until they cost 400 USD each
    assert held["aus"].turn_usd == pytest.approx(400, abs=0.1)
    assert held["aus"].choices_held


def test_a_tree_says_what_comes_before_scenarios_part(every_branch: Problem) -> None:
    told = sheet(every_branch)
    assert told.next_date is not None
    assert told.next_date.day == date(2027, 1, 1)
    assert "0 % remains available" in told.next_date.what[0]
    # only the first year is shared: 100 t from China
    (first,) = told.commitments
    assert (first.kind, first.id, first.by, first.amount) == (
        "buy",
        "chn",
        date(2026, 1, 1),
        pytest.approx(100),
    )
    # banned, 80 t are to be had: 20 t short with probability 1/2
    (short,) = told.shortfalls
    assert short.unmet_t == pytest.approx(10)
    assert (short.first, short.worst_t) == (short.worst, pytest.approx(20))


def test_plants_and_contracts_are_decided_their_lead_time_ahead(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    told = sheet(
        problem_of(
            periods={"start": "2026-01-01", "count": 4, "length": "1 yr"},
            commodities=[
                {"id": "ore", "stage": "mine", "basis": "product"},
                {"id": "metal", "stage": "metal", "basis": "product"},
            ],
            offers=[offer("AUS", 10, 100, commodity="ore"), offer("CHN", 500, 100)],
            facilities=[
                {
                    "id": "smelter",
                    "country": "USA",
                    "capacity": 0,
                    "processes": [{"id": "smelt", "inputs": {"ore": 1}, "outputs": {"metal": 1}}],
                }
            ],
            expansions=[
                {
                    "id": "more",
                    "facility": "smelter",
                    "size": 100,
                    "capex": 10,
                    "life": 50,
                    "capex_mode": "lump",
                    "lead_time": "730 d",
                }
            ],
            lanes=[
                {"id": "ship", "origin": "AUS", "destination": "USA", "commodities": ["ore"]},
                {"id": "sail", "origin": "CHN", "destination": "USA", "commodities": ["metal"]},
            ],
            contracts=[
                {
                    "id": "deal",
                    "offer": "chn",
                    "maximum": 60,
                    "price": 400,
                    "sign_by": "2027-01-01",
                    "commitment": "divisible",
                    "end": "2028-01-01",
                }
            ],
            demand=[need(100)],
        )
    )
    told_by = {(item.kind, item.id): item for item in told.commitments}
    build = told_by["build", "more"]
    # 730 days before the first of 2028 is the first of 2026
    assert (build.by, build.serves) == (date(2026, 1, 1), date(2028, 1, 1))
    assert (build.amount, build.usd) == (pytest.approx(100), pytest.approx(1_000))
    # 60 t at 400 in place of 500 USD until the smelter runs
    assert told_by["sign", "deal"].by == date(2026, 1, 1)
    assert told.next_date is not None
    assert told.next_date.what == ("contract deal can be signed no longer",)
    assert told_by["buy", "chn"].amount == pytest.approx(40)


def test_a_sheet_that_runs_out_of_time_says_what_it_did_not_look_at(
    three_sellers: Callable[..., Problem],
) -> None:
    told = sheet(solve(three_sellers(CAP)), Options(time_limit=1e-3))
    assert not told.complete
    assert {loss.reason for loss in told.losses} == {"time ran out"}
    assert {turn.reason for turn in told.turns} == {"time ran out"}
    assert told.binds[0].reason == "time ran out"
    first, second, *_ = told.summary().splitlines()
    assert first.startswith("DECISION SHEET")
    assert second.startswith("Incomplete: time ran out after")
    assert "Not looked at (time ran out): Australia, China and Kazakhstan" in told.summary()
    assert "Incomplete: time ran out" in told.to_html()


def test_partners_that_were_not_looked_at_are_not_said_to_cost_less(capped: Sheet) -> None:
    known = [replace(capped.losses[0], partners=(f"X{place}",)) for place in range(10)]
    lost = replace(capped.losses[0], held="missing", dearer_usd=None, reason="time ran out")
    told = replace(capped, losses=(*known, lost)).summary()
    assert "Each of these costs less: X8 and X9\n" in told
    assert "Not looked at (time ran out): Kazakhstan\n" in told


def test_what_comes_first_is_summed(
    three_sellers: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    lots = [offer("CHN", 50, 70), offer("AUS", 80, 30, end="2028-01-01"), offer("KAZ", 95, 50)]
    periods = {"start": "2026-01-01", "count": 3, "length": "1 yr"}
    told = sheet(three_sellers(offers=lots, periods=periods))
    # until AUS stops, two years of 70 t at 50 and 30 at 80 USD: 2 x (3,500 + 2,400) = 11,800
    assert told.due is not None
    assert (told.due.until, told.due.rest, told.due.later) == (date(2028, 1, 1), 0, 0)
    assert (told.due.usd, told.due.running_usd) == (pytest.approx(11_800), pytest.approx(0))
    assert "In all before that date: 11,800 USD for what follows (undiscounted)" in told.summary()
    assert "2026-01-01 to 2028-01-01  buy metal from CHN mine (China), 140 t" in told.summary()


def test_years_as_short_as_the_worst_are_named_with_it(
    three_sellers: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    grown = {2026: 100, 2027: 200, 2028: 90}
    sold = {"2026-01-01": 90, "2027-01-01": 180, "2028-01-01": 90}
    problem = three_sellers(
        offers=[offer("CHN", 50, sold)],
        periods={"start": "2026-01-01", "count": 3, "length": "1 yr"},
        demand=[need(grown, 400)],
    )
    # 10 of 100 t, then 20 of 200: the same tenth, and twice the tonnes
    (short,) = sheet(problem).shortfalls
    assert (short.worst_nodes, short.worst_t) == (("2026", "2027"), pytest.approx(10))
    assert (short.most, short.most_t) == ("2027", pytest.approx(20))
    assert "worst 2026 and 2027, 10 % each (20 t at most, in 2027)" in sheet(problem).summary()


def _answers(told: Sheet) -> dict[str, Any]:
    """Answer five questions from the sheet as a program reads it."""
    plain = json.loads(told.to_json())
    first: dict[str, Any] = {}
    for row in plain["suppliers"]:
        first.setdefault(row["commodity"], (row["country"], row["share"]))
    return {
        "short": {row["demand"]: row["by_node"] for row in plain["shortfalls"]},
        "most": first,
        "binds": {row["rule"]: row["whole_usd"] for row in plain["binds"]},
        "flip": (plain["turns"][0]["id"], plain["turns"][0]["change_usd"]),
        "first": plain["commitments"][0],
    }


def _read(told: Sheet, found: dict[str, Any]) -> None:
    """Check that the sheet in words tells a reader the same five answers."""
    text, names = told.summary(), told.problem.names
    short = {item.demand: item for item in told.shortfalls}
    for demand, by_node in found["short"].items():
        assert sum(by_node.values()) > 0
        assert tonnes(short[demand].unmet_t) in text
    for commodity, (country, share) in found["most"].items():
        start = re.escape(names.commodity(commodity))
        most = re.escape(f"{names.country(country)} {percent(round(share, 3))}")
        assert re.search(rf"^  {start}, [^:]*: {most}", text, re.M), (commodity, country)
    for rule in found["binds"]:
        assert re.search(rf"\({rule}\)|At no cost: .*\b{rule}\b", text), rule
    name, change = found["flip"]
    assert f"[{name}]" in next(line for line in text.splitlines() if line.startswith("  1. "))
    assert f"leaves at {rounded(told.turns[0].price_usd + change)}" in text
    assert re.search(
        rf"^  {found['first']['by']} .*{tonnes(found['first']['amount'])}", text, re.M
    )


def _bought_at(result: Result, name: str, shift: float, told: Sheet, options: Options) -> float:
    """Return the tonnes bought of an offer at another price, choices as the sheet has them."""
    moved = apply(result.problem, [f"offers[{name}].price+={shift}"])
    if not told.turns[0].choices_held:
        purchases = solve(moved, options).purchases
        return float(purchases.loc[purchases["offer"] == name, "bought_t"].sum())
    watch, nodes = Watch(), {node.id for node in result.problem.nodes}
    matrices = compile_frame(build(result.problem))
    again = fixed(matrices, result.plan, {node: node for node in nodes}, nodes)
    chosen = Program.of(result.problem.realised, again, options).run(watch).values
    assert chosen is not None
    asked = compile_frame(build(moved))
    lower, upper, whole = asked.lower.copy(), asked.upper.copy(), asked.integer
    lower[whole] = upper[whole] = chosen[: len(whole)].round()[whole]
    asked = replace(asked, lower=lower, upper=upper)
    program = Program.of(moved.realised, asked, options)
    values = program.run(watch).values
    assert values is not None
    purchases = plan_of(moved.realised, program.base, values).purchases
    return float(purchases.loc[purchases["offer"] == name, "tonnes"].sum())


def _asked(result: Result, told: Sheet, gap: float | None = None) -> None:
    """Check the five answers against the tables of the result, and against solves by edits."""
    problem, found = result.problem, _answers(told)
    _read(told, found)
    options = Options(tie_break=False) if gap is None else Options(tie_break=False, gap=gap)
    near = {item.rule: item.gap_usd for item in told.binds}
    # how much is short, and when
    table = result.unmet[result.unmet["unmet_t"] > 1e-6]
    assert {
        (name, node): pytest.approx(tonnes)
        for name, node, tonnes in table[["demand", "node", "unmet_t"]].itertuples(index=False)
    } == {(name, node): t for name, rows in found["short"].items() for node, t in rows.items()}
    # who supplies most
    shares = result.shares.assign(tonnes=result.shares["bought_t"] + result.shares["made_t"])
    sums = shares.groupby(["commodity", "country"])["tonnes"].sum()
    for commodity, (country, share) in found["most"].items():
        assert sums[commodity].idxmax() == country
        assert share == pytest.approx(sums[commodity][country] / sums[commodity].sum())
    # what binds, and what it costs
    bound = result.rules[result.rules["binds"].astype(bool)]
    assert set(bound["rule"]) == set(found["binds"])
    for rule, whole in list(found["binds"].items())[:2]:
        kept = tuple(item for item in problem.rules if item.id != rule)
        freer = solve(problem.model_copy(update={"rules": kept}), options)
        assert result.objective is not None
        saved = result.objective - (freer.objective or 0.0)
        # of a plan known to a gap what is saved is known to as much
        assert whole == pytest.approx(saved, rel=1e-4, abs=near[rule])
    # what flips the first choice
    name, change = found["flip"]
    assert change is not None
    for shift, stays in ((0.99 * change, True), (1.01 * change, False)):
        assert (_bought_at(result, name, shift, told, options) > 1e-3) is stays
    # what must be settled first, and by when
    first = found["first"]
    node = problem.nodes[0]
    assert first["by"] == node.period.start.isoformat()
    bought = result.purchases.set_index(["node", "offer"])["bought_t"]
    assert bought[node.id, first["id"]] > 0


@pytest.mark.deep
@pytest.mark.parametrize("name", ["rare-earths-usa", "project-vault"])
def test_five_questions_are_answered_from_the_sheet_alone(name: str) -> None:
    result = solve(load(name))
    told = result.sheet()
    assert told.complete
    _asked(result, told)


@pytest.mark.deep
def test_five_questions_are_answered_from_a_sheet_of_many_choices() -> None:
    result = solve(load("magnets-usa"), Options(gap=1e-2))
    told = sheet(result, Options(gap=1e-2, time_limit=1_200))
    assert told.complete
    assert told.shortfalls == ()
    assert told.suppliers[0].country == "USA"
    assert {bind.rule for bind in told.binds} == {"cn-magnet-cap", "dfars"}
    assert all(turn.choices_held for turn in told.turns)
    first = told.losses[0]
    assert first.partners == ("CHN",)
    assert first.dearer_usd is not None
    assert first.dearer_usd > first.gap_usd
    _asked(result, told, gap=1e-2)


def test_five_questions_of_a_small_problem(
    three_sellers: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    result = solve(three_sellers(CAP, demand=[need(150, 400)]))
    told = result.sheet()
    # 60 t at most from China, 80 from the others: 10 t short
    assert "10 t, 6.667 % of the need, in 2026" in told.summary()
    _asked(result, told)
