"""A Kazakh mine run from China, under a cap by country and under the same cap by owner."""

from __future__ import annotations

import pytest

from instances import apply, load, parse_edit
from instances.check import check
from optimizer import solve

COUNTRY, OWNER = load("tungsten-country-cap"), load("tungsten-owner-cap")
# thousand USD: China 4,000 t at 31.53; Boguty 1,676, Viet Nam 1,347.5, Bolivia 674.8 t at 39.41;
# scrap for the other 2,301.7 t at 55
BY_COUNTRY = 4000 * 31.53 + (1676 + 1347.5 + 674.8) * 39.41 + 2301.7 * 55


def test_the_two_differ_in_nothing_but_the_stake() -> None:
    one, two = COUNTRY.to_plain(), OWNER.to_plain()
    assert {key for key in one if one[key] != two[key]} == {"name", "about", "rules"}
    (country,), (owner,) = one["rules"], two["rules"]
    assert owner.pop("stake") == pytest.approx(0.25)
    assert {key for key in owner if owner[key] != country[key]} == {"assumption"}


def test_the_mine_passes_a_country_cap_and_fails_an_owner_cap() -> None:
    free, held = solve(COUNTRY), solve(OWNER)
    assert free.objective == pytest.approx(1000 * BY_COUNTRY)
    # scrap at 55 for the 1,676 t of Boguty at 39.41
    assert held.objective == pytest.approx(1000 * (BY_COUNTRY + 1676 * (55 - 39.41)))
    sold = free.purchases.set_index("offer")["bought_t"]
    assert sold["kaz-boguty"] == pytest.approx(1676)
    assert "kaz-boguty" not in set(held.purchases.query("bought_t > 1e-6")["offer"])
    # the plan of the one is none of the other: 5,676 of 10,000 t are held from China
    (fault,) = check(OWNER, free.plan).faults
    assert "is broken by 1,676 t" in fault
    assert check(COUNTRY, held.plan).faults == ()


def test_beyond_the_stake_it_is_free_again() -> None:
    loose = apply(OWNER, [parse_edit("rules[cn-cap].stake=80 %")])
    assert solve(loose).objective == pytest.approx(1000 * BY_COUNTRY)
