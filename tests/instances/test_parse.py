from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

import pytest

from instances.errors import Finding, InputError
from instances.parse import MOST_FINDINGS, parse

Data = dict[str, Any]
Change = tuple[tuple[str | int, ...], Any]
DROP = object()


@pytest.fixture
def data() -> Data:
    """Gallium from China, Canada or Australia for two users in the USA, with a vault and rules."""
    return {
        "name": "gallium",
        "buyers": ["USA"],
        "groups": {"partners": ["AUS", "CAN"]},
        "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        "sources": [{"id": "usgs", "title": "Mineral Commodity Summaries"}],
        "commodities": [
            {"id": "gallium", "stage": "metal", "basis": "contained Ga", "customs_value": 400},
            {"id": "bauxite", "stage": "mine", "basis": "product"},
        ],
        "offers": [
            {
                "id": "cn",
                "supplier": "Chinalco",
                "country": "CHN",
                "commodity": "gallium",
                "price": "370 USD/kg",
                "capacity": "750 t/yr",
                "source": "usgs",
            },
            {
                "id": "au",
                "supplier": "Wagerup",
                "country": "AUS",
                "commodity": "gallium",
                "tranches": [{"price": 100, "capacity": 5}, {"price": 200}],
                "start": "2027-01-01",
            },
        ],
        "lanes": [
            {
                "id": "cn-us",
                "origin": "CHN",
                "destination": "USA",
                "commodities": ["gallium"],
                "tariff": "3 %",
            },
            {"id": "au-us", "origin": "AUS", "destination": "USA", "commodities": ["gallium"]},
        ],
        "demand": [
            {
                "id": "us",
                "commodity": "gallium",
                "country": "USA",
                "quantity": "19 t/yr",
                "shortfall_cost": [{"share": 0.5, "cost": 1000}, {"share": 0.5, "cost": 9000}],
            },
            {"id": "ore", "commodity": "bauxite", "country": "USA", "quantity": 1},
        ],
        "stockpiles": [{"id": "vault", "commodity": "gallium", "country": "USA", "opening": 2}],
        "rules": [
            {
                "id": "cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": "gallium",
                "max_share": {2026: 0.9, 2028: "40 %"},
                "denominator": "demand",
            },
            {"id": "cover", "kind": "stock_target", "stockpile": "vault", "cover_days": "60 d"},
        ],
    }


def changed(data: Data, *changes: Change) -> Data:
    for path, value in changes:
        holder: Any = data
        for key in path[:-1]:
            holder = holder[key]
        if value is DROP:
            del holder[path[-1]]
        elif isinstance(holder, list) and path[-1] == len(holder):
            holder.append(value)
        else:
            holder[path[-1]] = value
    return data


def findings(data: object) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        parse(data)
    return caught.value.findings


OFFER = {
    "id": "ca",
    "supplier": "Indium Corp",
    "country": "CAN",
    "commodity": "gallium",
    "price": 5,
}
RULE = {
    "id": "more",
    "kind": "share_cap",
    "of": "CHN",
    "commodity": "gallium",
    "max_share": 0.5,
    "denominator": "demand",
}
COVER = {"id": "more", "kind": "stock_target", "stockpile": "vault", "cover_days": 30}

