"""Owner against country: a Kazakh mine with a Chinese owner passes one cap and fails the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import InputError, apply, parse, parse_edit, read_text
from instances.check import check
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances import Problem

ZIJIN = {"entity": "Zijin", "home": "CHN", "stake": 0.6}
STATE = {"entity": "Samruk", "home": "KAZ", "stake": 0.4}


def _cap(most: float, **fields: Any) -> dict[str, Any]:
    return {
        "id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal",
        "denominator": "demand", "max_share": most,
    } | fields  # fmt: skip


@pytest.fixture
def mines(three_sellers: Callable[..., Problem]) -> Callable[..., Problem]:
    """Make G1 with the Kazakh mine at 60 a tonne, three fifths of it held from China."""

    def make(*rules: dict[str, Any], owners: Any = (ZIJIN, STATE), **tables: Any) -> Problem:
        plain = three_sellers(**tables).to_plain() | {"rules": list(rules)}
        for offer in plain["offers"]:
            if offer["country"] == "KAZ":
                offer |= {"price": 60, "owners": list(owners)}
        return parse(plain)

    return make


def test_a_chinese_mine_in_kazakhstan_passes_a_country_cap_and_fails_an_owner_cap(
    mines: Callable[..., Problem],
) -> None:
    by_country, by_owner = mines(_cap(0.5)), mines(_cap(0.5, stake=0.25))
    # China 50 t at 50 and Kazakhstan 50 t at 60: 5,500, half of it from China
    free = solve(by_country)
    assert free.objective == pytest.approx(5500)
    (use,) = free.verdict.uses
    assert use.value == pytest.approx(0.5)
    # the owner cap counts both as China's, 100 %: of them 50 t at 50, Australia 30 t at 80, and
    # 20 t go unmet at 400: 12,900
    held = solve(by_owner)
    assert held.objective == pytest.approx(12_900)
    faults = check(by_owner, free.plan).faults
    assert len(faults) == 1
    assert "is broken by 50 t: 1 against a limit of 0.5" in faults[0]
    assert check(by_country, held.plan).faults == ()


@pytest.mark.parametrize(
    ("stake", "owners", "cost"),
    [
        # 60 % of it is as much as the rule asks for, not more than that
        (0.6, [ZIJIN, STATE], 12_900),
        (0.61, [ZIJIN, STATE], 5500),
        # two holders at home in China with 15 % each count together, 10 % and 14 % do not
        (
            0.25,
            [ZIJIN | {"stake": 0.15}, {"entity": "CMOC", "home": "CHN", "stake": 0.15}],
            12_900,
        ),
        (0.25, [ZIJIN | {"stake": 0.10}, {"entity": "CMOC", "home": "CHN", "stake": 0.14}], 5500),
        # who states no owners is held at home
        (0.25, [], 5500),
    ],
)
def test_stakes_of_one_home_add_up_to_the_threshold(
    mines: Callable[..., Problem], stake: float, owners: Any, cost: float
) -> None:
    assert solve(mines(_cap(0.5, stake=stake), owners=owners)).objective == pytest.approx(cost)


def test_a_seller_in_china_that_is_held_elsewhere_is_not_china_s(
    mines: Callable[..., Problem],
) -> None:
    abroad = [{"entity": "Lynas", "home": "AUS", "stake": 0.9}]
    problem = mines(_cap(0.5, stake=0.25), owners=[])
    plain = problem.to_plain()
    plain["offers"][0]["owners"] = abroad
    # of China's 200 t at 50 nothing counts: 10 % are held there; with 30 % it would
    assert solve(parse(plain)).objective == pytest.approx(5000)
    plain["offers"][0]["owners"] = [abroad[0] | {"stake": 0.7}]
    assert solve(parse(plain)).objective == pytest.approx(5500)


def test_an_entity_may_be_named(mines: Callable[..., Problem]) -> None:
    # 10 t of Zijin's mine at 60 are left, 90 t of China's at 50: 5,100
    floor = {"id": "floor", "kind": "share_floor", "of": "KAZ", "commodity": "metal",
             "denominator": "demand", "min_share": 0.1}  # fmt: skip
    problem = mines(_cap(0.1, of="Zijin", stake=0.5), floor)
    assert solve(problem).objective == pytest.approx(5100)
    sentence = problem.rules[0].sentence(problem.names)
    assert sentence.startswith("Zijin as owner (from a stake of 50 % on) may supply at most 10 %")
    with pytest.raises(InputError, match=r"is no group, country or owner.*Zijin"):
        mines(_cap(0.1, of="Zijn", stake=0.5))


def test_deliveries_out_of_stock_keep_their_owner(mines: Callable[..., Problem]) -> None:
    vault = [{"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 1}]
    cap = _cap(0.5, stake=0.25, denominator="deliveries", max_share={2026: 1.0, 2027: 0.5})
    years = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
    problem = mines(cap, stockpiles=vault, periods=years)
    result = solve(problem)
    # 2026: 100 t of China at 50 and 20 t of Australia at 80, held for 1 a tonne; 2027: 50 t of
    # China at 50 with 30 t of Australia at 80 and the 20 t held: what Zijin mines helps nowhere
    assert result.objective == pytest.approx(100 * 50 + 20 * 81 + 50 * 50 + 30 * 80)
    assert result.verdict.faults == ()


def test_what_a_facility_makes_is_its_owners(mines: Callable[..., Problem]) -> None:
    dig = [{"id": "dig", "outputs": {"metal": 1}, "cost": 60}]
    katpar = {"id": "katpar", "country": "KAZ", "capacity": 50, "processes": dig}
    by_owner = mines(_cap(0.5, stake=0.25), owners=[], facilities=[katpar | {"owners": [ZIJIN]}])
    # Kazakhstan's own 50 t at 60 are nobody else's: China or Katpar 50 t
    assert solve(by_owner).objective == pytest.approx(50 * 50 + 50 * 60)
    tight = apply(
        by_owner, [parse_edit("rules[cap].max_share=0"), parse_edit("offers[kaz].price=95")]
    )
    # nothing of China or of Katpar: 30 t at 80, 50 t at 95, 20 t unmet at 400
    assert solve(tight).objective == pytest.approx(30 * 80 + 50 * 95 + 20 * 400)


def test_what_owners_state_wrongly_is_told(mines: Callable[..., Problem]) -> None:
    with pytest.raises(InputError, match=r"add up to 1\.2"):
        mines(owners=[ZIJIN, STATE | {"stake": 0.6}])
    with pytest.raises(InputError, match=r"owners\[0\].home"):
        mines(owners=[ZIJIN | {"home": "QQQ"}])
    with pytest.raises(InputError, match="Keep one of them"):
        mines(_cap(0.5, stake=0.25, origin="traced"))
    plain = mines().to_plain()
    plain["offers"].append(plain["offers"][2] | {"id": "more", "owners": [STATE]})
    with pytest.raises(InputError, match="are not those that another record states"):
        parse(plain)


def test_owners_are_read_back_from_text_and_tables(
    mines: Callable[..., Problem], tmp_path: Any
) -> None:
    from instances import dump, read, write

    problem = mines(_cap(0.5, stake=0.25))
    assert read_text(dump(problem), "there.yaml") == problem
    write(problem, tmp_path / "there", form="folder")
    assert (tmp_path / "there" / "offer_owners.csv").is_file()
    assert read(tmp_path / "there") == problem
