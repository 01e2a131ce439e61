from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from instances.directory import Directory, Party
from instances.parse import parse
from instances.rules.rule import Line
from instances.schedule import Schedule
from instances.words import (
    Names,
    country_code,
    country_codes,
    country_name,
    listed,
    money,
    over_time,
    percent,
    tonnes,
)

NAMES = Names(
    commodities={"dy": "dysprosium oxide"},
    countries={"XAP": "Port"},
    groups=frozenset({"partners", "OECD"}),
)


@pytest.mark.parametrize(
    ("fraction", "text"), [(0.4, "40 %"), (0.425, "42.5 %"), (1, "100 %"), (1 / 3, "33.33 %")]
)
def test_fractions_read_as_per_cent(fraction: float, text: str) -> None:
    assert percent(fraction) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0 t"), (0.25, "0.25 t"), (1234.56, "1235 t"), (9999.4, "9999 t"), (12345.6, "12,346 t")],
)
def test_tonnes_have_four_figures_or_are_whole(amount: float, text: str) -> None:
    assert tonnes(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (5, "5 USD"),
        (999.99, "1000 USD"),
        (1234.5, "1,234 USD"),
        (1_234_567, "1.235 million USD"),
        (-2_500_000_000, "-2.5 billion USD"),
    ],
)
def test_dollars_have_a_scale_word(amount: float, text: str) -> None:
    assert money(amount) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")],
)
def test_lists_read_as_in_a_sentence(words: tuple[str, ...], text: str) -> None:
    assert listed(words) == text


@pytest.mark.parametrize(
    ("schedule", "show", "text"),
    [
        (Schedule.always(0.4), "percent", "40 %"),
        (Schedule.always(5), "tonnes", "5 t"),
        (
            Schedule(((date(2026, 1, 1), 0.9), (date(2030, 7, 1), 0.4))),
            "percent",
            "90 % from 2026, 40 % from 2030-07-01 on",
        ),
        (
            Schedule(((date(2027, 1, 1), 60), (date(2030, 1, 1), 180)), interpolate=True),
            "days",
            "60 days in 2027, 180 days in 2030 (on a straight line between)",
        ),
    ],
)
def test_schedules_read_with_their_dates(schedule: Schedule, show: str, text: str) -> None:
    assert over_time(schedule, show) == text


def test_countries_are_known_by_code_and_name() -> None:
    assert country_name("CHN") == "China"
    assert country_name("XAP") is None
    assert {"CHN", "USA", "KAZ"} < country_codes()
    assert len(country_codes()) > 200


@pytest.mark.parametrize(
    ("text", "code"),
    [("China", "CHN"), ("CN", "CHN"), ("chn", "CHN"), ("Kazakhstan", "KAZ"), ("Utopia", None)],
)
def test_a_code_is_found_by_name_or_other_code(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CHN", "China"),
        ("XAP", "Port"),
        ("partners", "the group partners"),
        ("OECD", "the group OECD"),
        ("Lynas", "supplier Lynas"),
        ("China", "supplier China"),
    ],
)
def test_a_name_in_a_rule_says_whom_it_means(name: str, words: str) -> None:
    assert NAMES.who(name) == words


def test_parties_and_goods_of_a_line_have_words() -> None:
    directory = Directory({"partners": frozenset({"AUS", "CAN"})}, {})
    assert NAMES.party(directory.party("CHN")) == "China"
    assert NAMES.party(directory.party("partners")) == "the group partners"
    assert NAMES.party(directory.party("Lynas")) == "supplier Lynas"
    assert NAMES.party(directory.parties(("CHN", "XAP"))) == "China and Port"
    assert NAMES.party(directory.parties(("CHN", "partners"))) == "China and the group partners"
    assert NAMES.goods(Line(Party("CHN", frozenset({"CHN"})), ("dy", "tb"))) == (
        "dysprosium oxide and tb"
    )


@pytest.mark.parametrize(
    ("of", "who"),
    [
        ("CHN", "China"),
        ("XAP", "Port"),
        ("partners", "The group partners"),
        ("Red", "Supplier Red"),
        (["CHN", "partners"], "China and the group partners"),
        ({"each": "partners"}, "Each of the group partners"),
        ({"each": ["CHN", "AUS"]}, "Each of China and Australia"),
    ],
)
def test_a_whole_rule_is_said_with_names(depot_data: dict[str, Any], of: Any, who: str) -> None:
    depot_data["countries"] = [{"id": "XAP", "name": "Port"}]
    depot_data["groups"] = {"partners": ["AUS", "CAN"]}
    depot_data["rules"][0]["of"] = of
    problem = parse(depot_data)
    assert problem.rules[0].sentence(problem.names) == (
        f"{who} may supply at most 80 % of metal deliveries"
    )