# what is changed; where it is found; what is said; nearest name; what to do
GALLERY: list[tuple[Change, str, str, str | None, str]] = [
    # fields
    ((("offers", 0, "pric"), 5), "offers[cn].pric", "is not a field", "price", "Rename it"),
    ((("horizon",), 5), "horizon", "is not a field", None, "there are: schema, name"),
    ((("offers", 0, 7), 5), "offers[cn].7", "is not a field", None, "Remove it"),
    ((("periods", "lenght"), 5), "periods.lenght", "is not a field", "length", "Rename it"),
    (
        (("rules", 0, "max_shar"), 0.5),
        "rules[cap].max_shar",
        "is not a field",
        "max_share",
        "Rename it",
    ),
    ((("name",), DROP), "name", "is missing", None, "Add 'name'"),
    ((("offers", 0, "country"), DROP), "offers[cn].country", "is missing", None, "Add 'country'"),
    (
        (("demand", 0, "quantity"), DROP),
        "demand[us].quantity",
        "is missing",
        None,
        "Add 'quantity': a number in t/yr, or text such as '1.5 t/yr'.",
    ),
    ((("offers", 0), {}), "offers[0].id", "is missing", None, "Add 'id'"),
    # numbers and units
    (
        (("offers", 0, "price"), "370 USD/kgg"),
        "offers[cn].price",
        "unknown unit 'kgg'",
        "kg",
        "in USD/t",
    ),
    (
        (("offers", 0, "price"), "370 t"),
        "offers[cn].price",
        "is in 't', which does not measure the same as 'USD/t'",
        None,
        "in USD/t",
    ),
    (
        (("offers", 0, "price"), "cheap"),
        "offers[cn].price",
        "is not a number or a quantity",
        None,
        "'1.5 USD/kg'",
    ),
    ((("offers", 0, "price"), -5), "offers[cn].price", "is below 0", None, "at least 0"),
    (
        (("demand", 0, "quantity"), {2026: 5, 2027: "-1 t/yr"}),
        "demand[us].quantity[2027]",
        "is below 0",
        None,
        "at least 0",
    ),
    (
        (("demand", 0, "quantity"), float("nan")),
        "demand[us].quantity",
        "is not a finite number",
        None,
        "a number in t/yr",
    ),
    (
        (("stockpiles", 0, "opening"), float("inf")),
        "stockpiles[vault].opening",
        "is not a finite number",
        None,
        "a number in t",
    ),
    (
        (("stockpiles", 0, "opening"), 10**400),
        "stockpiles[vault].opening",
        "is not a number",
        None,
        "a number in t",
    ),
    (
        (("offers", 0, "capacity"), True),
        "offers[cn].capacity",
        "is not a number or a quantity",
        None,
        "a number in t/yr",
    ),
    ((("offers", 0, "capacity"), [5]), "offers[cn].capacity", "is not a number", None, "in t/yr"),
    (
        (("rules", 0, "max_share"), -0.1),
        "rules[cap].max_share",
        "is below 0",
        None,
        "a fraction of 1",
    ),
    (
        (("rules", 0, "max_share"), {2026: 0.9, 2027: 40}),
        "rules[cap].max_share[2027]",
        "is above 1",
        None,
        "at most 1",
    ),
    (
        (("demand", 0, "shortfall_cost", 1, "cost"), "x"),
        "demand[us].shortfall_cost[1].cost",
        "is not a number",
        None,
        "USD/t",
    ),
    (
        (("demand", 0, "shortfall_cost", 1, "share"), 0.9),
        "demand[us]",
        "add up to 1.4 of the demand",
        None,
        "Mend",
    ),
    ((("discount",), {"rate": 1}), "discount.rate", "is not below 1", None, "8 %"),
    ((("periods", "count"), True), "periods.count", "is not a whole number", None, "such as 5"),
    ((("periods", "count"), 2.5), "periods.count", "is not a whole number", None, "such as 5"),
    ((("periods", "count"), 10**400), "periods.count", "is above 2000", None, "at most 2000"),
    # dates
    ((("periods", "start"), 2026), "periods.start", "is not a date", None, "2027-01-01"),
    ((("periods", "start"), "2026-02-30"), "periods.start", "date of the calendar", None, "like"),
    (
        (("periods", "start"), datetime(2026, 1, 1, 8, 30)),
        "periods.start",
        "is not a date",
        None,
        "2027-01-01",
    ),
    ((("periods", "length"), "1 fortnight"), "periods.length", "length of time", None, "'1 yr'"),
    ((("periods", "length"), DROP), "periods", "needs either 'count' and", None, "Mend"),
    (
        (("offers", 1, "end"), "2026-06-01"),
        "offers[au]",
        "starts on 2027-01-01 and ends on 2026-06-01",
        None,
        "Mend the fields",
    ),
    (
        (("offers", 1, "end"), "2027-01-01"),
        "offers[au]",
        "the end must come later",
        None,
        "Mend the fields",
    ),
    (
        (("offers", 0, "price"), {"soon": 5}),
        "offers[cn].price",
        "names 'soon', which is neither a year nor a date",
        None,
        "2030-07-01",
    ),
    (
        (("offers", 0, "price"), {2026: 5, "2026-01-01": 6}),
        "offers[cn].price",
        "names '2026-01-01' twice",
        None,
        "Keep one",
    ),
    ((("offers", 0, "price"), {}), "offers[cn].price", "has no dates", None, "at least one year"),
    (
        (("offers", 0, "price"), {2026: 5, "interpolate": "perhaps"}),
        "offers[cn].price",
        "'interpolate' that is neither",
        None,
        "true or false",
    ),
    ((("offers", 0, "price"), {10**30: 5}), "offers[cn].price", "neither a year", None, "2030"),
    # words and shapes
    ((("offers", 0, "country"), "CN"), "offers[cn].country", "not a country code", "CHN", "three"),
    (
        (("offers", 0, "country"), "China"),
        "offers[cn].country",
        "is not a country code",
        "CHN",
        "three capitals",
    ),
    ((("offers", 0, "supplier"), 5), "offers[cn].supplier", "is not text", None, "in quotes"),
    ((("offers", 0, "supplier"), ""), "offers[cn].supplier", "is empty", None, "Write something"),
    (
        (("offers", 0, "supplier"), "x" * 500),
        "offers[cn].supplier",
        "is longer than 200 signs",
        None,
        "Shorten",
    ),
    (
        (("offers", 0, "supplier"), "Red\x1b[31m"),
        "offers[cn].supplier",
        "has control characters",
        None,
        "printable",
    ),
    ((("about",), "Red\x1b[31m"), "about", "has control characters", None, "printable"),
    (
        (("offers", 0, "supplier"), "\ud800"),
        "offers[cn].supplier",
        "no Unicode text",
        None,
        "printable",
    ),
    ((("offers", 0, "id"), "a b"), "offers[0].id", "is not an id", None, "64"),
    ((("buyers",), "USA"), "buyers", "is not a list", None, "[first, second]"),
    ((("offers",), None), "offers", "is not a list", None, "leave the field out"),
    ((("offers", 0), "cn"), "offers[0]", "is not a record", None, "'field: value'"),
    ((("discount",), 0.05), "discount", "is not a record", None, "'field: value'"),
    ((("commodities",), []), "commodities", "has too few entries", None, "at least 1"),
    ((("perspective",), "buyers"), "perspective", "none of the words", "buyer", "system"),
    (
        (("rules", 0, "counts_fill"), "maybe"),
        "rules[cap].counts_fill",
        "neither true nor false",
        None,
        "true or false",
    ),
    ((("rules", 0, "kind"), "sharecap"), "rules[cap].kind", "no kind", "share_cap", "share_floor"),
    ((("rules", 0, "kind"), DROP), "rules[cap].kind", "is missing", None, "one of: share_cap"),
    ((("rules", 0, "of"), 5), "rules[cap].of", "is not text", None, "Write text"),
    (
        (("rules", 0, "of"), {"each": ["CHN", "au"]}),
        "rules[cap].of.each[1]",
        "names nobody: no country or group",
        "AUS",
        "three-letter code",
    ),
    ((("rules", 0, "stage"), "metal"), "rules[cap]", "needs either 'commodity'", None, "Mend"),
    (
        (("offers", 0, "tranches"), [{"price": 5}]),
        "offers[cn]",
        "needs either 'price'",
        None,
        "Mend",
    ),
    (
        (("offers", 1, "tranches", 1, "price"), 50),
        "offers[au]",
        "tranche prices fall",
        None,
        "cheapest first",
    ),
    ((("stockpiles", 0, "capacity"), 1), "stockpiles[vault]", "opens with 2 t", None, "Mend"),
    ((("schema",), 2), "schema", "is a later version", None, "later release"),
    ((("schema",), "one"), "schema", "is not a version", None, "schema: 1"),
]


@pytest.mark.parametrize(
    ("change", "where", "what", "nearest", "remedy"),
    GALLERY,
    ids=[f"{where}-{what[:20]}" for _, where, what, _, _ in GALLERY],
)
def test_a_faulty_field_is_found_at_its_place_with_a_remedy(
    data: Data, change: Change, where: str, what: str, nearest: str | None, remedy: str
) -> None:
    found = findings(changed(data, change))
    first = found[0]
    assert first.where == where
    assert what in first.what
    assert first.nearest == nearest
    assert first.remedy is not None
    assert remedy in first.remedy
    for word in (
        "Input should",
        "validation error",
        "pydantic",
        "tuple[",
        "constrained",
        "always",
    ):
        assert word not in "\n".join(map(str, found))


def test_the_gallery_breaks_a_problem_that_is_right(data: Data) -> None:
    problem = parse(data)
    assert problem.offers[0].price is not None
    assert problem.offers[0].price.values == (370_000,)
    assert parse(problem.to_plain()) == problem


def test_faults_of_shape_and_of_reference_come_together_in_the_order_of_the_input(
    data: Data,
) -> None:
    found = findings(
        changed(
            data,
            (("rules", 0, "of"), "Chinalcoo"),
            (("rules", 1, "cover_days"), -3),
            (("offers", 0, "pric"), 5),
            (("offers", 1, "commodity"), "galium"),
            (("demand", 0, "country"), "USB"),
            (("buyers",), ["USA", "US"]),
        )
    )
    # the buyer USA has a demand for bauxite left, and a vault
    assert [finding.where for finding in found] == [
        "buyers[1]",
        "offers[cn].pric",
        "offers[au].commodity",
        "demand[us].country",
        "rules[cap].of",
        "rules[cover].cover_days",
    ]
    assert found[2].nearest == "gallium"


def test_a_reference_to_a_record_that_is_faulty_itself_is_not_held_against_it(data: Data) -> None:
    faulty = changed(
        data,
        (("commodities", 0, "stage"), 5),
        (("stockpiles", 0, "opening"), -1),
        (("sources", 0, "title"), 5),
    )
    assert [finding.where for finding in findings(faulty)] == [
        "sources[usgs].title",
        "commodities[gallium].stage",
        "stockpiles[vault].opening",
    ]


def test_a_table_with_an_unreadable_id_answers_for_any_reference(data: Data) -> None:
    (finding,) = findings(changed(data, (("commodities", 0, "id"), DROP)))
    assert finding.where == "commodities[0].id"
    (finding,) = findings(changed(data, (("commodities",), "gallium")))
    assert finding.where == "commodities"


def test_the_supplier_of_a_faulty_offer_may_be_who_a_rule_names(data: Data) -> None:
    faulty = changed(data, (("rules", 0, "of"), "Chinalco"), (("offers", 0, "price"), "x"))
    assert [finding.where for finding in findings(faulty)] == ["offers[cn].price"]


def test_dates_are_not_checked_against_periods_that_are_faulty(data: Data) -> None:
    faulty = changed(data, (("periods", "length"), "x"), (("rules", 0, "max_share"), {2050: 0.5}))
    assert [finding.where for finding in findings(faulty)] == ["periods.length"]


def test_records_are_called_by_place_where_ids_do_not_tell_them_apart(data: Data) -> None:
    found = findings(changed(data, (("offers", 2), OFFER | {"id": "cn", "price": -1})))
    assert [(finding.where, finding.what) for finding in found] == [
        ("offers[0].id", "is the id of another record too"),
        ("offers[2].price", "is below 0"),
    ]


def test_places_count_faulty_records_before_them(data: Data) -> None:
    twice = changed(
        data, (("offers", 0, "price"), "x"), (("offers", 2), OFFER), (("offers", 3), OFFER)
    )
    assert [finding.where for finding in findings(twice)] == ["offers[cn].price", "offers[3].id"]


def test_at_most_200_findings_are_shown_and_the_last_says_how_many_there_are(data: Data) -> None:
    data["offers"] = [OFFER | {"id": f"o{n}", "price": -1} for n in range(1234)]
    found = findings(data)
    assert len(found) == MOST_FINDINGS + 1
    assert found[0].where == "offers[o0].price"
    assert "1,234 findings in all" in found[-1].what


def test_the_place_of_the_data_stands_before_every_path(data: Data) -> None:
    with pytest.raises(InputError) as caught:
        parse(changed(data, (("offers", 0, "price"), -1)), "problem")
    assert caught.value.findings[0].where == "problem: offers[cn].price"
    with pytest.raises(InputError) as caught:
        parse(5, "problem")
    assert caught.value.findings[0].where == "problem"


@pytest.mark.parametrize("value", [None, 5, "text", [], [("name", "x")]])
def test_what_is_no_mapping_is_no_problem(value: object) -> None:
    (finding,) = findings(value)
    assert "not a record of fields" in finding.what
    assert finding.remedy is not None


def test_deep_nesting_where_a_number_belongs_is_a_finding(data: Data) -> None:
    deep: Any = 5
    for _ in range(100_000):
        deep = [deep]
    found = findings(changed(data, (("offers", 0, "price"), deep), (("depth",), {"x": deep})))
    assert {finding.where for finding in found} == {"offers[cn].price", "depth"}
    assert all(len(finding.value or "") <= 60 for finding in found)


def test_names_that_are_no_text_are_unknown_fields(data: Data) -> None:
    found = findings(changed(data, (("\ud800",), 1), ((5,), 1), (("offers", 0, 10**5000), 1)))
    assert [finding.what for finding in found] == ["is not a field here"] * 3
    assert {"5", "offers[cn].'a number of more than 300 digits'"} < {one.where for one in found}
    assert all(finding.where.isprintable() for finding in found)


@pytest.mark.parametrize("field", ["kind", "of", "max_share", "start", "commodity", "id"])
def test_numbers_too_long_to_print_are_a_finding(data: Data, field: str) -> None:
    data["rules"][0][field] = 10**5000
    assert all("10000000000" not in str(finding) for finding in findings(data))


def test_groups_may_be_written_by_name_or_as_records(data: Data) -> None:
    short = parse(data)
    data["groups"] = [{"id": "partners", "members": ["AUS", "CAN"]}]
    assert parse(data) == short
    (finding,) = findings(changed(data, (("groups",), {"partners": ["AUS", "CN"]})))
    assert finding.where == "groups[partners].members[1]"
    assert finding.nearest == "CHN"


def test_dates_may_be_dates_and_years_numbers_or_text(data: Data) -> None:
    by_number = parse(data)
    data["rules"][0]["max_share"] = {"2026": 0.9, date(2028, 1, 1): 0.4}
    data["periods"]["start"] = date(2026, 1, 1)
    assert parse(data) == by_number


def test_the_data_stay_as_they_are(data: Data) -> None:
    before = repr(data)
    parse(data)
    findings(changed(data, (("offers", 0, "price"), -1)))
    data["offers"][0]["price"] = "370 USD/kg"
    assert repr(data) == before


def test_twenty_thousand_records_take_seconds_right_or_wrong(data: Data) -> None:
    data["offers"] = [
        OFFER | {"id": f"o{n}", "price": {2026: f"{n} USD/kg", 2028: n + 0.5}}
        for n in range(20_000)
    ]
    began = time.process_time()
    assert len(parse(data).offers) == 20_000
    for n, offer in enumerate(data["offers"]):
        offer["commodity"] = f"gallium-{n}"
    assert len(findings(data)) == MOST_FINDINGS + 1
    # about 2 s where nothing else runs
    assert time.process_time() - began < 20


def test_unknown_names_in_a_record_faulty_elsewhere_are_told_with_it(data: Data) -> None:
    data["offers"][0] |= {"price": "3 USD/lbb", "country": "CHX", "commodity": "nothing"}
    with pytest.raises(InputError) as caught:
        parse(data)
    label = data["offers"][0]["id"]
    told = [item.where for item in caught.value.findings]
    assert {f"offers[{label}].{field}" for field in ("price", "country", "commodity")} <= set(told)
    assert len(told) == len(set(told))
